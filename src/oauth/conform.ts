import { limits } from '../limits.ts'
import type { Authorization } from '../model/source.ts'
import { isJsonObject, type JsonObject, valueAt } from './json.ts'
import { readJsonObject, requireAvailable } from './vendor-answer.ts'
import { registeredError, VendorError, type VendorErrorCause } from './vendor-error.ts'

/** What a token endpoint answered. */
export interface TokenAnswer {
  /** The same answer in the form of RFC 6749 §5.1 or §5.2. */
  readonly conform: Response
  /** The vendor's own members, out of any envelope, for what no RFC names. */
  readonly data: JsonObject
}

/** What stands for members that an answer may leave out. */
export type AbsentMembers = Readonly<Partial<Record<'access_token' | 'token_type' | 'expires_in', unknown>>>

/**
 * Makes a token endpoint's answer conform to RFC 6749 §5, whatever the vendor does instead: an envelope around it, an
 * error in another shape or under a 200, members under other names, a lifetime written as a string, null for absent. What
 * remains wrong after that is for the OAuth library to refuse. Throws a {@link VendorError} when there is no answer to
 * conform. A lifetime that is none is a fault too, unless `lifetimeSecondsOfNonsense` stands in for it: a pair that replaces
 * another one must not be lost over a number.
 */
export async function conformTokenAnswer(
  authorization: Authorization,
  response: Response,
  now: number,
  absent: AbsentMembers = {},
  lifetimeSecondsOfNonsense: number | null = null,
): Promise<TokenAnswer> {
  requireAvailable(response, now)
  const ok = response.status === 200
  const answer = await readAnswer(response, ok)
  const data = ok || isEnveloped(authorization, answer) ? unwrapEnvelope(authorization, answer) : answer
  const error = valueAt(data, authorization.tokenResponse.errorPath) ?? valueAt(data, 'error') ?? null
  if (!ok || error !== null) {
    const status = ok ? 400 : response.status
    return { conform: Response.json({ error: codeOf(authorization, error) }, { status }), data }
  }
  const members = conformMembers(authorization, data, absent, lifetimeSecondsOfNonsense)
  return { conform: Response.json(members), data }
}

/** The code of RFC 6749 §5.2 for what the vendor wrote. */
const codeOf = ({ tokenResponse: { errorNames = {} } }: Authorization, error: unknown): VendorErrorCause =>
  registeredError(typeof error === 'string' ? (errorNames[error] ?? error) : error)

/** A refusal may be in any form (a page, plain text): then its status is all there is to read. */
async function readAnswer(response: Response, ok: boolean): Promise<JsonObject> {
  try {
    return await readJsonObject(response)
  } catch (error) {
    if (ok) throw error
    throw new VendorError('rejected', 'http_status', { status: response.status })
  }
}

/** A refusal that is one by its HTTP status may come without the envelope. */
const isEnveloped = ({ tokenResponse: { envelope } }: Authorization, answer: JsonObject): boolean =>
  envelope !== null && valueAt(answer, envelope.statusPath) !== undefined

/**
 * The members inside the vendor's envelope, or the answer itself where it uses none. Throws `rejected` or `unavailable`
 * for an envelope that says that the request failed.
 */
export function unwrapEnvelope(authorization: Authorization, answer: JsonObject): JsonObject {
  const { envelope } = authorization.tokenResponse
  if (envelope === null) return answer
  const status = valueAt(answer, envelope.statusPath)
  if (status !== undefined || envelope.onlyOnFailure !== true)
    requireSuccess(authorization, envelope, answer, status)
  const data = envelope.dataPath === null ? answer : valueAt(answer, envelope.dataPath)
  if (!isJsonObject(data)) throw new VendorError('malformed', 'not_conform')
  return data
}

type Envelope = NonNullable<Authorization['tokenResponse']['envelope']>

/** Throws as {@link unwrapEnvelope} does when an answer says in its envelope that the request failed. */
export function requireEnvelopeSuccess(authorization: Authorization, answer: JsonObject): void {
  const { envelope } = authorization.tokenResponse
  if (envelope === null) return
  const status = valueAt(answer, envelope.statusPath)
  if (status !== undefined) requireSuccess(authorization, envelope, answer, status)
}

function requireSuccess(
  authorization: Authorization,
  envelope: Envelope,
  answer: JsonObject,
  status: unknown,
): void {
  const isStatus = typeof status === 'number' || typeof status === 'string'
  if (!isStatus || typeof status !== typeof envelope.successStatus)
    throw new VendorError('malformed', 'not_conform')
  if (status === envelope.successStatus) return
  const details = typeof status === 'number' ? { status } : {}
  if (envelope.temporaryStatuses.includes(status))
    throw new VendorError('unavailable', 'envelope_status', details)
  const code = codeOf(authorization, valueAt(answer, authorization.tokenResponse.errorPath))
  const isDead = code === 'invalid_grant' || envelope.invalidGrantStatuses?.includes(status) === true
  throw new VendorError('rejected', isDead ? 'invalid_grant' : 'envelope_status', details)
}

function conformMembers(
  { tokenResponse }: Authorization,
  data: JsonObject,
  absent: AbsentMembers,
  lifetimeSecondsOfNonsense: number | null,
): JsonObject {
  const { members = {}, tokenTypeOptional = false, lifetimeSecondsWhenSilent } = tokenResponse
  const lifetime = { expires_in: lifetimeSecondsWhenSilent, ...absent }.expires_in
  const expiresIn = valueAt(data, members.expiresIn ?? 'expires_in') ?? lifetime
  const refreshToken = valueAt(data, members.refreshToken ?? 'refresh_token') ?? undefined
  return {
    access_token: valueAt(data, members.accessToken ?? 'access_token') ?? absent.access_token,
    token_type: data['token_type'] ?? absent.token_type ?? (tokenTypeOptional ? 'bearer' : undefined),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    // Null is "never": it is not for an answer to say, but for the definition.
    ...(expiresIn === null ? {} : { expires_in: readLifetimeSeconds(expiresIn, lifetimeSecondsOfNonsense) }),
    scope: valueAt(data, members.scope ?? 'scope'),
  }
}

/**
 * Seconds that a token lives, also when the vendor writes them as a string of digits. Where the definition does not say
 * what silence means, it is a fault like nonsense. Throws `malformed`.
 */
export function readLifetimeSeconds(value: unknown, ofNonsense: number | null = null): number {
  const seconds = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
  const isLifetime =
    typeof seconds === 'number' &&
    Number.isInteger(seconds) &&
    seconds > 0 &&
    seconds <= limits.tokenLifetimeMaxSeconds
  if (isLifetime) return seconds
  if (ofNonsense !== null) return ofNonsense
  throw new VendorError('malformed', 'expires_in')
}
