// /v1/connections and /v1/results: what is connected, ending it, and what a redirect's code really stands for (contract
// §6). The whole service on both databases, with the sandbox vendors.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../../src/limits.ts'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf, link, newPerson, toldAfter } from '../../support/person.ts'
import { APP_A } from '../../support/world.ts'
import { assertProblem, jsonOf, NOBODY } from '../support.ts'

const STRAVA_SCOPES = ['read', 'profile:read_all', 'activity:read', 'activity:read_all']

onBothDatabases('connections over our own API', (world) => {
  const api = (...call: Parameters<ReturnType<typeof backendOf>['api']>) => backendOf(world()).api(...call)
  const iso = (instant: number) => new Date(instant).toISOString()
  const listOf = async (endUserId: string) => {
    const { data, nextCursor } = await jsonOf(await api('GET', `/users/${endUserId}/connections`))
    assert.equal(nextCursor, null)
    return data as Record<string, unknown>[] // our own API's list
  }
  /** A person who just came back from connecting, and the code of the redirect. */
  const connected = async (source = 11, alias?: string) => {
    const backend = backendOf(world())
    const endUserId = await backend.createEndUser(alias)
    const token = await backend.mint(endUserId)
    const person = newPerson(world())
    const returned = await person.connect(link('Connection', token, source, { redirect_uri: APP_A }))
    const { result } = await toldAfter(person, returned)
    const [connection] = await listOf(endUserId)
    return { endUserId, token, person, result, connection: connection ?? {} }
  }
  const redeem = (code: string, application = 'app-a') =>
    backendOf(world(), application).api('POST', `/results/${code}`)

  it("a connection tells its source, state, scopes and times, and nothing of the tokens or the vendor's account", async () => {
    const { endUserId, connection } = await connected()
    const { id, ...rest } = connection
    assert.match(String(id), /^[0-9a-f]{32}$/)
    assert.deepEqual(rest, {
      endUserId,
      dataSource: 11,
      status: 'active',
      disconnectedBy: null,
      reauthReason: null,
      grantedScopes: STRAVA_SCOPES,
      missingScopes: [],
      connectedAt: iso(world().now()),
      updatedAt: iso(world().now()),
      disconnectedAt: null,
    })
    assert.deepEqual(await jsonOf(await api('GET', `/connections/${id}`)), { ...connection, revocations: [] })
  })

  it('the list is oldest first and keeps what has ended, with who ended it', async () => {
    const { endUserId, token, person } = await connected()
    world().advance(1000)
    await person.connect(link('Connection', token, 8))
    await person.get(link('Revoke', token, 11, { direct: 'true' }))
    assert.deepEqual(
      (await listOf(endUserId)).map(({ dataSource, status, disconnectedBy, disconnectedAt }) => [
        dataSource,
        status,
        disconnectedBy,
        disconnectedAt,
      ]),
      [
        [11, 'disconnected', 'person', iso(world().now())],
        [8, 'active', null, null],
      ],
    )
  })

  it('deleting one ends it here at once and at the vendor by the queue, and is a success again later', async () => {
    const { endUserId, connection, person } = await connected()
    const end = () => api('DELETE', `/connections/${connection['id']}`)
    const response = await end()
    assert.deepEqual([response.status, await response.text()], [204, ''])
    assert.deepEqual(await backendOf(world()).connectedSources(endUserId), [])
    const read = async () => jsonOf(await api('GET', `/connections/${connection['id']}`))
    const pending = await read()
    assert.deepEqual([pending['status'], pending['disconnectedBy']], ['disconnected', 'application'])
    assert.deepEqual(pending['revocations'], [
      { status: 'pending', tries: 0, createdAt: iso(world().now()), finishedAt: null },
    ])
    await world().sweep()
    assert.deepEqual((await read())['revocations'], [
      { status: 'revoked', tries: 1, createdAt: iso(world().now()), finishedAt: iso(world().now()) },
    ])
    assert.equal((await end()).status, 204)
    assert.equal(((await read())['revocations'] as unknown[]).length, 1) // a list, compared just above
    const grants = world()
      .sandbox.control.grants()
      .filter(({ account }) => account === person.account)
    assert.ok(grants.every(({ ended }) => ended !== null))
  })

  it('50 deletions at once end it once [T086]', async () => {
    const { connection } = await connected()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => api('DELETE', `/connections/${connection['id']}`)),
    )
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [204])
    const { revocations } = await jsonOf(await api('GET', `/connections/${connection['id']}`))
    assert.equal((revocations as unknown[]).length, 1) // a list of one
  })

  it("an id that is nobody's is a 404", async () => {
    for (const id of [NOBODY, 'x', '%00', 'F'.repeat(32), '0'.repeat(31)])
      for (const method of ['GET', 'DELETE'])
        await assertProblem(await api(method, `/connections/${id}`), 'not_found', '/v1')
  })

  it('a result code tells who, which source and what really happened', async () => {
    const { endUserId, result, connection } = await connected(11, 'redeemer')
    const redeemed = await jsonOf(await redeem(result))
    assert.match(String(redeemed['reference']), /^[0-9A-Z]{5}-[0-9A-Z]{5}$/)
    assert.deepEqual(
      { ...redeemed, reference: null },
      {
        endUserId,
        partnerUserId: 'redeemer',
        action: 'connect',
        dataSource: 11,
        connected: true,
        succeeded: true,
        error: null,
        connection,
        reference: null,
        finishedAt: iso(world().now()),
      },
    )
  })

  it('a cancelled connect says connected false and why; a disconnect says connected false and succeeded', async () => {
    const { token, person } = await connected()
    const cancelled = await person.connect(link('Connection', token, 8, { redirect_uri: APP_A }), {
      decision: 'cancel',
    })
    const first = await jsonOf(await redeem((await toldAfter(person, cancelled)).result))
    assert.deepEqual(
      [
        first['action'],
        first['dataSource'],
        first['connected'],
        first['succeeded'],
        first['error'],
        first['connection'],
      ],
      ['connect', 8, false, false, 'access_denied', null],
    )
    const ended = await person.get(link('Revoke', token, 11, { direct: 'true', redirect_uri: APP_A }))
    const second = await jsonOf(await redeem((await toldAfter(person, ended)).result))
    assert.deepEqual(
      [second['action'], second['dataSource'], second['connected'], second['succeeded'], second['error']],
      ['disconnect', 11, false, true, null],
    )
  })

  it('within ten minutes it is the same answer each time, to the millisecond; then there is none', async () => {
    const { result } = await connected()
    const first = await (await redeem(result)).text()
    world().advance(limits.resultRedeemMs)
    assert.equal(limits.resultRedeemMs, 600_000)
    assert.equal(await (await redeem(result)).text(), first)
    world().advance(1)
    const { detail } = await assertProblem(await redeem(result), 'not_found', '/v1')
    assert.equal(detail, 'There is no such result, or its time is over.')
  })

  it('it stays the same answer when the connection ends a moment later, at the vendor or here', async () => {
    for (const end of [
      async (id: string, token: string) => {
        for (const grant of world().sandbox.control.grants()) world().sandbox.control.revokeGrant(grant.id)
        world().advance(9 * 60_000)
        assert.equal(
          (await newPerson(world()).get(link('Revoke', token, 11, { direct: 'true' }))).status,
          303,
        )
        return id
      },
      async (id: string) => backendOf(world()).api('DELETE', `/connections/${id}`),
    ]) {
      const { token, result } = await connected()
      const first = await (await redeem(result)).text()
      const { connection } = JSON.parse(first)
      assert.equal(connection.status, 'active')
      world().advance(1_000)
      await end(connection.id, token)
      const now = await jsonOf(await backendOf(world()).api('GET', `/connections/${connection.id}`))
      assert.equal(now['status'], 'disconnected')
      assert.equal(await (await redeem(result)).text(), first)
    }
  })

  it('it is redeemed by its application only', async () => {
    const { result } = await connected()
    for (const application of ['app-a-staging', 'app-b'])
      await assertProblem(await redeem(result, application), 'not_found', '/v1')
    assert.equal((await redeem(result)).status, 200)
  })

  it('a code that was guessed, cut or changed is a 404', async () => {
    const { result } = await connected()
    const [id = '', digest = ''] = [
      result.slice(0, result.indexOf('-')),
      result.slice(result.indexOf('-') + 1),
    ]
    const turned = `${digest.startsWith('A') ? 'B' : 'A'}${digest.slice(1)}`
    for (const code of [
      id,
      `${id}-`,
      `${id}-${turned}`,
      `${id}-${digest.slice(0, -1)}`,
      `${id}-${digest}x`,
      `-${digest}`,
      result.toLowerCase(),
      `${result}%20`,
      'x'.repeat(3000),
      '%00',
    ])
      await assertProblem(await redeem(code), 'not_found', '/v1')
  })

  it('an attempt that is still open has no result yet', async () => {
    const { token, person } = await connected()
    const started = await person.get(link('Connection', token, 8, { redirect_uri: APP_A }))
    const state = new URL(started.headers.get('location') ?? '').searchParams.get('state') ?? ''
    for (const code of [state, state.slice(0, 36)])
      await assertProblem(await redeem(code), 'not_found', '/v1')
  })
})
