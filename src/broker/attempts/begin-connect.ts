/**
 * The first step of a trip to a vendor.
 *
 * @module broker/attempts — owns a trip from the link to the outcome: opened, begun, come back from, held for
 * somebody's word, kept or ended, told. How a connection finds its place is in `connections/`, what vendors are asked
 * in `oauth/`.
 */

import { type Attempt, referenceOf } from '../../model/attempt.ts'
import { isOAuth2, type OAuthSource } from '../../model/source.ts'
import { buildAuthorizationUrl, codeChallenge, requestedScopes, VendorError } from '../../oauth/index.ts'
import { type Availability, availabilityIn, type RegionalAuthorization } from '../catalogue/find-source.ts'
import { causeOf } from '../cause-of.ts'
import type { Context } from '../context.ts'
import { failureEvent } from '../events/new-event.ts'
import { writeAgain } from '../write-again.ts'
import { newAttempt, noteEnd } from './attempts.ts'
import { newPairing } from './new-pairing.ts'
import { departWithOAuth1 } from './oauth1-trip.ts'
import type { Link } from './open-link.ts'
import { judgeLink, type Refusal, refuse, sourceRefusal } from './refuse-link.ts'

const SECRET_BYTES = 32

/** Paths of the pages that stand in for a vendor's, on the direct pages' host. */
export const OWN_PAGES = Object.freeze({ 'log-in': '/log-in', pairing: '/pairing' })

/** What happens to the browser after a start. */
export type Departure =
  | {
      readonly kind: 'to-vendor'
      readonly attempt: Attempt
      /** The vendor's authorization page, or the page of ours that stands in for one. */
      readonly location: string
      /** Proves at the callback that it is the same browser. */
      readonly browserSecret: string
    }
  | { readonly kind: 'to-result'; readonly attempt: Attempt }
  /** Nothing was started: the person must say first where their account is. */
  | {
      readonly kind: 'to-region'
      readonly source: OAuthSource
      readonly regions: readonly RegionalAuthorization[]
    }

/** Where a vendor sends the browser back: the one redirect URI to register there. */
export const callbackUri = (context: Context, vendor: string): string =>
  `${context.urls.direct}/callback/${vendor}`

/** Where a link that may be followed now leads to. */
export type Way =
  | ({ readonly by: 'authorization'; readonly source: OAuthSource } & Pick<
      RegionalAuthorization,
      'authorization' | 'client'
    >)
  | Extract<Availability, { by: 'log-in' | 'pairing' }>
  /** Where the account is must be said first. */
  | Pick<Extract<Departure, { kind: 'to-region' }>, 'source' | 'regions'>

/**
 * What a link says beside the source, or anything else: the `region` that the person chose, asked for where there is a
 * choice; in `scopes`, whether the `missing` ones are all that is wanted.
 */
export type Asked = (name: 'region' | 'scopes') => string

/** Where a link leads to, or why it cannot be followed now. It starts nothing. */
export function judgeDeparture(context: Context, link: Link, asked: Asked): Way | Refusal {
  const living = judgeLink(context, link)
  if (!('source' in living)) return living
  const availability = availabilityIn(living.source, link.application, link.session)
  if (availability.kind === 'unavailable') return sourceRefusal(availability.reason)
  if (availability.by !== 'authorization') return availability
  const { source, authorization, client, regions } = availability
  if (regions.length === 0) return { by: 'authorization', source, authorization, client }
  const chosen = chosenOf(regions, asked('region'))
  if (chosen === null) return { source, regions }
  return { by: 'authorization', source, authorization: chosen.authorization, client: chosen.client }
}

/** What a caller may say about the start of an attempt. */
export interface Start {
  /** The id of a form that the person sent; a second attempt of that id is a `conflict`. */
  readonly id?: Attempt['id']
  /** Whether somebody may be sent to a vendor now; always, when missing. */
  readonly maySend?: (vendor: string) => boolean
}

/** A vendor that has not been answering: the person is told at once, and does not wait there for nothing. */
const VENDOR_DOWN: Refusal = {
  outcome: 'vendor_unavailable',
  code: 'vendor_unavailable',
  cause: 'vendor_rests',
}

/**
 * Starts an attempt to connect a source and tells where to send the browser. What cannot be started is an attempt
 * too, finished at once, whose outcome the application gets.
 */
