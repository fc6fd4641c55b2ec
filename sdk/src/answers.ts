import { isToken } from './arguments.ts'
import { unexpectedAnswer } from './errors.ts'
import { isBoolean, isNumber, isString, list, orNull, parseJson, required } from './fields.ts'
import { isRecord } from './request.ts'
import type { Action } from './result.ts'
import type { ConnectedSource, Gender, ResultError } from './types.ts'

/** An end user as the application stored them, with what is connected. Null where nothing is stored. */
export interface EndUser {
  readonly endUserId: string
  readonly partnerUserId: string | null
  readonly heightCm: number | null
  readonly weightKg: number | null
  /** `YYYY-MM-DD` */
  readonly birthdate: string | null
  readonly gender: Gender | null
  /** Oldest first; a source that is not connected is absent. */
  readonly connectedSources: readonly ConnectedSource[]
  readonly devices: readonly unknown[]
}

/** A minted connection session. */
export interface ConnectionSession {
  /** The hosted widget for this session. */
  readonly url: string
  /** The credential of `connectUrl`; it lives for about an hour. Treat it as a secret. */
  readonly token: string
}

/** A redeemed result code: what really happened. */
export interface RedeemedResult {
  readonly endUserId: string
  readonly partnerUserId: string | null
  readonly action: Action
  /** Catalogue id of the source; null when the attempt named none that exists. */
  readonly dataSource: number | null
  /** As in the return URL: after a disconnect false is success. */
  readonly connected: boolean
  readonly succeeded: boolean
  readonly error: ResultError | (string & {}) | null
  /** The connection that was made or ended; null when there was none. */
  readonly connectionId: string | null
  /** What the person may read out to support. */
  readonly reference: string
  /** ISO-8601 instant. */
  readonly finishedAt: string
}

/** Both published forms of an id: 32 hex digits, or 32 letters and digits. */
const END_USER_ID = /^[0-9A-Za-z]{32}$/
const GENDERS: readonly unknown[] = ['male', 'female', 'genderless'] satisfies readonly Gender[]

/** The bare end user id that `POST /v5/accessToken` answers. */
export function parseEndUserId(text: string): string {
  if (!END_USER_ID.test(text)) throw unexpectedAnswer('no end user id', { status: 200 })
  return text
}

/** The widget URL that `POST /v5/dataSourceURL` answers. */
export function parseWidgetUrl(text: string): string {
  parseSessionUrl(text)
  return text
}

/** The session in the answer of `POST /widget/v6/connection`. */
export function parseSession(text: string): ConnectionSession {
  const body = parseJson(text)
  const { data } = isRecord(body) ? body : {}
  const { url } = isRecord(data) ? data : {}
  if (typeof url !== 'string') throw unexpectedAnswer('no widget URL', { status: 200 })
  return Object.freeze({ url, token: parseSessionUrl(url) })
}

function parseSessionUrl(text: string): string {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw unexpectedAnswer('no widget URL', { status: 200 })
  }
  // It is put into links and frames: a `javascript:` URL must never come through.
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw unexpectedAnswer('a widget URL that is no web address', { status: 200 })
  const [token, ...others] = url.searchParams.getAll('connectionSessionToken')
  if (token === undefined || others.length > 0 || !isToken(token))
    throw unexpectedAnswer('a widget URL without a session token', { status: 200 })
  return token
}

/**
 * The end users that `POST /v5/userInformation` answers: exactly those that were asked for, in that order. An
 * answer about somebody else is refused, because it would be shown to the wrong person.
 */
export function parseEndUsers(text: string, asked: readonly string[]): readonly EndUser[] {
  const items = parseJson(text)
  if (!Array.isArray(items)) throw unexpectedAnswer('no list of end users', { status: 200 })
  const byId = new Map(items.map(parseEndUser).map((endUser) => [endUser.endUserId, endUser]))
  if (items.length !== asked.length)
    throw unexpectedAnswer('another number of end users than asked for', { status: 200 })
  return Object.freeze(
    asked.map((endUserId) => {
      const endUser = byId.get(endUserId)
      if (endUser === undefined) throw unexpectedAnswer('another end user than asked for', { status: 200 })
      return endUser
    }),
  )
}

/** What `POST /v1/results/{code}` answers. */
export function parseRedeemedResult(text: string): RedeemedResult {
  const body = parseJson(text)
  if (!isRecord(body)) throw unexpectedAnswer('a result that is no object', { status: 200 })
  const { endUserId, partnerUserId, action, dataSource, connected, succeeded } = body
  const { error, connection, reference, finishedAt } = body
  const { id } = isRecord(connection) ? connection : {}
  return Object.freeze({
    endUserId: required(endUserId, isString),
    partnerUserId: orNull(partnerUserId, isString),
    action: required(action, isAction),
    dataSource: orNull(dataSource, isNumber),
    connected: required(connected, isBoolean),
    succeeded: required(succeeded, isBoolean),
    error: orNull(error, isString),
    connectionId: orNull(id, isString),
    reference: required(reference, isString),
    finishedAt: required(finishedAt, isString),
  })
}

/** What `POST /v1/attempts/confirm` answers. */
export function parseConfirmed(text: string): { readonly next: string } {
  const body = parseJson(text)
  const { next } = isRecord(body) ? body : {}
  // The browser is sent there: a `javascript:` URL must never come through.
  if (typeof next !== 'string' || !/^https?:\/\//.test(next) || !URL.canParse(next))
    throw unexpectedAnswer('no address to go on to', { status: 200 })
  return Object.freeze({ next })
}

function parseEndUser(item: unknown): EndUser {
  if (!isRecord(item)) throw unexpectedAnswer('an end user that is no object', { status: 200 })
  const { authenticationToken, partnerUserID, height, weight, birthdate, gender, connectedSources, devices } =
    item
  if (!isString(authenticationToken)) throw unexpectedAnswer('an end user without an id', { status: 200 })
  return Object.freeze({
    endUserId: authenticationToken,
    partnerUserId: orNull(partnerUserID, isString),
    heightCm: orNull(height, isNumber),
    weightKg: orNull(weight, isNumber),
    birthdate: orNull(birthdate, isString),
    gender: orNull(gender, isGender),
    connectedSources: Object.freeze(list(connectedSources).map(parseConnectedSource)),
    devices: Object.freeze(list(devices)),
  })
}

function parseConnectedSource(item: unknown): ConnectedSource {
  if (!isRecord(item)) throw unexpectedAnswer('a connected source that is no object', { status: 200 })
  const { dataSource, connectedAt, dataScopes } = item
  if (!isNumber(dataSource) || !Number.isSafeInteger(dataSource) || dataSource <= 0)
    throw unexpectedAnswer('a connected source without an id', { status: 200 })
  if (typeof connectedAt !== 'string' || Number.isNaN(Date.parse(connectedAt)))
    throw unexpectedAnswer('a connected source without an instant', { status: 200 })
  const scopes = list(dataScopes)
  if (!scopes.every(isString)) throw unexpectedAnswer('scopes that are no text', { status: 200 })
  return Object.freeze({ dataSource, connectedAt, dataScopes: Object.freeze(scopes) })
}

const isAction = (value: unknown): value is Action => value === 'connect' || value === 'disconnect'
const isGender = (value: unknown): value is Gender => GENDERS.includes(value)
