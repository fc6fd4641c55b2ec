// Goal: connecting by OAuth 1.0a keeps every promise that connecting by OAuth 2.0 keeps. Method: the real app on both
// databases with the sandbox vendors, which verify each signature; both places for the callback, both ways to say no.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { referenceOf } from '../../src/model/attempt.ts'
import { asApplicationId, asEndUserId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { storedAmong } from '../support/rows.ts'
import type { World } from '../support/world.ts'

const APP = 'app-a-oauth1'
const APP_ID = asApplicationId(APP)
const DONE = 'https://oauth1.example.com/done'
const VENDORS = [
  ['Garmin by OAuth 1.0a', 2, 'garmin-oauth1'],
  ['FatSecret', 1010, 'fatsecret'],
] as const

onBothDatabases('connecting by OAuth 1.0a', (world) => {
  const begin = async (id: number) => {
    const backend = backendOf(world(), APP)
    const session = await backend.newSession()
    const person = newPerson(world())
    const url = link('Connection', session.token, id, { redirect_uri: DONE })
    return { backend, person, url, ...session }
  }
  const tokenCalls = (vendor: string) => world().sandbox.control.calls({ vendor, operation: 'token' }).length

  for (const [name, id, vendor] of VENDORS) {
    it(`${name}: the application gets the result and the token is kept sealed, with its secret`, async () => {
      const { backend, person, url, endUserId } = await begin(id)
      const told = await toldAfter(person, await person.connect(url))
      assert.deepEqual([told.dataSource, told.connected, told.error], [String(id), 'true', null])
      assert.deepEqual(await backend.connectedSources(endUserId), [id])
      const [connection] = await connectionsOf(world(), endUserId)
      assert.equal(connection?.vendor, vendor)
      assert.deepEqual([connection?.accessExpiresAt, connection?.refreshExpiresAt], [null, null])
      const [answer = ''] = world()
        .network.exchanges.filter((one) => one.url.endsWith('/oauth/access_token'))
        .map((one) => one.answer)
        .slice(-1)
      const secrets = [...new URLSearchParams(answer).values()]
      assert.equal(secrets.length, 2)
      for (const secret of secrets)
        assert.ok(!JSON.stringify(connection).includes(secret), 'nothing of the token stands in the row')
    })

    it(`${name}: somebody who cancels is told so, and nothing is exchanged`, async () => {
      const { backend, person, url, endUserId } = await begin(id)
      const before = tokenCalls(vendor)
      const told = await toldAfter(person, await person.connect(url, { decision: 'cancel' }))
      assert.deepEqual([told.connected, told.error], ['false', 'access_denied'])
      assert.deepEqual(await backend.connectedSources(endUserId), [])
      assert.equal(tokenCalls(vendor), before)
    })

    it(`${name}: the way back is used once by 20 callers at the same time [T044]`, async () => {
      const { backend, person, url, endUserId } = await begin(id)
      const back = await person.consent(url)
      const before = tokenCalls(vendor)
      const answers = await Promise.all(Array.from({ length: 20 }, () => person.get(back)))
      assert.ok(answers.every(({ status }) => status === 303))
      assert.equal(tokenCalls(vendor), before + 1)
      assert.deepEqual(await backend.connectedSources(endUserId), [id])
      await person.get(back)
      assert.equal(tokenCalls(vendor), before + 1, 'nor later')
    })

    it(`${name}: another browser cannot bring the trip home [T045]`, async () => {
      const { backend, person, url, endUserId } = await begin(id)
      const back = await person.consent(url)
      const before = tokenCalls(vendor)
      const stranger = await newPerson(world()).get(back)
      assert.ok(stranger.status >= 400)
      assert.equal(tokenCalls(vendor), before)
      await person.get(back)
      assert.equal(tokenCalls(vendor), before, 'the trip has ended for its own browser as well')
      assert.deepEqual(await backend.connectedSources(endUserId), [])
    })

    it(`${name}: without its state, or with another one, the way back leads nowhere [T042]`, async () => {
      const { person, url } = await begin(id)
      const back = new URL(await person.consent(url))
      const before = tokenCalls(vendor)
      const state = back.searchParams.get('state') ?? ''
      for (const bent of ['', state.toLowerCase(), `${state}A`, 'x'.repeat(state.length)]) {
        const other = new URL(back)
        other.searchParams.set('state', bent)
        assert.ok((await person.get(other.href)).status >= 400, bent)
      }
      assert.equal(tokenCalls(vendor), before)
    })

    it(`${name}: the token of another trip is refused before anything is exchanged`, async () => {
      const first = await begin(id)
      const foreign = new URL(await first.person.consent(first.url)).searchParams
      const second = await begin(id)
      const back = new URL(await second.person.consent(second.url))
      const before = tokenCalls(vendor)
      for (const parameter of ['oauth_token', 'oauth_verifier'])
        back.searchParams.set(parameter, foreign.get(parameter) ?? '')
      const told = await toldAfter(second.person, await second.person.get(back.href))
      assert.deepEqual([told.connected, told.error], ['false', 'vendor_error'])
      assert.equal(tokenCalls(vendor), before)
    })

    it(`${name}: a wrong verifier is the vendor's to refuse, and nothing is connected`, async () => {
      const { backend, person, url, endUserId } = await begin(id)
      const back = new URL(await person.consent(url))
      back.searchParams.set('oauth_verifier', 'another')
      const told = await toldAfter(person, await person.get(back.href))
      assert.deepEqual([told.connected, told.error], ['false', 'vendor_error'])
      assert.deepEqual(await backend.connectedSources(endUserId), [])
    })

    it(`${name}: whoever comes back too late is told so, and nothing is exchanged`, async () => {
      const { backend, person, url, endUserId } = await begin(id)
      const back = await person.consent(url)
      const before = tokenCalls(vendor)
      world().advance(15 * 60_000)
      assert.ok((await person.get(back)).status >= 400)
      assert.equal(tokenCalls(vendor), before)
      assert.deepEqual(await backend.connectedSources(endUserId), [])
    })

    it(`${name}: a vendor that is down before the trip ends it with an outcome, in time`, async () => {
      const { person, url, endUserId } = await begin(id)
      world().network.setReachable(false)
      const answer = await person.get(url).finally(() => world().network.setReachable(true))
      const told = await toldAfter(person, answer)
      assert.deepEqual([told.connected, told.error], ['false', 'vendor_unavailable'])
      const events = await world().context.storage.read.events.list(APP_ID, 0, 1_000)
      const own = events.filter((event) => event.endUserId === endUserId)
      assert.deepEqual(
        own.map(({ type, detail }) => [type, detail.error]),
        [['attempt.failed', 'vendor_unavailable']],
      )
    })

    for (const [what, fault, error] of [
      ['refuses our signature', { kind: 'status', status: 401 }, 'vendor_error'],
      ['answers a page', { kind: 'html', status: 502 }, 'vendor_unavailable'],
      ['answers a page as if all were well', { kind: 'html', status: 200 }, 'vendor_error'],
      ['redirects', { kind: 'redirect', location: 'https://elsewhere.example/' }, 'vendor_error'],
    ] as const)
      for (const operation of ['request_token', 'token'] as const)
        it(`${name}: a vendor that ${what} (${operation}) yields no connection`, async () => {
          const { backend, person, url, endUserId } = await begin(id)
          const { control } = world().sandbox
          control.addFault({ vendor, operation, fault })
          const answer = await (operation === 'token' ? person.connect(url) : person.get(url))
          const told = await toldAfter(person, answer)
          assert.deepEqual([told.connected, told.error], ['false', error])
          assert.deepEqual(control.faults(), [])
          assert.deepEqual(await backend.connectedSources(endUserId), [])
        })

    it(`${name}: the request token is erased when the trip ends, however it ends`, async () => {
      for (const decision of ['allow', 'cancel'] as const) {
        const { person, url } = await begin(id)
        const back = await person.consent(url, { decision })
        const reference = (new URL(back).searchParams.get('state') ?? '').slice(0, 10)
        const { attempts } = world().context.storage.read
        const open = await attempts.findByReference(APP_ID, reference)
        assert.ok(open !== null && open.sealedRequestToken !== null)
        assert.equal(referenceOf(open.id), reference)
        await person.get(back)
        assert.equal((await attempts.find(open.id))?.sealedRequestToken, null)
      }
    })
  }

  it('Garmin by OAuth 1.0a: a disconnect ends the grant there, signed, and the rest of our side at once', async () => {
    const { backend, person, url, token, endUserId } = await begin(2)
    await person.connect(url)
    const [grant] = grantsOf(world(), person.account)
    assert.equal(grant?.ended, null)
    await person.follow(await person.get(link('Revoke', token, 2, { direct: 'true', redirect_uri: DONE })))
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    await world().sweep()
    assert.equal(grantsOf(world(), person.account)[0]?.ended?.by, 'application')
    const [call] = world().sandbox.control.calls({ vendor: 'garmin-oauth1', operation: 'revoke' }).slice(-1)
    assert.match(call?.authorization ?? '', /^OAuth /)
    assert.equal(call?.status, 204)
  })

  it('Garmin by OAuth 1.0a: a grant that the person ended there counts as ended', async () => {
    const { backend, person, url, token, endUserId } = await begin(2)
    await person.connect(url)
    const [grant] = grantsOf(world(), person.account)
    assert.ok(grant && world().sandbox.control.revokeGrant(grant.id))
    const [connection] = await connectionsOf(world(), endUserId)
    assert.ok(connection)
    await person.follow(await person.get(link('Revoke', token, 2, { direct: 'true', redirect_uri: DONE })))
    await world().sweep()
    const [revocation] = await world().context.storage.read.revocations.listOf(APP_ID, connection.id)
    assert.deepEqual([revocation?.status, revocation?.cause], ['revoked', 'already_gone'])
    assert.deepEqual(await backend.connectedSources(endUserId), [])
  })

  it('Garmin by OAuth 1.0a: what the person unticked is missing, and with nothing ticked nothing is connected', async () => {
    const some = await begin(2)
    await some.person.connect(some.url, { scopes: ['ACTIVITY_EXPORT'] })
    const [connection] = await connectionsOf(world(), some.endUserId)
    assert.deepEqual(connection?.grantedScopes, ['ACTIVITY_EXPORT'])
    assert.deepEqual(connection?.missingScopes, ['HEALTH_EXPORT'])
    const none = await begin(2)
    const told = await toldAfter(none.person, await none.person.connect(none.url, { scopes: [] }))
    assert.deepEqual([told.connected, told.error], ['false', 'access_denied'])
  })

  it('FatSecret: a disconnect is settled without a call that does not exist', async () => {
    const { person, url, token, endUserId } = await begin(1010)
    await person.connect(url)
    const [connection] = await connectionsOf(world(), endUserId)
    assert.ok(connection)
    await person.follow(await person.get(link('Revoke', token, 1010, { direct: 'true', redirect_uri: DONE })))
    await world().sweep()
    const [revocation] = await world().context.storage.read.revocations.listOf(APP_ID, connection.id)
    assert.equal(revocation?.status, 'unsupported')
  })

  it('no request token, verifier or token is stored in the clear, during the trip and after it [T002]', async () => {
    for (const [, id] of VENDORS) {
      const { person, url } = await begin(id)
      const back = new URL(await person.consent(url))
      const answers = () =>
        world()
          .network.exchanges.filter((one) => /\/oauth\/(request|access)_token$/.test(one.url))
          .flatMap((one) => [...new URLSearchParams(one.answer)])
          .filter(([name]) => name === 'oauth_token' || name === 'oauth_token_secret')
          .map(([, value]) => value)
      assert.deepEqual(await storedAmong(world(), answers()), [], 'while the person is away')
      await person.get(back.href)
      const secrets = [...answers(), back.searchParams.get('oauth_verifier') ?? '']
      assert.ok(secrets.length > 4 && secrets.every((value) => value.length > 10))
      assert.deepEqual(await storedAmong(world(), secrets), [])
    }
  })

  it('nothing of the request token, the verifier or the token reaches the log', async () => {
    const { person, url } = await begin(1010)
    const back = new URL(await person.consent(url))
    await person.get(back.href)
    const [answer = ''] = world()
      .network.exchanges.filter((one) => one.url.endsWith('/oauth/access_token'))
      .map((one) => one.answer)
      .slice(-1)
    const secrets = [
      back.searchParams.get('oauth_token') ?? '',
      back.searchParams.get('oauth_verifier') ?? '',
      ...new URLSearchParams(answer).values(),
    ]
    const log = JSON.stringify(world().log)
    for (const secret of secrets) assert.ok(secret.length > 10 && !log.includes(secret))
  })

  it('the consent page is told the callback with its state, in the place that the vendor wants', async () => {
    const garmin = await begin(2)
    const fatsecret = await begin(1010)
    const atGarmin = locationOf(await garmin.person.get(garmin.url))
    const told = new URL(atGarmin.searchParams.get('oauth_callback') ?? '')
    assert.equal(told.pathname, '/callback/garmin-oauth1')
    assert.match(told.searchParams.get('state') ?? '', /^[0-9A-Z]{10}[A-Za-z0-9_-]{43}$/)
    const atFatSecret = locationOf(await fatsecret.person.get(fatsecret.url))
    assert.deepEqual([...atFatSecret.searchParams.keys()], ['oauth_token'])
  })
})

const connectionsOf = (world: World, endUserId: string) =>
  world.context.storage.read.connections.listOf(APP_ID, [asEndUserId(endUserId)])

const grantsOf = (world: World, account: string) =>
  world.sandbox.control
    .grants()
    .filter((grant) => grant.account === account && grant.vendor === 'garmin-oauth1')
