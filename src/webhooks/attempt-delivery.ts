import { errorName } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Secret } from '../model/secret.ts'
import type { DeliveryAttempt, WebhookEndpoint } from '../model/webhook.ts'
import { VaultError } from '../vault/index.ts'
import { askedToWait } from './retry.ts'
import type { Answer } from './send.ts'
import { signedHeaders } from './sign.ts'
import { openWebhookSecret } from './webhook-secrets.ts'
import type { DeliveryContext } from './webhooks-context.ts'

/** A try, and what the receiver wants of us after it. */
export interface Tried {
  readonly attempt: DeliveryAttempt
  readonly succeeded: boolean
  /** It answered 410: nothing is to be sent there any more (RFC 9110 §15.5.11). */
  readonly isGone: boolean
  /** How long it asked us to wait, in milliseconds. */
  readonly askedMs: number | null
}

/** The contract's success. Everything else, redirects included, is a failure. */
const SUCCESS: ReadonlySet<number> = new Set([200, 204])
/** The statuses with which `Retry-After` speaks for the whole receiver. */
const OVERLOADED: ReadonlySet<number> = new Set([429, 503])

/** Signs a body with every live secret of the endpoint, sends it once, and tells how that went. */
export async function attemptDelivery(
  context: DeliveryContext,
  endpoint: WebhookEndpoint,
  message: { readonly id: string; readonly body: string },
): Promise<Tried> {
  const at = context.now()
  const secrets = await openSecrets(context, endpoint)
  const answer: Answer =
    secrets === null
      ? { status: null, cause: 'secret_not_readable', start: '', retryAfter: null }
      : await context.receivers.send({
          url: endpoint.url,
          headers: signedHeaders({ ...message, now: at }, secrets),
          body: message.body,
        })
  const { status, cause, start } = answer
  const now = context.now()
  return {
    attempt: { at, status, cause, durationMs: now - at, answer: start },
    succeeded: status !== null && SUCCESS.has(status),
    isGone: status === 410,
    askedMs: status !== null && OVERLOADED.has(status) ? askedToWait(answer.retryAfter, now) : null,
  }
}

async function openSecrets(
  context: DeliveryContext,
  { id }: WebhookEndpoint,
): Promise<readonly Secret[] | null> {
  const stored = await context.storage.read.webhookEndpoints.secretsOf(id)
  try {
    return stored.map((one) => openWebhookSecret(context, one))
  } catch (error) {
    if (!(error instanceof VaultError)) throw error
    context.log.error('a webhook secret cannot be opened', { endpoint: id, error: errorName(error) })
    return null
  }
}

/** The tries of a delivery with one more, no more of them than are kept. */
export const withAttempt = (
  attempts: readonly DeliveryAttempt[],
  attempt: DeliveryAttempt,
): readonly DeliveryAttempt[] => [...attempts, attempt].slice(-limits.webhookAttemptsKept)
