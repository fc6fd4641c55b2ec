import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type Http2Bindings, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { SandboxControl } from './control/control.ts'
import { createSandbox, type SandboxOptions } from './create-sandbox.ts'

/** A sandbox's options, and where it listens. */
export interface ServeSandboxOptions extends SandboxOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Address to listen on; the loopback address when missing, for the sandbox is nothing for the open network. */
  readonly hostname?: string
}

/** A sandbox that answers over HTTP. */
export interface ServedSandbox {
  /** Origin, such as `http://localhost:8081`. */
  readonly url: string
  readonly control: SandboxControl
  /** Stops listening and cuts what is still open. */
  readonly close: () => Promise<void>
}

const LOOPBACK = '127.0.0.1'

function resetConnection({ outgoing }: HttpBindings | Http2Bindings): Response {
  outgoing.destroy()
  return RESPONSE_ALREADY_SENT
}

/** Serves a sandbox over real HTTP. Rejects with the system's error when the port cannot be had. */
export async function serveSandbox(options: ServeSandboxOptions): Promise<ServedSandbox> {
  const hostname = options.hostname ?? LOOPBACK
  const { app, control, close: letGo } = createSandbox(options)
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, { resetConnection: () => resetConnection(env) }),
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, hostname, () => {
      server.removeListener('error', reject)
      // A server that listens on a port has an address with a port, not a path.
      resolve((server.address() as AddressInfo).port)
    })
  })
  const close = async () => {
    letGo()
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  }
  const host = hostname === LOOPBACK ? 'localhost' : hostname
  return Object.freeze({ url: `http://${host}:${port}`, control, close })
}
