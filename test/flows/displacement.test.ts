// One vendor account belongs to one end user of an application: who connects it last has it. What the former owner, the
// same owner again, another account and another application see of that.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson, type Person } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { accountKey } from '../support/vendors.ts'

const SOURCES = [
  ['strava', 11],
  ['withings', 8],
  ['google-health', 1],
] as const

onBothDatabases('a vendor account', (world) => {
  const newUser = async (application = 'app-a') => {
    const backend = backendOf(world(), application)
    const { endUserId, token } = await backend.newSession()
    return { backend, endUserId, token, sources: () => backend.connectedSources(endUserId) }
  }
  const connect = async (person: Person, token: string, source: number, account = person.account) => {
    const returned = await person.connect(link('Connection', token, source), { account })
    return new URL(returned.headers.get('location') ?? '').searchParams.get('connected')
  }
  const grantsOf = (account: string) =>
    world()
      .sandbox.control.grants()
      .filter((grant) => grant.account === account)
  const revokeCalls = () => world().sandbox.control.calls({ operation: 'revoke' }).length
  /** Events of these end users in the order of the feed. */
  const feedOf = async (...endUserIds: readonly string[]) => {
    const rows = await query(
      world(),
      `select end_user_id, type, detail from events where end_user_id in (${endUserIds.map(() => '?').join()}) order by sequence`,
      endUserIds,
    )
    return rows.map(({ end_user_id, type, detail }) => ({
      user: endUserIds.indexOf(String(end_user_id)),
      type: String(type).replace('notification.source.', ''),
      ...(JSON.parse(String(detail)) as { disconnectedBy?: string; causeId?: string }), // written by us
    }))
  }
  const connectionsOf = async (endUserId: string) =>
    query(
      world(),
      'select id, status, disconnected_by, account_id, version from connections where end_user_id = ? order by connected_at, status desc',
      [endUserId],
    )

  for (const [vendor, source] of SOURCES)
    it(`${vendor}: moves to the end user who connects it last, and nothing is revoked [T077]`, async () => {
      const person = newPerson(world())
      const [first, second] = [await newUser(), await newUser()]
      assert.equal(await connect(person, first.token, source), 'true')
      const before = revokeCalls()
      assert.equal(await connect(person, second.token, source), 'true')
      assert.deepEqual([await first.sources(), await second.sources()], [[], [source]])

      const feed = await feedOf(first.endUserId, second.endUserId)
      assert.deepEqual(
        feed.map(({ user, type, disconnectedBy }) => [user, type, disconnectedBy]),
        [
          [0, 'connect', undefined],
          [0, 'disconnect', 'displaced'],
          [1, 'connect', undefined],
        ],
      )
      const [, lost, won] = feed
      assert.match(lost?.causeId ?? '', /^[0-9a-f]{32}$/)
      assert.equal(lost?.causeId, won?.causeId, 'one cause joins the two')

      await world().sweep()
      assert.equal(revokeCalls(), before)
      assert.ok(grantsOf(person.account).every(({ ended }) => ended === null))
    })

  it('that was lost can be disconnected by its former owner without touching the new one', async () => {
    const person = newPerson(world())
    const [first, second] = [await newUser(), await newUser()]
    await connect(person, first.token, 11)
    await connect(person, second.token, 11)
    const before = revokeCalls()
    const answer = await person.get(link('Revoke', first.token, 11, { direct: 'true' }))
    assert.match(answer.headers.get('location') ?? '', /connected=false/)
    await world().sweep()
    assert.equal(revokeCalls(), before)
    assert.deepEqual(await second.sources(), [11])
  })

  it('that was moved is ended at the vendor when its last owner disconnects', async () => {
    const person = newPerson(world())
    const [first, second] = [await newUser(), await newUser()]
    await connect(person, first.token, 11)
    await connect(person, second.token, 11)
    await person.get(link('Revoke', second.token, 11, { direct: 'true' }))
    await world().sweep()
    assert.ok(grantsOf(person.account).every(({ ended }) => ended?.by === 'application'))
  })

  it('can be moved back and forth; each move is told in order', async () => {
    const person = newPerson(world())
    const [first, second] = [await newUser(), await newUser()]
    for (const { token } of [first, second, first, second]) await connect(person, token, 11)
    const feed = await feedOf(first.endUserId, second.endUserId)
    assert.deepEqual(
      feed.map(({ user, type }) => `${user} ${type}`),
      ['0 connect', '0 disconnect', '1 connect', '1 disconnect', '0 connect', '0 disconnect', '1 connect'],
    )
    assert.deepEqual([await first.sources(), await second.sources()], [[], [11]])
  })

  it('that twenty end users connect at once ends with one of them, and every other one was told', async () => {
    const account = accountKey(299)
    const users = await Promise.all(Array.from({ length: 20 }, () => newUser()))
    await Promise.all(users.map(({ token }) => connect(newPerson(world()), token, 11, account)))
    const owners = (await Promise.all(users.map(({ sources }) => sources()))).filter((one) => one.length > 0)
    assert.equal(owners.length, 1)
    const feed = await feedOf(...users.map(({ endUserId }) => endUserId))
    let owner: number | null = null
    for (const { user, type } of feed) {
      assert.equal(owner, type === 'connect' ? null : user, 'lost by its owner before the next one has it')
      owner = type === 'connect' ? user : null
    }
    assert.equal(feed.filter(({ type }) => type === 'connect').length, 20)
  })

  it('at another application, or another customer, stays connected whatever happens here [T078]', async () => {
    const person = newPerson(world())
    const [mine, again] = [await newUser(), await newUser()]
    const others = [await newUser('app-a-staging'), await newUser('app-b')]
    for (const { token } of [...others, mine, again]) await connect(person, token, 11)
    await person.get(link('Revoke', again.token, 11, { direct: 'true' }))
    await world().sweep()
    for (const { endUserId, sources } of others) {
      assert.deepEqual(await sources(), [11])
      assert.deepEqual(
        (await feedOf(endUserId)).map(({ type }) => type),
        ['connect'],
      )
    }
    assert.ok(grantsOf(person.account).every(({ ended }) => ended === null))
  })

  it('that the same end user connects again keeps its connection, with new tokens [reconnect repairs in place]', async () => {
    for (const [, source] of SOURCES) {
      const person = newPerson(world())
      const { endUserId, token, sources } = await newUser()
      await connect(person, token, source)
      const [before] = await connectionsOf(endUserId)
      const sealed = () =>
        query(world(), 'select sealed_tokens from connections where end_user_id = ?', [endUserId])
      const [tokensBefore] = await sealed()
      const revoked = revokeCalls()
      await connect(person, token, source)
      const [after, ...more] = await connectionsOf(endUserId)
      assert.equal(more.length, 0)
      assert.equal(after?.['id'], before?.['id'])
      assert.equal(after?.['status'], 'active')
      assert.notDeepEqual(await sealed(), [tokensBefore])
      assert.deepEqual(
        (await feedOf(endUserId)).map(({ type }) => type),
        ['connect', 'connection.repaired'],
      )
      await world().sweep()
      assert.equal(revokeCalls(), revoked)
      assert.deepEqual(await sources(), [source])
    }
  })

  it('in need of the person is repaired by connecting again, with the scopes that are granted now', async () => {
    const person = newPerson(world())
    const { backend, endUserId, token, sources } = await newUser()
    await person.connect(link('Connection', token, 11), { scopes: ['read', 'activity:read'] })
    const [row] = await connectionsOf(endUserId)
    await query(world(), `update connections set status = 'needs_reauth' where end_user_id = ?`, [endUserId])
    assert.deepEqual(await sources(), [11], 'still listed')
    await connect(person, token, 11)
    const answer = await backend.api('GET', `/connections/${row?.['id']}`)
    const connection = (await answer.json()) as { status: string; missingScopes: string[] } // our own API's answer
    assert.deepEqual([connection.status, connection.missingScopes], ['active', []])
  })

  it('of the same source replaces the one before: two accounts are never connected to one end user [T066]', async () => {
    for (const [vendor, source] of SOURCES) {
      const [one, other] = [newPerson(world()), newPerson(world())]
      const { endUserId, token, sources } = await newUser()
      await connect(one, token, source)
      await connect(other, token, source)
      assert.deepEqual(await sources(), [source])
      const feed = await feedOf(endUserId)
      assert.deepEqual(
        feed.map(({ type, disconnectedBy }) => [type, disconnectedBy]),
        [
          ['connect', undefined],
          ['disconnect', 'replaced'],
          ['connect', undefined],
        ],
      )
      assert.equal(feed[1]?.causeId, feed[2]?.causeId)
      await world().sweep()
      const ended = (account: string) => grantsOf(account).map((grant) => grant.ended?.by ?? null)
      assert.deepEqual([ended(one.account), ended(other.account)], [['application'], [null]], vendor)
    }
  })
})
