// A paired phone reports with a token of its own, which opens nothing else; an end of the connection, by whomever, reaches
// it with its next report.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { link, locationOf } from '../support/person.ts'
import { codeIn, HEALTH_CONNECT, PERMISSIONS, PHONE_APP, phonesIn } from '../support/phones.ts'
import { query } from '../support/rows.ts'
import { SERVICE } from '../support/world.ts'

onBothDatabases('a paired phone', (world) => {
  const { paired, pairedOf, redeem, report, typesOf } = phonesIn(world)

  it('a phone reports other permissions, and the application hears of it once', async () => {
    const { backend, deviceToken, connection, endUserId } = await paired()
    const permissions = { granted: ['READ_STEPS'], missing: ['READ_SLEEP', 'READ_HEART_RATE'] }
    for (let i = 0; i < 2; i++)
      assert.equal((await report(deviceToken, { status: 'connected', permissions })).status, 200)
    const seen = await (await backend.api('GET', `/connections/${connection.id}`)).json()
    assert.partialDeepStrictEqual(seen, {
      grantedScopes: permissions.granted,
      missingScopes: permissions.missing,
      status: 'active',
    })
    assert.deepEqual(await typesOf(endUserId), ['notification.source.connect', 'connection.scopes_changed'])
  })

  it('a phone that reports disconnected ends the connection, once, and may say so again', async () => {
    const { backend, deviceToken, connection, endUserId } = await paired()
    for (let i = 0; i < 3; i++) {
      const answer = await report(deviceToken, { status: 'disconnected' })
      assert.equal(answer.status, 200)
      assert.partialDeepStrictEqual(await answer.json(), { status: 'disconnected' })
    }
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    assert.deepEqual(await typesOf(endUserId), [
      'notification.source.connect',
      'notification.source.disconnect',
    ])
    const seen = await (await backend.api('GET', `/connections/${connection.id}`)).json()
    assert.partialDeepStrictEqual(seen, { status: 'disconnected', disconnectedBy: 'person' })
    await world().sweep()
    assert.deepEqual((await typesOf(endUserId)).length, 2, 'there is nothing to revoke at a vendor')
  })

  it('a disconnect by the person or the application is told to the phone with its next report', async () => {
    const byPerson = await paired()
    await byPerson.person.get(link('Revoke', byPerson.token, HEALTH_CONNECT, { direct: 'true' }))
    const byApplication = await paired()
    await byApplication.backend.api('DELETE', `/connections/${byApplication.connection.id}`)
    for (const [{ deviceToken }, by] of [
      [byPerson, 'person'],
      [byApplication, 'application'],
    ] as const) {
      const refused = await report(deviceToken, { status: 'connected', permissions: PERMISSIONS })
      assert.equal(refused.status, 410)
      assert.partialDeepStrictEqual(await refused.json(), { code: 'pairing_ended', disconnectedBy: by })
      const asked = await world().app.request(`${SERVICE}/v1/device`, {
        headers: { Authorization: `Bearer ${deviceToken}` },
      })
      assert.equal(asked.status, 410)
    }
  })

  it('pairing again replaces the connection, and the former phone is told', async () => {
    const first = await paired()
    const started = await first.person.get(link('Connection', first.token, HEALTH_CONNECT))
    const html = await (await first.person.get(locationOf(started).href)).text()
    const code = codeIn(html)
    const second = await pairedOf(await redeem(code))
    assert.equal((await report(first.deviceToken, { status: 'connected' })).status, 410)
    assert.equal((await report(second.deviceToken, { status: 'connected' })).status, 200)
    assert.deepEqual(await first.backend.connectedSources(first.endUserId), [HEALTH_CONNECT])
  })

  it('a device token opens nothing but its own reports, and nothing else opens those', async () => {
    const { backend, deviceToken, token, endUserId, code, connection } = await paired()
    for (const path of [`/connections/${connection.id}`, '/data-sources', `/users/${endUserId}`]) {
      const refused = await world().app.request(`${SERVICE}/v1${path}`, {
        headers: { Authorization: `Bearer ${deviceToken}`, 'x-test-address': 'curious' },
      })
      assert.equal(refused.status, 401, path)
    }
    for (const wrong of [
      token,
      endUserId,
      code,
      connection.id,
      `sbk_${PHONE_APP}`,
      `${deviceToken}x`,
      'sbd_',
      '',
    ])
      assert.equal((await report(wrong, { status: 'disconnected' })).status, 401, wrong)
    const altered = deviceToken.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    assert.equal((await report(altered, { status: 'disconnected' })).status, 401)
    assert.deepEqual(await backend.connectedSources(endUserId), [HEALTH_CONNECT])
  })

  it('an erased person’s phone is nobody’s', async () => {
    const { backend, deviceToken, endUserId } = await paired()
    await backend.api('DELETE', `/users/${endUserId}`)
    world().advance(8 * 86_400_000)
    await world().sweep()
    assert.equal((await report(deviceToken, { status: 'connected' })).status, 401)
    const rows = await query(world(), 'select token_hash from devices where end_user_id = ?', [endUserId])
    assert.deepEqual(rows, [])
  })

  it('bad reports are refused and change nothing', async () => {
    const { deviceToken, backend, connection } = await paired()
    for (const body of [
      {},
      { status: 'gone' },
      { status: 'connected', permissions: { granted: 'all' } },
      { status: 'connected', permissions: { granted: ['a b'], missing: [] } },
      { status: 'connected', permissions: { granted: Array(301).fill('x'), missing: [] } },
      { status: 'connected', permissions: { granted: ['x'.repeat(121)], missing: [] } },
      [],
    ])
      assert.equal((await report(deviceToken, body)).status, 400, JSON.stringify(body).slice(0, 80))
    const seen = await (await backend.api('GET', `/connections/${connection.id}`)).json()
    assert.partialDeepStrictEqual(seen, { grantedScopes: PERMISSIONS.granted })
  })
})
