// Goal: whatever goes wrong between a vendor's answer and the commit, a token that can be saved is saved, and what is said
// of one that cannot is true. Method: the whole service on both databases; vendors that rotate lose answers, and what
// happens meanwhile happens after the vendor has answered and before the service hears it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renewTokens } from '../../src/broker/tokens/renew-tokens.ts'
import { runRenewals } from '../../src/broker/tokens/run-renewals.ts'
import { createVendorCircuits } from '../../src/broker/tokens/vendor-circuits.ts'
import { limits } from '../../src/limits.ts'
import { asApplicationId, asConnectionId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import { connected, HOUR, isLive, refreshesOf } from '../support/renewable.ts'

onBothDatabases('an answer that is lost after the vendor rotated', (opened) => {
  test('costs nothing where the old refresh token still works', async () => {
    const world = opened()
    const one = await connected(world, 'overlapping')
    one.wait()
    one.fail({ kind: 'truncatedJson' }, true)
    assert.deepEqual(await one.problem(), [503, 'vendor_unavailable', 'not_json 200'])
    assert.equal((await one.renewal())?.isOpen, true)
    assert.ok(isLive(world, await one.token()))
    assert.equal((await one.renewal())?.isOpen, false)
  })

  test('is told as what it is where it does not, also after other failures in between', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    one.wait()
    one.fail({ kind: 'status', status: 502 }, true)
    one.fail({ kind: 'status', status: 429 })
    assert.deepEqual(await one.problem(), [503, 'vendor_unavailable', 'http_status 502'])
    assert.deepEqual(await one.problem(), [503, 'vendor_unavailable', 'http_status 429'])
    world.network.setReachable(false)
    assert.deepEqual(await one.problem(), [503, 'vendor_unavailable', 'connection_refused'])
    world.network.setReachable(true)
    assert.deepEqual(await one.problem(), [409, 'needs_reauth', 'renewal_interrupted'])
    assert.deepEqual(await one.problem(), [409, 'needs_reauth', 'renewal_interrupted'])
  })

  test('is not suspected when nothing had been sent, or the vendor had refused', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    one.wait()
    world.network.setReachable(false)
    assert.deepEqual(await one.problem(), [503, 'vendor_unavailable', 'connection_refused'])
    world.network.setReachable(true)
    one.fail({ kind: 'status', status: 429 })
    assert.deepEqual(await one.problem(), [503, 'vendor_unavailable', 'http_status 429'])
    one.removeAtVendor()
    assert.deepEqual(await one.problem(), [409, 'needs_reauth', 'refused'])
  })
})

onBothDatabases('while a refresh is under way', (opened) => {
  test('a disconnect wins, and the tokens of the late answer are ended at the vendor [T085]', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    one.wait()
    world.network.beforeAnswerOf(one.host, async () => {
      assert.equal((await one.backend.api('DELETE', `/connections/${one.id}`)).status, 204)
    })
    assert.deepEqual(await one.problem(), [409, 'connection_ended', undefined])
    assert.ok(one.living().length > 0, 'the vendor had given a new pair')
    await world.sweep()
    assert.deepEqual(one.living(), [])
    assert.deepEqual((await one.typesOfEvents()).slice(0, 2), [
      'notification.source.connect',
      'notification.source.disconnect',
    ])
    assert.equal((await one.state()).status, 'disconnected')
  })

  test('an erasure wins, and the tokens of the late answer are ended at the vendor', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    one.wait()
    world.network.beforeAnswerOf(one.host, async () => {
      await one.erase()
      await world.sweep()
    })
    assert.deepEqual(await one.problem(), [404, 'not_found', undefined])
    await world.sweep()
    assert.deepEqual(one.living(), [])
  })

  test('connecting again wins: the new grant is what is stored', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    one.wait()
    world.network.beforeAnswerOf(one.host, () => one.connectAgain())
    const token = await one.token()
    const { status } = await one.state()
    assert.deepEqual([status, isLive(world, token)], ['active', true])
    world.advance(8 * HOUR)
    assert.ok(isLive(world, await one.token()), 'its refresh token is the new one')
  })

  test('a turn that was lost meanwhile writes nothing over what the next one stored', async () => {
    const world = opened()
    const one = await connected(world, 'overlapping')
    one.wait()
    let ofTheNext = ''
    world.network.beforeAnswerOf(one.host, async () => {
      world.advance(limits.renewalLeaseMs)
      ofTheNext = await one.token()
    })
    assert.equal(await one.token(), ofTheNext)
    assert.ok(isLive(world, ofTheNext))
  })

  test('a refusal is not believed by who lost the turn', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    one.wait()
    one.fail({ kind: 'refusal', refusal: 'refresh_token.ended' })
    world.network.beforeAnswerOf(one.host, async () => {
      world.advance(limits.renewalLeaseMs)
      await world.context.storage.write((tables) =>
        tables.renewals.take(
          asApplicationId('app-a-legacy'),
          asConnectionId(one.id),
          'other',
          world.now(),
          world.now() + 5_000,
        ),
      )
    })
    assert.deepEqual(await one.problem(), [503, 'vendor_unavailable', 'renewal_in_progress'])
    // The other one never comes back; its turn ends, and the vendor is asked again.
    world.advance(5_000)
    assert.ok(isLive(world, await one.token()))
    assert.ok(!(await one.typesOfEvents()).includes('connection.needs_reauth'))
  })

  test('a late answer repairs what was believed dead, and the vendor is asked at once whether that is so', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    one.wait()
    world.network.beforeAnswerOf(one.host, async () => {
      world.advance(limits.renewalLeaseMs)
      assert.deepEqual(await one.problem(), [409, 'needs_reauth', 'renewal_interrupted'])
    })
    assert.ok(isLive(world, await one.token()))
    assert.deepEqual((await one.typesOfEvents()).slice(-2), [
      'connection.needs_reauth',
      'connection.repaired',
    ])
    assert.equal((await one.renewal())?.dueAt, world.now())
    await runRenewals(world.context, createVendorCircuits(world.context))
    assert.deepEqual([(await one.state()).status, (await one.renewal())?.tries], ['active', 0])
  })

  test('a process that stood still between the note and the request sends nothing', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    one.wait()
    const before = refreshesOf(world)
    const application = world.context.applications.get(asApplicationId('app-a-legacy'))
    assert.ok(application)
    const slow = {
      ...world.context,
      storage: {
        ...world.context.storage,
        write: async <T>(unit: Parameters<typeof world.context.storage.write<T>>[0]) => {
          const result = await world.context.storage.write(unit)
          if ((await one.renewal())?.isOpen)
            world.advance(limits.renewalLeaseMs - limits.renewalSendWithinMs + 1)
          return result
        },
      },
    }
    const turn = await world.context.storage.write((tables) =>
      tables.renewals.take(application.id, asConnectionId(one.id), 'slow', world.now(), world.now() + 5_000),
    )
    assert.ok(turn)
    assert.deepEqual(await renewTokens(slow, turn), { kind: 'not-needed' })
    assert.equal(refreshesOf(world), before)
    assert.equal((await one.renewal())?.isOpen, false)
    assert.ok(isLive(world, await one.token()))
  })
})
