import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener, RequestError } from '@hono/node-server'
import type { Context } from '../broker/context.ts'
import { type ErrorCode, SpringbarError } from '../errors.ts'
import { type RefusedUnread, refuseUnread } from '../http/refuse-unread.ts'
import { limits } from '../limits.ts'

type Fetch = Parameters<typeof getRequestListener>[0]

/** What Node's parser stumbles over, by its code; everything else is no HTTP at all. */
const STUMBLED: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: [
    'headers_too_large',
    `The address and the headers have at most ${limits.requestHeaderBytes} bytes together.`,
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request did not arrive in time.'],
}

/**
 * The HTTP server of a service, with its bounds against slow and large senders. What no route can be found for, because the
 * address or the bytes are no request, gets an error in our one shape as well.
 */
export function createHttpServer(
  context: Pick<Context, 'now' | 'random' | 'log' | 'urls'>,
  fetch: Fetch,
): Server {
  /** The last answer on each connection, which may be on its way when further bytes make no sense. */
  const lastOn = new WeakMap<Duplex, ServerResponse>()
  const answer = getRequestListener(fetch, {
    errorHandler: (error) => {
      // Told below, where the address is known.
      if (error instanceof RequestError) throw error
      const { status, headers, body } = refuseUnread(context, new SpringbarError('server_error', BROKE), null)
      return new Response(body, { status, headers })
    },
  })
  const server = createServer(BOUNDS, (incoming: IncomingMessage, outgoing: ServerResponse) => {
    lastOn.set(incoming.socket, outgoing)
    answer(incoming, outgoing).catch(() => {
      const { status, headers, body } = refuseUnread(context, UNREADABLE, incoming.url ?? null)
      outgoing.writeHead(status, ending(headers, body)).end(body)
    })
  })
  // An expectation that we do not know is no reason to refuse (RFC 9110 §10.1.1).
  server.on('checkExpectation', (incoming, outgoing) => void server.emit('request', incoming, outgoing))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const last = lastOn.get(socket)
    const isAnswering = last?.headersSent === true && !last.writableFinished
    if (!socket.writable || isAnswering) return void socket.destroy()
    const [code, detail] = STUMBLED[error.code ?? ''] ?? ['invalid_request', 'This is not an HTTP request.']
    socket.end(toWire(refuseUnread(context, new SpringbarError(code, detail), null)), () => socket.destroy())
  })
  return server
}

const BROKE = 'Something unexpected happened; it was logged.'
const UNREADABLE = new SpringbarError(
  'invalid_request',
  'The address or the Host header of the request is malformed.',
)

const BOUNDS = {
  maxHeaderSize: limits.requestHeaderBytes,
  headersTimeout: limits.requestHeadersTimeoutMs,
  requestTimeout: limits.requestTimeoutMs,
  connectionsCheckingInterval: limits.requestTimeoutsCheckedEveryMs,
  keepAliveTimeout: limits.keepAliveTimeoutMs,
  // A missing one is refused with a sentence, by the adaptor's own look.
  requireHostHeader: false,
}

/** The headers of the last answer on a connection. */
const ending = (headers: RefusedUnread['headers'], body: string): Readonly<Record<string, string>> => ({
  ...headers,
  'Content-Length': String(Buffer.byteLength(body)),
  Connection: 'close',
})

/** An answer as bytes, for a connection on which no request was understood. */
function toWire({ status, title, headers, body }: RefusedUnread): string {
  const lines = Object.entries(ending(headers, body)).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n${body}`
}
