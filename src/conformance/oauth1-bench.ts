import type { Client } from '../model/application.ts'
import { isOAuth2, type OAuth1Authorization, type OAuthSource } from '../model/source.ts'
import {
  createGuardedFetch,
  type ExchangedGrant,
  exchangeGeneration,
  exchangeVerifier,
  type GuardedFetchOptions,
  type OAuth1Context,
  type OAuth1Grant,
  type OAuth1Token,
  oauth1AuthorizationUrl,
  type Revoked,
  readOAuth1Callback,
  requestTemporaryCredentials,
  revokeOAuth1Grant,
} from '../oauth/index.ts'
import {
  type ConsentChoice,
  type OAuth1Vendor,
  oauth1VendorFor,
  type SandboxControl,
  serveSandbox,
  vendorFor,
} from '../sandbox/index.ts'
import { pointAt } from '../sources/index.ts'
import { type CheckEffects, clientFor, PATIENCE_MS, REDIRECT_ORIGIN, START, STATE } from './effects.ts'
import { createWaiting } from './waiting.ts'

/** The impatient have the service's own time limit, which passes at once where a vendor does not answer. */
export interface Patience {
  readonly isImpatient?: boolean
}

/** The start of one trip: where the browser goes, and what is kept until it comes back. */
export interface Trip {
  readonly url: string
  readonly requestToken: OAuth1Token
}

/** One authorization of OAuth 1.0a, the vendor that plays it, and a person who goes there and back. */
export interface OAuth1Bench {
  readonly authorization: OAuth1Authorization
  readonly client: Client
  readonly control: SandboxControl
  readonly vendor: OAuth1Vendor
  /** The account's id as the vendor tells it, by a person's key. */
  readonly subjectOf: (account: string) => string | undefined
  /** What the vendor is told as the callback. */
  readonly callbackUri: string
  readonly depart: (patience?: Patience) => Promise<Trip>
  /** The person at the vendor; the parameters that the browser comes back with, null when it does not. */
  readonly consent: (trip: Trip, choice?: ConsentChoice) => Promise<URLSearchParams | null>
  /** From the parameters of a callback to a whole grant. */
  readonly exchange: (trip: Trip, parameters: URLSearchParams, patience?: Patience) => Promise<OAuth1Grant>
  /** The way there, consent and exchange. */
  readonly connect: (choice?: ConsentChoice) => Promise<OAuth1Grant>
  readonly revoke: (grant: OAuth1Grant) => Promise<Revoked | 'unsupported'>
  /** The exchange for tokens of the vendor's OAuth 2.0. Throws a TypeError where the definition has none. */
  readonly exchangeForOAuth2: (grant: OAuth1Grant, patience?: Patience) => Promise<ExchangedGrant>
  readonly close: () => Promise<void>
}

/** Opens a sandbox with one vendor on a port of its own, beside its other generation, and points the authorization at it. */
export async function openOAuth1Bench(
  { fetch, random }: CheckEffects,
  source: OAuthSource,
  original: OAuth1Authorization,
): Promise<OAuth1Bench> {
  const vendor = oauth1VendorFor(original)
  const twins = source.authorizations
    .filter(isOAuth2)
    .filter((one) => one.vendor === original.exchange?.vendor)
    .map(vendorFor)
  const client = clientFor(original)
  const redirectUri = `${REDIRECT_ORIGIN}/callback/${original.vendor}`
  const callbackUri = `${redirectUri}?state=${STATE}`
  const waiting = createWaiting()
  const sandbox = await serveSandbox({
    port: 0,
    delay: waiting.delay,
    now: () => START,
    random,
    vendors: twins,
    oauth1Vendors: [vendor],
    clients: [vendor, ...twins].map(({ key }) => ({
      vendor: key,
      clientId: client.clientId,
      clientSecret: client.clientSecret.reveal(),
      redirectUris: [redirectUri],
    })),
  })
  const { authorization, newer } = pointedAt(source, original, sandbox.url)
  const contextFor = (patience: Pick<GuardedFetchOptions, 'after' | 'timeoutMs'>): OAuth1Context => ({
    fetch: createGuardedFetch({ fetch, ...patience }),
    now: sandbox.control.nowMs,
    wait: async (ms) => sandbox.control.advance(ms),
    random,
  })
  const contexts = {
    patient: contextFor({ timeoutMs: PATIENCE_MS }),
    impatient: contextFor({ after: waiting.after }),
  }
  const contextOf = ({ isImpatient = false }: Patience = {}) =>
    contexts[isImpatient ? 'impatient' : 'patient']
  const depart = async (patience?: Patience): Promise<Trip> => {
    const context = contextOf(patience)
    const requestToken = await requestTemporaryCredentials(context, authorization, client, callbackUri)
    return { requestToken, url: oauth1AuthorizationUrl(authorization, requestToken, callbackUri) }
  }
  const consent = async ({ url }: Trip, choice: ConsentChoice = {}) => {
    const { location } = await sandbox.control.consent(url, choice)
    return location?.startsWith(redirectUri) === true ? new URL(location).searchParams : null
  }
  const exchange = async ({ requestToken }: Trip, parameters: URLSearchParams, patience?: Patience) => {
    const callback = readOAuth1Callback(parameters, requestToken)
    return exchangeVerifier(contextOf(patience), authorization, client, requestToken, callback)
  }
  const [twin] = twins
  return Object.freeze({
    authorization,
    client,
    control: sandbox.control,
    vendor,
    subjectOf: (account: string) => (twin ?? vendor).accounts.find(({ key }) => key === account)?.subject,
    callbackUri,
    depart,
    consent,
    exchange,
    connect: async (choice?: ConsentChoice) => {
      const trip = await depart()
      const parameters = await consent(trip, choice)
      if (parameters === null) throw new Error('the vendor did not send the person back')
      return exchange(trip, parameters)
    },
    revoke: (grant: OAuth1Grant) => revokeOAuth1Grant(contexts.patient, authorization, client, grant),
    exchangeForOAuth2: (grant: OAuth1Grant, patience?: Patience) => {
      if (newer === undefined) throw new TypeError('the definition has no exchange')
      const from = { authorization, client }
      return exchangeGeneration(
        contextOf(patience),
        { from, to: { authorization: newer, client: clientFor(newer) } },
        grant,
      )
    },
    close: sandbox.close,
  })
}

/** The authorization, and the vendor's newer one where it has one, at the sandbox. */
function pointedAt(source: OAuthSource, { vendor, exchange }: OAuth1Authorization, origin: string) {
  const moved = pointAt(source, origin)
  const all = moved.kind === 'oauth2' ? moved.authorizations : []
  const authorization = all.find((one) => one.vendor === vendor)
  if (authorization === undefined || isOAuth2(authorization))
    throw new Error(`the source has no authorization ${vendor}`)
  return { authorization, newer: all.filter(isOAuth2).find((one) => one.vendor === exchange?.vendor) }
}
