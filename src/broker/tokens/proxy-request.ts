import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application } from '../../model/application.ts'
import type { ConnectionId } from '../../model/ids.ts'
import { fillApiHeaders, VendorError } from '../../oauth/index.ts'
import type { Context } from '../context.ts'
import { openAccess, type VendorAccess } from './open-access.ts'
import type { RateLimits } from './vendor-rate-limits.ts'

/** A call to a vendor's interface, as the application made it. */
export interface ProxiedRequest {
  readonly method: string
  /** What stands behind `/proxy`, as it was sent: a path that begins with a slash, and the query. */
  readonly pathAndQuery: string
  readonly headers: Headers
  /** Streamed; null where there is none. */
  readonly body: ReadableStream<Uint8Array> | null
}

/** Methods that change nothing, so that a second try is the first one (RFC 9110 §9.2.1). */
const SAFE = ['GET', 'HEAD']
const METHODS = [...SAFE, 'POST', 'PUT', 'PATCH', 'DELETE']

/** What of a caller's headers concerns the vendor. Credentials and cookies are ours to add, or nobody's. */
const PASSED_ON = [
  'accept',
  'accept-language',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'prefer',
  'range',
]

/**
 * Calls the vendor's interface with a valid token put in, and gives the vendor's answer as it is. The caller chooses the
 * path below the definition's address, and nothing else of where the call goes. A token that the vendor refuses is renewed,
 * and a call that changes nothing is made once more.
 * Throws as `readToken` does, and `rate_limited` while the vendor has asked this client to wait.
 */
export async function proxyRequest(
  context: Context,
  rateLimits: RateLimits,
  application: Application,
  id: ConnectionId,
  request: ProxiedRequest,
): Promise<Response> {
  if (!METHODS.includes(request.method))
    throw new SpringbarError('method_not_allowed', `The proxy takes ${METHODS.join(', ')}.`)
  const access = await openAccess(context, application, id)
  const { api, client, vendor } = access
  const url = urlBelow(api.baseUrl, request.pathAndQuery)
  const limitKey = `${vendor} ${client.clientId}`
  const waitMs = rateLimits.waitMs(limitKey)
  if (waitMs > 0)
    throw new SpringbarError('rate_limited', 'The vendor has asked this client to wait.', {
      headers: { 'Retry-After': String(Math.ceil(waitMs / 1_000)) },
      extra: { by: 'vendor' },
    })
  const send = ({ authorize }: VendorAccess) => {
    const headers = headersOf(request.headers)
    fillApiHeaders(headers, api.headers, client)
    headers.set('authorization', authorize(request.method, url))
    return answerOf(
      context.stream(url, {
        vendor,
        method: request.method,
        headers,
        body: request.body,
        // A body that streams cannot be read before it is sent (fetch standard, `duplex`).
        ...(request.body === null ? {} : { duplex: 'half' }),
      }),
    )
  }
  const answer = await send(access)
  if (answer.status === 429) rateLimits.note(limitKey, answer.headers.get('retry-after'))
  if (answer.status !== 401 || !SAFE.includes(request.method) || access.renew === null) return answer
  await answer.body?.cancel()
  return send(await access.renew())
}

function headersOf(given: Headers): Headers {
  const headers = new Headers({ 'user-agent': 'Springbar' })
  for (const name of PASSED_ON) {
    const value = given.get(name)
    if (value !== null) headers.set(name, value)
  }
  return headers
}

/**
 * The address below a base: the same origin, and a path that begins with the base's. Throws `invalid_request` for a path
 * that would lead elsewhere, in whatever way it is written.
 */
export function urlBelow(baseUrl: string, pathAndQuery: string): string {
  const refuse = () =>
    new SpringbarError(
      'invalid_request',
      'The path behind /proxy/ does not stay below the vendor’s interface.',
    )
  if (pathAndQuery.length > limits.proxyPathCharacters || !pathAndQuery.startsWith('/')) throw refuse()
  const [path = ''] = pathAndQuery.split('?')
  // A second decoding at the vendor must not make a way up, or another host, of it.
  if (
    /\\|%5c|%2e|%2f|%00|[^\x21-\x7e]|#/i.test(path) ||
    path.startsWith('//') ||
    /(^|\/)\.{1,2}(\/|$)/.test(path)
  )
    throw refuse()
  const base = new URL(baseUrl)
  const prefix = base.pathname.replace(/\/$/, '')
  const url = URL.parse(`${base.origin}${prefix}${pathAndQuery}`)
  if (url === null || url.origin !== base.origin || !url.pathname.startsWith(`${prefix}/`)) throw refuse()
  return url.href
}

/** A vendor that cannot be reached is told as such. */
async function answerOf(sent: Promise<Response>): Promise<Response> {
  try {
    return await sent
  } catch (error) {
    if (!(error instanceof VendorError)) throw error
    throw new SpringbarError(
      'vendor_unavailable',
      'The vendor could not be reached, or did not answer in time.',
      {
        extra: { reason: error.cause },
        headers: { 'Retry-After': String(limits.renewalRetryAfterMs / 1_000) },
      },
    )
  }
}
