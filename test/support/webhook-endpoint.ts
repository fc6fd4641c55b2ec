// An endpoint that a test added over the API, at a path of its own of a receiver, with what arrived there.
import assert from 'node:assert/strict'
import { type Backend, backendOf, link, newPerson } from './person.ts'
import type { Received, Receiver } from './receiver.ts'
import type { World } from './world.ts'

/** A delivery as our own API tells it, as far as tests read it. */
export interface ToldDelivery {
  readonly eventId: string
  readonly status: string
  readonly tries: number
  readonly attempts: readonly {
    readonly at: string
    readonly status: number | null
    readonly cause: string | null
    readonly durationMs: number
    readonly answer: string
  }[]
  readonly finishedAt: string | null
}

export interface TestEndpoint {
  readonly backend: Backend
  readonly id: string
  readonly url: string
  readonly secret: string
  /** What our own API tells of it, or of a path below it. */
  readonly get: (below?: string) => Promise<Readonly<Record<string, unknown>>>
  readonly isMine: (request: Received) => boolean
  readonly arrived: () => readonly Received[]
  readonly types: () => readonly unknown[]
  /** The newest first. */
  readonly deliveries: (query?: string) => Promise<readonly ToldDelivery[]>
  readonly remove: () => Promise<Response>
}

let paths = 0

/** Adds an endpoint. */
export async function newEndpoint(
  world: World,
  receiver: Receiver,
  settings: Readonly<Record<string, unknown>> = {},
  application = 'app-a',
): Promise<TestEndpoint> {
  const backend = backendOf(world, application)
  const path = `/hooks/${++paths}`
  const url = new URL(path, receiver.url).href
  const made = await backend.api('POST', '/webhooks', { url, ...settings })
  assert.equal(made.status, 201, await made.clone().text())
  const { id, secret } = (await made.json()) as { id: string; secret: string } // our own API's answer
  const get = async (below = '') => {
    const answer = await backend.api('GET', `/webhooks/${id}${below}`)
    assert.equal(answer.status, 200)
    return (await answer.json()) as Readonly<Record<string, unknown>> // looked at member by member
  }
  const isMine = (request: Received) => request.path === path
  const arrived = () => receiver.received.filter(isMine)
  return {
    backend,
    id,
    url,
    secret,
    get,
    isMine,
    arrived,
    types: () => arrived().map(({ json }) => json['type']),
    deliveries: async (query = '') => (await get(`/deliveries${query}`))['data'] as readonly ToldDelivery[], // ours
    remove: () => backend.api('DELETE', `/webhooks/${id}`),
  }
}

/** A person of `app-a` who connects a source, and can disconnect and connect it again. */
export async function connectSomebody(world: World, source = 11) {
  const person = newPerson(world)
  const { token, endUserId } = await backendOf(world).newSession()
  const connect = () => person.connect(link('Connection', token, source))
  await connect()
  return {
    endUserId,
    connect,
    disconnect: () => person.get(link('Revoke', token, source, { direct: 'true' })),
  }
}
