import { limits } from '../limits.ts'
import type { Authorization } from '../model/source.ts'
import { isJsonObject, type JsonObject, valueAt } from './json.ts'
import { readJsonObject, requireAvailable } from './vendor-answer.ts'
import { registeredError, VendorError } from './vendor-error.ts'

/** What a token endpoint answered. */
export interface TokenAnswer {
  /** The same answer in the form of RFC 6749 §5.1 or §5.2. */
  readonly conform: Response
  /** The vendor's own members, out of any envelope, for what no RFC names. */
  readonly data: JsonObject
}

/**
 * Makes a token endpoint's answer conform to RFC 6749 §5, whatever the vendor does instead: an envelope around it, an
 * error in another shape or under a 200, a lifetime written as a string, null for absent. What remains wrong after that
 * is for the OAuth library to refuse. Throws a {@link VendorError} when there is no answer to conform.
 */
export async function conformTokenAnswer(
  authorization: Authorization,
  response: Response,
  now: number,
): Promise<TokenAnswer> {
  requireAvailable(response, now)
  const ok = response.status === 200
  const answer = await readAnswer(response, ok)
  const data = unwrapEnvelope(authorization, answer)
  const error = valueAt(data, authorization.tokenResponse.errorPath) ?? valueAt(data, 'error') ?? null
  if (!ok || error !== null) {
    const status = ok ? 400 : response.status
    return { conform: Response.json({ error: registeredError(error) }, { status }), data }
  }
  return { conform: Response.json(conformMembers(data)), data }
}

/** A refusal may be in any form (a page, plain text): then its status is all there is to read. */
async function readAnswer(response: Response, ok: boolean): Promise<JsonObject> {
  try {
    return await readJsonObject(response)
  } catch (error) {
    if (ok) throw error
    throw new VendorError('rejected', 'http_status', { status: response.status })
  }
}

/**
 * The members inside the vendor's envelope, or the answer itself where it uses none. Throws `rejected` or `unavailable`
 * for an envelope that says that the request failed.
 */
export function unwrapEnvelope(authorization: Authorization, answer: JsonObject): JsonObject {
  const { envelope } = authorization.tokenResponse
  if (envelope === null) return answer
  const status = valueAt(answer, envelope.statusPath)
  const isStatus = typeof status === 'number' || typeof status === 'string'
  if (!isStatus || typeof status !== typeof envelope.successStatus)
    throw new VendorError('malformed', 'not_conform')
  if (status !== envelope.successStatus) {
    const temporary = envelope.temporaryStatuses.includes(status)
    throw new VendorError(
      temporary ? 'unavailable' : 'rejected',
      'envelope_status',
      typeof status === 'number' ? { status } : {},
    )
  }
  const data = envelope.dataPath === null ? answer : valueAt(answer, envelope.dataPath)
  if (!isJsonObject(data)) throw new VendorError('malformed', 'not_conform')
  return data
}

function conformMembers(data: JsonObject): JsonObject {
  const { access_token, token_type, refresh_token, expires_in, scope } = data
  return {
    access_token,
    token_type,
    ...(refresh_token === null ? {} : { refresh_token }),
    expires_in: readLifetimeSeconds(expires_in),
    scope,
  }
}

/**
 * Seconds that a token lives, also when the vendor writes them as a string of digits. Every vendor that we know says it,
 * so silence is a fault like nonsense. Throws `malformed`.
 */
export function readLifetimeSeconds(value: unknown): number {
  const seconds = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
  if (
    typeof seconds === 'number' &&
    Number.isInteger(seconds) &&
    seconds > 0 &&
    seconds <= limits.tokenLifetimeMaxSeconds
  ) {
    return seconds
  }
  throw new VendorError('malformed', 'expires_in')
}
