// Signed requests made by hand, and one person's way to a token: what the tests of OAuth 1.0a share.
import { createHmac } from 'node:crypto'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { createTestSandbox, redirectUriOf, START_SECONDS, TEST_CLIENTS } from './harness.ts'

const KEY = 'key &1'
const SECRET = 's3cret/+'
export const REQUEST_TOKEN = 'authentication.fatsecret.com/oauth/request_token'
export const ACCESS_TOKEN = 'authentication.fatsecret.com/oauth/access_token'
export const AUTHORIZE = 'authentication.fatsecret.com/oauth/authorize'
export const GARMIN = 'connectapi.garmin.com/oauth-service/oauth'
export const CALLBACK = `${redirectUriOf('fatsecret')}?state=abc`

export const createVendors = () =>
  createTestSandbox({
    clients: [
      ...TEST_CLIENTS,
      ...['fatsecret', 'garmin-oauth1'].map((vendor) => ({
        vendor,
        clientId: KEY,
        clientSecret: SECRET,
        redirectUris: [redirectUriOf(vendor)],
      })),
    ],
  })

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

type Words = Readonly<Record<string, string>>

export interface Signing {
  readonly method?: string
  /** What stands in the header; an empty text leaves a parameter out. */
  readonly protocol?: Words
  readonly form?: Words
  readonly token?: string
  readonly tokenSecret?: string
  readonly clientSecret?: string
  /** The origin that is signed; the real vendor's when missing. */
  readonly origin?: string
  readonly place?: 'header' | 'body' | 'query'
}

let count = 0

/** Sends a signed request to a vendor's URL, in whichever place the protocol's parameters are to stand. */
export function send(sandbox: Sandbox, url: string, signing: Signing = {}): Response | Promise<Response> {
  const { method = 'POST', form = {}, place = 'header', origin = 'https:/' } = signing
  count += 1
  const all: Words = {
    oauth_consumer_key: KEY,
    oauth_nonce: `nonce-${count}`,
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(START_SECONDS),
    oauth_version: '1.0',
    ...(signing.token === undefined ? {} : { oauth_token: signing.token }),
    ...signing.protocol,
  }
  const protocol = Object.entries(all).filter(([name, value]) => value !== '' && name !== 'oauth_signature')
  const normal = [...protocol, ...Object.entries(form)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&')
  const base = [method, `${origin}/${url}`, normal].map(encode).join('&')
  const key = `${encode(signing.clientSecret ?? SECRET)}&${encode(signing.tokenSecret ?? '')}`
  const signature = all['oauth_signature'] ?? createHmac('sha1', key).update(base).digest('base64')
  const signed = [...protocol, ['oauth_signature', signature]].map(([name = '', value = '']) => [name, value])
  const header = `OAuth realm="x", ${signed.map(([name = '', value = '']) => `${encode(name)}="${encode(value)}"`).join(', ')}`
  const body = new URLSearchParams(
    [...Object.entries(form), ...(place === 'body' ? signed : [])].map(([n = '', v = '']) => [n, v]),
  )
  const query = place === 'query' ? `?${new URLSearchParams(signed.map(([n = '', v = '']) => [n, v]))}` : ''
  return sandbox.app.request(`/${url}${query}`, {
    method,
    headers: place === 'header' ? { authorization: header } : {},
    ...(body.size > 0 ? { body } : {}),
  })
}

export const membersOf = async (response: Response): Promise<Words> =>
  Object.fromEntries(new URLSearchParams(await response.text()))

export const temporary = async (sandbox: Sandbox, signing: Signing = {}) =>
  membersOf(await send(sandbox, REQUEST_TOKEN, { protocol: { oauth_callback: CALLBACK }, ...signing }))

/** From the request token to the access token. */
export async function connect(sandbox: Sandbox) {
  const { oauth_token: token = '', oauth_token_secret: tokenSecret = '' } = await temporary(sandbox)
  const outcome = await sandbox.control.consent(`https://${AUTHORIZE}?oauth_token=${token}`, {
    account: 'kim',
  })
  const verifier = URL.parse(outcome.location ?? '')?.searchParams.get('oauth_verifier') ?? ''
  const exchange = (oauthVerifier = verifier) =>
    send(sandbox, ACCESS_TOKEN, { token, tokenSecret, protocol: { oauth_verifier: oauthVerifier } })
  return { token, tokenSecret, verifier, exchange, location: outcome.location }
}
