// POST and PUT /v5/userInformation: reading and updating end users (contract §2), through the alias paths too. The whole
// service on both databases.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { asApplicationId, asConnectionId } from '../../../src/model/ids.ts'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf, link, newPerson } from '../../support/person.ts'
import { assertProblem, FOREIGN, jsonOf, NOBODY, sendForm, sendJson } from '../support.ts'

const PATH = '/v5/userInformation'

/** A person about whom nothing is stored. */
const blank = (id: string, alias: string | null) => ({
  authenticationToken: id,
  partnerUserID: alias,
  height: null,
  weight: null,
  birthdate: null,
  gender: null,
  connectedSources: [],
  devices: [],
})

/** What a PUT may not hold. */
const NO_PROFILES: readonly (readonly [string, unknown, RegExp])[] = [
  ['half centimetres', { height: 180.5 }, /^height: must be whole centimetres, from 1 to 300\.$/],
  ['a height as text', { height: '180' }, /^height: /],
  ['no height', { height: 0 }, /^height: /],
  ['a giant', { height: 301 }, /^height: /],
  ['a weight as text', { weight: '80' }, /^weight: must be kilograms, from 0.1 to 1000\.$/],
  ['a negative weight', { weight: -1 }, /^weight: /],
  ['a weight in grams', { weight: 80_000 }, /^weight: /],
  ['a date that is none', { birthdate: '2001-02-30' }, /^birthdate: must be a date, YYYY-MM-DD\.$/],
  ['a date in another order', { birthdate: '30.11.2001' }, /^birthdate: /],
  ['an instant for a date', { birthdate: '2001-02-03T00:00:00Z' }, /^birthdate: /],
  ['another word', { gender: 'unknown' }, /^gender: /],
  ['true', { gender: true }, /^gender: /],
  ['a list', [{ height: 180 }], /one JSON object/],
  ['text', '"height"', /one JSON object/],
]

