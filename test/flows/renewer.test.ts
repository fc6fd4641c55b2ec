// Goal: the background renews many at once without one vendor holding up another, gives back what it has not begun, and
// counts what came of it; what a vendor publishes is kept to. Method: the whole service on both databases, a renewer made
// by hand.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceMap } from '../../src/broker/context.ts'
import { scheduleRenewal } from '../../src/broker/tokens/renewal-schedule.ts'
import { createRenewer } from '../../src/broker/tokens/run-renewals.ts'
import { createVendorCircuits } from '../../src/broker/tokens/vendor-circuits.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { limits } from '../../src/limits.ts'
import { secret } from '../../src/model/secret.ts'
import { type Authorization, isOAuth2 } from '../../src/model/source.ts'
import { onBothDatabases } from '../support/databases.ts'
import { connected, HOUR, isLive, refreshesOf } from '../support/renewable.ts'

const COUNT = limits.renewalConcurrency + 5
/** The sources, where one authorization says something else. */
function changed(sources: SourceMap, vendor: string, change: Partial<Authorization>): SourceMap {
  const all = [...sources.values()].map((source) =>
    source.kind !== 'oauth2'
      ? source
      : {
          ...source,
          authorizations: source.authorizations.map((one) =>
            one.vendor === vendor && isOAuth2(one) ? { ...one, ...change } : one,
          ),
        },
  )
  return new Map(all.map((source) => [source.id, source]))
}

/** Of a vendor, as it might publish it. */
const rateLimits = [{ per: 'client', requests: 20, windowSeconds: 60 }] as const

const nextRound = () => new Promise((resolve) => setImmediate(resolve))

onBothDatabases('the renewer', (opened) => {
  test('a vendor that does not answer holds up nobody, and at the end its turns are given back [T134]', async () => {
    const world = opened()
    const slow = await Promise.all(Array.from({ length: COUNT }, () => connected(world, 'strict')))
    const quick = await connected(world, 'overlapping')
    const old = await quick.token()
    world.advance(7.9 * HOUR)
    const held = Promise.withResolvers<void>()
    let asked = 0
    const metrics = createMetrics({ withProcess: false })
    const context = {
      ...world.context,
      noteRenewal: metrics.countRenewal,
      fetch: async (...[url, request]: Parameters<typeof world.context.fetch>) => {
        if (request.vendor === 'fitbit') {
          asked++
          await held.promise
        }
        return world.context.fetch(url, request)
      },
    }
    const renewer = createRenewer(context, createVendorCircuits(context))
    await renewer.look()
    while (asked < limits.renewalConcurrency || (await quick.renewal())?.leaseOwner !== null)
      await nextRound()
    assert.notEqual(await quick.token(), old)
    const leases = async () => {
      const renewals = await Promise.all(slow.map(({ renewal }) => renewal()))
      return renewals.filter((one) => one?.leaseOwner !== null).length
    }
    assert.equal(await leases(), COUNT)
    const stopped = renewer.stop()
    while ((await leases()) > limits.renewalConcurrency) await nextRound()
    held.resolve()
    await stopped
    assert.equal(await leases(), 0)
    assert.equal(asked, limits.renewalConcurrency, 'nothing more was begun')
    await renewer.look()
    assert.equal(asked, limits.renewalConcurrency)
    for (const one of slow) assert.ok(isLive(world, await one.token()))
    const exposed = await metrics.expose()
    assert.match(exposed, /springbar_renewals_total{vendor="fitbit",outcome="renewed"} 10\b/)
    assert.match(exposed, /springbar_renewals_total{vendor="withings",outcome="renewed"} 1\b/)
  })

  test('a vendor that wants its tokens renewed earlier gets that from the first renewal on', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    const { storage } = world.context
    const before = await one.renewal()
    assert.ok(before)
    const connection = await storage.read.connections.find(before.applicationId, before.connectionId)
    assert.ok(connection?.accessExpiresAt)
    const aheadOf = async (sources: SourceMap) => {
      const context = { ...world.context, sources }
      await storage.write((tables) =>
        scheduleRenewal(context, tables, connection, { refreshToken: secret('x') }),
      )
      return (connection.accessExpiresAt ?? 0) - ((await one.renewal())?.dueAt ?? 0)
    }
    assert.ok((await aheadOf(world.context.sources)) <= HOUR)
    const refresh = {
      mode: 'rotating',
      lifetimeSeconds: null,
      lifetimePath: null,
      earlySeconds: 7_200,
    } as const
    assert.ok((await aheadOf(changed(world.context.sources, 'fitbit', { refresh }))) >= 1.6 * HOUR)
  })

  test('which vendors rest is told to operators', async () => {
    const world = opened()
    const circuits = createVendorCircuits(world.context)
    const metrics = createMetrics({ withProcess: false })
    metrics.watchCircuits(circuits.resting)
    for (let i = 0; i < limits.circuitOutages; i++) circuits.noteOutage('acme', 0)
    assert.match(await metrics.expose(), /springbar_vendor_resting{vendor="acme"} 1\b/)
    circuits.noteAnswer('acme')
    assert.doesNotMatch(await metrics.expose(), /acme/)
  })
})

