// Goal: who iterates over the feed gets every event once, whatever passes between, and hears of what does not pass.
// Method: an in-process fetch that answers as the service does, fails, or is silent; waits and chance are the test's.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FeedEvent, SpringbarClientOptions } from '@springbar/sdk'
import { clientAnswering, END_USER_ID, failure } from './stand-in.ts'

const eventOf = (number: number) => ({
  id: String(number).repeat(32),
  cursor: `cursor-${number}`,
  endUserId: END_USER_ID,
  timestampType: 'unix',
  type: 'notification.source.connect',
  data: { timestamp: 1770110142991 + number, dataSourceId: 11 },
})
const pageOf = (...numbers: readonly number[]) =>
  Response.json({
    data: numbers.map(eventOf),
    nextCursor: `cursor-${numbers.at(-1) ?? 'kept'}`,
    hasMore: false,
  })
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  Response.json({ code }, { status, headers })

/** A client that notes how long it would have waited. */
function following(answers: readonly (Response | Error)[], options: Partial<SpringbarClientOptions> = {}) {
  const waited: number[] = []
  const made = clientAnswering(answers, {
    random: () => 0.5,
    wait: async (ms) => void waited.push(ms),
    ...options,
  })
  return { ...made, waited }
}

/** The first so many events. */
async function take(events: AsyncIterable<FeedEvent>, count: number): Promise<readonly FeedEvent[]> {
  const taken: FeedEvent[] = []
  for await (const event of events) if (taken.push(event) === count) break
  return taken
}

describe('events', () => {
  it('gives event after event, and asks each time for what comes after the last page', async () => {
    const { client, seen, waited } = following([pageOf(1, 2), pageOf(), pageOf(3)])
    const events = await take(client.events(), 3)
    assert.deepEqual(
      events.map(({ cursor }) => cursor),
      ['cursor-1', 'cursor-2', 'cursor-3'],
    )
    assert.deepEqual(events[0], { ...eventOf(1), endUserAlias: null })
    assert.deepEqual(
      seen.map(({ url }) => url.split('?')[1]),
      ['wait=25', 'after=cursor-2&wait=25', 'after=cursor-kept&wait=25'],
    )
    assert.deepEqual(waited, [125], 'an empty page may come from a service that stops')
  })

  it('begins behind the cursor that was kept', async () => {
    const { client, seen } = following([pageOf(8)])
    await take(client.events({ after: 'cursor-7', waitSeconds: 5 }), 1)
    assert.equal(seen[0]?.url, 'https://api.example.org/v1/events?after=cursor-7&wait=5')
  })

  it('tries again what passes, with waits that grow and are by chance, and loses its place never', async () => {
    const answers = [pageOf(1), new TypeError('fetch failed'), problem(503, 'storage_unavailable')]
    const { client, seen, waited } = following([...answers, problem(500, 'server_error'), pageOf(2)])
    const events = await take(client.events(), 2)
    assert.deepEqual(
      events.map(({ id }) => id[0]),
      ['1', '2'],
    )
    assert.deepEqual(waited, [500, 1_000, 2_000])
    assert.equal(new Set(seen.slice(1).map(({ url }) => url)).size, 1)
  })

  it('waits no longer than half a minute by itself, and as long as the service says', async () => {
    const failures = Array.from({ length: 7 }, () => new TypeError('fetch failed'))
    const { client, waited } = following([
      ...failures,
      problem(429, 'rate_limited', { 'retry-after': '7' }),
      pageOf(1),
    ])
    await take(client.events(), 1)
    assert.deepEqual(waited.slice(-3), [15_000, 15_000, 7_000 + 15_000])
  })

  it('starts with the shortest wait again after a success', async () => {
    const broken = () => new TypeError('fetch failed')
    const { client, waited } = following([broken(), broken(), pageOf(1), broken(), pageOf(2)])
    await take(client.events(), 2)
    assert.deepEqual(waited, [500, 1_000, 500])
  })

  for (const [status, code] of [
    [410, 'cursor_expired'],
    [401, 'invalid_credentials'],
    [400, 'invalid_request'],
  ] as const)
    it(`throws ${code}, which no waiting changes`, async () => {
      const { client } = following([pageOf(1), problem(status, code)])
      const error = await failure(take(client.events(), 2))
      assert.deepEqual([error.code, error.status], [code, status])
    })

  it('ends when it is aborted: before a call, in a call, and between two events', async () => {
    const controller = new AbortController()
    const { client, seen } = following([pageOf(1, 2)])
    const taken: string[] = []
    for await (const { cursor } of client.events({ signal: controller.signal })) {
      taken.push(cursor)
      controller.abort()
    }
    assert.deepEqual([taken, seen.length], [['cursor-1'], 1])
    assert.deepEqual(await take(client.events({ signal: controller.signal }), 1), [])
    const later = new AbortController()
    const hanging = following([], {
      fetch: (_, init) =>
        new Promise((_, reject) => {
          init.signal?.addEventListener('abort', () => reject(new DOMException('stop', 'AbortError')))
          later.abort()
        }),
    })
    assert.deepEqual(await take(hanging.client.events({ signal: later.signal }), 1), [])
  })

  it('ends its own wait when it is aborted', async () => {
    const controller = new AbortController()
    const { client } = clientAnswering([], {
      random: () => 0.999,
      fetch: async () => {
        queueMicrotask(() => controller.abort())
        return problem(503, 'storage_unavailable', { 'retry-after': '600' })
      },
    })
    assert.deepEqual(await take(client.events({ signal: controller.signal }), 1), [])
  })

  const wrong = [
    {},
    { data: [{}], nextCursor: 'x', hasMore: false },
    { data: [{ ...eventOf(1), cursor: 7 }], nextCursor: 'x', hasMore: false },
    { data: [{ ...eventOf(1), data: null }], nextCursor: 'x', hasMore: false },
    { data: [{ ...eventOf(1), timestampType: 'other' }], nextCursor: 'x', hasMore: false },
    { data: [], hasMore: false },
    { data: [], nextCursor: 'x' },
  ]
  for (const [index, body] of wrong.entries())
    it(`does not believe the wrong page ${index + 1}`, async () => {
      const { client } = following([Response.json(body)])
      assert.equal((await failure(client.readEvents())).code, 'unexpected_answer')
    })

  it('sends nothing for a cursor or a wait that cannot be', async () => {
    const { client, seen } = following([])
    for (const wish of [{ after: '' }, { after: 'a b' }, { limit: 501 }, { waitSeconds: 31 }])
      assert.equal((await failure(client.readEvents(wish))).code, 'invalid_argument')
    assert.equal(seen.length, 0)
  })
})
