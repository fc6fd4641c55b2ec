import { limits } from '../limits.ts'
import type { Client } from '../model/application.ts'
import type { Authorization } from '../model/source.ts'
import { isJsonObject, type JsonObject, parseJson } from './json.ts'
import { VendorError } from './vendor-error.ts'

/** Header, payload and signature, each base64url (RFC 7515 §7.1). An encrypted one has five parts, and is refused. */
const COMPACT = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*$/
/** Clocks of two machines differ. */
const CLOCK_SKEW_MS = 60_000

/**
 * The claims of a JWT that came from the token endpoint itself: its signature need not be checked, since TLS has
 * vouched for who sent it (OpenID Connect Core §3.1.3.7, rule 6). Never for a token from anywhere else.
 * Throws `malformed` for what is not a JWT.
 */
export function readClaims(token: unknown): JsonObject {
  const isShort = typeof token === 'string' && token.length <= limits.jwtCharacters
  const payload = isShort ? COMPACT.exec(token)?.[1] : undefined
  if (payload === undefined) throw new VendorError('malformed', 'jwt')
  const { value, duplicate } = parse(payload)
  if (duplicate || !isJsonObject(value)) throw new VendorError('malformed', 'jwt')
  return value
}

function parse(payload: string): ReturnType<typeof parseJson> {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(payload, 'base64url')))
  } catch {
    throw new VendorError('malformed', 'jwt')
  }
}

/**
 * Throws `malformed` for an ID token that is for another client, has ended, or names another issuer than the definition
 * does (OpenID Connect Core §3.1.3.7, rules 2, 3 and 9). A claim that is missing is not missed: vendors leave them out.
 */
export function requireForUs(
  claims: JsonObject,
  authorization: Authorization,
  client: Pick<Client, 'clientId'>,
  now: number,
): void {
  const { aud, exp, iss } = claims
  const { issuer } = authorization.authorizationResponse
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  const isForUs = aud === undefined || audiences.includes(client.clientId)
  const isAlive = exp === undefined || (typeof exp === 'number' && exp * 1000 > now - CLOCK_SKEW_MS)
  const isTheirs = iss === undefined || issuer === null || iss === issuer.value
  if (!isForUs || !isAlive || !isTheirs) throw new VendorError('malformed', 'id_token')
}
