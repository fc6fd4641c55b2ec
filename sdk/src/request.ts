import {
  type CredentialHeader,
  SpringbarError,
  type SpringbarErrorCode,
  type SpringbarErrorDetails,
  unexpectedAnswer,
} from './errors.ts'

/** The part of the web's `fetch` that is used, so that a test or a proxy can stand in. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** One call as it goes out. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Instead of the transport's own, for a call that is meant to wait. */
  readonly timeoutMs?: number
  /** Cancels the call from outside. */
  readonly signal?: AbortSignal | undefined
}

/** How calls are made. */
export interface Transport {
  readonly fetch: Fetch
  /** For the whole call, body included. */
  readonly timeoutMs: number
  /** Strings that no error may repeat: credentials in every form in which they are sent. */
  readonly secrets: readonly string[]
}

/** What every call of the client takes beside its own arguments. */
export interface CallOptions {
  /** Cancels the call. */
  readonly signal?: AbortSignal
}

/**
 * Sends one call with the client's credentials and gives the answer with the expected status.
 * `purpose` completes "refused to …" in the error otherwise.
 */
export type Ask = (purpose: string, expectedStatus: number, call: Call) => Promise<Answer>

/** A whole answer, whatever its status. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Codes by HTTP status, for answers that name none. */
export type CodesByStatus = Readonly<Record<number, SpringbarErrorCode>>

const API_CODES: CodesByStatus = Object.freeze({
  401: 'invalid_credentials',
  403: 'invalid_end_user',
  404: 'not_found',
  405: 'method_not_allowed',
  410: 'session_expired',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
})

/** The largest documented answer, a hundred end users with every source, stays far below. */
const RESPONSE_BYTES_MAX = 1024 * 1024
/** A sentence for developers; longer ones are cut. */
const DETAIL_CHARACTERS_MAX = 300

/** A form body with its content type. */
export function form(body: URLSearchParams): Pick<Call, 'headers'> & { readonly body: string } {
  return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: body.toString() }
}

/** A JSON body with its content type. */
export function json(body: object): Pick<Call, 'headers'> & { readonly body: string } {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/**
 * Sends one call and reads the whole answer within the time limit. Redirects are not followed, so that no
 * credential or token travels to an address that the service names.
 * @throws SpringbarError `timeout`, `aborted`, `unreachable`, `unexpected_answer`
 */
export async function send(transport: Transport, call: Call): Promise<Answer> {
  const timeoutMs = call.timeoutMs ?? transport.timeoutMs
  const controller = new AbortController()
  let timedOut = false
  // AbortSignal.any would do, but early Node 20 lacks it and later ones may collect a timeout inside it.
  const timer = setTimeout(() => {
    timedOut = true
    controller.abort()
  }, timeoutMs)
  const abort = () => controller.abort()
  if (call.signal?.aborted) abort()
  call.signal?.addEventListener('abort', abort, { once: true })
  try {
    const response = await transport.fetch(call.url, {
      method: call.method,
      headers: call.headers,
      redirect: 'manual',
      signal: controller.signal,
      ...(call.body === undefined ? {} : { body: call.body }),
    })
    const text = await readText(response)
    return { status: response.status, headers: response.headers, text }
  } catch (error) {
    if (error instanceof SpringbarError) throw error
    if (timedOut) throw new SpringbarError('timeout', `Springbar did not answer in ${timeoutMs} ms.`)
    if (controller.signal.aborted) throw new SpringbarError('aborted', 'The call was cancelled.')
    throw unreachable(error)
  } finally {
    clearTimeout(timer)
    call.signal?.removeEventListener('abort', abort)
  }
}

/**
 * The error for an answer that is not the documented success.
 * @param refused what the service refused, for the message: fixed words
 * @param codes what a status means when the answer names no code
 */
export function refusal(
  transport: Transport,
  answer: Answer,
  refused: string,
  codes: CodesByStatus = API_CODES,
): SpringbarError {
  const { status } = answer
  const problem = parseProblem(answer.text)
  const requestId = problem.requestId ?? answer.headers.get('x-request-id')
  const details: SpringbarErrorDetails = {
    status,
    requestId: wellFormed(/^[\w.:-]{1,128}$/, requestId),
    detail: harmless(transport, problem.detail),
    header: status === 401 ? namedHeader(answer.text) : null,
    retryAfterSeconds: retryAfter(answer.headers),
  }
  if (status < 400) return unexpectedAnswer(`status ${status}`, details)
  const code =
    wellFormed(/^[a-z][a-z0-9_]{0,63}$/, problem.code) ??
    codes[status] ??
    (status >= 500 ? 'server_error' : 'invalid_request')
  return new SpringbarError(code, `Springbar ${sentence(refused, details)}`, details)
}

function sentence(refused: string, details: SpringbarErrorDetails): string {
  const reference = details.requestId == null ? '' : `, request ${details.requestId}`
  const about = `(status ${details.status}${reference})`
  if (details.status !== 401) return `refused to ${refused} ${about}.`
  const which = details.header == null ? 'the credentials' : `the credentials in the ${details.header} header`
  return `refused ${which} ${about}.`
}

/** The header that a 401 names. `AppAuthorization` contains the other's name, so it is looked for first. */
function namedHeader(text: string): CredentialHeader | null {
  if (/AppAuthorization/i.test(text)) return 'AppAuthorization'
  return /Authorization/i.test(text) ? 'Authorization' : null
}

function retryAfter(headers: Headers): number | null {
  const seconds = wellFormed(/^\d{1,6}$/, headers.get('retry-after'))
  return seconds === null ? null : Number(seconds)
}

/** The service's sentence, unless it repeats a secret: then a log would hold it. */
function harmless(transport: Transport, detail: unknown): string | null {
  if (typeof detail !== 'string' || detail === '') return null
  if (transport.secrets.some((secret) => detail.includes(secret))) return null
  return detail.slice(0, DETAIL_CHARACTERS_MAX).replace(/\p{Cc}/gu, ' ')
}

function wellFormed(pattern: RegExp, value: unknown): string | null {
  return typeof value === 'string' && pattern.test(value) ? value : null
}

/** The members of the error body that are used, unchecked; nothing when it is no JSON object. */
function parseProblem(text: string): { [Name in 'code' | 'detail' | 'requestId']?: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

/** Whether a value is an object with named members, and no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The platform's message may repeat the URL, and with it a session token: only its error code is taken over. */
function unreachable(error: unknown): SpringbarError {
  const { code } = error instanceof Error && isRecord(error.cause) ? error.cause : {}
  const reason = wellFormed(/^[A-Z][A-Z0-9_]{1,39}$/, code)
  return new SpringbarError(
    'unreachable',
    `Springbar could not be reached${reason === null ? '' : ` (${reason})`}.`,
  )
}

/** A whole body as text, as long as it is UTF-8 and not too long. */
export async function readText(response: Response): Promise<string> {
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let text = ''
  let byteCount = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    byteCount += value.byteLength
    if (byteCount > RESPONSE_BYTES_MAX) {
      await reader.cancel()
      throw unexpectedAnswer('a body of more than 1 MiB', { status: response.status })
    }
    text += decode(decoder, response.status, value)
  }
  return text + decode(decoder, response.status)
}

function decode(decoder: TextDecoder, status: number, bytes?: Uint8Array<ArrayBuffer>): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
  } catch {
    throw unexpectedAnswer('a body that is not UTF-8', { status })
  }
}
