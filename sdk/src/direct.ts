import { checkDataSource, type DataSource } from './arguments.ts'
import { unexpectedAnswer } from './errors.ts'
import { type ConnectLinkOptions, connectUrl, type DisconnectLinkOptions, disconnectUrl } from './links.ts'
import {
  type Answer,
  type CallOptions,
  type CodesByStatus,
  refusal,
  send,
  type Transport,
} from './request.ts'
import { type ConnectionResult, readResult } from './result.ts'

/** A link of one client: its base URL is the client's `directUrl`. */
export type ClientLink = Omit<ConnectLinkOptions, 'baseUrl'>
/** A disconnect link of one client: its base URL is the client's `directUrl`. */
export type ClientDisconnectLink = Omit<DisconnectLinkOptions, 'baseUrl'>

/** What a backend does with the direct pages (contract §3). */
export interface DirectCalls {
  /**
   * Disconnects one source without the person's browser, and gives what the service reports: look at `succeeded`,
   * since `connected` is false after a successful disconnect.
   * Not for browsers: they hide the answer of a page on another origin.
   */
  disconnectInBackground(
    source: { readonly token: string; readonly dataSource: DataSource },
    options?: CallOptions,
  ): Promise<ConnectionResult>
  /** {@link connectUrl} on this client's `directUrl`. */
  connectUrl(link: ClientLink): string
  /** {@link disconnectUrl} on this client's `directUrl`. */
  disconnectUrl(link: ClientDisconnectLink): string
}

/** The direct pages answer with pages for people, so only the status tells what is wrong. */
const PAGE_CODES: CodesByStatus = Object.freeze({
  403: 'invalid_session',
  404: 'unknown_source',
  410: 'session_expired',
  429: 'rate_limited',
})

/** Makes the calls and links to the direct pages. */
export function directCalls(transport: Transport, directUrl: string): DirectCalls {
  return {
    async disconnectInBackground({ token, dataSource }, { signal } = {}) {
      const url = disconnectUrl({ baseUrl: directUrl, token, dataSource, direct: true })
      // No API credentials here: the token is the credential of the direct pages.
      const guarded = { ...transport, secrets: [...transport.secrets, token] }
      const answer = await send(guarded, { method: 'GET', url, headers: {}, signal })
      if (answer.status >= 400) throw refusal(guarded, answer, 'disconnect', PAGE_CODES)
      return readOutcome(answer, url, dataSource)
    },
    connectUrl: (link) => connectUrl({ ...link, baseUrl: directUrl }),
    disconnectUrl: (link) => disconnectUrl({ ...link, baseUrl: directUrl }),
  }
}

/**
 * The service ends a disconnect with a redirect to its result page, whose address tells the outcome. The page's
 * host is not compared: a backend may reach the service by another name than browsers do.
 */
function readOutcome(answer: Answer, requestUrl: string, dataSource: DataSource): ConnectionResult {
  const { status } = answer
  const location = answer.headers.get('location')
  if (location === null || status < 300)
    throw unexpectedAnswer(`status ${status} without an outcome`, { status })
  let page: URL
  try {
    page = new URL(location, requestUrl)
  } catch {
    throw unexpectedAnswer('a redirect to no address', { status })
  }
  const result = readResult(page, { action: 'disconnect' })
  const isResultPage = page.pathname.endsWith('/dataSourceDirectConnectionResult.html')
  if (result === null || !isResultPage) throw unexpectedAnswer('a redirect without an outcome', { status })
  const asked = checkDataSource(dataSource)
  // A key such as `strava` comes back as the source's id, which is not known here.
  if (/^\d+$/.test(asked) && asked !== String(result.dataSource))
    throw unexpectedAnswer('the outcome of another source', { status })
  return result
}
