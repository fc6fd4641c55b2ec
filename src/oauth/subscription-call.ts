import type { Client } from '../model/application.ts'
import type { Authorization, Notifications } from '../model/source.ts'
import { isJsonObject, parseJson, valueAt } from './json.ts'
import { type TemplateGrant, valuesOf } from './template.ts'
import { requireAvailable, type VendorContext } from './vendor-answer.ts'
import { requireCallSuccess, sendCall, type VendorCall } from './vendor-call.ts'

/** What a subscription's call says beside client and grant. */
export interface SubscriptionWords {
  readonly notificationUri: string
  readonly verifyToken: string
  readonly topic: string
  /** The vendor's id; empty where there is none yet. */
  readonly subscriptionId: string
}

/** What the vendor told of a subscription that it made. */
export interface Subscribed {
  readonly remoteId: string | null
  readonly signingSecret: string | null
}

type Rules = NonNullable<Notifications['subscription']>

/** For whom a call is made: a client, and the grant of a person's own subscription. */
export interface Subscriber {
  readonly authorization: Authorization
  readonly client: Client
  readonly grant: TemplateGrant | null
}

/**
 * Makes a subscription. One that is there already counts. Throws a {@link VendorError} when the vendor did not make it, or
 * is not to be reached.
 */
export async function subscribe(
  context: VendorContext,
  rules: Rules,
  subscriber: Subscriber,
  words: SubscriptionWords,
): Promise<Subscribed> {
  const response = await send(context, subscriber, rules.create, words)
  if (rules.create.doneStatuses.includes(response.status)) return { remoteId: null, signingSecret: null }
  const copy = response.clone()
  await requireCallSuccess(context, subscriber.authorization, rules.create, response)
  const answer = await readAnswer(copy)
  return {
    remoteId: textAt(answer, rules.idPath),
    signingSecret: textAt(answer, rules.secretPath),
  }
}

/** Makes a subscription live longer. Throws as {@link subscribe} does. */
export async function renewSubscription(
  context: VendorContext,
  renew: NonNullable<Rules['renew']>,
  subscriber: Subscriber,
  words: SubscriptionWords,
): Promise<void> {
  const response = await send(context, subscriber, renew, words)
  await requireCallSuccess(context, subscriber.authorization, renew, response)
}

/** Ends a subscription; one that is gone counts. Throws as {@link subscribe} does. */
export async function unsubscribe(
  context: VendorContext,
  remove: NonNullable<Rules['remove']>,
  subscriber: Subscriber,
  words: SubscriptionWords,
): Promise<void> {
  const response = await send(context, subscriber, remove, words)
  if (remove.goneStatuses.includes(response.status)) return
  requireAvailable(response, context.now())
  await requireCallSuccess(context, subscriber.authorization, remove, response)
}

function send(
  context: VendorContext,
  { authorization, client, grant }: Subscriber,
  call: VendorCall,
  words: SubscriptionWords,
): Promise<Response> {
  const own = new Map<string, string>([
    ...Object.entries(words).filter(([name, value]) => name !== 'subscriptionId' || value !== ''),
    ...words.topic.split(':').map((part, i): [string, string] => [`topic.${i}`, part]),
  ])
  const others = valuesOf(client, grant)
  return sendCall(context, authorization, client, call, (name) => own.get(name) ?? others(name))
}

/** A body that cannot be read takes nothing back: the status has said yes. */
async function readAnswer(response: Response): Promise<unknown> {
  try {
    const { value } = parseJson(await response.text())
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}

function textAt(answer: unknown, path: string | undefined): string | null {
  const value = path === undefined ? undefined : valueAt(answer, path)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}
