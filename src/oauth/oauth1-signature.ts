import { createHmac } from 'node:crypto'

/**
 * The signature of OAuth 1.0a (RFC 5849 §3.4), HMAC-SHA1 alone: the only method that the vendors with this protocol take.
 *
 * Written here and not taken from a library: on 2026-11-22 the newest release of `oauth-1.0a` was of 2019 and that of
 * `oauth-signature` older, both take the time and the nonce from the machine, and all there is to it is this file, held
 * to the examples of the RFC. SHA-1 is broken for collisions, not as the hash of an HMAC.
 */

/** Names and values, in any order; a name may occur more than once. */
export type Parameters = readonly (readonly [name: string, value: string])[]

/** What is signed. */
export interface SignedRequest {
  readonly method: string
  /** With its query, whose parameters are signed as well. */
  readonly url: string
  /** The protocol's own (`oauth_…`, without `realm`) and those of a form body. */
  readonly parameters: Parameters
}

/** Percent-encodes as RFC 5849 §3.6 says: everything but letters, digits, `-`, `.`, `_` and `~`, byte by byte of UTF-8. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** The text that is signed (RFC 5849 §3.4.1). */
export function signatureBaseString({ method, url, parameters }: SignedRequest): string {
  const parsed = new URL(url) // lower-cases scheme and host, and drops the scheme's own port: §3.4.1.2
  const pairs = [...parsed.searchParams, ...parameters]
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
  const base = `${parsed.protocol}//${parsed.host}${parsed.pathname}`
  return [method.toUpperCase(), base, pairs.join('&')].map(percentEncode).join('&')
}

/** The signature, base64 (RFC 5849 §3.4.2). The token's secret is empty while there is no token. */
export const signHmacSha1 = (request: SignedRequest, clientSecret: string, tokenSecret: string): string =>
  createHmac('sha1', `${percentEncode(clientSecret)}&${percentEncode(tokenSecret)}`)
    .update(signatureBaseString(request))
    .digest('base64')

/** By byte: what is encoded is ASCII. */
const compare = (a: string, b: string): number => Number(a > b) - Number(a < b)
