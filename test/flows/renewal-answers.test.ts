// Goal: odd answers to a refresh, a clock that jumps and a database that is away cost no pair of tokens that could be kept.
// Method: the whole service on both databases, sandbox vendors whose answers are changed on the way, a clock of the test's
// own, and a storage that refuses to commit as often as the test wants.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runRenewals } from '../../src/broker/tokens/run-renewals.ts'
import { createVendorCircuits } from '../../src/broker/tokens/vendor-circuits.ts'
import { SpringbarError } from '../../src/errors.ts'
import { limits } from '../../src/limits.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { onBothDatabases } from '../support/databases.ts'
import { connected, HOUR, isLive, refreshesOf } from '../support/renewable.ts'

onBothDatabases('answers that are odd', (opened) => {
  test('no refresh token: the old one is kept, and works the next time', async () => {
    const world = opened()
    const one = await connected(world, 'stable')
    for (let hour = 0; hour < 3; hour++) {
      one.wait()
      assert.ok(isLive(world, await one.token()))
    }
  })

  test('fewer scopes: they are what is granted, what is missing is known, and an event says so', async () => {
    const world = opened()
    const one = await connected(world, 'stable')
    const { grantedScopes, missingScopes } = await one.state()
    assert.ok(grantedScopes.length > 1)
    assert.deepEqual(missingScopes, [])
    const [left, ...gone] = grantedScopes
    one.wait()
    one.fail({ kind: 'fields', set: { scope: left ?? '' } })
    await one.token()
    const after = await one.state()
    assert.deepEqual(after.grantedScopes, [left])
    assert.deepEqual(after.missingScopes.toSorted(), gone.toSorted())
    const told = (await one.events()).filter(({ type }) => type === 'connection.scopes_changed')
    assert.deepEqual(
      told.map(({ detail }) => detail),
      [{ grantedScopes: [left], missingScopes: after.missingScopes }],
    )
    one.wait()
    await one.token()
    assert.equal(
      (await one.events()).filter(({ type }) => type === 'connection.scopes_changed').length,
      2,
      'all of them again is a change too',
    )
  })

  test('the same scopes in another order, or none named: nothing has changed', async () => {
    const world = opened()
    const one = await connected(world, 'stable')
    const { grantedScopes } = await one.state()
    for (const scope of [grantedScopes.toReversed().join(' '), '']) {
      one.wait()
      one.fail({ kind: 'fields', set: { scope } })
      await one.token()
    }
    assert.deepEqual((await one.state()).grantedScopes, grantedScopes)
    assert.ok(!(await one.typesOfEvents()).includes('connection.scopes_changed'))
  })

  for (const expiresIn of [0, -1, 'soon', null])
    test(`a life of ${expiresIn}: the new pair is kept all the same`, async () => {
      const world = opened()
      const one = await connected(world, 'strict')
      one.wait()
      one.fail({ kind: 'fields', set: { expires_in: expiresIn } })
      assert.ok(isLive(world, await one.token()))
      const before = refreshesOf(world)
      await one.token()
      assert.equal(refreshesOf(world), before, 'no second refresh at once')
      world.advance(limits.renewedLifetimeUnsaidSeconds * 1_000)
      assert.ok(isLive(world, await one.token()))
    })

  test('a life shorter than what a call needs: one refresh for each read, not more', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    one.wait()
    one.fail({ kind: 'fields', set: { expires_in: 30 } }, false, 2)
    const before = refreshesOf(world)
    await one.token()
    assert.equal(refreshesOf(world), before + 1)
  })

  test('no refresh token ever: the connection ends with its access token, with nobody reading too', async () => {
    const world = opened()
    world.sandbox.control.setSwitches('google-health', { refreshTokenAgain: 'first-consent-only' })
    world.sandbox.control.addFault({
      vendor: 'google-health',
      operation: 'token',
      times: 2,
      fault: { kind: 'fields', remove: ['refresh_token'] },
    })
    const one = await connected(world, 'stable')
    const other = await connected(world, 'stable')
    world.sandbox.control.backToNormal('google-health')
    const before = refreshesOf(world)
    world.advance(HOUR - 1_000)
    assert.ok(isLive(world, await one.token()), 'in its last minute too: there is none other')
    world.advance(1_000)
    assert.deepEqual(await one.problem(), [409, 'needs_reauth', 'access_token_expired'])
    assert.equal(refreshesOf(world), before)
    await runRenewals(world.context, createVendorCircuits(world.context))
    const { status, reauthReason } = await other.state()
    assert.deepEqual([status, reauthReason], ['needs_reauth', 'access_token_expired'])
  })
})

onBothDatabases('a clock that jumps [T130]', (opened) => {
  test('an hour forward: each is renewed once, none is lost', async () => {
    const world = opened()
    const all = await Promise.all(Array.from({ length: 8 }, () => connected(world, 'strict')))
    world.advance(7.2 * HOUR)
    const before = refreshesOf(world)
    world.advance(HOUR)
    const circuits = createVendorCircuits(world.context)
    for (let round = 0; round < 3; round++) await runRenewals(world.context, circuits)
    assert.equal(refreshesOf(world), before + all.length)
    world.advance(-HOUR)
    for (const one of all) assert.ok(isLive(world, await one.token()))
    assert.equal(refreshesOf(world), before + all.length)
  })

  test('an hour back in the middle of a turn: nobody takes it a second time', async () => {
    const world = opened()
    const one = await connected(world, 'strict')
    one.wait()
    world.network.beforeAnswerOf(one.host, async () => {
      world.advance(-HOUR)
      const before = refreshesOf(world)
      await runRenewals(world.context, createVendorCircuits(world.context))
      assert.equal(refreshesOf(world), before)
      world.advance(HOUR)
    })
    assert.ok(isLive(world, await one.token()))
  })
})

/** A database that refuses to commit as often as a test wants. */
const failing = { times: 0 }
const withFailures = (storage: Storage): Storage => ({
  ...storage,
  write: async (unit) => {
    if (failing.times === 0) return storage.write(unit)
    failing.times--
    throw new SpringbarError('storage_unavailable', 'The database is away.')
  },
})

onBothDatabases(
  'a database that is away between the answer and the commit',
  (opened) => {
    test('is asked again until it stores the pair', async () => {
      const world = opened()
      const one = await connected(world, 'strict')
      one.wait()
      world.network.beforeAnswerOf(one.host, async () => {
        failing.times = 20
      })
      const token = await one.token()
      assert.equal(failing.times, 0)
      assert.ok(isLive(world, token))
      assert.equal(await one.token(), token)
    })

    test('costs the pair when it stays away, and that is told as what it is', async () => {
      const world = opened()
      const one = await connected(world, 'strict')
      one.wait()
      world.network.beforeAnswerOf(one.host, async () => {
        failing.times = Number.POSITIVE_INFINITY
      })
      assert.equal((await one.read()).status, 503)
      failing.times = 0
      world.advance(limits.renewalLeaseMs)
      assert.deepEqual(await one.problem(), [409, 'needs_reauth', 'renewal_interrupted'])
    })
  },
  { wrapStorage: withFailures },
)
