import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SandboxClient } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import type { OAuth1Vendor } from './oauth1-vendor.ts'

/** Words of the OAuth problem reporting extension, which vendors use for want of any in RFC 5849. */
export type OAuth1Problem =
  | 'parameter_absent'
  | 'parameter_rejected'
  | 'version_rejected'
  | 'signature_method_rejected'
  | 'consumer_key_unknown'
  | 'timestamp_refused'
  | 'nonce_used'
  | 'token_rejected'
  | 'token_expired'
  | 'token_used'
  | 'verifier_invalid'
  | 'signature_invalid'

/** A request whose protocol parameters were read and whose signature fits. */
export interface VerifiedRequest {
  readonly client: SandboxClient
  /** Every `oauth_…` parameter. */
  readonly protocol: ReadonlyMap<string, string>
}

/** Clocks differ by so much; RFC 5849 §3.3 leaves it to the server. */
const CLOCK_SKEW_SECONDS = 300

/**
 * Verifies a signed request (RFC 5849 §3.2). `secretOf` gives the secret of the token in it, or the problem with the
 * token. `origins` are those at which the sandbox may have been called: a caller signs the address that it knows.
 */
export function verifySignature(
  world: World,
  vendor: OAuth1Vendor,
  request: VendorRequest,
  origins: readonly string[],
  secretOf: (token: string | undefined) => { readonly secret: string } | { readonly problem: OAuth1Problem },
): VerifiedRequest | { readonly problem: OAuth1Problem } {
  const read = readParameters(request)
  if (read === null) return { problem: 'parameter_rejected' }
  const { all, protocol } = read
  const checked = checkParameters(world, vendor, protocol)
  if ('problem' in checked) return checked
  const { signedRequests } = world.switches.of(vendor)
  if (signedRequests !== 'verified') return { problem: signedRequests }
  const secret = secretOf(protocol.get('oauth_token'))
  if ('problem' in secret) return secret
  const key = [checked.client.clientSecret, secret.secret].map(encode).join('&')
  const given = Buffer.from(protocol.get('oauth_signature') ?? '')
  const isOurs = origins.some((origin) => {
    const text = [request.method, `${origin}/${request.url}`, normalize(all)].map(encode).join('&')
    const expected = Buffer.from(createHmac('sha1', key).update(text).digest('base64'))
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
  if (!isOurs) return { problem: 'signature_invalid' }
  const [timestamp = '', nonce = ''] = ['oauth_timestamp', 'oauth_nonce'].map((name) => protocol.get(name))
  if (!world.oauth1.useNonce(checked.client.clientId, timestamp, nonce)) return { problem: 'nonce_used' }
  return { client: checked.client, protocol }
}

type Pair = readonly [name: string, value: string]

/** RFC 5849 §3.4.1.3.1: header, query and form; the protocol's parameters in one of them, each at most once. */
function readParameters(
  request: VendorRequest,
): { readonly all: readonly Pair[]; readonly protocol: ReadonlyMap<string, string> } | null {
  const header = readHeader(request.authorization)
  if (header === null) return null
  const all = [...header, ...request.query, ...request.form]
  const own = all.filter(([name]) => name.startsWith('oauth_'))
  const protocol = new Map(own)
  return protocol.size === own.length ? { all, protocol } : null
}

/** The parameters of an `OAuth` header without `realm` (RFC 5849 §3.5.1); null for a malformed one. */
function readHeader(authorization: string | null): readonly Pair[] | null {
  const list = /^OAuth\s+(.*)$/is.exec(authorization ?? '')?.[1]
  if (list === undefined) return authorization === null ? [] : null
  const pairs: Pair[] = []
  for (const part of list.split(',')) {
    const [, name, value] = /^\s*([^=\s]+)="([^"]*)"\s*$/.exec(part) ?? []
    if (name === undefined || value === undefined) return null
    try {
      if (name.toLowerCase() !== 'realm') pairs.push([decodeURIComponent(name), decodeURIComponent(value)])
    } catch {
      return null
    }
  }
  return pairs
}

function checkParameters(
  world: World,
  vendor: OAuth1Vendor,
  protocol: ReadonlyMap<string, string>,
): { readonly client: SandboxClient } | { readonly problem: OAuth1Problem } {
  const required = ['consumer_key', 'signature_method', 'signature', 'timestamp', 'nonce']
  if (required.some((name) => !protocol.get(`oauth_${name}`))) return { problem: 'parameter_absent' }
  if ((protocol.get('oauth_version') ?? '1.0') !== '1.0') return { problem: 'version_rejected' }
  if (protocol.get('oauth_signature_method') !== 'HMAC-SHA1') return { problem: 'signature_method_rejected' }
  const client = world.clients.find(
    (one) => one.vendor === vendor.key && one.clientId === protocol.get('oauth_consumer_key'),
  )
  if (client === undefined) return { problem: 'consumer_key_unknown' }
  const timestamp = protocol.get('oauth_timestamp') ?? ''
  const isNow =
    /^[1-9]\d{0,11}$/.test(timestamp) &&
    Math.abs(Number(timestamp) - world.clock.nowSeconds()) <= CLOCK_SKEW_SECONDS
  return isNow ? { client } : { problem: 'timestamp_refused' }
}

/** RFC 5849 §3.4.1.3.2, over everything but the signature. */
const normalize = (pairs: readonly Pair[]): string =>
  pairs
    .filter(([name]) => name !== 'oauth_signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) =>
      Buffer.compare(Buffer.from(`${nameA}\0${valueA}`), Buffer.from(`${nameB}\0${valueB}`)),
    )
    .map((pair) => pair.join('='))
    .join('&')

/** RFC 5849 §3.6. */
const encode = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9._~-]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