export async function beginConnect(
  context: Context,
  link: Link,
  asked: Asked = () => '',
  { maySend = () => true, ...own }: Start = {},
): Promise<Departure> {
  const way = judgeDeparture(context, link, asked)
  if ('outcome' in way) return turnBack(context, link, way)
  if ('regions' in way) return { kind: 'to-region', ...way }
  if (way.by !== 'authorization') return toOwnPage(context, link, way, own)
  const { authorization, client } = way
  if (!maySend(authorization.vendor)) return turnBack(context, link, VENDOR_DOWN)
  const attempt = newAttempt(context, link, {
    action: 'connect',
    status: 'created',
    vendor: authorization.vendor,
    ...own,
  })
  const state = newState(context, attempt)
  const stateHash = context.vault.ofRandom('state', state)
  const browserSecret = browserSecretOf(context, state)
  const redirectUri = callbackUri(context, authorization.vendor)
  if (!isOAuth2(authorization)) {
    const known = { authorization, client }
    const departure = await departWithOAuth1(context, attempt, known, redirectUri, state).catch(
      (error: unknown) => {
        if (error instanceof VendorError) return error
        throw error
      },
    )
    if (departure instanceof VendorError)
      return { kind: 'to-result', attempt: await failBeforeLeaving(context, attempt, departure) }
    const { location, sealedRequestToken } = departure
    await context.storage.write((tables) =>
      tables.attempts.insert({ ...attempt, stateHash, sealedRequestToken }),
    )
    return { kind: 'to-vendor', attempt, location, browserSecret }
  }
  await context.storage.write((tables) => tables.attempts.insert({ ...attempt, stateHash }))
  const location = buildAuthorizationUrl(authorization, client, {
    redirectUri,
    state,
    codeChallenge: authorization.authorizationRequest.pkce
      ? codeChallenge(codeVerifierOf(context, state))
      : null,
    scopes:
      asked('scopes') === 'missing'
        ? await missingScopes(context, link, way)
        : requestedScopes(authorization, client),
  })
  return { kind: 'to-vendor', attempt, location, browserSecret }
}

/**
 * The scopes that a living connection lacks, where the vendor adds them to those that it has; otherwise all, since a new
 * consent would replace the old one.
 */
async function missingScopes(
  { storage }: Context,
  { session }: Link,
  { source, authorization, client }: Extract<Way, { by: 'authorization' }>,
): Promise<readonly string[]> {
  const all = requestedScopes(authorization, client)
  if (!isOAuth2(authorization) || authorization.authorizationRequest.accumulatesScopes !== true) return all
  const { connections } = storage.read
  const living = await connections.livingOf(session.applicationId, session.endUserId, source.id)
  const granted = living
    .filter(({ vendor, status }) => vendor === authorization.vendor && status === 'active')
    .map(({ grantedScopes }) => grantedScopes)
  const missing = all.filter((scope) => granted.some((scopes) => !scopes.includes(scope)))
  return missing.length === 0 ? all : missing
}

const chosenOf = (regions: readonly RegionalAuthorization[], asked: string): RegionalAuthorization | null =>
  regions.find(({ region }) => region.key === asked) ?? null

/** Stores an attempt that ended because its vendor, asked before the person leaves, did not answer as it should. */
async function failBeforeLeaving(context: Context, attempt: Attempt, error: VendorError): Promise<Attempt> {
  const failed: Attempt = {
    ...attempt,
    status: 'failed',
    connected: false,
    error: error.outcome,
    cause: causeOf(error),
    finishedAt: context.now(),
  }
  await context.storage.write(async (tables) => {
    await tables.attempts.insert(failed)
    await tables.events.append(await failureEvent(context, tables, failed))
  })
  noteEnd(context, failed)
  return failed
}

/** The way to the form for a log-in, or to the pairing code: pages of ours, where the vendor has none. */
async function toOwnPage(
  context: Context,
  link: Link,
  { by, source }: Extract<Availability, { by: 'log-in' | 'pairing' }>,
  own: Partial<Pick<Attempt, 'id'>>,
): Promise<Departure> {
  // Again, with another state, when the first half of its pairing code is in use; a form that was sent twice stays one.
  const write: Context['storage']['write'] =
    own.id === undefined ? (unit) => writeAgain(context, unit) : context.storage.write
  return write(async (tables) => {
    const attempt = newAttempt(context, link, {
      action: 'connect',
      status: 'created',
      vendor: source.vendor,
      ...own,
    })
    const state = newState(context, attempt)
    await tables.attempts.insert({ ...attempt, stateHash: context.vault.ofRandom('state', state) })
    if (by === 'pairing') await tables.pairings.insert(newPairing(context, attempt, state))
    return {
      kind: 'to-vendor',
      attempt,
      location: `${context.urls.direct}${OWN_PAGES[by]}?${new URLSearchParams({ state })}`,
      browserSecret: browserSecretOf(context, state),
    }
  })
}

/**
 * The `state` of an attempt: the attempt's reference, by which it is found without an index of its own on the path that
 * people wait for, and 256 random bits, of which a keyed hash is stored. It tells nothing of person or application.
 */
const newState = (context: Context, attempt: Attempt): string =>
  referenceOf(attempt.id) + base64url(context.random(SECRET_BYTES))

/**
 * What the browser that started an attempt keeps in its cookie: derived from `state` under a key of ours. Who learns the
 * `state`, which travels in URLs, cannot make it, and nothing has to be stored.
 */
export const browserSecretOf = (context: Context, state: string): string =>
  context.vault.ofRandom('browser', state)

/** Refuses a link, as {@link refuse} does. */
export async function turnBack(context: Context, link: Link, refusal: Refusal): Promise<Departure> {
  return { kind: 'to-result', attempt: await refuse(context, link, 'connect', refusal) }
}

/**
 * The PKCE verifier of an attempt (RFC 7636 §4.1): derived from its `state` under a key of ours, so that nothing has to be
 * stored. 43 characters of base64url, which the verifier's alphabet contains.
 */
export const codeVerifierOf = (context: Context, state: string): string =>
  context.vault.ofRandom('code-verifier', state)

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
