// Goal: one plain vendor for the tests of src/oauth. Method: a definition that bends nothing, and a fetch that answers
// in process and keeps what it was asked.
import type { Client } from '../../src/model/application.ts'
import { secret } from '../../src/model/secret.ts'
import type { Authorization } from '../../src/model/source.ts'
import type { CodeExchange, VendorContext, VendorRequest } from '../../src/oauth/index.ts'

export const NOW = 1_790_000_000_000

export const plainVendor: Authorization = {
  vendor: 'plain',
  name: 'Plain',
  status: 'live',
  statusNote: null,
  scopes: [
    { value: 'sleep:read', label: 'Sleep', requested: true, givesData: true },
    { value: 'steps:read', label: 'Steps', requested: true, givesData: true },
    { value: 'profile', label: 'Profile', requested: true, givesData: false },
    { value: 'location', label: 'Location', requested: false, givesData: true },
  ],
  scopeSeparator: ' ',
  authorizationRequest: {
    endpoint: 'https://login.vendor.example/authorize',
    parameters: { prompt: 'consent', audience: 'a b&c' },
    pkce: true,
  },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: 'https://api.vendor.example/token',
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 600,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: { mode: 'rotating', lifetimeSeconds: null, lifetimePath: null },
  account: { from: 'token', path: 'user.id' },
  revocation: {
    kind: 'token',
    reach: 'account',
    endpoint: 'https://api.vendor.example/revoke',
    clientAuthentication: 'client_secret_basic',
    sendTypeHint: true,
    goneStatuses: [],
  },
  documentation: { url: 'https://vendor.example/docs', checkedOn: '2026-11-22', doubts: [] },
}

export const client: Client = {
  vendor: 'plain',
  clientId: 'our id',
  clientSecret: secret('s3cret:+/ &é'),
  scopes: null,
  extras: new Map(),
  managedBy: 'configuration',
}

/** What the exchange knows of an attempt. */
export const exchange: CodeExchange = Object.freeze({
  code: 'the-code',
  redirectUri: 'https://connect.example.org/callback/plain',
  codeVerifier: 'v'.repeat(43),
  callbackScopes: null,
})

/** The plain vendor, bent in some way. */
export const using = (change: Partial<Authorization>): Authorization => ({ ...plainVendor, ...change })

/** A token answer in the plain form of RFC 6749 §5.1. */
export const goodAnswer = {
  access_token: 'access-1',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: 'refresh-1',
  scope: 'sleep:read steps:read profile',
  user: { id: 'person-7' },
}

export interface Asked {
  readonly url: string
  readonly vendor: string
  readonly method: string
  readonly headers: Headers
  readonly body: string
}

/** A context whose vendor gives these answers, one after the other, and the requests that it got. */
export function vendorThatAnswers(...answers: Response[]): {
  context: VendorContext
  asked: Asked[]
  /** How long the waits were, in milliseconds. */
  waited: number[]
} {
  const asked: Asked[] = []
  const waited: number[] = []
  const wait = async (ms: number) => void waited.push(ms)
  const fetch = async (url: string, { vendor, ...init }: VendorRequest) => {
    const request = new Request(url, init)
    asked.push({
      url,
      vendor,
      method: request.method,
      headers: request.headers,
      body: await request.text(),
    })
    const answer = answers.shift()
    if (answer === undefined) throw new Error('the vendor was asked once more than expected')
    return answer
  }
  return { context: { fetch, now: () => NOW, wait }, asked, waited }
}

/** A vendor that answers once, with these members. */
export const answering = (members: object) => vendorThatAnswers(answerOf(JSON.stringify(members)))

/** An answer with exactly this body. */
export function answerOf(
  body: string | Uint8Array<ArrayBuffer>,
  status = 200,
  contentType: string | null = 'application/json',
) {
  const headers = new Headers()
  if (contentType !== null) headers.set('content-type', contentType)
  // Bytes, because a string would bring a content type of its own.
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return new Response(bytes, { status, headers })
}
