import { auditByApplication } from '../broker/audit/append-audit.ts'
import type { Context } from '../broker/context.ts'
import { webhookSecretPlace } from '../broker/sealing/sealed-places.ts'
import { SpringbarError } from '../errors.ts'
import type { Application } from '../model/application.ts'
import { newHexId } from '../model/ids.ts'
import { type Secret, secret } from '../model/secret.ts'
import type { WebhookEndpoint, WebhookSecret } from '../model/webhook.ts'
import { newWebhookSecret } from '../model/webhook-secret.ts'
import { changeableEndpoint } from './find-endpoint.ts'

/** A secret in the clear, which is told once, and what of it stays readable. */
export interface NewSecret {
  readonly stored: WebhookSecret
  readonly secret: Secret
}

/** At most this many are live: one, or two while it is being replaced. */
const LIVE_SECRETS = 2

/** Seals a secret for its endpoint; without a given text, a new one. */
export function sealWebhookSecret(
  context: Pick<Context, 'random' | 'vault'>,
  endpoint: Pick<WebhookEndpoint, 'id' | 'applicationId'>,
  given: Secret | null,
  createdAt: number,
): NewSecret {
  const text = given ?? secret(newWebhookSecret(context.random))
  const own = {
    id: newHexId(context.random),
    applicationId: endpoint.applicationId,
    endpointId: endpoint.id,
  }
  return {
    secret: text,
    stored: { ...own, sealedSecret: context.vault.seal(text.reveal(), webhookSecretPlace(own)), createdAt },
  }
}

/** Opens a sealed secret. Throws a `VaultError` when its key is gone. */
export const openWebhookSecret = ({ vault }: Pick<Context, 'vault'>, stored: WebhookSecret): Secret =>
  secret(vault.open(stored.sealedSecret, webhookSecretPlace(stored)))

/** Gives an endpoint a second live secret. Throws `limit_reached` while it has two. */
export async function rotateWebhookSecret(
  context: Context,
  application: Application,
  endpointId: string,
): Promise<NewSecret> {
  return context.storage.write(async (tables) => {
    const endpoint = await changeableEndpoint(tables, application, endpointId)
    const live = await tables.webhookEndpoints.secretsOf(endpoint.id)
    if (live.length >= LIVE_SECRETS)
      throw new SpringbarError('limit_reached', 'Two secrets are live: retire the older one first.')
    // Later than every other, so that the older is known by its age on replicas whose clocks differ.
    const createdAt = Math.max(context.now(), ...live.map((one) => one.createdAt + 1))
    const fresh = sealWebhookSecret(context, endpoint, null, createdAt)
    await tables.webhookEndpoints.addSecret(fresh.stored)
    await auditByApplication(context, tables, application, 'webhook.add-secret', endpoint.id)
    return fresh
  })
}

/** Retires one of two live secrets. Throws `not_found`, and `conflict` for the last one. */
export async function retireWebhookSecret(
  context: Context,
  application: Application,
  endpointId: string,
  secretId: string,
): Promise<void> {
  await context.storage.write(async (tables) => {
    const endpoint = await changeableEndpoint(tables, application, endpointId)
    const live = await tables.webhookEndpoints.secretsOf(endpoint.id)
    if (!live.some(({ id }) => id === secretId))
      throw new SpringbarError('not_found', 'This endpoint has no such secret.')
    if (live.length === 1)
      throw new SpringbarError('conflict', 'The last secret cannot be retired: add another one first.')
    await tables.webhookEndpoints.removeSecret(endpoint.id, secretId)
    await auditByApplication(context, tables, application, 'webhook.retire-secret', endpoint.id)
  })
}