onBothDatabases('user information', (world) => {
  const read = (ids: string, application = 'app-a', path = PATH) =>
    sendForm(
      world().app,
      path,
      backendOf(world(), application).headers,
      String(new URLSearchParams({ authenticationToken: ids })),
    )
  const readOne = async (id: string) => {
    const [user] = (await (await read(id)).json()) as Record<string, unknown>[] // the documented answer
    return user ?? {}
  }
  const put = (id: string, body: unknown, application = 'app-a') =>
    sendJson(
      world().app,
      PATH,
      { ...backendOf(world(), application).headers, authenticationToken: id },
      body,
      'PUT',
    )

  it('one id: a list of one, everything that is not stored null, lists never null', async () => {
    const id = await backendOf(world()).createEndUser('plain')
    const response = await read(id)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
    assert.equal(await response.text(), JSON.stringify([blank(id, 'plain')]))
  })

  it('several ids: one item each, in the order asked for, spaces around commas allowed', async () => {
    const backend = backendOf(world())
    const ids = [
      await backend.createEndUser(),
      await backend.createEndUser('second'),
      await backend.createEndUser(),
    ]
    const asked = [ids[2], ids[0], ids[1], ids[0]]
    const answer = await (await read(asked.join(', '))).json()
    assert.deepEqual(
      answer,
      asked.map((id) => blank(id ?? '', id === ids[1] ? 'second' : null)),
    )
  })

  it('connected sources are listed oldest first, with the instant and the granted scopes; ended ones are absent', async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const connectedAt: string[] = []
    for (const source of [1, 8, 11]) {
      connectedAt.push(new Date(world().now()).toISOString())
      await person.connect(link('Connection', token, source))
      world().advance(1500)
    }
    await person.get(link('Revoke', token, 8, { direct: 'true' }))
    // An answer as documented, so a list of these.
    const sources = (await readOne(endUserId))['connectedSources'] as { dataSource: number }[]
    assert.deepEqual(
      sources.map(({ dataSource }) => dataSource),
      [1, 11],
    )
    assert.deepEqual(sources[1], {
      dataSource: 11,
      connectedAt: connectedAt[2],
      dataScopes: ['read', 'profile:read_all', 'activity:read', 'activity:read_all'],
    })
  })

  it('a source that needs the person again is still listed, and one without scopes has an empty list', async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    await newPerson(world()).connect(link('Connection', token, 11))
    const listed = await jsonOf(await backend.api('GET', `/users/${endUserId}/connections`))
    const [connection] = listed['data'] as { id: string }[] // our own API's list
    const changed = await world().context.storage.write((tables) =>
      tables.connections.update(asApplicationId('app-a'), asConnectionId(connection?.id ?? ''), 1, {
        status: 'needs_reauth',
        grantedScopes: [],
      }),
    )
    assert.ok(changed, 'the connection was marked')
    const [source] = (await readOne(endUserId))['connectedSources'] as Record<string, unknown>[] // as documented
    assert.deepEqual([source?.['dataSource'], source?.['dataScopes']], [11, []])
  })

  it('an id that is unknown, foreign or malformed is a 403 with the documented phrase, also among good ones', async () => {
    const own = await backendOf(world()).createEndUser()
    const foreign = await backendOf(world(), 'app-b').createEndUser()
    const staging = await backendOf(world(), 'app-a-staging').createEndUser()
    for (const ids of [
      NOBODY,
      foreign,
      staging,
      'x',
      own.toUpperCase(),
      `${own},${foreign}`,
      `${own},x`,
      `${own} ${own}`,
    ]) {
      const { text } = await assertProblem(await read(ids), 'invalid_end_user', PATH)
      assert.ok(text.includes(FOREIGN))
    }
  })

  it('no id is malformed; 100 ids are read at once, 101 are not', async () => {
    const own = await backendOf(world()).createEndUser()
    for (const ids of ['', ',', ' , '])
      assert.equal(
        (await assertProblem(await read(ids), 'invalid_request', PATH)).detail,
        'authenticationToken is missing.',
      )
    assert.equal((await read(Array(100).fill(own).join(','))).status, 200)
    await assertProblem(await read(Array(101).fill(own).join(',')), 'invalid_request', PATH)
  })

  it('PUT stores the fields that are given, answers 204 without a body, and null forgets one', async () => {
    const id = await backendOf(world()).createEndUser()
    const full = { height: 178, weight: 71.5, birthdate: '1990-02-28', gender: 'genderless' }
    const response = await put(id, full)
    assert.deepEqual([response.status, await response.text()], [204, ''])
    assert.deepEqual(await readOne(id), { ...blank(id, null), ...full })
    assert.equal((await put(id, { weight: 72 })).status, 204)
    assert.equal((await put(id, { birthdate: null, gender: 'female' })).status, 204)
    assert.deepEqual(await readOne(id), { ...blank(id, null), height: 178, weight: 72, gender: 'female' })
    assert.equal((await put(id, {})).status, 204)
  })

  it('PUT refuses what is out of range or of the wrong type, by the name of the field, and changes nothing', async () => {
    const id = await backendOf(world()).createEndUser()
    await put(id, { height: 170, gender: 'male' })
    for (const [name, body, sentence] of NO_PROFILES) {
      const { detail } = await assertProblem(await put(id, body), 'invalid_request', PATH)
      assert.match(detail, sentence, name)
      const mixed = typeof body === 'object' && !Array.isArray(body) ? { weight: 99, ...body } : body
      assert.notEqual((await put(id, mixed)).status, 204)
    }
    assert.deepEqual(await readOne(id), { ...blank(id, null), height: 170, gender: 'male' })
  })

  it('PUT has no effect on anything else that is stored [T022]', async () => {
    const backend = backendOf(world())
    const id = await backend.createEndUser('kept')
    const others = {
      id: NOBODY,
      partnerUserID: 'taken',
      alias: 'taken',
      applicationId: 'app-b',
      deleteAt: 1,
      connectedSources: [1],
      devices: [1],
    }
    assert.equal((await put(id, others)).status, 204)
    assert.deepEqual(await readOne(id), blank(id, 'kept'))
  })

  it('PUT for somebody else is a 403 and changes nothing; without its header it is malformed', async () => {
    const foreign = await backendOf(world(), 'app-b').createEndUser()
    for (const id of [NOBODY, foreign, 'x'])
      for (const body of [{ height: 1 }, {}])
        assert.ok((await assertProblem(await put(id, body), 'invalid_end_user', PATH)).text.includes(FOREIGN))
    const [user] = (await (await read(foreign, 'app-b')).json()) as unknown[] // the documented answer
    assert.deepEqual(user, blank(foreign, null))
    const headers = backendOf(world()).headers
    const nameless = await sendJson(world().app, `${PATH}?authenticationToken=${foreign}`, headers, {}, 'PUT')
    const { detail } = await assertProblem(nameless, 'invalid_request', PATH)
    assert.equal(detail, 'The authenticationToken header is missing.')
  })

  it('the older paths do the same', async () => {
    const id = await backendOf(world()).createEndUser('older')
    for (const path of ['/restjson/v5/userInformation', '/restjson/v4/userInformation']) {
      assert.deepEqual(await (await read(id, 'app-a', path)).json(), [blank(id, 'older')])
      const headers = { ...backendOf(world()).headers, authenticationToken: id }
      assert.equal((await sendJson(world().app, path, headers, { height: 150 }, 'PUT')).status, 204)
      assert.equal((await sendJson(world().app, path, headers, { height: null }, 'PUT')).status, 204)
    }
    const created = await sendForm(
      world().app,
      '/restjson/v5/accessToken',
      backendOf(world()).headers,
      'partnerUserID=older',
    )
    assert.equal(await created.text(), id)
  })
})
