import { type AppearanceCalls, appearanceCalls } from './appearance.ts'
import { basicCredentials, bearerCredential, checkBaseUrl, checkPositive } from './arguments.ts'
import { type AttemptCalls, attemptCalls } from './attempts.ts'
import { type ConnectionCalls, connectionCalls } from './connections.ts'
import { type DataSourceCalls, dataSourceCalls } from './data-sources.ts'
import { type DirectCalls, directCalls } from './direct.ts'
import { type EndUserCalls, endUserCalls } from './end-users.ts'
import { createApi } from './endpoint.ts'
import { invalidArgument } from './errors.ts'
import { type EventCalls, eventCalls, type Pace } from './events.ts'
import { type ProxyCalls, proxyCalls } from './proxy.ts'
import { type RedirectUriCalls, redirectUriCalls } from './redirect-uris.ts'
import { type Ask, type Fetch, refusal, send, type Transport } from './request.ts'
import { type ResultCalls, resultCalls } from './results.ts'
import { retrying } from './retry.ts'
import { type SessionCalls, sessionCalls } from './sessions.ts'
import { type UserCalls, userCalls } from './users.ts'
import { type WebhookCalls, webhookCalls } from './webhook-endpoints.ts'

/** Where the service is, and who asks. Everything here stays on the application's backend. */
export interface SpringbarClientOptions {
  /** Base URL of the API: `/v5/…` and, unless told otherwise, everything else. */
  readonly apiUrl: string
  /** Base URL of `POST /widget/v6/connection`, where that call has a host of its own; default: `apiUrl`. */
  readonly widgetUrl?: string | undefined
  /** Base URL of the direct pages that people open; default: `apiUrl`. */
  readonly directUrl?: string | undefined
  /** The account, sent in the `Authorization` header. */
  readonly username: string
  readonly password: string
  /** The application, sent in the `AppAuthorization` header. */
  readonly applicationId: string
  readonly applicationSecret: string
  /** The application's API key: with one, `/v1/…` is asked with it alone, and the rest with the two headers as ever. */
  readonly apiKey?: string | undefined
  /** Stands in for the platform's `fetch`. */
  readonly fetch?: Fetch | undefined
  /** How often a call is asked again that failed for something that passes by itself; default 2, 0 for never. */
  readonly retries?: number | undefined
  /** Stand in for the platform's timer and randomness, where a call waits before it is asked again. */
  readonly wait?: Pace['wait'] | undefined
  readonly random?: Pace['random'] | undefined
  /** Limit for one call, answer included; default 10 000. */
  readonly timeoutMs?: number | undefined
}

/** The calls of an application's backend, and the links on this client's `directUrl`. */
export interface SpringbarClient
  extends EndUserCalls,
    SessionCalls,
    DirectCalls,
    ResultCalls,
    AttemptCalls,
    DataSourceCalls,
    EventCalls,
    UserCalls,
    ConnectionCalls,
    RedirectUriCalls,
    AppearanceCalls,
    WebhookCalls,
    ProxyCalls {}

const RETRIES = 2
const RETRIES_MAX = 10
const TIMEOUT_MS = 10_000
/** The longest that a timer can wait; a larger number would fire at once. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1

/**
 * Makes a client for an application's backend. It is a closure: the credentials cannot be read back from it.
 * @throws SpringbarError `invalid_argument` when a URL or a credential cannot be used
 */
export function createSpringbarClient(options: SpringbarClientOptions): SpringbarClient {
  const apiUrl = checkBaseUrl('apiUrl', options.apiUrl)
  const widgetUrl = checkBaseUrl('widgetUrl', options.widgetUrl ?? apiUrl)
  const directUrl = checkBaseUrl('directUrl', options.directUrl ?? apiUrl)
  const credentials = readCredentials(options)
  const transport: Transport = {
    // Called as a method of the global: some platforms refuse a `fetch` that was taken off it.
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    timeoutMs: checkPositive('timeoutMs', options.timeoutMs ?? TIMEOUT_MS, TIMEOUT_MAX_MS),
    secrets: credentials.secrets,
  }
  const pace: Pace = { wait: options.wait ?? waitFor, random: options.random ?? Math.random }
  const retries = checkRetries(options.retries ?? RETRIES)
  const askOnce: Ask = async (purpose, expectedStatus, call) => {
    const own = call.url.startsWith(`${apiUrl}/v1/`) ? credentials.ownHeaders : credentials.headers
    const answer = await send(transport, { ...call, headers: { ...own, ...call.headers } })
    if (answer.status !== expectedStatus) throw refusal(transport, answer, purpose)
    return answer
  }
  const ask = retrying(askOnce, retries, pace)
  const api = createApi(ask, apiUrl)
  return Object.freeze({
    ...endUserCalls(ask, apiUrl),
    ...sessionCalls(ask, { apiUrl, widgetUrl }),
    ...directCalls(transport, directUrl),
    ...resultCalls(ask, apiUrl),
    ...attemptCalls(ask, apiUrl, api),
    ...dataSourceCalls(ask, apiUrl, api),
    ...eventCalls(ask, apiUrl, transport.timeoutMs, pace),
    ...userCalls(api),
    ...connectionCalls(api),
    ...redirectUriCalls(api),
    ...appearanceCalls(api),
    ...webhookCalls(api),
    ...proxyCalls(transport, apiUrl, credentials.ownHeaders),
  })
}

function checkRetries(retries: number): number {
  if (Number.isInteger(retries) && retries >= 0 && retries <= RETRIES_MAX) return retries
  throw invalidArgument(`retries must be a whole number from 0 to ${RETRIES_MAX}.`)
}

function readCredentials(options: SpringbarClientOptions): {
  /** For the documented calls, and for our own. */
  readonly headers: Readonly<Record<string, string>>
  readonly ownHeaders: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
} {
  const { username, password, applicationId, applicationSecret, apiKey } = options
  const account = basicCredentials({ user: 'username', secret: 'password' }, username, password)
  const names = { user: 'applicationId', secret: 'applicationSecret' }
  const application = basicCredentials(names, applicationId, applicationSecret)
  const headers = Object.freeze({ Authorization: account, AppAuthorization: application })
  const encoded = [account, application].map(withoutScheme)
  return Object.freeze({
    headers,
    ownHeaders: apiKey === undefined ? headers : Object.freeze({ Authorization: bearerCredential(apiKey) }),
    secrets: Object.freeze([
      password,
      applicationSecret,
      ...encoded,
      ...(apiKey === undefined ? [] : [apiKey]),
    ]),
  })
}

/** Resolves after so many milliseconds, or as soon as the signal is aborted. */
const waitFor: Pace['wait'] = (ms, signal) =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, Math.min(ms, TIMEOUT_MAX_MS))
    signal?.addEventListener('abort', end, { once: true })
  })

const withoutScheme = (header: string): string => header.slice('Basic '.length)
