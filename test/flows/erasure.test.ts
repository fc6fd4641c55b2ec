// Deleting an end user: queued first, carried out on its date. Until then reading works and nothing new begins; after
// it no row names the person but the two notices that the application needs, and every grant is ended.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { listAudit } from '../../src/broker/audit/list-audit.ts'
import { asEndUserId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import { type Backend, backendOf, link, newPerson } from '../support/person.ts'
import { query, storedAmong, tablesWith } from '../support/rows.ts'
import { APP_A } from '../support/world.ts'

const DAY_MS = 24 * 60 * 60_000

onBothDatabases('deleting an end user', (world) => {
  let people = 0
  const connected = async (sources: readonly number[] = [11, 8, 1]) => {
    const backend = backendOf(world())
    const alias = `person-to-erase-${++people}`
    const endUserId = await backend.createEndUser(alias)
    const token = await backend.mint(endUserId)
    const person = newPerson(world())
    for (const source of sources)
      await person.connect(link('Connection', token, source, { redirect_uri: APP_A }))
    return { backend, alias, endUserId, token, person }
  }
  const remove = async (backend: Backend, fields: Record<string, string>) =>
    (
      await world().app.request('/v5/userInformation', {
        method: 'DELETE',
        headers: backend.headers,
        body: new URLSearchParams(fields),
      })
    ).status
  const livingGrants = (account: string) =>
    world()
      .sandbox.control.grants()
      .filter((grant) => grant.account === account && grant.ended === null)
      .map(({ vendor }) => vendor)

  it('is carried out after seven days, and reading works until then', async () => {
    const { backend, endUserId, person } = await connected()
    assert.equal(await remove(backend, { authenticationToken: endUserId }), 204)
    world().advance(7 * DAY_MS - 1000)
    await world().sweep()
    assert.deepEqual((await backend.connectedSources(endUserId)).toSorted(), [1, 11, 8])
    assert.equal(livingGrants(person.account).length, 3)
    world().advance(1000)
    await world().sweep()
    const gone = await backend.api('GET', `/users/${endUserId}`)
    assert.equal(gone.status, 403)
    assert.match(await gone.text(), /AuthenticationToken is invalid for given appID/)
    assert.deepEqual(livingGrants(person.account), [])
  })

  it('can be given a date, today at the earliest, and can be moved', async () => {
    const { backend, endUserId } = await connected([])
    const inTenDays = new Date(world().now() + 10 * DAY_MS).toISOString()
    assert.equal(await remove(backend, { authenticationToken: endUserId, deletionDate: inTenDays }), 204)
    world().advance(9 * DAY_MS)
    await world().sweep()
    assert.equal((await backend.api('GET', `/users/${endUserId}`)).status, 200)
    assert.equal(await remove(backend, { authenticationToken: endUserId, deletionDate: '2020-01-01' }), 204)
    await world().sweep()
    assert.equal((await backend.api('GET', `/users/${endUserId}`)).status, 403)
  })

  it('ends the sessions at once and refuses new ones; the alias keeps its id [T004]', async () => {
    const { backend, alias, endUserId, token, person } = await connected([])
    await remove(backend, { authenticationToken: endUserId })
    assert.equal((await person.get(link('Connection', token, 11))).status, 403)
    const minted = await world().app.request('/widget/v6/connection', {
      method: 'POST',
      headers: { ...backend.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ endUserId }),
    })
    assert.equal(minted.status, 403)
    assert.equal((await backend.api('POST', '/sessions', { endUserId })).status, 403)
    assert.equal(await backend.createEndUser(alias), endUserId)
  })

  it('leaves no row that names the person, but the notices to the application; the audit line knows them by a digest [T106, T128]', async () => {
    const { backend, alias, endUserId, token, person } = await connected()
    // Every kind of row: profile, ended connection, failed and open attempts, an idempotent answer, a second session.
    await backend.api('PATCH', `/users/${endUserId}`, { height: 171, birthdate: '1987-06-05' })
    await backend.api('POST', '/users', { partnerUserId: alias }, { 'Idempotency-Key': `key-${alias}` })
    await backend.mint(endUserId, 'de')
    await person.get(link('Revoke', token, 8, { direct: 'true' }))
    await person.connect(link('Connection', token, 8), { decision: 'cancel' })
    await person.get(link('Connection', token, 8, { redirect_uri: APP_A }))
    await world().sweep()
    const sealed = await query(
      world(),
      'select sealed_tokens from connections where end_user_id = ? and sealed_tokens is not null',
      [endUserId],
    )
    assert.equal(sealed.length, 2)

    await remove(backend, {
      authenticationToken: endUserId,
      deletionDate: new Date(world().now()).toISOString(),
    })
    await world().sweep()
    await world().sweep()

    assert.deepEqual(await tablesWith(world(), endUserId), ['events'])
    const known = { applicationId: null, endUserId: asEndUserId(endUserId), since: null, limit: 9 }
    assert.deepEqual(
      (await listAudit(world().context, known)).map(({ action }) => action),
      ['end-user.queue-deletion', 'end-user.erase'],
    )
    const events = await query(world(), 'select type from events where end_user_id = ? order by sequence', [
      endUserId,
    ])
    assert.deepEqual(
      events.map(({ type }) => type),
      ['notification.source.disconnect', 'notification.source.disconnect', 'user.deleted'],
    )
    assert.deepEqual(await tablesWith(world(), alias), ['events'])
    for (const trace of [
      '1987-06-05',
      token.slice(0, 16),
      ...sealed.map((row) => String(row['sealed_tokens'])),
    ])
      assert.deepEqual(await tablesWith(world(), trace), [], trace)
    assert.deepEqual(livingGrants(person.account), [])
    const number = person.account.replace('person-', '')
    assert.deepEqual(
      await tablesWith(world(), `"${70_000_000 + Number(number)}"`),
      [],
      'the account at the vendors',
    )
  })

  it('leaves nothing of it in the file either, once the log is written back [T106]', async () => {
    const { backend, endUserId, token } = await connected([11])
    await backend.api('PATCH', `/users/${endUserId}`, { birthdate: '1953-02-01' })
    const [row] = await query(world(), 'select sealed_tokens from connections where end_user_id = ?', [
      endUserId,
    ])
    await remove(backend, {
      authenticationToken: endUserId,
      deletionDate: new Date(world().now()).toISOString(),
    })
    await world().sweep()
    await world().sweep()
    await world().restart()
    const traces = ['1953-02-01', token.slice(0, 16), String(row?.['sealed_tokens'])]
    assert.deepEqual(await storedAmong(world(), traces), [])
  })

  it('leaves a receipt: who asked and when, how much was erased, how each grant ended', async () => {
    const { backend, endUserId, token, person, alias } = await connected([11, 8])
    const receipt = async () => {
      const answer = await backend.api('GET', `/users/${endUserId}/deletion`)
      return { status: answer.status, text: await answer.clone().text(), body: await answer.json() }
    }
    assert.equal((await receipt()).status, 404)
    world().network.setReachable(false)
    await person.get(link('Revoke', token, 8, { direct: 'true' }))
    const requestedAt = new Date(world().now()).toISOString()
    await remove(backend, { authenticationToken: endUserId })
    assert.deepEqual((await receipt()).body, {
      requestedBy: 'application',
      requestedAt,
      deleteAt: new Date(world().now() + 7 * DAY_MS).toISOString(),
      erasedAt: null,
      erased: null,
      revocations: [],
    })
    world().advance(DAY_MS)
    const now = new Date(world().now()).toISOString()
    await remove(backend, { authenticationToken: endUserId, deletionDate: now })
    await world().sweep()
    const pending = (await receipt()).body
    assert.deepEqual([pending.requestedAt, pending.deleteAt, pending.erasedAt], [requestedAt, now, now])
    assert.deepEqual(
      pending.revocations.map(({ status }: { status: string }) => status),
      ['pending', 'pending'],
      'of the connection that ended before as well',
    )
    assert.equal(pending.erased.connections, 2)
    assert.ok(pending.erased.sessions >= 1 && pending.erased.attempts >= 3 && pending.erased.events >= 3)
    world().network.setReachable(true)
    world().advance(60 * 60_000)
    await world().sweep()
    const { body, text } = await receipt()
    assert.deepEqual(
      body.revocations.map((one: { dataSource: number; status: string }) => [one.dataSource, one.status]),
      [
        [8, 'revoked'],
        [11, 'revoked'],
      ],
    )
    for (const trace of [endUserId, alias, token, person.account]) assert.ok(!text.includes(trace))
    assert.equal((await backendOf(world(), 'app-b').api('GET', `/users/${endUserId}/deletion`)).status, 404)
  })

  it('frees the alias: the next one with it is somebody new, without a source', async () => {
    const { backend, alias, endUserId } = await connected([11])
    await remove(backend, {
      authenticationToken: endUserId,
      deletionDate: new Date(world().now()).toISOString(),
    })
    await world().sweep()
    const next = await backend.createEndUser(alias)
    assert.notEqual(next, endUserId)
    assert.deepEqual(await backend.connectedSources(next), [])
  })

  it('while a vendor is down erases here at once, and ends the grant when the vendor is back', async () => {
    const { backend, endUserId, person } = await connected([11])
    world().network.setReachable(false)
    await remove(backend, {
      authenticationToken: endUserId,
      deletionDate: new Date(world().now()).toISOString(),
    })
    await world().sweep()
    assert.equal((await backend.api('GET', `/users/${endUserId}`)).status, 403)
    assert.deepEqual(livingGrants(person.account), ['strava'])
    world().network.setReachable(true)
    world().advance(60_000)
    await world().sweep()
    assert.deepEqual(livingGrants(person.account), [])
  })

  it('by several workers at once erases and announces once', async () => {
    const { backend, endUserId } = await connected([11])
    await remove(backend, {
      authenticationToken: endUserId,
      deletionDate: new Date(world().now()).toISOString(),
    })
    await Promise.all([world().sweep(), world().sweep(), world().sweep()])
    const events = await query(
      world(),
      `select id from events where end_user_id = ? and type = 'user.deleted'`,
      [endUserId],
    )
    assert.equal(events.length, 1)
  })

  it('of another application, or of nobody, is refused and deletes nothing [T019]', async () => {
    const { endUserId } = await connected([11])
    for (const application of ['app-a-staging', 'app-b'])
      assert.equal(await remove(backendOf(world(), application), { authenticationToken: endUserId }), 403)
    assert.equal(await remove(backendOf(world()), { authenticationToken: '0'.repeat(32) }), 403)
    assert.equal(await remove(backendOf(world()), { authenticationToken: 'x' }), 403)
    assert.equal(await remove(backendOf(world()), {}), 400)
    for (const deletionDate of ['soon', '2026-13-01', '0', '9999-01-01', '2026-11-22T10:00'])
      assert.equal(await remove(backendOf(world()), { authenticationToken: endUserId, deletionDate }), 400)
    world().advance(366 * DAY_MS)
    await world().sweep()
    assert.deepEqual(await backendOf(world()).connectedSources(endUserId), [11])
  })
})
