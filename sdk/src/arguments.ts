import { invalidArgument } from './errors.ts'

const TOKEN = /^[A-Za-z0-9._~-]{8,256}$/
const END_USER_ID = /^[A-Za-z0-9_-]{1,128}$/
const SOURCE = /^([1-9]\d{0,8}|[a-z][a-z0-9-]{0,63})$/
const PARTNER_USER_ID = /^[A-Za-z0-9_.:@+-]{1,80}$/
const LOCALE = /^[A-Za-z]{2}([-_][A-Za-z0-9]{2,8}){0,2}$/
/** A code that a path or query carries as it is; `.` and `..` would be steps in a path. */
const RESULT_CODE = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,256}$/
const DATE = /^\d{4}-\d{2}-\d{2}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** A data source: its catalogue id (11), or the service's key for it (`strava`). */
export type DataSource = number | string

function matching(pattern: RegExp, complaint: string): (value: string) => string {
  return (value) => {
    // The types say string; a caller without types may pass anything.
    if (typeof value !== 'string' || !pattern.test(value)) throw invalidArgument(complaint)
    return value
  }
}

/** Whether a string can be a result code. */
export const isResultCode = (value: string): boolean => RESULT_CODE.test(value)

/** Whether a string can be a connection session token. */
export const isToken = (value: string): boolean => TOKEN.test(value)

/** A connection session token: free of characters that a query would have to encode. */
export const checkToken = matching(TOKEN, 'token must be a connection session token.')
/** The id of an end user, as `createEndUser` gives it. */
export const checkEndUserId = matching(END_USER_ID, 'endUserId must be an id given by createEndUser.')
/** A result code, as `readResult` gives it: it becomes a part of a path. */
export const checkResultCode = matching(RESULT_CODE, 'code must be the result of a return URL.')
/** What stands in the query of `verifyUrl`. */
export const checkTicket = matching(RESULT_CODE, 'ticket must be the ticket that the browser brought.')
/** What a person read out to support. */
export const checkReference = matching(RESULT_CODE, 'reference must be one that a person saw.')
/** A place in the feed. */
export const checkCursor = matching(RESULT_CODE, 'after must be a cursor that the feed gave.')
/** The application's alias of an end user. Never empty: an empty one would make a new end user each time. */
export const checkPartnerUserId = matching(
  PARTNER_USER_ID,
  'partnerUserId must have 1 to 80 of: letters, digits, - _ . : @ +',
)
/** A language, such as `de`, `pt-BR` or `zh-Hant`. */
export const checkLocale = matching(LOCALE, 'A language is two letters, optionally with a script or region.')
/** A calendar day. */
export const checkDate = matching(DATE, 'birthdate must be written YYYY-MM-DD.')
/** A calendar day or an instant. */
export const checkDeletionDate = matching(INSTANT, 'deletionDate must be an ISO-8601 date or instant.')

/** A data source as it stands in a query. */
export function checkDataSource(value: DataSource): string {
  const text = String(value)
  if (SOURCE.test(text)) return text
  throw invalidArgument('dataSource must be a catalogue id such as 11, or a key such as strava.')
}

/** A number above zero, at most `max`. */
export function checkPositive(name: string, value: number, max: number): number {
  if (typeof value === 'number' && value > 0 && value <= max) return value
  throw invalidArgument(`${name} must be a number above 0, at most ${max}.`)
}

/**
 * A base URL without its last slashes. http and https only, without user information, query or fragment.
 * @param name how the option is called, for the complaint; the value itself is not repeated
 */
export function checkBaseUrl(name: string, value: string): string {
  const complaint = `${name} must be an http or https URL without user name, query or fragment.`
  // URL.parse is missing in Node 20.
  let url: URL
  try {
    url = new URL(value)
  } catch {
    throw invalidArgument(complaint)
  }
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!plain || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw invalidArgument(complaint)
  return url.href.replace(/[?#]*$/, '').replace(/\/+$/, '')
}

/** `Basic` credentials (RFC 7617), UTF-8. Node's `Buffer` is avoided: workers and browsers have `btoa` only. */
export function basicCredentials(
  names: { user: string; secret: string },
  user: string,
  secret: string,
): string {
  for (const [name, value] of [
    [names.user, user],
    [names.secret, secret],
  ] as const) {
    if (typeof value !== 'string' || value === '') throw invalidArgument(`${name} is missing.`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 7617 forbids control characters here
    if (/[\u0000-\u001f\u007f]/.test(value)) throw invalidArgument(`${name} contains a control character.`)
  }
  if (user.includes(':')) throw invalidArgument(`${names.user} must not contain a colon.`)
  const bytes = new TextEncoder().encode(`${user}:${secret}`)
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`
}

/** `Bearer` credential (RFC 6750 §2.1) of an API key. */
export function bearerCredential(apiKey: string): string {
  if (typeof apiKey !== 'string' || !/^[A-Za-z0-9._~+/-]+=*$/.test(apiKey))
    throw invalidArgument('apiKey is missing, or has a character that no key has.')
  return `Bearer ${apiKey}`
}
