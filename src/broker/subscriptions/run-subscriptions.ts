/**
 * What vendors send us, and where to.
 *
 * @module broker/subscriptions — owns our subscriptions at vendors and the addresses of their notifications. What
 * arrives there is in `notifications/`.
 */

import { errorName, SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { newHexId } from '../../model/ids.ts'
import { isOAuth2, type Notifications } from '../../model/source.ts'
import type { Subscription } from '../../model/subscription.ts'
import {
  renewSubscription,
  type Subscriber,
  type SubscriptionWords,
  subscribe,
  unsubscribe,
  VendorError,
} from '../../oauth/index.ts'
import type { SubscriptionChange } from '../../storage/storage.ts'
import { applicationOf, type Context } from '../context.ts'
import { readToken } from '../tokens/read-token.ts'
import {
  firstAddress,
  notificationSecrets,
  notificationUri,
  sealSigningSecret,
  tellingAuthorization,
} from './notification-address.ts'

type Rules = NonNullable<Notifications['subscription']>

/** Makes, renews and moves the subscriptions that are due, each once. What fails is tried again, with growing waits. */
export async function runSubscriptions(context: Context): Promise<void> {
  const now = context.now()
  const worker = newHexId(context.random)
  const due = await context.storage.write((tables) =>
    tables.subscriptions.lease(worker, now, now + limits.jobLeaseMs, limits.subscriptionBatch),
  )
  await Promise.all(due.map((one) => run(context, worker, one)))
}

async function run(context: Context, worker: string, one: Subscription): Promise<void> {
  const change = await make(context, one).catch((error: unknown) => failed(context, one, error))
  if (change === 'gone') {
    const { connectionId } = one
    if (connectionId === null) return
    await context.storage.write((tables) => tables.subscriptions.removeOf(one.applicationId, connectionId))
    return
  }
  await context.storage.write((tables) => tables.subscriptions.settle(one.id, worker, change))
}

/** What came of it; `gone` when its connection has ended. */
async function make(context: Context, one: Subscription): Promise<SubscriptionChange | 'gone'> {
  const { applicationId, vendor, connectionId } = one
  const application = applicationOf(context, applicationId)
  const authorization = tellingAuthorization(context, vendor)
  const rules = authorization?.notifications.subscription
  const client = application?.clients.get(vendor)
  if (!application || !authorization || !isOAuth2(authorization) || rules === undefined || !client)
    return failedBecause(context, one, 'no_client')
  let grant: Subscriber['grant'] = null
  if (connectionId !== null) {
    const connection = await context.storage.read.connections.find(applicationId, connectionId)
    if (connection === null || connection.status === 'disconnected') return 'gone'
    // Whoever connects again wants it again.
    if (connection.status === 'needs_reauth') return { status: 'pending', dueAt: null, cause: 'needs_reauth' }
    const { accessToken } = await readToken(context, application, connectionId)
    const tokens = { accessToken, refreshToken: null, tokenType: 'bearer' } as const
    grant = { accountId: connection.accountId, connectionId, tokens }
  }
  return tell(context, rules, { authorization, client, grant }, one)
}

async function tell(
  context: Context,
  rules: Rules,
  subscriber: Subscriber,
  one: Subscription,
): Promise<SubscriptionChange> {
  const { applicationId, vendor } = one
  const row = { applicationId, vendor }
  const address =
    (await context.storage.read.notificationAddresses.find(applicationId, vendor)) ?? firstAddress(row)
  const words: SubscriptionWords = {
    notificationUri: notificationUri(context, address),
    verifyToken: notificationSecrets(context, { ...address, sealedSecret: null }).verifyToken,
    topic: one.topic,
    subscriptionId: one.remoteId ?? '',
  }
  const isThere = one.status === 'active' && one.generation === address.generation
  if (isThere && rules.renew !== undefined) {
    await renewSubscription(context, rules.renew, subscriber, words)
    return made(context, rules, {})
  }
  // It leads to an address that is no more.
  if (one.remoteId !== null && rules.remove !== undefined && one.generation !== address.generation)
    await unsubscribe(context, rules.remove, subscriber, words)
  const { remoteId, signingSecret } = await subscribe(context, rules, subscriber, words)
  if (signingSecret !== null) await keepSecret(context, row, signingSecret)
  return made(context, rules, {
    generation: address.generation,
    ...(remoteId === null ? {} : { remoteId }),
  })
}

/** What the vendor signs with from now on, whatever the address is by now. */
async function keepSecret(
  context: Context,
  row: Pick<Subscription, 'applicationId' | 'vendor'>,
  secret: string,
): Promise<void> {
  const sealedSecret = sealSigningSecret(context, row, secret)
  await context.storage.write(async ({ notificationAddresses }) => {
    const stored = (await notificationAddresses.find(row.applicationId, row.vendor)) ?? firstAddress(row)
    await notificationAddresses.put({ ...stored, sealedSecret })
  })
}

function made(context: Context, { lifetimeSeconds }: Rules, more: SubscriptionChange): SubscriptionChange {
  const lifeMs = lifetimeSeconds === undefined ? null : lifetimeSeconds * 1_000
  const now = context.now()
  return {
    ...more,
    status: 'active',
    tries: 0,
    cause: null,
    expiresAt: lifeMs === null ? null : now + lifeMs,
    dueAt: lifeMs === null ? null : now + Math.round(lifeMs * limits.subscriptionRenewedAfter),
  }
}

function failed(context: Context, one: Subscription, error: unknown): SubscriptionChange {
  if (error instanceof VendorError) {
    const cause = error.status === null ? error.cause : `${error.cause} ${error.status}`
    return failedBecause(context, one, cause, (error.retryAfterSeconds ?? 0) * 1_000)
  }
  if (error instanceof SpringbarError) return failedBecause(context, one, error.code)
  context.log.error('a subscription broke', { vendor: one.vendor, error: errorName(error) })
  return failedBecause(context, one, 'unexpected')
}

function failedBecause(
  context: Context,
  { vendor, applicationId, topic, tries, status, expiresAt }: Subscription,
  cause: string,
  askedMs = 0,
): SubscriptionChange {
  const { first, max } = limits.subscriptionBackoffMs
  const full = Math.min(max, first * 2 ** Math.min(tries, 30))
  const waitMs = Math.round(full * (0.5 + (context.random(1)[0] ?? 0) / 510))
  context.log.warn('a vendor did not make a subscription', {
    vendor,
    application: applicationId,
    topic,
    cause,
  })
  // One that is to be renewed works until its end.
  const isStillThere = status === 'active' && expiresAt !== null && expiresAt > context.now()
  return {
    status: isStillThere ? 'active' : 'failing',
    tries: tries + 1,
    cause,
    dueAt: context.now() + Math.max(askedMs, waitMs),
  }
}
