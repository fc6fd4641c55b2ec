// Disconnecting by a direct link: at once with `direct=true`, for a browser as for a program without cookies; whoever
// the token is not for changes nothing; and what is not connected can be disconnected all the same.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A, APP_B, SERVICE } from '../support/world.ts'

const SOURCES = [
  ['Strava', 11],
  ['Withings', 8],
  ['Fitbit', 1],
] as const

onBothDatabases('disconnecting', (world) => {
  const connected = async (source = 11, application = 'app-a') => {
    const backend = backendOf(world(), application)
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    await person.connect(link('Connection', token, source))
    assert.deepEqual(await backend.connectedSources(endUserId), [source])
    return { backend, endUserId, token, person }
  }
  const direct = (token: string, source: number | string, more: Record<string, string> = {}) =>
    link('Revoke', token, source, { direct: 'true', ...more })
  const disconnectEvents = async (endUserId: string) =>
    query(
      world(),
      `select detail from events where end_user_id = ? and type = 'notification.source.disconnect'`,
      [endUserId],
    )

  for (const [name, source] of SOURCES)
    it(`${name}: ends the connection at once and says connected=false [T087]`, async () => {
      const { backend, endUserId, token, person } = await connected(source)
      const answer = await person.get(direct(token, source, { redirect_uri: `${APP_A}?step=2` }))
      assert.equal(answer.status, 303)
      const { pathname, searchParams } = locationOf(answer)
      assert.equal(pathname, '/dataSourceDirectConnectionResult.html')
      assert.equal(searchParams.get('connected'), 'false')
      const { address } = await toldAfter(person, answer)
      assert.ok(address.startsWith(`${APP_A}?step=2&dataSource=${source}&connected=false&result=`), address)
      assert.ok(!address.includes(token))
      assert.deepEqual(await backend.connectedSources(endUserId), [])
      const events = await disconnectEvents(endUserId)
      assert.deepEqual(
        events.map(({ detail }) => JSON.parse(String(detail))),
        [{ disconnectedBy: 'person' }],
      )
    })

  it('leaves no usable token behind: the row holds none, and what the queue keeps is gone when it is done [T088]', async () => {
    const { endUserId, token, person } = await connected()
    const [before] = await query(world(), 'select sealed_tokens from connections where end_user_id = ?', [
      endUserId,
    ])
    const sealed = String(before?.['sealed_tokens'])
    assert.match(sealed, /^v1\./)
    await person.get(direct(token, 11))
    const [row] = await query(
      world(),
      'select id, status, sealed_tokens, access_expires_at from connections where end_user_id = ?',
      [endUserId],
    )
    assert.deepEqual(
      [row?.['status'], row?.['sealed_tokens'], row?.['access_expires_at']],
      ['disconnected', null, null],
    )
    await world().sweep()
    const jobs = await query(
      world(),
      'select status, sealed_tokens from revocations where connection_id = ?',
      [String(row?.['id'])],
    )
    assert.deepEqual(
      jobs.map((job) => ({ ...job })),
      [{ status: 'revoked', sealed_tokens: null }],
    )
  })

  it('works for a program: no cookie, no referrer, no user agent, and no redirect followed [contract §3]', async () => {
    const { backend, endUserId, token } = await connected()
    const answer = await world().app.request(new Request(`${SERVICE}${direct(token, 11)}`))
    assert.equal(answer.status, 303)
    assert.equal(locationOf(answer).searchParams.get('connected'), 'false')
    assert.deepEqual(answer.headers.getSetCookie(), [])
    assert.deepEqual(await backend.connectedSources(endUserId), [])
  })

  it("works for a page's fetch of any origin: the token is the credential [T083]", async () => {
    for (const headers of [
      {
        Origin: 'https://anywhere.example',
        'Sec-Fetch-Mode': 'cors',
        'Sec-Fetch-Site': 'cross-site',
        'Sec-Fetch-Dest': 'empty',
      },
      { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'empty' },
      { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'image' },
      { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Dest': 'document' },
    ]) {
      const { backend, endUserId, token } = await connected()
      assert.equal((await newPerson(world()).get(direct(token, 11), headers)).status, 303)
      assert.deepEqual(await backend.connectedSources(endUserId), [])
    }
  })

  it('of what is not connected is a success and announces nothing, as often as it is asked', async () => {
    const { endUserId, token } = await backendOf(world()).newSession()
    const person = newPerson(world())
    for (let i = 0; i < 2; i++) {
      const told = await toldAfter(person, await person.get(direct(token, 11, { redirect_uri: APP_A })))
      assert.deepEqual([told.connected, told.error], ['false', null])
    }
    assert.deepEqual(await disconnectEvents(endUserId), [])
  })

  it('fifty times at once is one disconnect, one event and one request to the vendor [T086]', async () => {
    const { backend, endUserId, token, person } = await connected()
    await world().sweep()
    const answers = await Promise.all(Array.from({ length: 50 }, () => person.get(direct(token, 11))))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303])
    for (const answer of answers) assert.equal(locationOf(answer).searchParams.get('connected'), 'false')
    assert.equal((await disconnectEvents(endUserId)).length, 1)
    const before = world().sandbox.control.calls({ operation: 'revoke' }).length
    await Promise.all([world().sweep(), world().sweep()])
    await world().sweep()
    assert.equal(world().sandbox.control.calls({ operation: 'revoke' }).length - before, 1)
    assert.deepEqual(await backend.connectedSources(endUserId), [])
  })

  it('by the token of another end user, or of another application, changes nothing and tells nothing [T080]', async () => {
    const victim = await connected()
    const pages = new Set<string>()
    for (const application of ['app-a', 'app-a-staging', 'app-b']) {
      const { token } = await backendOf(world(), application).newSession()
      const person = newPerson(world())
      const page = await person.follow(await person.get(direct(token, 11)))
      const text = (await page.text())
        .replaceAll(/[0-9A-Z]{5}-[0-9A-Z]{5}|nonce="[^"]+"/g, '')
        .replaceAll(/APP-[AB](-STAGING)?/g, '')
      pages.add(`${page.status} ${text}`)
    }
    assert.equal(pages.size, 1, 'it looks like a source that was never connected')
    assert.deepEqual(await victim.backend.connectedSources(victim.endUserId), [11])
    assert.deepEqual(await disconnectEvents(victim.endUserId), [])
  })

  it('with a return address that is not listed disconnects nothing and leads nowhere [T082]', async () => {
    const { backend, endUserId, token, person } = await connected()
    for (const redirectUri of ['https://evil.example/', APP_B, `${APP_A}/`, `${APP_A}?token=1`, '']) {
      const answer = await person.get(direct(token, 11, { redirect_uri: redirectUri }))
      assert.equal(answer.status, 400, redirectUri)
      assert.equal(answer.headers.get('location'), null)
      assert.match(await answer.text(), /This link cannot be used/)
    }
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('of a source that does not exist is told as source_not_available, with the connected of a failure [T087]', async () => {
    const { backend, endUserId, token, person } = await connected()
    for (const source of ['999', '0', '-11', '011', '11 ', '1e1', 'strava ', 'STRAVA', '']) {
      const told = await toldAfter(person, await person.get(direct(token, source, { redirect_uri: APP_A })))
      assert.deepEqual(
        [told.connected, told.error, told.dataSource],
        ['true', 'source_not_available', null],
        source,
      )
      assert.equal((await person.get(direct(token, source))).status, 404, source)
    }
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('asks first unless direct is exactly true [T081]', async () => {
    const { backend, endUserId, token, person } = await connected()
    for (const value of ['TRUE', 'True', '1', 'yes', 'on', '', 'true ', ' true', 'false'])
      assert.equal((await person.get(link('Revoke', token, 11, { direct: value }))).status, 200, value)
    const base = link('Revoke', token, 11)
    for (const more of [
      '',
      '&direct',
      '&direct=true&direct=true',
      '&direct=true&direct=false',
      '&direct[]=true',
      '&Direct=true',
    ])
      assert.equal((await person.get(base + more)).status, 200, more)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('over our own API ends the same connection in the same way, and again changes nothing', async () => {
    const { backend, endUserId } = await connected()
    const listed = await backend.api('GET', `/users/${endUserId}/connections`)
    const { data } = (await listed.json()) as { data: { id: string }[] } // our own API's list
    for (let i = 0; i < 2; i++)
      assert.equal((await backend.api('DELETE', `/connections/${data[0]?.id}`)).status, 204)
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    const events = await disconnectEvents(endUserId)
    assert.deepEqual(
      events.map(({ detail }) => JSON.parse(String(detail))),
      [{ disconnectedBy: 'application' }],
    )
  })
})
