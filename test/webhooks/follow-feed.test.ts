// Goal: who follows the feed gets every committed event, once and in one order, whichever replica they ask and whatever is
// restarted; whoever waits is woken. Method: two replicas on one database; the test decides when a wait is over; random
// commits, undone ones, reads and restarts from a fixed seed.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import type { ApplicationId } from '../../src/model/ids.ts'
import { createFeed, feedLimits } from '../../src/webhooks/index.ts'
import { NOW, newApplication, newEndUser, newEvent } from '../storage/rows.ts'
import { type Engine, isError, type Place, postgres, sqlite } from '../storage/support.ts'
import { openDelivery } from './delivery.ts'
import '../support/fixed-seed.ts'

type Replica = Awaited<ReturnType<typeof openDelivery>>

const WISH = { after: null, limit: 100, timestampType: 'unix', types: null } as const
/** A wait that ends never: what ends then was woken. */
const forever = () => new Promise<void>(() => undefined)

for (const engine of [sqlite, postgres] as readonly Engine[])
  describe(`following the feed (${engine.name})`, () => {
    let place: Place
    let replicas: readonly [Replica, Replica]
    before(async () => {
      place = await engine.createPlace()
      replicas = [await openDelivery(place.url, () => NOW), await openDelivery(place.url, () => NOW)]
    })
    after(async () => {
      for (const { storage } of replicas) await storage.close()
      await place.drop()
    })

    const append = async ({ storage }: Replica, applicationId: ApplicationId, count = 1) => {
      const events = Array.from({ length: count }, () => newEvent(newEndUser(applicationId)))
      await storage.write(async (tables) => {
        for (const event of events) await tables.events.append(event)
      })
      return events.map(({ id }) => id)
    }
    const feedOf = (
      replica: Replica,
      wait: (ms: number) => Promise<void> = forever,
      isReady: () => boolean = () => true,
      now: () => number = () => NOW,
    ) => createFeed({ ...replica, wait, now }, isReady)
    const idsOf = ({ data }: { readonly data: readonly { readonly id: string }[] }) =>
      data.map(({ id }) => id)

    it('a commit of this process wakes whoever waits', async () => {
      const application = newApplication()
      const follower = await feedOf(replicas[0]).follow(application, WISH)
      const waiting = follower.next(1_000)
      const written = await append(replicas[0], application, 2)
      assert.deepEqual(idsOf(await waiting), written)
      const again = follower.next(1_000)
      const [other] = await append(replicas[0], newApplication())
      const [third] = await append(replicas[0], application)
      assert.deepEqual(idsOf(await again), [third])
      assert.notEqual(other, third)
      follower.close()
    })

    it('a commit of another replica is found at the next look', async () => {
      const application = newApplication()
      const waits: number[] = []
      let look = Promise.withResolvers<void>()
      let asleep = Promise.withResolvers<void>()
      const follower = await feedOf(replicas[0], (ms) => {
        waits.push(ms)
        asleep.resolve()
        return look.promise
      }).follow(application, WISH)
      const waiting = follower.next(1_000)
      await asleep.promise
      asleep = Promise.withResolvers<void>()
      const first = look
      look = Promise.withResolvers<void>()
      first.resolve()
      await asleep.promise
      const written = await append(replicas[1], application)
      look.resolve()
      assert.deepEqual(idsOf(await waiting), written)
      assert.deepEqual(waits, [feedLimits.readAgainMs, feedLimits.readAgainMs])
      follower.close()
    })

    it('an empty page is the answer when the time is over, when the service stops, and when it is closed', async () => {
      const application = newApplication()
      let now = NOW
      const passing = async (ms: number) => {
        now += ms
      }
      const late = await feedOf(
        replicas[0],
        passing,
        () => true,
        () => now,
      ).follow(application, WISH)
      assert.deepEqual((await late.next(1_100)).data, [])
      assert.equal(now - NOW, 1_100)
      let isReady = true
      const stopped = await feedOf(
        replicas[0],
        async () => {
          isReady = false
        },
        () => isReady,
      ).follow(application, WISH)
      assert.deepEqual((await stopped.next(60_000)).data, [])
      const closed = await feedOf(replicas[0]).follow(application, WISH)
      const waiting = closed.next(60_000)
      closed.close()
      assert.deepEqual((await waiting).data, [])
    })

    it('so many of an application may follow and no more, until one leaves; another application does not mind', async () => {
      const application = newApplication()
      const feed = feedOf(replicas[0])
      const followers = await Promise.all(
        Array.from({ length: feedLimits.followersPerApplication }, () => feed.follow(application, WISH)),
      )
      await assert.rejects(feed.follow(application, WISH), isError('rate_limited'))
      ;(await feed.follow(newApplication(), WISH)).close()
      followers[0]?.close()
      followers[0]?.close()
      const next = await feed.follow(application, WISH)
      await assert.rejects(feed.follow(application, WISH), isError('rate_limited'))
      for (const follower of [next, ...followers]) follower.close()
    })

    it('whoever is so slow that events are forgotten before they were read hears so', async () => {
      const application = newApplication()
      await append(replicas[0], application, 3)
      const follower = await feedOf(replicas[0]).follow(application, { ...WISH, limit: 1 })
      await follower.next(0)
      const { read, write } = replicas[1].storage
      const [, second] = await read.events.list(application, 0, 2)
      await write((tables) => tables.events.forget(application, second?.sequence ?? 0))
      await assert.rejects(follower.next(0), isError('cursor_expired'))
      follower.close()
    })

    const step = fc.oneof(
      fc.record({
        kind: fc.constant('commit' as const),
        replica: fc.nat(1),
        events: fc.integer({ min: 1, max: 4 }),
        isUndone: fc.boolean(),
        isAwaited: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant('read' as const),
        reader: fc.nat(2),
        replica: fc.nat(1),
        limit: fc.integer({ min: 1, max: 5 }),
        isRestarted: fc.boolean(),
      }),
    )

    it('every reader gets every committed event once and in one order, and none that was undone', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
          const application = newApplication()
          const committed: string[] = []
          const writing: Promise<void>[] = []
          // What a reader keeps over a restart is the last cursor that it handled.
          const readers = Array.from({ length: 3 }, () => ({
            seen: [] as string[],
            cursor: null as string | null,
          }))
          const read = async (reader: number, replica: Replica, limit: number) => {
            const kept = readers[reader]
            assert.ok(kept)
            const follower = await feedOf(replica).follow(application, { ...WISH, after: kept.cursor, limit })
            const page = await follower.next(0)
            follower.close()
            kept.seen.push(...idsOf(page))
            kept.cursor = page.data.at(-1)?.cursor ?? page.nextCursor
            return page
          }
          for (const one of steps) {
            const replica = replicas[one.replica === 0 ? 0 : 1]
            if (one.kind === 'read') {
              await read(one.reader, replica, one.limit)
              continue
            }
            const events = Array.from({ length: one.events }, () => newEvent(newEndUser(application)))
            const written = replica.storage
              .write(async (tables) => {
                for (const event of events) await tables.events.append(event)
                if (one.isUndone) throw new Error('undone')
              })
              .then(
                () => void committed.push(...events.map(({ id }) => id)),
                (error: unknown) => assert.ok(one.isUndone, String(error)),
              )
            writing.push(written)
            if (one.isAwaited) await written
          }
          await Promise.all(writing)
          // What the other replica committed is seen in the next round of the event loop at the latest.
          await new Promise((resolve) => setImmediate(resolve))
          for (const [reader] of readers.entries())
            while ((await read(reader, replicas[reader === 0 ? 0 : 1], 7)).data.length > 0);
          const [first] = readers
          for (const { seen } of readers) assert.deepEqual(seen, first?.seen)
          assert.deepEqual(first?.seen.toSorted(), committed.toSorted())
        }),
        { numRuns: 30 },
      )
    })
  })
