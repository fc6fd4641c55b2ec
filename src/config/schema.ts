import { z } from 'zod'
import { validateRedirectUriEntry } from '../broker/redirect-uris/redirect-uri-entry.ts'
import { limits } from '../limits.ts'
import type { TextProblem } from '../model/appearance-schema.ts'
import { mayHoldRandomBits } from '../model/secret-strength.ts'
import type { Network } from '../model/webhook-target.ts'
import { accountPolicyFields } from './account-policies.ts'
import { appearance } from './appearance.ts'
import { ALWAYS, unique } from './unique.ts'
import { feed, network, webhook, webhooks } from './webhook-schema.ts'

/** What the configuration is checked against. */
export interface ConfigRules {
  /** The vendor keys that a client can be given for. */
  readonly vendors: ReadonlySet<string>
  /** Keys of all sources; none when missing. */
  readonly sourceKeys?: ReadonlySet<string>
  /** Keys of the sources that people connect by their own log-in; none when missing. */
  readonly logInSources?: ReadonlySet<string>
  /** Keys of the sources that an app on the phone reads; none when missing. */
  readonly phoneSources?: ReadonlySet<string>
  /** Why an application's own text cannot stand on its pages; every text can when missing. */
  readonly textProblem?: TextProblem
  /** Whether the pages have a language; every one counts as known when missing. */
  readonly hasLanguage?: (tag: string) => boolean
  /** The try-out may use its documented, short credentials. */
  readonly tryOut: boolean
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

const origin = z
  .url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' })
  .refine((value) => {
    const url = URL.parse(value)
    return url === null || value.replace(/\/$/, '') === url.origin
  }, 'must be an origin alone, such as https://connect.example.org')

const publicOrigin = origin.refine((value) => {
  const url = URL.parse(value)
  return url === null || url.protocol === 'https:' || LOOPBACK.test(url.hostname)
}, 'must be https, except on a loopback host')

const name = z.string().min(1).max(100)
const identifier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 of letters, digits, dot, dash and underscore')
const languageTag = ({ hasLanguage = () => true }: ConfigRules) =>
  z
    .string()
    .regex(/^[a-z]{2}(-[A-Za-z0-9]{2,8})?$/, {
      error: 'must be two letters, optionally with a script or region',
      abort: true,
    })
    .refine(hasLanguage, 'is a language that the pages do not have')
const secretText = ({ tryOut }: ConfigRules) =>
  z
    .string()
    .min(1)
    .refine(
      (value) => tryOut || mayHoldRandomBits(value),
      'must hold at least 128 random bits; `springbar secret new` prints one',
    )

/** One live secret, or two while one is being replaced. */
const secrets = (rules: ConfigRules) => z.array(secretText(rules)).min(1).max(2)

const redirectUri = (ownOrigins: readonly string[]) =>
  z.string().superRefine((value, context) => {
    const checked = validateRedirectUriEntry(value, ownOrigins)
    if (!checked.ok) context.addIssue({ code: 'custom', message: checked.detail.replace(/\.$/, '') })
  })

/** Judged like a redirect URI; a ticket is added to its query. */
const verifyUrl = (ownOrigins: readonly string[]) =>
  redirectUri(ownOrigins).refine(
    (value) => !(URL.parse(value)?.searchParams.has('ticket') ?? false),
    'must not have a parameter named ticket',
  )

/** Of 32 random bytes, far more than half are different from each other; of another number, that number is what is wrong. */
const isDrawn = (bytes: Buffer): boolean => bytes.length !== 32 || new Set(bytes).size >= 16

const client = z.strictObject({
  clientId: z.string().min(1).max(limits.clientIdCharacters),
  clientSecret: z.string().min(1).max(limits.clientSecretCharacters),
  scopes: z.array(z.string().min(1).max(200)).min(1).max(50).optional(),
  /** What a vendor wants beside them, by name. */
  extras: z
    .record(
      z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,39}$/, 'must be a letter, then letters and digits'),
      z.string().min(1).max(limits.clientSecretCharacters),
    )
    .refine((extras) => Object.keys(extras).length <= limits.clientExtras, 'has too many entries')
    .default({}),
})

