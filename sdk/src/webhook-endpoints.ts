import { type Api, inPath } from './endpoint.ts'
import { flag, listOf, nullable, number, object, pageOf, type Reader, text } from './readers.ts'
import type { CallOptions } from './request.ts'

/** What an endpoint is told, and how. Left out on a change, it stays. */
export interface WebhookWish {
  readonly url?: string
  /** Types of events; null for all. */
  readonly types?: readonly string[] | null
  readonly timestampType?: 'unix' | 'iso'
  readonly format?: 'current' | 'older'
}

/** An endpoint of the application. */
export interface Webhook {
  readonly id: string
  readonly url: string
  readonly types: readonly string[] | null
  readonly timestampType: string
  readonly format: string
  readonly managedBy: 'configuration' | 'api' | (string & {})
  readonly enabled: boolean
  /** Who or what switched it off: `application`, `gone`, `failing`. */
  readonly disabledReason: string | null
  readonly failingSince: string | null
  readonly pausedUntil: string | null
  /** Without the secrets themselves. */
  readonly secrets: readonly { readonly id: string; readonly createdAt: string }[]
  readonly createdAt: string
  readonly updatedAt: string
}

/** A new endpoint. Its secret is told this once. */
export interface CreatedWebhook extends Webhook {
  readonly secret: string
}

/** A further secret, told this once. */
export interface WebhookSecret {
  readonly id: string
  readonly secret: string
  readonly createdAt: string
}

/** One try to tell an endpoint something. */
export interface DeliveryAttempt {
  readonly at: string
  readonly status: number | null
  readonly cause: string | null
  readonly durationMs: number
  /** The beginning of what the endpoint answered. */
  readonly answer: string
}

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly eventId: string
  readonly status: 'pending' | 'delivered' | 'failed' | (string & {})
  readonly tries: number
  readonly attempts: readonly DeliveryAttempt[]
  readonly createdAt: string
  readonly finishedAt: string | null
}

/** A page of deliveries. */
export interface DeliveryPage {
  readonly data: readonly Delivery[]
  /** Null on the last page. */
  readonly nextCursor: string | null
}

/** What is delivered again: one event, or everything of a time (ISO-8601 instants). */
export type Replay = { readonly eventId: string } | { readonly from: string; readonly to?: string }

/** The application's webhook endpoints (contract §6, §7). To check what arrives, use `verifyWebhook`. */
export interface WebhookCalls {
  /** The endpoints that are told what happens. */
  listWebhooks(options?: CallOptions): Promise<readonly Webhook[]>
  /** Adds an endpoint; it is told what happens from now on. */
  createWebhook(
    webhook: WebhookWish & { readonly url: string },
    options?: CallOptions,
  ): Promise<CreatedWebhook>
  /** Reads an endpoint. */
  readWebhook(webhookId: string, options?: CallOptions): Promise<Webhook>
  /** Changes an endpoint, or switches it off and on. */
  updateWebhook(
    webhookId: string,
    changes: WebhookWish & { readonly enabled?: boolean },
    options?: CallOptions,
  ): Promise<Webhook>
  /** Removes an endpoint with everything that it was still to be told. */
  deleteWebhook(webhookId: string, options?: CallOptions): Promise<void>
  /** Makes a second secret, to change over to. */
  addWebhookSecret(webhookId: string, options?: CallOptions): Promise<WebhookSecret>
  /** Retires one of two secrets. */
  retireWebhookSecret(webhookId: string, secretId: string, options?: CallOptions): Promise<void>
  /** Sends a signed `webhook.test` now, and tells how that went. */
  testWebhook(
    webhookId: string,
    options?: CallOptions,
  ): Promise<{ readonly succeeded: boolean; readonly attempt: DeliveryAttempt }>
  /** One page of deliveries with their tries. */
  listDeliveries(
    webhookId: string,
    wish?: {
      readonly status?: 'pending' | 'delivered' | 'failed'
      readonly cursor?: string
      readonly limit?: number
    },
    options?: CallOptions,
  ): Promise<DeliveryPage>
  /** Delivers one event again, or all of a time; `continueFrom` is where to go on when it was too much for one call. */
  replayWebhook(
    webhookId: string,
    replay: Replay,
    options?: CallOptions,
  ): Promise<{ readonly queued: number; readonly continueFrom: string | null }>
}

