import type { Context } from 'hono'
import { receiveNotification } from '../broker/notifications/receive-notification.ts'
import { openAddress } from '../broker/subscriptions/notification-address.ts'
import { SpringbarError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { NotificationAnswer } from '../oauth/index.ts'
import { tooMany } from './limit-api.ts'
import { isHttps } from './page-answer.ts'
import { readBytes } from './request-body.ts'
import { headerOf } from './request-header.ts'
import { securityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'

/**
 * `/inbound/{key}`: what a vendor tells, and how it tries the address first. Somebody who guesses learns nothing: an address
 * that is nobody's is answered like any path where there is nothing, and slowed down like any other guess.
 */
export async function inbound(c: Context, services: Services): Promise<Response> {
  const { context, limiter, addressOf } = services
  const address = await openAddress(context, c.req.param('key') ?? '')
  if (address === null) {
    const wait = limiter.take(`refused ${addressOf(c)}`, limits.refusedPerAddress)
    if (wait > 0) throw tooMany(wait, 'Too many refused requests from this address.')
    throw new SpringbarError('not_found', 'There is nothing at this path.')
  }
  const { applicationId, vendor } = address.stored
  const wait = limiter.take(`inbound ${applicationId} ${vendor}`, limits.inboundPerAddress)
  if (wait > 0) throw tooMany(wait, 'Too many notifications at once.')
  const body = await readBytes(c, limits.inboundBodyBytes)
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

function answer({ context }: Services, { status, body }: NotificationAnswer): Response {
  const headers = securityHeaders(isHttps(context)).api
  if (body === null) return new Response(null, { status, headers })
  return new Response(body.text, { status, headers: { ...headers, 'Content-Type': body.type } })
}
