// Goal: whoever must explain why a connection is as it is finds every step of it, without secrets. Method: the whole
// service on both databases; a connection that is renewed, fails, ends, is repaired and disconnected.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runRenewals } from '../../src/broker/tokens/run-renewals.ts'
import { createVendorCircuits } from '../../src/broker/tokens/vendor-circuits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'

const HOUR = 3_600_000

onBothDatabases('the history of a connection', (opened) => {
  test('tells of each step in order, with its reason', async () => {
    const world = opened()
    const backend = backendOf(world)
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world)
    await person.connect(link('Connection', token, 1))
    const listed = await backend.api('GET', `/users/${endUserId}/connections`)
    const { data } = (await listed.json()) as { data: { id: string }[] }
    const id = data[0]?.id ?? ''
    const steps = async () => {
      const answer = await backend.api('GET', `/connections/${id}/history`)
      const text = await answer.text()
      assert.doesNotMatch(text, /token|secret|ya29/i)
      return (JSON.parse(text) as { data: { step: string; detail: string | null; at: string }[] }).data
    }
    assert.deepEqual(
      (await steps()).map(({ step, at }) => [step, Date.parse(at)]),
      [['connected', world.now()]],
    )

    const circuits = createVendorCircuits(world.context)
    world.advance(HOUR)
    world.network.setReachable(false)
    for (let minute = 0; minute < 5; minute++) {
      await runRenewals(world.context, circuits)
      world.advance(60_000)
    }
    world.network.setReachable(true)
    assert.equal((await backend.api('POST', `/connections/${id}/token`)).status, 200)

    for (const grant of world.sandbox.control.grants())
      if (grant.account === person.account) world.sandbox.control.revokeGrant(grant.id)
    world.advance(2 * HOUR)
    assert.equal((await backend.api('POST', `/connections/${id}/token`)).status, 409)
    await person.connect(link('Connection', await backend.mint(endUserId), 1))
    await backend.api('DELETE', `/connections/${id}`)
    world.network.setReachable(false)
    await world.sweep()
    world.network.setReachable(true)
    world.advance(HOUR)
    await world.sweep()

    assert.deepEqual(
      (await steps()).map(({ step, detail }) => [step, detail]),
      [
        ['connected', null],
        ['renewal_failed', 'connection_refused'],
        ['renewed', null],
        ['needs_reauth', 'refused'],
        ['repaired', null],
        ['disconnected', 'application'],
        ['revocation_tried', 'connection_refused'],
        ['revocation_finished', 'revoked'],
      ],
    )
    const foreign = await backendOf(world, 'app-b').api('GET', `/connections/${id}/history`)
    assert.equal(foreign.status, 404)
  })
})
