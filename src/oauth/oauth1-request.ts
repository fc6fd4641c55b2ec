import type { Client } from '../model/application.ts'
import type { Secret } from '../model/secret.ts'
import { type Parameters, percentEncode, signHmacSha1 } from './oauth1-signature.ts'
import type { VendorContext } from './vendor-answer.ts'

/** What talking OAuth 1.0a needs: a nonce is drawn for every request. */
export interface OAuth1Context extends VendorContext {
  /** Cryptographically random bytes. */
  readonly random: (byteLength: number) => Uint8Array
}

/** A token and the secret that signs with it: of a request token or of an access token. */
export interface OAuth1Token {
  readonly token: Secret
  readonly tokenSecret: Secret
}

/** A request to be signed. */
export interface OAuth1Request {
  readonly vendor: string
  readonly method: string
  readonly url: string
  readonly client: Pick<Client, 'clientId' | 'clientSecret'>
  /** Null before there is one. */
  readonly token: OAuth1Token | null
  /** Protocol parameters beyond the usual ones: `oauth_callback`, `oauth_verifier`. */
  readonly protocolParameters?: Parameters
  /** Where the protocol's parameters stand (RFC 5849 §3.5.1, §3.5.2). */
  readonly parametersIn?: 'header' | 'body'
  /** The fields of a form, which are signed; not allowed beside `json`. */
  readonly form?: Parameters
  /** A JSON body, which is not signed (RFC 5849 §3.4.1.3.1). */
  readonly json?: string
  readonly headers?: Readonly<Record<string, string>>
}

const NONCE_BYTES = 16

/**
 * Signs a request (RFC 5849 §3.1) and sends it through the guarded fetch, once: a second try of the same nonce would be a
 * replay. Rejects with the guarded fetch's errors alone; the status is the caller's to read.
 */
export function sendSigned(context: OAuth1Context, request: OAuth1Request): Promise<Response> {
  const { vendor, method, url, client, token, form = [], parametersIn = 'header' } = request
  const protocol = protocolParameters(context, client, token, request.protocolParameters)
  const signature = signHmacSha1(
    { method, url, parameters: [...protocol, ...form] },
    client.clientSecret.reveal(),
    token?.tokenSecret.reveal() ?? '',
  )
  const signed: Parameters = [...protocol, ['oauth_signature', signature]]
  const inHeader = parametersIn === 'header'
  const fields = inHeader ? form : [...form, ...signed]
  const headers = new Headers(request.headers)
  if (inHeader) headers.set('authorization', authorizationHeader(signed))
  if (request.json !== undefined) headers.set('content-type', 'application/json')
  const body = fields.length > 0 ? new URLSearchParams(fields.map(([name, value]) => [name, value])) : null
  return context.fetch(url, { vendor, method, headers, body: body ?? request.json ?? null })
}

/**
 * The `Authorization` header of a request whose body is no form (RFC 5849 §3.4.1.3.1), for whoever sends it: once, since the
 * nonce in it is spent by that.
 */
export function signedHeader(
  { now, random }: Pick<OAuth1Context, 'now' | 'random'>,
  { method, url, client, token }: Pick<OAuth1Request, 'method' | 'url' | 'client' | 'token'>,
): string {
  const protocol = protocolParameters({ now, random }, client, token)
  const signature = signHmacSha1(
    { method, url, parameters: protocol },
    client.clientSecret.reveal(),
    token?.tokenSecret.reveal() ?? '',
  )
  return authorizationHeader([...protocol, ['oauth_signature', signature]])
}

/** The parameters of every signed request, the version last (RFC 5849 §3.1). */
const protocolParameters = (
  { now, random }: Pick<OAuth1Context, 'now' | 'random'>,
  client: OAuth1Request['client'],
  token: OAuth1Token | null,
  further: Parameters = [],
): Parameters => [
  ['oauth_consumer_key', client.clientId],
  ['oauth_nonce', Buffer.from(random(NONCE_BYTES)).toString('hex')],
  ['oauth_signature_method', 'HMAC-SHA1'],
  ['oauth_timestamp', String(Math.floor(now() / 1000))],
  ...(token === null ? [] : [['oauth_token', token.token.reveal()] as const]),
  ...further,
  ['oauth_version', '1.0'],
]

/** RFC 5849 §3.5.1. */
const authorizationHeader = (parameters: Parameters): string =>
  `OAuth ${parameters.map(([name, value]) => `${percentEncode(name)}="${percentEncode(value)}"`).join(', ')}`
