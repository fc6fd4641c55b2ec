import { createRoute, z } from '@hono/zod-openapi'
import { chooseAuthorization } from '../../broker/catalogue/choose-authorization.ts'
import type { Context } from '../../broker/context.ts'
import {
  changeAddress,
  firstAddress,
  notificationSecrets,
  notificationUri,
  tells,
} from '../../broker/subscriptions/notification-address.ts'
import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { NotificationAddress } from '../../model/inbound.ts'
import type { AnyAuthorization } from '../../model/source.ts'
import type { SubscriptionTally } from '../../model/subscription.ts'
import type { Services } from '../services.ts'
import { clientChoice } from './client-schemas.ts'
import { choiceOf, sourceOf } from './clients.ts'
import { type ApiRouter, body, createRouter, json, problems, security } from './router.ts'
import { notificationAddress } from './schemas.ts'
import { isoOrNull } from './wire.ts'

const tags = ['Data sources']

const change = createRoute({
  method: 'post',
  path: '/data-sources/{id}/notifications/change',
  operationId: 'changeNotificationAddress',
  summary: 'Change the address of a vendor’s notifications, which must then be registered anew',
  tags,
  security,
  request: { params: z.object({ id: z.string() }), ...body(clientChoice) },
  responses: { 200: json('The new address', notificationAddress), ...problems },
})

/** `/v1/data-sources/{id}/notifications` */
export function notificationRoutes({ context }: Services): ApiRouter {
  const router = createRouter()
  router.openapi(change, async (c) => {
    const source = sourceOf(context, c.req.valid('param').id)
    const authorization = chooseAuthorization(source, choiceOf(c.req.valid('json')))
    if (!tells(authorization))
      throw new SpringbarError('source_not_available', 'This vendor tells nothing by itself.')
    await changeAddress(context, c.get('application'), authorization.vendor)
    const known = await addressesOf(context, c.get('application'))
    return c.json(addressToWire(context, authorization, known(authorization.vendor)), 200)
  })
  return router
}

/** Where a vendor's notifications go, as an operator registers it at the vendor. */
export function addressToWire(
  context: Context,
  { notifications }: AnyAuthorization,
  { address, tallies }: KnownAddress,
): z.infer<typeof notificationAddress> {
  return {
    uri: notificationUri(context, address),
    verifyToken: notificationSecrets(context, { ...address, sealedSecret: null }).verifyToken,
    setUp: notifications?.setUp ?? '',
    changedAt: isoOrNull(address.changedAt),
    subscriptions: {
      active: countOf(tallies, 'active'),
      pending: countOf(tallies, 'pending'),
      failing: countOf(tallies, 'failing'),
      cause: tallies.find(({ status }) => status === 'failing')?.cause ?? null,
    },
  }
}

const countOf = (tallies: readonly SubscriptionTally[], status: SubscriptionTally['status']): number =>
  tallies.find((one) => one.status === status)?.count ?? 0

/** An address, and what the vendor was asked to send there. */
export interface KnownAddress {
  readonly address: NotificationAddress
  readonly tallies: readonly SubscriptionTally[]
}

/** The addresses of all vendors that tell the application something, by vendor key. */
export async function addressesOf(
  context: Context,
  { id }: Application,
): Promise<(vendor: string) => KnownAddress> {
  const { notificationAddresses, subscriptions } = context.storage.read
  const stored = await notificationAddresses.listOf(id)
  const tallies = await subscriptions.tally(id)
  const known = new Map(stored.map((one) => [one.vendor, one]))
  return (vendor) => ({
    address: known.get(vendor) ?? firstAddress({ applicationId: id, vendor }),
    tallies: tallies.filter((one) => one.vendor === vendor),
  })
}
