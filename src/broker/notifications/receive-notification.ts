/**
 * What vendors tell us.
 *
 * @module broker/notifications — owns an inbound notification from its receipt to what follows: proved, stored, worked
 * on, passed on. Where vendors send them to is in `subscriptions/`.
 */

import { limits } from '../../limits.ts'
import { newHexId } from '../../model/ids.ts'
import type { InboundNotification } from '../../model/inbound.ts'
import {
  answerHandshake,
  judgeAuthenticity,
  type NotificationAnswer,
  type NotificationRequest,
  parseNotification,
  probeOf,
} from '../../oauth/index.ts'
import type { Context } from '../context.ts'
import { notificationBodyPlace } from '../sealing/sealed-places.ts'
import type { OpenAddress } from '../subscriptions/notification-address.ts'
import { signatureBeside, withSignature } from './signed-body.ts'

const answer = (status: number): NotificationAnswer => ({ status, body: null })

/**
 * Answers a request to the address of a vendor's notifications. What is the vendor's, or may be, is stored before this
 * resolves, each once; nothing is asked of the vendor and nothing is done yet (`process-notifications.ts`). Rejects with
 * `storage_unavailable` when it could not be stored: the vendor then sends it again.
 */
export async function receiveNotification(
  context: Context,
  address: OpenAddress,
  request: NotificationRequest,
): Promise<NotificationAnswer> {
  const { authorization, client, secrets } = address
  const { notifications } = authorization
  if (request.method !== 'POST') return answerHandshake(notifications, request, client, secrets)
  const body = new TextDecoder().decode(request.body)
  const content = parseNotification(notifications, body)
  const probe = probeOf(notifications, content)
  const authenticity = judgeAuthenticity(notifications, request, content, {
    client,
    secrets,
    now: context.now(),
  })
  if (probe !== null && (authenticity !== 'refused' || isFirstContact(address, probe.beforeSecretIsKnown)))
    return answer(probe.status)
  const signature = signatureBeside(notifications, request)
  if (authenticity === 'refused' || signature === undefined) {
    // Vendors try on purpose whether somebody else would be let in.
    const log = probe === null ? context.log.warn : context.log.info
    log('a notification was not the vendor’s', {
      application: address.application.id,
      vendor: authorization.vendor,
    })
    return answer(notifications.refusedStatus)
  }
  await keep(context, address, body, { isAuthentic: authenticity === 'authentic', signature })
  return answer(notifications.acceptedStatus)
}

/** A vendor may try the address before it has told, or we have stored, what it signs with. */
const isFirstContact = ({ secrets }: OpenAddress, isAllowed: boolean): boolean =>
  isAllowed && secrets.signingSecret === null

async function keep(
  context: Context,
  { application, authorization }: OpenAddress,
  body: string,
  { isAuthentic, signature }: { readonly isAuthentic: boolean; readonly signature: string | null },
): Promise<void> {
  const now = context.now()
  const { vendor, notifications } = authorization
  const id = newHexId(context.random)
  const kept = withSignature(body, signature)
  // A row is kept for `limits.inboundRememberedMs`, and so long its key is taken.
  const period = notifications.bodiesDiffer ? 'ever' : String(Math.floor(now / limits.inboundRepeatedMs))
  const notification: InboundNotification = {
    id,
    applicationId: application.id,
    vendor,
    // An unproven body must not stand in the way of the same one that proves itself.
    dedupeKey: context.vault.ofAny(
      'inbound-body',
      `${period} ${isAuthentic ? 'authentic' : 'unproven'}\n${kept}`,
    ),
    sealedBody: context.vault.seal(kept, notificationBodyPlace({ applicationId: application.id, id })),
    isAuthentic,
    status: 'pending',
    tries: 0,
    nextTryAt: now,
    leaseOwner: null,
    leaseUntil: null,
    cause: null,
    receivedAt: now,
    finishedAt: null,
  }
  await context.storage.write((tables) => tables.inboundNotifications.insert(notification))
}
