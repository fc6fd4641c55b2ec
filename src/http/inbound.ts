import type { Context } from 'hono'
import { openAddress } from '../broker/notification-address.ts'
import { receiveNotification } from '../broker/receive-notification.ts'
import { limits } from '../limits.ts'
import type { NotificationAnswer } from '../oauth/index.ts'
import { isHttps } from './page-answer.ts'
import { headerOf } from './request-header.ts'
import { securityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'

/**
 * `/inbound/{key}`: what a vendor tells, and how it tries the address first. Somebody who guesses learns nothing: an address
 * that is nobody's is a 404 without a word, slowed down like any other guess.
 */
export async function inbound(c: Context, services: Services): Promise<Response> {
  const { context, limiter, addressOf } = services
  const address = await openAddress(context, c.req.param('key') ?? '')
  if (address === null) {
    const wait = limiter.take(`refused ${addressOf(c)}`, limits.refusedPerAddress)
    return wait > 0 ? tooFast(services, wait) : answer(services, { status: 404, body: null })
  }
  const { applicationId, vendor } = address.stored
  const wait = limiter.take(`inbound ${applicationId} ${vendor}`, limits.inboundPerAddress)
  if (wait > 0) return tooFast(services, wait)
  const encoding = headerOf(c, 'content-encoding') ?? 'identity'
  if (encoding !== 'identity') return answer(services, { status: 415, body: null })
  const body = await readBytes(c)
  if (body === null) return answer(services, { status: 413, body: null })
  const { method } = c.req
  return answer(
    services,
    await receiveNotification(context, address, {
      method,
      query: new URL(c.req.url).searchParams,
      header: (name) => headerOf(c, name),
      body,
    }),
  )
}

/** The bytes of the body, which a signature is over, counted as they arrive; null for more than are read. */
async function readBytes(c: Context): Promise<Uint8Array | null> {
  const length = headerOf(c, 'content-length')
  if (length !== undefined && Number(length) > limits.inboundBodyBytes) return null
  // Node's parser ends a body at its Content-Length, so this cannot grow beyond what was checked.
  if (length !== undefined) return new Uint8Array(await c.req.arrayBuffer())
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > limits.inboundBodyBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function answer(
  { context }: Services,
  { status, body }: NotificationAnswer,
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = { ...securityHeaders(isHttps(context)).api, ...more }
  if (body === null) return new Response(null, { status, headers })
  return new Response(body.text, { status, headers: { ...headers, 'Content-Type': body.type } })
}

const tooFast = (services: Services, waitSeconds: number): Response =>
  answer(services, { status: 429, body: null }, { 'Retry-After': String(waitSeconds) })
