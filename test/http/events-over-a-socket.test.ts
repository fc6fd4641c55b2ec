// The feed as a real client has it: the service on a port of its own, the SDK and a plain reader of streams against it.
// Another process's commits are played by a second storage on the same database.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createSpringbarClient, type FeedEvent } from '@springbar/sdk'
import { parseConfig } from '../../src/config/index.ts'
import { type RunningService, startService } from '../../src/main/service.ts'
import { asApplicationId } from '../../src/model/ids.ts'
import { openStorage } from '../../src/storage/open.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { newEndUser, newEvent } from '../storage/rows.ts'

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

describe('the feed over a socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'springbar-feed-'))
  const database = `sqlite:${join(folder, 'springbar.db')}`
  let service: RunningService
  let replica: Storage
  before(async () => {
    const application = { id: 'app-a', name: 'A', secrets: ['app-a-secret'], apiKeys: ['sbk_a'] }
    const config = parseConfig(
      {
        publicUrl: 'https://connect.example.org',
        listen: { port: 0 },
        database,
        keys: [{ id: 'k1', key: Buffer.alloc(32, 1).toString('base64') }],
        accounts: [{ username: 'a', passwords: ['a-password'], applications: [application] }],
      },
      { vendors: new Set(), tryOut: true },
    )
    service = await startService(config, { log: SILENT, sandboxOrigin: null })
    replica = await openStorage({ url: database })
  })
  after(async () => {
    await replica.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const person = newEndUser(asApplicationId('app-a'))
  const append = async (createdAt = Date.now()) => {
    const event = newEvent(person, { createdAt })
    await replica.write((tables) => tables.events.append(event))
    return event.id
  }
  const origin = () => `http://127.0.0.1:${service.port}`
  const open = async (headers: Record<string, string> = {}) => {
    const response = await fetch(`${origin()}/v1/events`, {
      headers: { Authorization: 'Bearer sbk_a', Accept: 'text/event-stream', ...headers },
    })
    assert.equal(response.status, 200)
    assert.ok(response.body)
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    return {
      /** Reads until so many events are there. */
      events: async (count: number) => {
        while ((text.match(/^data: .*\n\n/gm) ?? []).length < count) {
          const { done, value } = await reader.read()
          assert.ok(!done, 'the stream ended early')
          text += value
        }
        return [...text.matchAll(/^id: (.+)\ndata: (.+)\n\n/gm)].map(([, id, data = '']) => ({
          id,
          event: JSON.parse(data) as { id: string; cursor: string },
        }))
      },
      end: async () => {
        for (;;) if ((await reader.read()).done) return
      },
      cancel: () => reader.cancel(),
    }
  }

  it('a stream tells each event as it comes, and goes on behind Last-Event-ID', async () => {
    const stream = await open()
    const written = [await append()]
    await stream.events(1)
    written.push(await append())
    const told = await stream.events(2)
    assert.deepEqual(
      told.map(({ event }) => event.id),
      written,
    )
    for (const { id, event } of told) assert.equal(id, event.cursor)
    await stream.cancel()
    const again = await open({ 'Last-Event-ID': told[0]?.id ?? '' })
    assert.deepEqual(
      (await again.events(1)).map(({ event }) => event.id),
      written.slice(1),
    )
    await again.cancel()
  })

  it('a reader that takes nothing holds back its own stream and nothing else', async () => {
    const slow = await open()
    for (let i = 0; i < 20; i++)
      await replica.write(async (tables) => {
        for (let n = 0; n < 100; n++)
          await tables.events.append(newEvent(person, { detail: { reason: 'x'.repeat(500) } }))
      })
    const health = await fetch(`${origin()}/healthz`)
    assert.equal(health.status, 200)
    const told = await slow.events(2_002)
    assert.equal(new Set(told.map(({ id }) => id)).size, told.length)
    await slow.cancel()
  })

  it('the iterator of the SDK follows from its cursor, and everything ends in order when the service stops', async () => {
    const client = createSpringbarClient({
      apiUrl: origin(),
      username: 'a',
      password: 'a-password',
      applicationId: 'app-a',
      applicationSecret: 'app-a-secret',
    })
    let { nextCursor, hasMore } = await client.readEvents({ limit: 500 })
    while (hasMore) ({ nextCursor, hasMore } = await client.readEvents({ limit: 500, after: nextCursor }))
    const controller = new AbortController()
    const taken: FeedEvent[] = []
    const following = (async () => {
      for await (const event of client.events({ after: nextCursor, signal: controller.signal }))
        if (taken.push(event) === 2) return
    })()
    const written = [await append(), await append()]
    await following
    assert.deepEqual(
      taken.map(({ id }) => id),
      written,
    )
    const waiting = client.readEvents({ after: taken[1]?.cursor ?? '', waitSeconds: 30 })
    const stream = await open({ 'Last-Event-ID': taken[1]?.cursor ?? '' })
    // What is still open after the time for that is cut, and would fail here.
    await Promise.all([service.stop(), stream.end()])
    assert.deepEqual((await waiting).events, [])
  })
})
