// /v1/users: end users over our own API (contract §6). The whole service on both databases.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf, link, newPerson } from '../../support/person.ts'
import { tablesWith } from '../../support/rows.ts'
import { assertProblem, jsonOf, NOBODY } from '../support.ts'

const DAY_MS = 86_400_000

onBothDatabases('end users over our own API', (world) => {
  const api = (...call: Parameters<ReturnType<typeof backendOf>['api']>) => backendOf(world()).api(...call)
  const create = async (body: unknown = {}) => jsonOf(await api('POST', '/users', body))
  const iso = (instant: number) => new Date(instant).toISOString()

  it('creating answers the whole end user; the alias is the one of the compatible API', async () => {
    const response = await api('POST', '/users', { partnerUserId: 'k7Qm2v', language: 'de' })
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'application/json')
    const { id, ...user } = await jsonOf(response)
    assert.match(String(id), /^[0-9a-f]{32}$/)
    assert.deepEqual(user, {
      partnerUserId: 'k7Qm2v',
      language: 'de',
      height: null,
      weight: null,
      birthdate: null,
      gender: null,
      createdAt: iso(world().now()),
      deleteAt: null,
    })
    assert.equal(await backendOf(world()).createEndUser('k7Qm2v'), id)
    assert.equal((await create({ partnerUserId: 'k7Qm2v' }))['id'], id, 'created once')
  })

  it('50 requests that race with one alias get one end user', async () => {
    const users = await Promise.all(Array.from({ length: 50 }, () => create({ partnerUserId: 'race-v1' })))
    assert.equal(new Set(users.map(({ id }) => id)).size, 1)
  })

  it('both ways to log in lead to the same end users', async () => {
    const { id } = await create({ partnerUserId: 'both' })
    const { headers } = backendOf(world())
    const read = await world().app.request(`/v1/users/${id}`, { headers })
    assert.equal((await jsonOf(read))['partnerUserId'], 'both')
  })

  it('changing stores the given fields and answers the end user; null forgets one', async () => {
    const { id, ...user } = await create()
    const changed = await jsonOf(
      await api('PATCH', `/users/${id}`, { height: 178, weight: 71.5, gender: 'female' }),
    )
    assert.deepEqual(changed, { id, ...user, height: 178, weight: 71.5, gender: 'female' })
    const forgotten = await jsonOf(
      await api('PATCH', `/users/${id}`, { weight: null, birthdate: '1990-02-28' }),
    )
    assert.deepEqual(forgotten, { id, ...user, height: 178, birthdate: '1990-02-28', gender: 'female' })
    assert.deepEqual(await jsonOf(await api('GET', `/users/${id}`)), forgotten)
  })

  it('what is malformed is a 400 that names the field, and changes nothing', async () => {
    const { id } = await create()
    for (const [method, path, body, sentence] of [
      ['POST', '/users', { partnerUserId: 'x'.repeat(81) }, /^partnerUserId: /],
      ['POST', '/users', { partnerUserId: '' }, /^partnerUserId: must be made of letters/],
      ['POST', '/users', { partnerUserId: 7 }, /^partnerUserId: /],
      ['POST', '/users', { partnerUserId: null }, /^partnerUserId: /],
      ['POST', '/users', { language: 'german' }, /^language: must be two letters/],
      ['POST', '/users', [], /^The body: /],
      ['PATCH', `/users/${id}`, { height: 1.5 }, /^height: must be whole centimetres, from 1 to 300\.$/],
      ['PATCH', `/users/${id}`, { height: 170, birthdate: '2001-02-30' }, /^birthdate: must be a date/],
    ] as const) {
      const { detail } = await assertProblem(await api(method, path, body), 'invalid_request', '/v1')
      assert.match(detail, sentence)
    }
    assert.equal((await jsonOf(await api('GET', `/users/${id}`)))['height'], null)
  })

  it("an id that is nobody's is a 403 on every path", async () => {
    for (const id of [NOBODY, 'x', '%00', '%20', 'F'.repeat(32)])
      for (const [method, path, body] of [
        ['GET', '', undefined],
        ['PATCH', '', {}],
        ['DELETE', '', undefined],
        ['GET', '/connections', undefined],
        ['GET', '/export', undefined],
        ['DELETE', '/sessions', undefined],
      ] as const)
        await assertProblem(await api(method, `/users/${id}${path}`, body), 'invalid_end_user', '/v1')
  })

  it('deleting queues it, by default in seven days, and answers the date; sessions end at once', async () => {
    const { id } = await create()
    const token = await backendOf(world()).mint(String(id))
    const response = await api('DELETE', `/users/${id}`)
    assert.equal(response.status, 202)
    assert.deepEqual(await jsonOf(response), { deleteAt: iso(world().now() + 7 * DAY_MS) })
    assert.equal(
      (await jsonOf(await api('GET', `/users/${id}`)))['deleteAt'],
      iso(world().now() + 7 * DAY_MS),
    )
    assert.equal((await newPerson(world()).get(link('Connection', token, 11))).status, 403)
  })

  it('the date may be chosen, in the forms of the compatible API', async () => {
    const { id } = await create()
    for (const [deletionDate, deleteAt] of [
      ['2026-12-24', '2026-12-24T00:00:00.000Z'],
      ['2026-12-24T10:00:00Z', '2026-12-24T10:00:00.000Z'],
      ['2026-12-24T10:00:00+02:00', '2026-12-24T08:00:00.000Z'],
    ]) {
      const query = new URLSearchParams({ deletionDate: deletionDate ?? '' })
      assert.deepEqual(await jsonOf(await api('DELETE', `/users/${id}?${query}`)), { deleteAt })
    }
    for (const date of ['', 'soon', '2026-02-30', '9999-01-01', '2026-12-24&deletionDate=2026-12-25'])
      await assertProblem(await api('DELETE', `/users/${id}?deletionDate=${date}`), 'invalid_request', '/v1')
  })

  it('at its date everything is erased', async () => {
    const { id } = await create({ partnerUserId: 'gone-v1' })
    await newPerson(world()).connect(link('Connection', await backendOf(world()).mint(String(id)), 11))
    await api('DELETE', `/users/${id}?deletionDate=2001-01-01`)
    await world().sweep()
    await assertProblem(await api('GET', `/users/${id}`), 'invalid_end_user', '/v1')
    assert.deepEqual(await tablesWith(world(), String(id)), ['events'])
  })

  it("ending all sessions of an end user tells how many there were, and touches nobody else's", async () => {
    const backend = backendOf(world())
    const [one, other] = [await backend.createEndUser(), await backend.createEndUser()]
    const tokens = [await backend.mint(one), await backend.mint(one), await backend.mint(one)]
    const kept = await backend.mint(other)
    assert.deepEqual(await jsonOf(await api('DELETE', `/users/${one}/sessions`)), { ended: 3 })
    assert.deepEqual(await jsonOf(await api('DELETE', `/users/${one}/sessions`)), { ended: 0 })
    for (const token of tokens)
      assert.equal((await newPerson(world()).get(`/?connectionSessionToken=${token}`)).status, 403)
    assert.equal((await newPerson(world()).get(`/?connectionSessionToken=${kept}`)).status, 200)
  })

  it('the export is one file with everything but tokens [T128]', async () => {
    const backend = backendOf(world())
    const { token, endUserId } = await backend.newSession()
    const person = newPerson(world())
    await person.connect(link('Connection', token, 11))
    await person.get(link('Revoke', token, 11, { direct: 'true' }))
    await person.connect(link('Connection', token, 8))
    const exported = await jsonOf(await api('GET', `/users/${endUserId}/export`))
    assert.deepEqual(Object.keys(exported), ['user', 'connections', 'records', 'exportedAt'])
    assert.deepEqual(exported['user'], await jsonOf(await api('GET', `/users/${endUserId}`)))
    const listed = await jsonOf(await api('GET', `/users/${endUserId}/connections`))
    assert.deepEqual(exported['connections'], listed['data'])
    assert.equal((exported['connections'] as unknown[]).length, 2) // a list, compared just above
    const text = JSON.stringify(exported)
    for (const exchange of world().network.exchanges)
      for (const [, secret = ''] of exchange.answer.matchAll(/"(?:access|refresh)_token": ?"([^"]+)"/g))
        assert.ok(!text.includes(secret))
    assert.ok(!text.includes(token))
    const records = exported['records'] as Record<string, Record<string, unknown>[]> // as the schema says
    const counted = Object.entries(records).map(([table, rows]) => [table, rows.length > 0])
    assert.deepEqual(
      counted.flatMap(([table, isFull]) => (isFull ? [table] : [])),
      ['sessions', 'attempts', 'events', 'history', 'renewals', 'revocations', 'notificationSubscriptions'],
    )
    assert.ok(!/hash|sealed|lookup/i.test(text))
    assert.match(String(records['sessions']?.[0]?.['createdAt']), /^\d{4}-/)
    const other = await backend.newSession()
    const others = await jsonOf(await api('GET', `/users/${other.endUserId}/export`))
    assert.ok(!JSON.stringify(others).includes(endUserId))
  })
})
