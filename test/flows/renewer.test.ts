// Goal: the background renews many at once without one vendor holding up another, gives back what it has not begun, and
// counts what came of it. Method: the whole service on both databases, a renewer made by hand.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRenewer } from '../../src/broker/run-renewals.ts'
import { createVendorCircuits } from '../../src/broker/vendor-circuits.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { connected, HOUR, isLive } from '../support/renewable.ts'

const COUNT = limits.renewalConcurrency + 5
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