/** By vendor key. */
const clients = ({ vendors }: ConfigRules) =>
  z.record(
    z.string().refine((vendor) => vendors.has(vendor), {
      error: `no source has this vendor; there are ${[...vendors].join(', ')}`,
    }),
    client,
  )

/** A key of one of these sources. */
const sourceKey = (keys: ReadonlySet<string> = new Set()) =>
  z.string().refine((key) => keys.has(key), {
    error: `must be the key of a source of this kind; there are ${[...keys].join(', ') || 'none'}`,
  })

/** Scheme and host, which the code must not be a part of. */
const PLACE = /^[^:/?#]*:(\/\/[^/?#]*)?/

/** Checked as a redirect URI is. Its query is the app's own: nothing of a result is put there. */
const pairingLink = (ownOrigins: readonly string[]) =>
  z.string().superRefine((value, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message })
    if (value.split('{code}').length !== 2) return refuse('must contain {code} exactly once')
    if (PLACE.exec(value)?.[0].includes('{code}')) return refuse('must have {code} in its path or query')
    const [path = '', query = ''] = splitOnce(value.replace('{code}', 'BCDFGHJKLM'), '?')
    const checked = validateRedirectUriEntry(path, ownOrigins)
    if (!checked.ok) return refuse(checked.detail.replace(/\.$/, ''))
    return /^[A-Za-z0-9._~:/?@!$&'()*+,;=%-]{0,1024}$/.test(query)
      ? undefined
      : refuse('has characters in its query that a URI does not')
  })

const splitOnce = (text: string, separator: string): readonly string[] => {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

const phoneApp = ({ phoneSources }: ConfigRules, ownOrigins: readonly string[]) =>
  z.strictObject({
    sources: z.array(sourceKey(phoneSources)).min(1, 'needs at least one source'),
    pairingLink: pairingLink(ownOrigins).optional(),
  })

/** What confirmation needs, and what makes no sense without it. */
function refineBinding(
  written: {
    bind?: string | undefined
    verifyUrl?: string | undefined
    exchange?: string | undefined
  } | null,
  context: z.RefinementCtx,
): void {
  const { bind, verifyUrl: url, exchange } = written ?? {}
  if (bind === 'confirm' && url === undefined)
    context.addIssue({ code: 'custom', path: ['verifyUrl'], message: 'is missing: bind is confirm' })
  const isConfirm = url !== undefined && (bind ?? 'confirm') === 'confirm'
  if (exchange !== undefined && !isConfirm)
    context.addIssue({ code: 'custom', path: ['exchange'], message: 'is for bind confirm alone' })
}

const application = (rules: ConfigRules, ownOrigins: readonly string[], networks: readonly Network[]) =>
  z
    .strictObject({
      id: identifier,
      name,
      secrets: secrets(rules),
      apiKeys: z.array(secretText(rules)).max(10).default([]),
      redirectUris: z.array(redirectUri(ownOrigins)).max(limits.redirectUrisPerApplication).default([]),
      bind: z.enum(['auto', 'page', 'confirm']).optional(),
      verifyUrl: verifyUrl(ownOrigins).optional(),
      exchange: z.enum(['before-confirm', 'after-confirm']).optional(),
      ...accountPolicyFields(rules.sourceKeys ?? new Set()),
      embedOrigins: z.array(origin).max(20).default([]),
      clients: clients(rules).default({}),
      webhooks: z
        .array(webhook(secretText(rules), networks))
        .max(limits.webhookEndpointsPerApplication)
        .default([])
        .superRefine(
          unique('webhook URL', ({ url }) => [url], { shown: true }),
          ALWAYS,
        ),
      feed,
      unofficialLogIns: z.array(sourceKey(rules.logInSources)).default([]),
      phoneApp: phoneApp(rules, ownOrigins).optional(),
      appearance: appearance(rules.textProblem ?? (() => null)).optional(),
      sessionLifetimeSeconds: z
        .int()
        .min(limits.sessionLifetimeSeconds.min)
        .max(limits.sessionLifetimeSeconds.max)
        .default(limits.sessionLifetimeSeconds.default),
      language: languageTag(rules).optional(),
      apiRequestsPerSecond: z
        .int()
        .min(limits.apiRequestsPerSecond.min)
        .max(limits.apiRequestsPerSecond.max)
        .default(limits.apiRequestsPerSecond.default),
    })
    .superRefine(refineBinding, ALWAYS)

const account = (rules: ConfigRules, ownOrigins: readonly string[], networks: readonly Network[]) =>
  z.strictObject({
    username: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^:\p{Cc}]+$/u, 'must not contain a colon or a control character'),
    passwords: secrets(rules),
    applications: z.array(application(rules, ownOrigins, networks)).min(1, 'needs at least one application'),
  })