const WEBHOOK = {
  id: text,
  url: text,
  types: nullable(listOf(text)),
  timestampType: text,
  format: text,
  managedBy: text,
  enabled: flag,
  disabledReason: nullable(text),
  failingSince: nullable(text),
  pausedUntil: nullable(text),
  secrets: listOf(object({ id: text, createdAt: text })),
  createdAt: text,
  updatedAt: text,
}
const webhook = object<Webhook>(WEBHOOK)
const created = object<CreatedWebhook>({ ...WEBHOOK, secret: text })
const secret = object<WebhookSecret>({ id: text, secret: text, createdAt: text })
const attempt = object<DeliveryAttempt>({
  at: text,
  status: nullable(number),
  cause: nullable(text),
  durationMs: number,
  answer: text,
})
const delivery = object<Delivery>({
  eventId: text,
  status: text,
  tries: number,
  attempts: listOf(attempt),
  createdAt: text,
  finishedAt: nullable(text),
})
const deliveries: Reader<DeliveryPage> = pageOf(delivery)

/** Makes the calls about webhook endpoints. */
export function webhookCalls(api: Api): WebhookCalls {
  const { get, list, run } = api
  const path = '/webhooks'
  return {
    listWebhooks: async (options) =>
      list({ purpose: 'list webhooks', method: 'GET', path }, webhook, options),
    createWebhook: async (body, options) =>
      get({ purpose: 'add a webhook', method: 'POST', path, body, status: 201 }, created, options),
    readWebhook: async (id, options) =>
      get({ purpose: 'read a webhook', method: 'GET', path: webhookPath(id) }, webhook, options),
    updateWebhook: async (id, body, options) =>
      get({ purpose: 'change a webhook', method: 'PATCH', path: webhookPath(id), body }, webhook, options),
    deleteWebhook: async (id, options) =>
      run({ purpose: 'remove a webhook', method: 'DELETE', path: webhookPath(id) }, options),
    ...secretCalls(api),
    ...deliveryCalls(api),
  }
}

const webhookPath = (id: string): string => `/webhooks/${inPath('webhookId', id)}`

type SecretCalls = Pick<WebhookCalls, 'addWebhookSecret' | 'retireWebhookSecret'>

function secretCalls({ get, run }: Api): SecretCalls {
  return {
    addWebhookSecret: async (id, options) => {
      const path = `${webhookPath(id)}/secrets`
      return get({ purpose: 'add a secret', method: 'POST', path, status: 201 }, secret, options)
    },
    retireWebhookSecret: async (id, secretId, options) => {
      const path = `${webhookPath(id)}/secrets/${inPath('secretId', secretId)}`
      return run({ purpose: 'retire a secret', method: 'DELETE', path }, options)
    },
  }
}

function deliveryCalls({ get }: Api): Pick<WebhookCalls, 'testWebhook' | 'listDeliveries' | 'replayWebhook'> {
  return {
    testWebhook: async (id, options) => {
      const path = `${webhookPath(id)}/test`
      return get(
        { purpose: 'test a webhook', method: 'POST', path },
        object({ succeeded: flag, attempt }),
        options,
      )
    },
    listDeliveries: async (id, query = {}, options = {}) => {
      const path = `${webhookPath(id)}/deliveries`
      return get({ purpose: 'list deliveries', method: 'GET', path, query }, deliveries, options)
    },
    replayWebhook: async (id, body, options) => {
      const endpoint = { method: 'POST', path: `${webhookPath(id)}/replay`, body, status: 202 } as const
      const replayed = object({ queued: number, continueFrom: nullable(text) })
      return get({ purpose: 'replay events', ...endpoint }, replayed, options)
    },
  }
}
