// Servers whose address is known before what is behind them exists: the service's own address stands in its
// configuration, and in those of the vendors and the application.
import { EventEmitter, on, once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  request as sendRequest,
} from 'node:http'
import type { AddressInfo } from 'node:net'

const ARRIVES_WITHIN_MS = 60_000

/** A server on a free loopback port. */
export interface Listener {
  readonly port: number
  readonly close: () => Promise<void>
}

/** Listens on a free port. */
export async function listen(handle: RequestListener): Promise<Listener> {
  // A connection that is idle stays open, or it would be closed under a request that is just being sent on it.
  const server = createServer({ keepAliveTimeout: 0 }, handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    // A listening TCP server has an address of this form.
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** A request as it arrived. */
export interface ArrivedRequest {
  readonly method: string
  /** Path and query, byte for byte. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
}

/** A port in front of another one. It hands everything on as it is, and remembers what arrived. */
export interface Front extends Listener {
  readonly arrived: readonly ArrivedRequest[]
  /** The next request that fits, once its answer has left. Rejects when none comes. */
  readonly next: (fits: (request: ArrivedRequest) => boolean) => Promise<ArrivedRequest>
  /** Where requests go from now on. */
  readonly leadTo: (port: number) => void
  /** Changes lines of the header of every later answer: `change` gets a name in lower case and a value. */
  readonly changeHeaders: (change: (name: string, value: string) => string) => void
}

/** Opens a front that leads nowhere yet. */
export async function openFront(): Promise<Front> {
  // A connection for each request, or the service would close an idle one under a request that is just being sent on it.
  const agent = new Agent({ keepAlive: false })
  const arrived: ArrivedRequest[] = []
  const answered = new EventEmitter()
  let target = 0
  let change = (_name: string, value: string) => value
  const { port, close } = await listen((request, response) => {
    const { method = '', url = '', headers, rawHeaders } = request
    const arrival = { method, target: url, headers }
    arrived.push(arrival)
    response.on('finish', () => answered.emit('request', arrival))
    const onward = sendRequest({
      host: '127.0.0.1',
      port: target,
      method,
      path: url,
      headers: rawHeaders,
      agent,
    })
    onward.on('error', () => response.destroy())
    onward.on('response', (answer) => {
      const lines = answer.rawHeaders.map((text, i, all) =>
        i % 2 === 0 ? text : change((all[i - 1] ?? '').toLowerCase(), text),
      )
      response.writeHead(answer.statusCode ?? 0, lines)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  return {
    port,
    arrived,
    next: async (fits) => {
      const signal = AbortSignal.timeout(ARRIVES_WITHIN_MS)
      // The emitter passes on what it was given just above.
      for await (const [arrival] of on(answered, 'request', { signal }) as AsyncIterable<[ArrivedRequest]>)
        if (fits(arrival)) return arrival
      throw new Error('The front was closed.')
    },
    leadTo: (next) => {
      target = next
    },
    changeHeaders: (next) => {
      change = next
    },
    close: async () => {
      await close()
      agent.destroy()
    },
  }
}
