// What an application wants to happen with vendor accounts: one that another end user has connected moves, is refused, or
// is shared; a second one of the same end user replaces the first, or stays beside it. Watched through the links, the feed,
// our own API and the vendors' own lists of grants.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson, type Person, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { accountKey } from '../support/vendors.ts'

const RACERS = 50

onBothDatabases('policies about vendor accounts', (world) => {
  const newUser = async (application: string) => {
    const backend = backendOf(world(), application)
    const { endUserId, token } = await backend.newSession()
    const listed = async () => {
      const answer = await backend.api('GET', `/users/${endUserId}/connections`)
      const { data } = (await answer.json()) as {
        data: { id: string; status: string; disconnectedBy: string | null; dataSource: number }[]
      } // our own API's list
      return data
    }
    /** What our own API says when the living connection's token is asked for. */
    const reads = async () => {
      const living = (await listed()).find(({ status }) => status !== 'disconnected')
      return (await backend.api('POST', `/connections/${living?.id}/token`)).status
    }
    const disconnect = (person: Person, source = 11) =>
      person.get(link('Revoke', token, source, { direct: 'true' }))
    return {
      backend,
      endUserId,
      token,
      listed,
      reads,
      disconnect,
      sources: () => backend.connectedSources(endUserId),
    }
  }
  const connect = async (
    person: Person,
    { token }: { readonly token: string },
    source = 11,
    account = person.account,
  ) => {
    const returned = await person.connect(link('Connection', token, source), { account })
    const query = new URL(returned.headers.get('location') ?? '').searchParams
    return { connected: query.get('connected'), attempt: query.get('attempt'), returned }
  }
  const livingGrants = (account: string) =>
    world()
      .sandbox.control.grants()
      .filter((grant) => grant.account === account && grant.ended === null).length
  const revokeCalls = () => world().sandbox.control.calls({ operation: 'revoke' }).length
  const feedOf = async (...endUserIds: readonly string[]) => {
    const rows = await query(
      world(),
      `select end_user_id, type, detail from events where end_user_id in (${endUserIds.map(() => '?').join()}) order by sequence`,
      endUserIds,
    )
    return rows.map(({ end_user_id, type, detail }) => {
      const { disconnectedBy, error, revocation } = JSON.parse(String(detail))
      const more = disconnectedBy ?? error ?? revocation
      return `${endUserIds.indexOf(String(end_user_id))} ${String(type).replace('notification.source.', '')}${more === undefined ? '' : ` ${more}`}`
    })
  }

  it('refuse: who connects an account of somebody else is told so, and the owner loses nothing [T077]', async () => {
    for (const source of [11, 8, 1]) {
      const person = newPerson(world())
      const [owner, other] = [await newUser('app-a-refuse'), await newUser('app-a-refuse')]
      assert.equal((await connect(person, owner, source)).connected, 'true')
      const refused = await connect(person, other, source)
      assert.equal(refused.connected, 'false')
      const page = (await (await person.follow(refused.returned)).text()).replace(/<[^>]*>/g, '')
      assert.match(page, /Another user of APP-A-REFUSE has already connected this .* account/)
      assert.match(page, /Disconnect it there first, or choose another/)
      assert.deepEqual(await feedOf(owner.endUserId, other.endUserId), [
        '0 connect',
        '1 attempt.failed account_in_use',
      ])
      world().advance(60_000)
      await world().sweep()
      assert.deepEqual([await owner.sources(), await other.sources()], [[source], []])
      assert.equal(await owner.reads(), 200, 'what was refused is ended without hitting what lives')
      const [job] = await query(
        world(),
        'select status, sealed_tokens from revocations order by created_at desc, id limit 1',
      )
      assert.deepEqual([job?.['status'], job?.['sealed_tokens']], ['superseded', null])
    }
  })

  it('refuse: the application reads account_in_use in the redirect', async () => {
    const person = newPerson(world())
    const [owner, other] = [await newUser('app-a-refuse'), await newUser('app-a-refuse')]
    await connect(person, owner)
    const redirectUri = 'https://refuse.example.com/done'
    const back = await person.connect(link('Connection', other.token, 11, { redirect_uri: redirectUri }))
    const told = await toldAfter(person, back)
    assert.deepEqual([told.connected, told.error], ['false', 'account_in_use'])
    const result = await (await other.backend.api('POST', `/results/${told.result}`)).json()
    assert.deepEqual([result.error, result.connection, result.succeeded], ['account_in_use', null, false])
  })

  it('refuse: the owner connects again as ever, and who waited gets it when it is free', async () => {
    const person = newPerson(world())
    const [owner, other] = [await newUser('app-a-refuse'), await newUser('app-a-refuse')]
    await connect(person, owner)
    assert.equal((await connect(person, owner)).connected, 'true')
    await owner.disconnect(person)
    assert.equal((await connect(person, other)).connected, 'true')
    assert.deepEqual(await feedOf(owner.endUserId, other.endUserId), [
      '0 connect',
      '0 connection.repaired',
      '0 disconnect person',
      '1 connect',
    ])
  })

  it('share: each owner reads, and only the last one to disconnect ends the grant at the vendor', async () => {
    const person = newPerson(world())
    const [one, two] = [await newUser('app-a-share'), await newUser('app-a-share')]
    await connect(person, one)
    await connect(person, two)
    assert.deepEqual([await one.reads(), await two.reads()], [200, 200])
    const before = revokeCalls()
    await one.disconnect(person)
    world().advance(60_000)
    await world().sweep()
    assert.equal(revokeCalls(), before)
    assert.equal(await two.reads(), 200)
    assert.deepEqual(await feedOf(one.endUserId, two.endUserId), [
      '0 connect',
      '1 connect',
      '0 disconnect person',
      '0 connection.revocation_finished superseded',
    ])
    await two.disconnect(person)
    await world().sweep()
    assert.equal(livingGrants(person.account), 0)
    assert.equal((await feedOf(two.endUserId)).at(-1), '0 connection.revocation_finished revoked')
  })

  it('share: an owner that connects again is repaired alone', async () => {
    const person = newPerson(world())
    const [one, two] = [await newUser('app-a-share'), await newUser('app-a-share')]
    for (const user of [one, two, one]) await connect(person, user)
    assert.deepEqual(await feedOf(one.endUserId, two.endUserId), [
      '0 connect',
      '1 connect',
      '0 connection.repaired',
    ])
    assert.deepEqual([await one.sources(), await two.sources()], [[11], [11]])
  })

  it('a source can have another policy than its application', async () => {
    const person = newPerson(world())
    const [one, two] = [await newUser('app-a-share'), await newUser('app-a-share')]
    for (const user of [one, two]) await connect(person, user, 8)
    assert.deepEqual(await feedOf(one.endUserId, two.endUserId), [
      '0 connect',
      '0 disconnect displaced',
      '1 connect',
    ])
  })

  it('several: accounts of one source stand beside each other, each is repaired in place, one disconnect ends all', async () => {
    const [first, second] = [newPerson(world()), newPerson(world())]
    const user = await newUser('app-a-several')
    await connect(first, user)
    world().advance(1)
    await connect(second, user)
    const two = await user.listed()
    assert.deepEqual(
      two.map(({ status }) => status),
      ['active', 'active'],
    )
    assert.deepEqual(await user.sources(), [11], 'programs of the documented service find the source once')
    await connect(first, user)
    assert.deepEqual(
      (await user.listed()).map(({ id }) => id),
      two.map(({ id }) => id),
    )
    await user.disconnect(first)
    assert.deepEqual(
      (await user.listed()).map(({ status, disconnectedBy }) => [status, disconnectedBy]),
      [
        ['disconnected', 'person'],
        ['disconnected', 'person'],
      ],
    )
    await world().sweep()
    assert.deepEqual([livingGrants(first.account), livingGrants(second.account)], [0, 0])
    assert.deepEqual(await feedOf(user.endUserId), [
      '0 connect',
      '0 connect',
      '0 connection.repaired',
      '0 disconnect person',
      '0 disconnect person',
      '0 connection.revocation_finished revoked',
      '0 connection.revocation_finished revoked',
    ])
  })

  it('several: one that needs the person stays as it is when another account is connected; with one, it is replaced', async () => {
    for (const [application, expected] of [
      ['app-a-several', ['0 connect', '0 connect']],
      ['app-a', ['0 connect', '0 disconnect replaced', '0 connect']],
    ] as const) {
      const user = await newUser(application)
      await connect(newPerson(world()), user)
      await query(world(), `update connections set status = 'needs_reauth' where end_user_id = ?`, [
        user.endUserId,
      ])
      await connect(newPerson(world()), user)
      assert.deepEqual(await feedOf(user.endUserId), expected)
    }
  })

  it(`several: ${limits.accountsPerSource} accounts are the most`, async () => {
    const user = await newUser('app-a-several')
    for (let n = 0; n < limits.accountsPerSource; n++)
      assert.equal((await connect(newPerson(world()), user)).connected, 'true')
    assert.equal((await connect(newPerson(world()), user)).connected, 'false')
    assert.equal((await feedOf(user.endUserId)).at(-1), '0 attempt.failed source_not_available')
    assert.equal((await user.listed()).length, limits.accountsPerSource)
  })

  for (const [application, account] of [
    ['app-a', 281],
    ['app-a-refuse', 282],
    ['app-a-share', 283],
  ] as const)
    it(`${RACERS} end users of ${application} race for one account`, async () => {
      const users = await Promise.all(Array.from({ length: RACERS }, () => newUser(application)))
      const outcomes = await Promise.all(
        users.map((user) => connect(newPerson(world()), user, 11, accountKey(account))),
      )
      const owners = (await Promise.all(users.map(({ sources }) => sources()))).filter(
        ({ length }) => length > 0,
      )
      const feed = await feedOf(...users.map(({ endUserId }) => endUserId))
      const won = outcomes.filter(({ connected }) => connected === 'true').length
      if (application === 'app-a-share') {
        assert.deepEqual([owners.length, won, feed.length], [RACERS, RACERS, RACERS])
        return
      }
      assert.equal(owners.length, 1)
      if (application === 'app-a-refuse') {
        assert.equal(won, 1)
        assert.match(feed[0] ?? '', /^\d+ connect$/)
        assert.equal(feed.filter((line) => line.endsWith('attempt.failed account_in_use')).length, RACERS - 1)
        return
      }
      let owner: string | null = null
      for (const [user = '', type] of feed.map((line) => line.split(' '))) {
        assert.equal(owner, type === 'connect' ? null : user, 'lost by its owner before the next one has it')
        owner = type === 'connect' ? user : null
      }
      assert.equal(feed.filter((line) => line.endsWith(' connect')).length, RACERS)
    })
})
