// `state`, the callback's path and what else a vendor may send back: whatever is not exactly what we sent out is
// refused before any vendor is asked for anything.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A } from '../support/world.ts'

onBothDatabases('a state', (world) => {
  const begin = async (source = 11) => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const start = link('Connection', token, source, { redirect_uri: APP_A })
    const callback = new URL(await person.consent(start))
    return { backend, endUserId, token, person, start, callback }
  }
  const tokenCalls = () => world().sandbox.control.calls({ operation: 'token' }).length
  const withParameters = (url: URL, change: (parameters: URLSearchParams) => void): string => {
    const changed = new URL(url)
    change(changed.searchParams)
    return changed.href
  }

  it('is a reference and 256 random bits, and tells nothing of person, application or return address [T051]', async () => {
    const { endUserId, token, callback } = await begin()
    const state = callback.searchParams.get('state') ?? ''
    assert.match(state, /^[0-9A-Z]{10}[A-Za-z0-9_-]{43}$/)
    assert.ok(state.length <= 64)
    const decoded = Buffer.from(state, 'base64url').toString('latin1')
    for (const secret of [endUserId, token, 'app-a', 'example.com'])
      assert.ok(!state.includes(secret) && !decoded.includes(secret))
  })

  it('is refused when absent, empty, foreign, changed, doubled or in another form, with no token request [T042]', async () => {
    const { backend, endUserId, person, callback } = await begin()
    const state = callback.searchParams.get('state') ?? ''
    const other = (await begin()).callback.searchParams.get('state') ?? ''
    const flipped = state.replace(/[a-z]/, (letter) => letter.toUpperCase())
    const rest = withParameters(callback, (parameters) => parameters.delete('state'))
    const before = tokenCalls()
    const variants = [
      rest,
      `${rest}&state=`,
      `${rest}&state=${'A'.repeat(state.length)}`,
      `${rest}&state=${flipped}`,
      `${rest}&state=${state.toLowerCase()}`,
      `${rest}&state=${state}%20`,
      `${rest}&state=%20${state}`,
      `${rest}&state=${state}%00`,
      `${rest}&state=${state}=`,
      `${rest}&state=${state.slice(0, -1)}`,
      `${rest}&state=${state}A`,
      `${rest}&state=${state.slice(0, 10)}${other.slice(10)}`,
      `${rest}&state=${state}&state=${state}`,
      `${rest}&state=${other}&state=${state}`,
      `${rest}&state=${state}&st%61te=${other}`,
      `${rest}&state=${state}&state=%FF`,
      `${rest}&state=%FF&state=${state}`,
      `${rest}&state[]=${state}`,
      `${rest}&state[0]=${state}`,
      `${rest}&State=${state}`,
      `${rest}&state%20=${state}`,
      `${rest}#state=${state}`,
    ]
    for (const url of variants) {
      const answer = await person.get(url, { 'x-test-address': url })
      assert.equal(answer.status, 400, url)
      assert.equal(answer.headers.get('location'), null, url)
    }
    assert.equal(tokenCalls(), before)
    const told = await toldAfter(person, await person.get(callback.href))
    assert.equal(told.connected, 'true', 'all of that changed nothing')
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('of one vendor is refused at the callback of another, and neither is asked for a token [T057, T059]', async () => {
    const { backend, endUserId, person, callback } = await begin()
    const before = tokenCalls()
    const swapped = callback.href.replace('/callback/strava', '/callback/withings')
    assert.equal((await person.get(swapped)).status, 400)
    assert.equal(tokenCalls(), before)
    const told = await toldAfter(person, await person.get(callback.href))
    assert.deepEqual([told.connected, told.error], ['false', 'vendor_error'], 'the attempt has ended')
    assert.equal(tokenCalls(), before)
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    const [attempt] = await query(
      world(),
      'select cause from attempts where end_user_id = ? and finished_at is not null',
      [endUserId],
    )
    assert.equal(attempt?.['cause'], 'vendor_mismatch', 'the operator can see why')
  })

  it('is refused at callbacks that do not exist [T057]', async () => {
    for (const path of [
      '/callback/unknown',
      '/callback/STRAVA',
      '/callback/',
      '/callback',
      '/callback/strava/',
    ]) {
      const { person, callback } = await begin()
      const answer = await person.get(`${path}${callback.search}`)
      assert.ok(answer.status === 400 || answer.status === 404, path)
      assert.equal(answer.headers.get('location'), null, path)
    }
  })

  it('with a foreign issuer ends the attempt before a token request [T058]', async () => {
    for (const issuer of [
      'https://evil.example',
      'https://accounts.google.com/',
      'https://ACCOUNTS.google.com',
      'http://accounts.google.com',
      '',
    ]) {
      const { backend, endUserId, person, callback } = await begin(1)
      const before = tokenCalls()
      const url = withParameters(callback, (parameters) => parameters.set('iss', issuer))
      const told = await toldAfter(person, await person.get(url))
      assert.deepEqual([told.connected, told.error], ['false', 'vendor_error'], issuer)
      assert.equal(tokenCalls(), before)
      assert.deepEqual(await backend.connectedSources(endUserId), [])
    }
  })

  it('comes back with a code that reaches the token endpoint as one value, whatever is in it [T062]', async () => {
    const { person, callback } = await begin()
    const code = 'x&client_secret=evil&grant_type=refresh_token#+%'
    const url = withParameters(callback, (parameters) => parameters.set('code', code))
    const told = await toldAfter(person, await person.get(url))
    assert.equal(told.error, 'vendor_error')
    const call = world().sandbox.control.calls({ vendor: 'strava', operation: 'token' }).at(-1)
    assert.equal(call?.parameters['code'], code)
    assert.equal(call?.parameters['client_secret'], 'strava-client-secret')
    assert.equal(call?.parameters['grant_type'], 'authorization_code')
  })

  it('without a code connects nothing, also with tokens in the query [T067]', async () => {
    const { backend, endUserId, person, callback } = await begin()
    const before = tokenCalls()
    const url = withParameters(callback, (parameters) => {
      parameters.delete('code')
      parameters.set('access_token', 'injected')
      parameters.set('id_token', 'e30.e30.')
    })
    const told = await toldAfter(person, await person.get(url))
    assert.deepEqual([told.connected, told.error], ['false', 'vendor_error'])
    assert.equal(tokenCalls(), before)
    assert.deepEqual(await backend.connectedSources(endUserId), [])
  })

  it('decides where the person returns to, and a redirect_uri at the callback decides nothing [T033]', async () => {
    const { person, callback } = await begin()
    const url = withParameters(callback, (parameters) => {
      parameters.set('redirect_uri', 'https://evil.example')
      parameters.set('token', 'x')
      parameters.set('dataSource', '8')
      parameters.set('connected', 'false')
    })
    const { address } = await toldAfter(person, await person.get(url))
    assert.ok(address.startsWith(`${APP_A}?dataSource=11&connected=true&`), address)
  })

  it("never carries a vendor's words on: an unknown error becomes vendor_error [T034]", async () => {
    const { person, callback } = await begin()
    const url = withParameters(callback, (parameters) => {
      parameters.delete('code')
      parameters.set('error', 'x&connected=true#')
      parameters.set('error_description', 'https://evil.example')
      parameters.set('error_uri', 'https://evil.example')
    })
    const { address, connected, error } = await toldAfter(person, await person.get(url))
    assert.deepEqual([connected, error], ['false', 'vendor_error'])
    assert.doesNotMatch(address, /evil|x%26/)
  })

  it('of a cancel counts although the vendor describes it in bytes that are no UTF-8', async () => {
    const { person, callback } = await begin()
    const state = callback.searchParams.get('state')
    const url = `/callback/strava?state=${state}&error=access_denied&error_description=annul%E9`
    const told = await toldAfter(person, await person.get(url))
    assert.deepEqual([told.connected, told.error], ['false', 'access_denied'])
  })

  it('goes to the vendor with a fresh S256 challenge, whose verifier is in no address, cookie or log [T049]', async () => {
    const challenges = new Set<string>()
    const { person, start } = await begin(1)
    for (let i = 0; i < 200; i++) {
      const { searchParams } = locationOf(await person.get(start))
      assert.equal(searchParams.get('code_challenge_method'), 'S256')
      assert.match(searchParams.get('code_challenge') ?? '', /^[A-Za-z0-9_-]{43}$/)
      challenges.add(searchParams.get('code_challenge') ?? '')
    }
    assert.equal(challenges.size, 200)
    const callback = await person.consent(start)
    await person.get(callback)
    const [call] = world().sandbox.control.calls({ vendor: 'google-health', operation: 'token' }).slice(-1)
    const verifier = call?.parameters['code_verifier'] ?? ''
    assert.match(verifier, /^[A-Za-z0-9_-]{43}$/)
    const seen = [callback, JSON.stringify([...person.cookies]), JSON.stringify(world().log)].join()
    assert.ok(!seen.includes(verifier))
  })
})
