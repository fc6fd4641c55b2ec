import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import { createDeliveries, type Delivery } from './deliveries.ts'

/** Sends a request to a notification URL. */
export type SandboxFetch = (url: string, init: RequestInit) => Promise<Response>

/** A request that goes out: what is kept of it, and the beginning of the answer. */
export interface Sent {
  readonly delivery: Delivery
  readonly text: string
}

/** Requests on their way to notification URLs. Nothing here rejects: what goes wrong is noted. */
export interface Outbox {
  readonly sendNow: (request: Omit<Delivery, 'number' | 'status' | 'failure' | 'held'>) => Promise<Sent>
  /** One after the other, so that they arrive in the order in which they are listed. What is to be held stays. */
  readonly sendInOrder: (
    requests: readonly Omit<Delivery, 'number' | 'status' | 'failure'>[],
  ) => Promise<readonly Delivery[]>
  readonly release: (order: 'in-order' | 'reversed') => Promise<readonly Delivery[]>
  readonly list: () => readonly Delivery[]
  /** Resolves when nothing is being sent any more. */
  readonly idle: () => Promise<void>
  readonly clear: () => void
}

/** Builds an empty outbox. */
export function createOutbox(fetch: SandboxFetch, closing: AbortSignal): Outbox {
  const deliveries = createDeliveries()
  const sending = new Set<Promise<unknown>>()

  const send = async (delivery: Delivery): Promise<Sent> => {
    const { text, ...result } = await request(fetch, closing, delivery)
    return { delivery: deliveries.update(delivery.number, { ...result, held: false }) ?? delivery, text }
  }
  const sendEach = async (waiting: readonly Delivery[]): Promise<readonly Delivery[]> => {
    const sent: Delivery[] = []
    for (const delivery of waiting) sent.push((await send(delivery)).delivery)
    return sent
  }
  const tracked = <Value>(work: Promise<Value>): Promise<Value> => {
    sending.add(work)
    void work.finally(() => sending.delete(work))
    return work
  }

  return Object.freeze({
    sendNow: (request: Omit<Delivery, 'number' | 'status' | 'failure' | 'held'>) =>
      tracked(send(deliveries.add({ ...request, held: false }))),
    sendInOrder: (requests: readonly Omit<Delivery, 'number' | 'status' | 'failure'>[]) => {
      const added = requests.map(deliveries.add)
      const held = added.filter((delivery) => delivery.held)
      return tracked(sendEach(added.filter((delivery) => !delivery.held)).then((sent) => [...held, ...sent]))
    },
    release: (order: 'in-order' | 'reversed') => {
      const held = deliveries.list().filter((delivery) => delivery.held)
      return tracked(sendEach(order === 'in-order' ? held : held.toReversed()))
    },
    list: deliveries.list,
    idle: async () => {
      while (sending.size > 0) await Promise.all(sending)
    },
    clear: deliveries.clear,
  })
}

/** Sends one request and reads a little of the answer. What goes wrong is a failure, not an error. */
async function request(
  fetch: SandboxFetch,
  closing: AbortSignal,
  { url, method, headers, body }: Delivery,
): Promise<Pick<Delivery, 'status' | 'failure'> & { readonly text: string }> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === '' ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(SANDBOX_LIMITS.notificationMs)]),
    })
    return { status: response.status, failure: null, text: await firstPart(response) }
  } catch (error) {
    return { status: null, failure: error instanceof Error ? error.name : 'Error', text: '' }
  }
}

async function firstPart(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > SANDBOX_LIMITS.notificationAnswerBytes) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
