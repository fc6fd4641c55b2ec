// Goal: a stream reads no page before its reader took the one before, and lets its place go however it ends.
// Method: a follower that notes what is asked of it, a clock of the test's own, no socket.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Hono } from 'hono'
import { SpringbarError } from '../../../src/errors.ts'
import { eventStream } from '../../../src/http/api/event-stream.ts'
import { type FeedPage, feedLimits } from '../../../src/webhooks/index.ts'

const pageOf = (...ids: readonly string[]): FeedPage => ({
  data: ids.map((id) => ({ id, cursor: `c${id}`, timestampType: 'unix', type: 'user.deleted', data: {} })),
  nextCursor: 'next',
  hasMore: true,
})
const line = (id: string) =>
  `id: c${id}\ndata: {"id":"${id}","cursor":"c${id}","timestampType":"unix","type":"user.deleted","data":{}}\n\n`

/** A stream over pages that the test gives. */
async function streamOf(next: () => Promise<FeedPage>) {
  let now = 0
  let isReady = true
  const waits: number[] = []
  let closed = 0
  const follower = {
    next: (waitMs: number) => {
      waits.push(waitMs)
      return next()
    },
    close: () => {
      closed += 1
    },
  }
  const app = new Hono().get('/', (c) => eventStream(c, follower, { now: () => now, isReady: () => isReady }))
  const response = await app.request('/')
  const reader = response.body?.getReader()
  assert.ok(reader)
  const decoder = new TextDecoder()
  return {
    waits,
    isClosed: () => closed > 0,
    advance: (ms: number) => {
      now += ms
    },
    stop: () => {
      isReady = false
    },
    cancel: () => reader.cancel(),
    /** The next part; null at the end. */
    read: async () => {
      const { done, value } = await reader.read()
      return done ? null : decoder.decode(value)
    },
  }
}

describe('a stream of events', () => {
  it('asks for a page only when the one before was taken', async () => {
    let number = 0
    const stream = await streamOf(async () => pageOf(String(++number)))
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual([await stream.read(), stream.waits.length], ['retry: 1000\n\n', 0])
    assert.deepEqual([await stream.read(), stream.waits.length], [line('1'), 1])
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(stream.waits.length, 1)
    assert.equal(await stream.read(), line('2'))
    await stream.cancel()
    assert.ok(stream.isClosed())
  })

  it('beats while nothing happens, and ends after its time also when much does', async () => {
    const pages = [pageOf(), pageOf('1', '2'), pageOf('3')]
    const stream = await streamOf(async () => {
      if (pages.length === 1) stream.advance(1)
      return pages.shift() ?? assert.fail('it goes on')
    })
    await stream.read()
    assert.equal(await stream.read(), ':\n\n')
    assert.equal(await stream.read(), line('1') + line('2'))
    stream.advance(feedLimits.streamMs - 1)
    assert.equal(await stream.read(), line('3'))
    assert.equal(await stream.read(), null)
    assert.deepEqual(stream.waits, [feedLimits.heartbeatMs, feedLimits.heartbeatMs, 1])
    assert.ok(stream.isClosed())
  })

  it('ends when the service stops, with what it has', async () => {
    const stream = await streamOf(async () => pageOf())
    await stream.read()
    stream.stop()
    assert.equal(await stream.read(), null)
    assert.ok(stream.isClosed())
  })

  it('ends when something was missed: whoever comes again is told', async () => {
    const stream = await streamOf(async () => {
      throw new SpringbarError('cursor_expired', 'too late')
    })
    await stream.read()
    assert.equal(await stream.read(), null)
    assert.ok(stream.isClosed())
  })
})
