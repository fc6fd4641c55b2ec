// Goal: while a vendor is down people hear it at once and do not wait for it, and other vendors do not notice [T132].
// Method: the sandbox vendor's token endpoint breaks; the clock is the test's own.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { APP_A, SANDBOX } from '../support/world.ts'

const STRAVA = 11
const WITHINGS = 8

onBothDatabases('a vendor that is down', (world) => {
  const newStart = async (source = STRAVA) => {
    const { token } = await backendOf(world()).newSession()
    return {
      person: newPerson(world()),
      start: link('Connection', token, source, { redirect_uri: APP_A }),
      token,
    }
  }
  const isSent = async (source = STRAVA) => {
    const { person, start } = await newStart(source)
    return locationOf(await person.get(start)).origin === SANDBOX
  }
  /** Somebody comes back from the vendor, whose token endpoint is broken. */
  const fail = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const { person, start } = await newStart()
      const callback = await person.consent(start)
      world().sandbox.control.addFault({
        vendor: 'strava',
        operation: 'token',
        fault: { kind: 'status', status: 503 },
      })
      assert.equal((await toldAfter(person, await person.get(callback))).error, 'vendor_unavailable')
      world().sandbox.control.clearFaults()
    }
  }
  const connects = async () => {
    const { person, start } = await newStart()
    return (await toldAfter(person, await person.connect(start))).connected === 'true'
  }

  it('is asked by nobody after five failures in thirty seconds, but by one in each further thirty', async () => {
    await fail(4)
    world().advance(30_000)
    await fail(1)
    assert.equal(await isSent(), true, 'five in more than thirty seconds are not enough')
    await fail(4)

    const { person, start, token } = await newStart()
    const calls = world().sandbox.control.calls({}).length
    const told = await toldAfter(person, await person.get(start))
    assert.deepEqual([told.connected, told.error], ['false', 'vendor_unavailable'])
    const page = await person.get(link('Connection', token, STRAVA))
    assert.equal(page.status, 503)
    assert.match(await page.text(), /try again/i)
    assert.equal(world().sandbox.control.calls({}).length, calls, 'the vendor is not asked')
    assert.equal(await isSent(WITHINGS), true, 'another vendor is')

    world().advance(30_000)
    assert.deepEqual([await isSent(), await isSent()], [true, false])
    world().advance(30_000)
    await fail(1)
    assert.equal(await isSent(), false, 'the one who tried it failed')
    world().advance(30_000)
    assert.equal(await connects(), true)
    assert.deepEqual([await isSent(), await isSent()], [true, true])
  })
})
