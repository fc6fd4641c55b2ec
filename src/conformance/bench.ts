import type { Client } from '../model/application.ts'
import { type Authorization, isOAuth2, type OAuthSource } from '../model/source.ts'
import {
  buildAuthorizationUrl,
  codeChallenge,
  createGuardedFetch,
  exchangeCode,
  type Grant,
  type GuardedFetchOptions,
  type RefreshedGrant,
  type Revoked,
  readAuthorizationResponse,
  refreshGrant,
  requestedScopes,
  revokeGrant,
  runAfterConnect,
  type VendorContext,
} from '../oauth/index.ts'
import {
  type ConsentChoice,
  type SandboxControl,
  serveSandbox,
  type Vendor,
  vendorFor,
} from '../sandbox/index.ts'
import { pointAt, revocationHooks } from '../sources/index.ts'
import {
  type CheckEffects,
  CONNECTION_ID,
  clientFor,
  PATIENCE_MS,
  REDIRECT_ORIGIN,
  START,
  STATE,
} from './effects.ts'
import { createWaiting } from './waiting.ts'

const VERIFIER = 'verifier-'.padEnd(43, 'v')
const OTHER_VERIFIER = 'other-'.padEnd(43, 'w')
/** How one exchange differs from a proper one. */
export interface ExchangeOptions {
  readonly withOtherVerifier?: boolean
  /** For a vendor that does not answer: the service's own time limit, which passes at once. */
  readonly isImpatient?: boolean
}

/** One authorization, the vendor that plays it, and a person who goes there and back. */
export interface Bench {
  readonly authorization: Authorization
  readonly client: Client
  readonly control: SandboxControl
  readonly vendor: Vendor
  /** What the person is sent to. */
  readonly authorizationUrl: (state: string) => string
  /** The person at the vendor; the parameters that the browser comes back with, null when it does not. */
  readonly consent: (choice?: ConsentChoice) => Promise<URLSearchParams | null>
  /** From the parameters of a callback to a whole grant, steps after the consent included. */
  readonly exchange: (parameters: URLSearchParams, options?: ExchangeOptions) => Promise<Grant>
  /** Consent and exchange. */
  readonly connect: (choice?: ConsentChoice) => Promise<Grant>
  readonly refresh: (grant: Grant, options?: Pick<ExchangeOptions, 'isImpatient'>) => Promise<RefreshedGrant>
  readonly revoke: (grant: Grant) => Promise<Revoked | 'unsupported'>
  readonly close: () => Promise<void>
}

/** Opens a sandbox with one vendor on a port of its own, and points the authorization at it. */
export async function openBench(
  { fetch, random }: CheckEffects,
  source: OAuthSource,
  original: Authorization,
): Promise<Bench> {
  const vendor = vendorFor(original)
  const redirectUri = `${REDIRECT_ORIGIN}/callback/${original.vendor}`
  const client = clientFor(original)
  const waiting = createWaiting()
  const sandbox = await serveSandbox({
    port: 0,
    delay: waiting.delay,
    now: () => START,
    random,
    vendors: [vendor],
    clients: [
      {
        vendor: vendor.key,
        clientId: client.clientId,
        clientSecret: client.clientSecret.reveal(),
        redirectUris: [redirectUri],
      },
    ],
  })
  const authorization = pointedAt(source, original, sandbox.url)
  const contextFor = (patience: Pick<GuardedFetchOptions, 'after' | 'timeoutMs'>): VendorContext => ({
    fetch: createGuardedFetch({ fetch, ...patience }),
    now: sandbox.control.nowMs,
    wait: async (ms) => sandbox.control.advance(ms),
  })
  const [context, impatient] = [contextFor({ timeoutMs: PATIENCE_MS }), contextFor({ after: waiting.after })]
  const authorizationUrl = (state: string) =>
    buildAuthorizationUrl(authorization, client, {
      redirectUri,
      state,
      codeChallenge: codeChallenge(VERIFIER),
      scopes: requestedScopes(authorization, client),
    })
  const consent = async (choice: ConsentChoice = {}) => {
    const { location } = await sandbox.control.consent(authorizationUrl(STATE), choice)
    return location?.startsWith(redirectUri) === true ? new URL(location).searchParams : null
  }
  const exchange = async (parameters: URLSearchParams, options: ExchangeOptions = {}) => {
    const answer = readAuthorizationResponse(authorization, parameters, STATE)
    const grant = await exchangeCode(
      options.isImpatient === true ? impatient : context,
      authorization,
      client,
      {
        code: answer.code,
        redirectUri,
        codeVerifier: options.withOtherVerifier === true ? OTHER_VERIFIER : VERIFIER,
        callbackScopes: answer.grantedScopes,
      },
    )
    await runAfterConnect(options.isImpatient === true ? impatient : context, authorization, client, {
      ...grant,
      connectionId: CONNECTION_ID,
    })
    return grant
  }
  return Object.freeze({
    authorization,
    client,
    vendor,
    control: sandbox.control,
    authorizationUrl,
    consent,
    exchange,
    connect: async (choice?: ConsentChoice) => {
      const parameters = await consent(choice)
      if (parameters === null) throw new Error('the vendor did not send the person back')
      return exchange(parameters)
    },
    refresh: (grant: Grant, { isImpatient = false } = {}) =>
      refreshGrant(isImpatient ? impatient : context, authorization, client, grant),
    revoke: (grant: Grant) =>
      revokeGrant(context, authorization, revocationHooks, client, { ...grant, connectionId: CONNECTION_ID }),
    close: sandbox.close,
  })
}

function pointedAt(source: OAuthSource, { vendor }: Authorization, origin: string): Authorization {
  const moved = pointAt(source, origin)
  const found =
    moved.kind === 'oauth2'
      ? moved.authorizations.filter(isOAuth2).find((one) => one.vendor === vendor)
      : undefined
  if (found === undefined) throw new Error(`the source has no authorization ${vendor}`)
  return found
}
