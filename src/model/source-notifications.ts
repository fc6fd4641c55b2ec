/** What a vendor tells by itself, and how one knows that it was the vendor: the schema of a definition's `notifications`. */
import { z } from 'zod'
import { path, url, vendorCall } from './source-parts.ts'

const header = z.string().regex(/^[A-Za-z0-9-]{1,100}$/)
const status = z.int().min(200).max(499)

/**
 * A text with places for `{clientId}`, `{clientSecret}` and `{client.NAME}`, for `{verifyToken}`, a word that only the vendor
 * was told by us, and for `{signingSecret}`, which the vendor gave when it was subscribed to.
 */
const secretTemplate = z.string().min(1).max(200)

/** How the vendor tries the address before it sends anything there. */
const handshake = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** A GET with a word that comes back as a member of a JSON object, or as `text`. */
  z.strictObject({
    kind: z.literal('echo'),
    parameter: z.string().min(1),
    answer: z.enum(['json', 'text']),
    /** The member that holds the word in a JSON answer. */
    member: z.string().min(1),
    /** The parameter with which the vendor says that it is the one that was asked. */
    tokenParameter: z.string().min(1),
    token: secretTemplate,
  }),
  /** Two GETs with a code, a right one and a wrong one. */
  z.strictObject({
    kind: z.literal('code'),
    parameter: z.string().min(1),
    code: secretTemplate,
    rightStatus: status,
    wrongStatus: status,
  }),
  /** POSTs that only want to know: whose body has this value at this place. They are answered when they are authentic. */
  z.strictObject({
    kind: z.literal('probe'),
    path,
    value: z.string().min(1),
    status,
    /** The first comes before the vendor has told what it signs with. */
    beforeSecretIsKnown: z.boolean(),
  }),
  /** A GET or HEAD without anything, which wants this status. */
  z.strictObject({ kind: z.literal('reachable'), status }),
])

/** What tells the vendor's own requests from others. */
const authentication = z.discriminatedUnion('kind', [
  /** Nothing but the address, which nobody else knows: what it says is asked for at the vendor before anything is ended. */
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('signature'),
    header,
    algorithm: z.enum(['sha1', 'sha256']),
    encoding: z.enum(['hex', 'HEX', 'base64']),
    key: secretTemplate,
    /** Whether the key is the bytes that the secret is the base64 of. */
    keyIsBase64: z.boolean().optional(),
    /**
     * `timed`: the header is `t=<time>,v1=<signature>`, over `<time>.<body>`; `members`: over values of the body alone, so a
     * signature holds for every body that has them.
     */
    over: z.enum(['body', 'timestamp+body', 'timed', 'members']),
    /** Those values, in their order, with an underscore between. */
    members: z.array(path).min(1).optional(),
    timestamp: z
      .strictObject({
        /** Missing where the time stands in the signature's own header. */
        header: header.optional(),
        unit: z.enum(['seconds', 'milliseconds']),
        toleranceSeconds: z.int().positive(),
      })
      .optional(),
    /** Whether a request without the header is refused, or only believed less. */
    required: z.boolean(),
  }),
  /** A header with a word that both know. One that others know too keeps strangers out and proves nothing. */
  z.strictObject({
    kind: z.literal('header'),
    header,
    value: secretTemplate,
    isSecret: z.boolean(),
    required: z.boolean(),
    /**
     * A signature over the body beside the word, ECDSA on P-256 with SHA-256 in Tink's form and base64, under a key that the
     * vendor publishes as a Tink key set. Wanted with everything but the handshake's requests.
     */
    publishedKey: z
      .strictObject({
        /** Names of its header; the first one that is there counts. */
        headers: z.array(header).min(1),
        keysUrl: url,
      })
      .optional(),
  }),
  /** A member of the body with a word that both know. */
  z.strictObject({ kind: z.literal('member'), path, value: secretTemplate, required: z.boolean() }),
])

/** An instant of an event. */
const instant = z.strictObject({ path, unit: z.enum(['seconds', 'milliseconds', 'iso']) })

/** When the data is of: a span of time, or a day. */
const span = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('epoch'),
    start: instant,
    /** Where the event has no end of its own: the start and this many seconds. */
    end: z.union([instant, z.strictObject({ path, unit: z.literal('duration') })]),
  }),
  z.strictObject({ kind: z.literal('daily'), start: path, end: path }),
])

/** One kind of event. The first rule that fits an event is its rule; an event that none fits is left alone. */
const event = z.strictObject({
  /** The member that lists the events; the body itself, alone or as a list, when missing. */
  list: path.optional(),
  /** What must stand where in the event; one of the values each. A number fits the text of its digits. */
  when: z.record(path, z.array(z.string()).min(1)).optional(),
  /** Where the person's account id stands. */
  account: path,
  /**
   * `removed`: the person removed the application, or the account is no more; `permissions`: the person allows something
   * else now; `data`: there is something new to read.
   */
  means: z.enum(['removed', 'permissions', 'data']),
  /** Where the list of what is allowed now stands; asked for at the vendor where the definition says how. */
  permissions: path.optional(),
  span: span.optional(),
  /**
   * What kind of data it is, and the numbers that the application expects for it. No built-in definition has any: the format
   * of the events has a place for them, and no list of them is published.
   */
  dataType: z.strictObject({ path, ids: z.record(z.string(), z.array(z.int().positive())) }).optional(),
})

/** A call of the vendor's that makes it send notifications here. `{notificationUri}` is the address. */
const subscription = z.strictObject({
  /** `application`: once for the registration; `person`: for each connection, with its grant. */
  per: z.enum(['application', 'person']),
  /**
   * What is subscribed to, each with a call of its own that names it as `{topic}`, or in two parts around a colon as
   * `{topic.0}` and `{topic.1}`; one call without a name when missing.
   */
  topics: z.array(z.string().min(1).max(100)).max(50).optional(),
  create: vendorCall.extend({
    /** Statuses that mean that it is there already. */
    doneStatuses: z.array(z.int()),
    /** Members of a JSON body that are lists. */
    lists: z.record(z.string().min(1), z.array(z.string())).optional(),
  }),
  /** Where the vendor's id for it stands in the answer. */
  idPath: path.optional(),
  /** Where the secret stands that the vendor signs with from then on. */
  secretPath: path.optional(),
  /** How long it lives, and the call that makes it live longer; the first call is made again when there is none. */
  lifetimeSeconds: z.int().positive().optional(),
  renew: vendorCall.optional(),
  /** Ends it. Missing where it ends with the grant, or is to stay. `{subscriptionId}` is the vendor's id. */
  remove: vendorCall.extend({ goneStatuses: z.array(z.int()) }).optional(),
})

/** What a vendor tells by itself. */
export const notifications = z.strictObject({
  handshake,
  authentication,
  /** The answer to what is not the vendor's. */
  refusedStatus: z.int().min(400).max(499),
  /** The answer to what is stored. */
  acceptedStatus: z.int().min(200).max(204),
  format: z.enum(['json', 'form']),
  /** Whether each body differs from every other one, by a time or an id in it: the same body again is then a repetition. */
  bodiesDiffer: z.boolean(),
  events: z.array(event).min(1),
  subscription: subscription.optional(),
  /** What an operator types at the vendor, or why nothing needs to be; a sentence. */
  setUp: z.string().min(1),
})