/**
 * The file, and the environment variables laid over it, as an operator writes them. `ownOrigins` are the public URLs that
 * stand in it, `networks` those that webhooks may lead into.
 */
export const configSchema = (
  rules: ConfigRules,
  ownOrigins: readonly string[],
  networks: readonly Network[] = [],
) =>
  z.strictObject({
    publicUrl: publicOrigin,
    /** Public URLs of the API, the widget and the direct pages, when they have hosts of their own. */
    publicUrls: z
      .strictObject({
        api: publicOrigin.optional(),
        widget: publicOrigin.optional(),
        direct: publicOrigin.optional(),
      })
      .default({}),
    listen: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1'),
        port: z.coerce.number().int().min(0).max(65_535).default(8080),
      })
      .prefault({}),
    database: z
      .string()
      .refine(
        (value) => /^sqlite:.+$/.test(value) || (/^postgres(ql)?:\/\/.+$/.test(value) && URL.canParse(value)),
        'must be sqlite:PATH or postgres://USER@HOST/DATABASE',
      ),
    /** The first seals; all open. */
    keys: z
      .array(
        z.strictObject({
          id: z
            .string()
            .regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 of letters, digits, dash and underscore'),
          key: z
            .base64('must be base64')
            .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64')
            .refine(
              (value) => rules.tryOut || isDrawn(Buffer.from(value, 'base64')),
              'must be 32 random bytes; `springbar keys new` prints such a key',
            ),
        }),
      )
      .min(1, 'needs at least one key; `springbar keys new` prints one')
      .superRefine(
        unique('key id', (key) => [key.id], { shown: false }),
        ALWAYS,
      ),
    trustedProxies: z.array(network).default([]),
    /** Where the operator's own logos lie. */
    logosFolder: z.string().min(1).optional(),
    /** Definitions of the operator's own sources, one file each. */
    sourceFiles: z.array(z.string().min(1)).max(limits.sourceFiles).default([]),
    webhooks,
    logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    accounts: z
      .array(account(rules, ownOrigins, networks))
      .min(1, 'needs at least one account')
      .superRefine(
        unique('username', (entry) => [entry.username], { shown: true }),
        ALWAYS,
      )
      .superRefine(
        unique('application id', (entry) => entry.applications.map(({ id }) => id), { shown: true }),
        ALWAYS,
      )
      .superRefine(
        unique('API key', (entry) => entry.applications.flatMap(({ apiKeys }) => apiKeys), { shown: false }),
        ALWAYS,
      ),
  })

/** A configuration that was read: every default is filled in. */
export type ConfigFile = z.infer<ReturnType<typeof configSchema>>
/** An account in the file. */
export type AccountConfig = z.infer<ReturnType<typeof account>>
/** An application in the file. */
export type ApplicationConfig = z.infer<ReturnType<typeof application>>
