import { appendAudit } from '../broker/audit/append-audit.ts'
import type { Context } from '../broker/context.ts'
import type { Application } from '../model/application.ts'
import type { ApplicationId } from '../model/ids.ts'
import type { Secret } from '../model/secret.ts'
import type { ConfiguredWebhook, WebhookEndpoint } from '../model/webhook.ts'
import type { Tables } from '../storage/storage.ts'
import { VaultError } from '../vault/index.ts'
import { newEndpoint } from './endpoints.ts'
import { openWebhookSecret, sealWebhookSecret } from './webhook-secrets.ts'

/**
 * Brings the endpoints of the configuration into the database, where their deliveries and their state are kept. They are
 * known by their URL. One that left the file is gone, with an audit line; one that an application had added itself is
 * the configuration's from now on. Replicas that start together agree.
 */
export async function noteConfiguredWebhooks(context: Context): Promise<void> {
  await context.storage.write(async (tables) => {
    for (const endpoint of await tables.webhookEndpoints.listConfigured()) {
      const listed = context.applications.get(endpoint.applicationId)?.webhooks ?? []
      if (!listed.some(({ url }) => url === endpoint.url)) await forget(context, tables, endpoint)
    }
    for (const application of context.applications.values())
      for (const webhook of application.webhooks) await note(context, tables, application, webhook)
  })
}

async function forget(context: Context, tables: Tables, { applicationId, id, url }: WebhookEndpoint) {
  await tables.webhookEndpoints.remove(applicationId, id)
  await appendAudit(context, tables, {
    at: context.now(),
    actor: 'operator',
    applicationId,
    action: 'webhook.remove-from-configuration',
    object: url,
    result: 'ok',
    requestId: null,
  })
}

async function note(
  context: Context,
  tables: Tables,
  application: Application,
  { secrets, ...settings }: ConfiguredWebhook,
): Promise<void> {
  const { webhookEndpoints } = tables
  const known = await webhookEndpoints.findByUrl(application.id, settings.url)
  if (known === null) {
    const endpoint = newEndpoint(context, application, settings, 'configuration')
    await webhookEndpoints.insert(endpoint)
    return replaceSecrets(context, tables, endpoint, secrets)
  }
  const { types, timestampType, format } = settings
  const isSame =
    known.managedBy === 'configuration' &&
    JSON.stringify([known.types, known.timestampType, known.format]) ===
      JSON.stringify([types, timestampType, format])
  if (!isSame)
    await webhookEndpoints.update(application.id, known.id, {
      ...settings,
      managedBy: 'configuration',
      updatedAt: context.now(),
    })
  if (!(await hasSecrets(context, tables, known, secrets)))
    await replaceSecrets(context, tables, known, secrets)
}

/** Whether exactly these are stored. What cannot be opened is not. */
async function hasSecrets(
  context: Context,
  tables: Tables,
  { id }: WebhookEndpoint,
  secrets: readonly Secret[],
): Promise<boolean> {
  try {
    const stored = await tables.webhookEndpoints.secretsOf(id)
    const texts = stored.map((one) => openWebhookSecret(context, one).reveal())
    return JSON.stringify(texts) === JSON.stringify(secrets.map((one) => one.reveal()))
  } catch (error) {
    if (error instanceof VaultError) return false
    throw error
  }
}

async function replaceSecrets(
  context: Context,
  tables: Tables,
  endpoint: { readonly id: string; readonly applicationId: ApplicationId },
  secrets: readonly Secret[],
): Promise<void> {
  for (const { id } of await tables.webhookEndpoints.secretsOf(endpoint.id))
    await tables.webhookEndpoints.removeSecret(endpoint.id, id)
  // One millisecond apart, so that their order is kept.
  for (const [i, text] of secrets.entries())
    await tables.webhookEndpoints.addSecret(
      sealWebhookSecret(context, endpoint, text, context.now() + i).stored,
    )
}
