import { auditByApplication } from '../broker/audit/append-audit.ts'
import type { Context } from '../broker/context.ts'
import { SpringbarError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Application } from '../model/application.ts'
import { newHexId } from '../model/ids.ts'
import type { WebhookEndpoint, WebhookSecret, WebhookSettings } from '../model/webhook.ts'
import { literalAddress, mayConnect, targetProblem } from '../model/webhook-target.ts'
import type { Tables } from '../storage/storage.ts'
import { changeableEndpoint, requireEndpoint } from './find-endpoint.ts'
import { type NewSecret, sealWebhookSecret } from './webhook-secrets.ts'
import type { WebhooksContext } from './webhooks-context.ts'

/** An endpoint with its live secrets, the older first. */
export interface EndpointWithSecrets {
  readonly endpoint: WebhookEndpoint
  readonly secrets: readonly WebhookSecret[]
}

const withSecrets = async (tables: Tables, endpoint: WebhookEndpoint): Promise<EndpointWithSecrets> => ({
  endpoint,
  secrets: await tables.webhookEndpoints.secretsOf(endpoint.id),
})

/** Every endpoint of the application, configured or added over the API, oldest first. */
export async function listEndpoints(
  { storage }: Context,
  application: Application,
): Promise<readonly EndpointWithSecrets[]> {
  const endpoints = await storage.read.webhookEndpoints.list(application.id)
  return Promise.all(endpoints.map((endpoint) => withSecrets(storage.read, endpoint)))
}

/** One endpoint. Throws `not_found`. */
export const readEndpoint = async (
  { storage }: Context,
  application: Application,
  id: string,
): Promise<EndpointWithSecrets> =>
  withSecrets(storage.read, await requireEndpoint(storage.read, application, id))

/** A new endpoint at the end of the application's feed. */
export const newEndpoint = (
  context: Context,
  { id: applicationId }: Application,
  { url, types, timestampType, format }: WebhookSettings,
  managedBy: WebhookEndpoint['managedBy'],
): WebhookEndpoint => ({
  id: newHexId(context.random),
  applicationId,
  url,
  types,
  timestampType,
  format,
  managedBy,
  status: 'enabled',
  disabledReason: null,
  position: 0,
  failingSince: null,
  pausedUntil: null,
  createdAt: context.now(),
  updatedAt: context.now(),
})

/**
 * Adds an endpoint, which is told what happens from now on, with its first secret. Throws `invalid_request` for a URL
 * that is no target, `conflict` for one that is listed already and `limit_reached`.
 */
export async function createEndpoint(
  context: WebhooksContext,
  application: Application,
  settings: WebhookSettings,
): Promise<EndpointWithSecrets & { readonly created: NewSecret }> {
  await assertTarget(context, settings.url)
  return context.storage.write(async (tables) => {
    const known = await tables.webhookEndpoints.list(application.id)
    if (known.length >= limits.webhookEndpointsPerApplication)
      throw new SpringbarError(
        'limit_reached',
        `At most ${limits.webhookEndpointsPerApplication} endpoints can be listed.`,
      )
    assertNewUrl(known, settings.url)
    const endpoint = newEndpoint(context, application, settings, 'api')
    const created = sealWebhookSecret(context, endpoint, null, endpoint.createdAt)
    await tables.webhookEndpoints.insert(endpoint)
    await tables.webhookEndpoints.addSecret(created.stored)
    await auditByApplication(context, tables, application, 'webhook.add', endpoint.id)
    return { endpoint, secrets: [created.stored], created }
  })
}

/** What an application may change: its decisions, and whether the endpoint is switched on. */
export type EndpointChange = {
  readonly [Field in keyof WebhookSettings]?: WebhookSettings[Field] | undefined
} & { readonly enabled?: boolean | undefined }

/**
 * Changes an endpoint. One that is switched on again goes on where it stopped. Of a configured endpoint only `enabled` can
 * be changed, since the service itself may have switched it off. Throws as {@link createEndpoint} does, and `not_found`.
 */
export async function updateEndpoint(
  context: WebhooksContext,
  application: Application,
  id: string,
  { enabled, ...wished }: EndpointChange,
): Promise<EndpointWithSecrets> {
  // Only what is given: an undefined field would stand for a change.
  const settings = Object.fromEntries(
    Object.entries(wished).filter(([, value]) => value !== undefined),
  ) as Partial<WebhookSettings>
  if (settings.url !== undefined) await assertTarget(context, settings.url)
  const isSwitchOnly = Object.keys(settings).length === 0
  return context.storage.write(async (tables) => {
    const find = isSwitchOnly ? requireEndpoint : changeableEndpoint
    const endpoint = await find(tables, application, id)
    const others = (await tables.webhookEndpoints.list(application.id)).filter((one) => one.id !== id)
    if (settings.url !== undefined) assertNewUrl(others, settings.url)
    const now = context.now()
    await tables.webhookEndpoints.update(application.id, id, {
      ...settings,
      ...(enabled === undefined ? {} : switched(enabled)),
      updatedAt: now,
    })
    if (enabled === true) await tables.webhookDeliveries.hurry(id, now)
    await auditByApplication(context, tables, application, 'webhook.update', id)
    return withSecrets(tables, (await tables.webhookEndpoints.find(application.id, id)) ?? endpoint)
  })
}

const switched = (on: boolean) =>
  on
    ? ({ status: 'enabled', disabledReason: null, failingSince: null, pausedUntil: null } as const)
    : ({ status: 'disabled', disabledReason: 'application' } as const)

/** Removes an endpoint; what is still to be delivered to it never is. Throws `not_found` and `managed_by_configuration`. */
export async function removeEndpoint(context: Context, application: Application, id: string): Promise<void> {
  await context.storage.write(async (tables) => {
    await changeableEndpoint(tables, application, id)
    await tables.webhookEndpoints.remove(application.id, id)
    await auditByApplication(context, tables, application, 'webhook.remove', id)
  })
}

function assertNewUrl(known: readonly WebhookEndpoint[], url: string): void {
  if (known.some((one) => one.url === url))
    throw new SpringbarError('conflict', 'Another endpoint of this application has this URL.')
}

/**
 * Refuses what can be no target. A name that resolves to a forbidden address is told now and not only when something is
 * delivered, where the decision is made again; one that does not resolve yet is believed.
 */
async function assertTarget(
  { receivers: { lookup, networks } }: WebhooksContext,
  text: string,
): Promise<void> {
  const refuse = (problem: string) => new SpringbarError('invalid_request', `url: ${problem}.`)
  const problem = targetProblem(text, networks)
  if (problem !== null) throw refuse(problem)
  const url = new URL(text)
  if (literalAddress(url) !== null) return
  const addresses = await new Promise<readonly string[]>((resolve) =>
    lookup(url.hostname, (error, found) =>
      resolve(error === null ? found.map(({ address }) => address) : []),
    ),
  )
  if (!addresses.every((address) => mayConnect(url, address, networks)))
    throw refuse('its name must lead to a public address over https, at port 443 or 8443')
}