onBothDatabases('the renewer, and what a vendor publishes', (opened) => {
  test('the vendor’s published limit is kept to by half, nobody loses a connection, and other vendors go on', async () => {
    const world = opened()
    const many = await Promise.all(Array.from({ length: 25 }, () => connected(world, 'strict')))
    const other = await connected(world, 'overlapping')
    const old = await other.token()
    world.advance(7.9 * HOUR)
    const sent: number[] = []
    const context = {
      ...world.context,
      sources: changed(world.context.sources, 'fitbit', { rateLimits }),
      fetch: (...[url, request]: Parameters<typeof world.context.fetch>) => {
        if (request.vendor === 'fitbit') sent.push(world.now())
        return world.context.fetch(url, request)
      },
    }
    const renewer = createRenewer(context, createVendorCircuits(context))
    await renewer.look()
    await renewer.idle()
    assert.equal(sent.length, 1)
    assert.notEqual(await other.token(), old)
    while (sent.length < many.length && world.now() < (sent[0] ?? 0) + HOUR / 6) {
      world.advance(1_000)
      await renewer.look()
      await renewer.idle()
    }
    assert.equal(sent.length, many.length)
    const within = sent.map((from) => sent.filter((at) => at >= from && at <= from + 60_000).length)
    assert.ok(Math.max(...within) <= 10, `${Math.max(...within)} in a minute`)
    assert.ok((sent.at(-1) ?? 0) - (sent[0] ?? 0) <= 180_000)
    for (const one of many) assert.equal((await one.state()).status, 'active')
    await world.context.storage.write(async (tables) => {
      for (const one of [...many, other]) {
        const renewal = await one.renewal()
        if (renewal !== null) await tables.renewals.remove(renewal.applicationId, renewal.connectionId)
      }
    })
  })

  test('a client that the vendor calls too busy is left alone for as long as it says', async () => {
    const world = opened()
    const [one, two] = [await connected(world, 'strict'), await connected(world, 'strict')]
    one.fail({ kind: 'status', status: 429, retryAfterSeconds: 600 })
    world.advance(7.9 * HOUR)
    const before = refreshesOf(world)
    const context = {
      ...world.context,
      sources: changed(world.context.sources, 'fitbit', { rateLimits }),
    }
    const circuits = createVendorCircuits(context)
    const renewer = createRenewer(context, circuits)
    for (let i = 0; i < 59; i++) {
      await renewer.look()
      await renewer.idle()
      world.advance(10_000)
    }
    assert.equal(refreshesOf(world), before + 1)
    assert.deepEqual(circuits.resting(), [])
    for (let i = 0; i < 12; i++) {
      world.advance(10_000)
      await renewer.look()
      await renewer.idle()
    }
    assert.equal(refreshesOf(world), before + 3)
    for (const each of [one, two]) assert.ok(isLive(world, await each.token()))
  })
})
