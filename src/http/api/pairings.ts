import { createRoute, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { redeemPairing } from '../../broker/phones/redeem-pairing.ts'
import { findDevice, reportDevice } from '../../broker/phones/report-device.ts'
import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Device } from '../../model/pairing.ts'
import { tooMany } from '../limit-api.ts'
import { headerOf } from '../request-header.ts'
import type { Services } from '../services.ts'
import * as schemas from './pairing-schemas.ts'
import { type ApiRouter, body, createRouter, deviceMiddleware, json, problems } from './router.ts'
import { connectionToWire } from './wire.ts'

const tags = ['Phones']

const redeem = createRoute({
  method: 'post',
  path: '/pairings/redeem',
  operationId: 'redeemPairing',
  summary:
    'On the phone: redeem the code of a pairing page. The code is the credential; there is no API key on a phone',
  tags,
  security: [],
  request: body(schemas.pairing),
  responses: {
    200: json('The connection, and the token to report on it', schemas.pairedDevice),
    ...problems,
  },
})

const report = createRoute({
  method: 'post',
  path: '/device/report',
  operationId: 'reportDevice',
  summary: 'On the phone: tell that the source is connected still, that it is not, or what is allowed now',
  tags,
  security: [{ deviceToken: [] }],
  request: body(schemas.deviceReport),
  responses: { 200: json('The connection as it is now', schemas.deviceState), ...problems },
})

const read = createRoute({
  method: 'get',
  path: '/device',
  operationId: 'readDevice',
  summary: 'On the phone: whether the connection still lives. 410 once it was disconnected, by whomever',
  tags,
  security: [{ deviceToken: [] }],
  responses: { 200: json('The connection as it is now', schemas.deviceState), ...problems },
})

/** What apps on phones call: `/v1/pairings/redeem` and `/v1/device`. None of it takes an API key. */
export function pairingRoutes(services: Services): ApiRouter {
  const { context, limiter, addressOf } = services
  const router = createRouter()
  router.use('/pairings/*', deviceMiddleware(services))
  router.use('/device/*', deviceMiddleware(services))
  router.use('/device', deviceMiddleware(services))
  router.openapi(redeem, async (c) => {
    const wait = limiter.take(`pairing ${addressOf(c)}`, limits.pairingsPerAddress)
    if (wait > 0) throw tooMany(wait, 'Too many pairing codes from this address.')
    const { applicationId, code, endUserId, partnerUserId, permissions } = c.req.valid('json')
    const paired = await redeemPairing(context, {
      applicationId,
      code,
      expected: { endUserId: endUserId ?? null, partnerUserId: partnerUserId ?? null },
      permissions: permissions ?? NOTHING_SAID,
    })
    const answer = {
      deviceToken: paired.deviceToken.reveal(),
      endUserId: paired.endUser.id,
      partnerUserId: paired.endUser.alias,
      connection: connectionToWire(paired.connection),
    }
    return c.json(answer, 200)
  })
  router.openapi(report, async (c) => {
    const device = await deviceOf(c, services)
    const { status, permissions } = c.req.valid('json')
    const connection = await reportDevice(context, device, { status, permissions: permissions ?? null })
    return c.json(stateOf(connectionToWire(connection)), 200)
  })
  router.openapi(read, async (c) => {
    const device = await deviceOf(c, services)
    const connection = await reportDevice(context, device, { status: 'connected', permissions: null })
    return c.json(stateOf(connectionToWire(connection)), 200)
  })
  return router
}

const NOTHING_SAID = Object.freeze({ granted: [], missing: [] })

const stateOf = (connection: z.infer<typeof schemas.pairedDevice>['connection']) => ({
  status: connection.status === 'disconnected' ? ('disconnected' as const) : ('connected' as const),
  connection,
})

/** The device that calls. Wrong tokens are counted where wrong log-ins are. */
async function deviceOf(c: Context, { context, limiter, addressOf }: Services): Promise<Device> {
  const token = /^Bearer +([^\s]+)$/i.exec(headerOf(c, 'authorization') ?? '')?.[1] ?? ''
  const device = await findDevice(context, token)
  if (device === null) {
    const wait = limiter.take(`login ${addressOf(c)}`, limits.failedLoginsPerAddress)
    if (wait > 0) throw tooMany(wait, 'Too many failed log-ins from this address.')
    throw new SpringbarError('invalid_device_token', 'The Authorization header must carry a device token.', {
      headers: { 'WWW-Authenticate': 'Bearer realm="springbar device"' },
    })
  }
  const wait = limiter.take(`device ${device.tokenHash}`, limits.reportsPerDevice)
  if (wait > 0) throw tooMany(wait, 'Too many calls of this device.')
  return device
}
