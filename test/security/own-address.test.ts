// Where the service says it is comes from its configuration alone: not from Host, not from what a proxy or a caller
// claims. And on plain http, which is for loopback only, the cookie goes without the prefix that needs TLS.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { onEmbeddedDatabase } from '../support/databases.ts'
import { backendOf, credentialsOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { APP_A, openWorld, SERVICE } from '../support/world.ts'

const CLAIMS: readonly Record<string, string>[] = [
  { Host: 'evil.example' },
  { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http', 'X-Forwarded-Port': '81' },
  { Forwarded: 'for=1.2.3.4;host=evil.example;proto=http' },
  { 'X-Original-URL': 'https://evil.example/', 'X-Rewrite-URL': '/evil.example' },
  { 'X-Forwarded-Prefix': '/evil.example', 'X-Forwarded-Server': 'evil.example' },
  { Origin: 'https://evil.example', Referer: 'https://evil.example/' },
]

onEmbeddedDatabase('the own address', (world) => {
  it('is the configured one in every redirect, cookie, page and answer, whatever the request claims [T056]', async () => {
    for (const headers of CLAIMS)
      for (const origin of ['https://evil.example', 'http://evil.example:8443', SERVICE]) {
        const { endUserId, token } = await backendOf(world()).newSession()
        const person = newPerson(world())
        const seen: string[] = []
        const request = async (path: string, more: Record<string, string> = {}) => {
          const cookie = [...person.cookies].map((pair) => pair.join('=')).join('; ')
          const answer = await world().app.request(`${origin}${path}`, {
            headers: { ...headers, ...more, cookie },
          })
          for (const line of answer.headers.getSetCookie()) {
            seen.push(line)
            const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
            person.cookies.set(name, value)
          }
          seen.push([...answer.headers].join(), await answer.clone().text())
          return answer
        }
        const started = await request(link('Connection', token, 1, { redirect_uri: APP_A }))
        const authorization = locationOf(started)
        assert.equal(authorization.searchParams.get('redirect_uri'), `${SERVICE}/callback/google-health`)
        assert.match(started.headers.get('set-cookie') ?? '', /^__Host-sb-.*; Secure$/)
        const { location } = await world().sandbox.control.consent(authorization.href, {
          account: person.account,
        })
        const back = await request(new URL(location ?? '').pathname + new URL(location ?? '').search)
        assert.ok(
          back.headers.get('location')?.startsWith(`${SERVICE}/dataSourceDirectConnectionResult.html?`),
        )
        await request(link('Revoke', token, 1))
        await request(link('Connection', token, 1), { 'Sec-Fetch-Dest': 'iframe' })
        await request(`/?connectionSessionToken=${token}`)
        const minted = await world().app.request(`${origin}/widget/v6/connection`, {
          method: 'POST',
          headers: { ...credentialsOf('a', 'app-a'), ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ endUserId }),
        })
        const text = await minted.text()
        assert.ok(text.includes(`"${SERVICE}/?connectionSessionToken=`), text)
        assert.ok(!seen.concat(text).join().includes('evil.example'))
      }
  })
})

describe('on plain http, on a loopback host', () => {
  const publicUrl = 'http://localhost:8080'

  it('the cookie has a name of its own and no Secure, and everything works [T046]', async () => {
    const world = await openWorld({ publicUrl })
    try {
      const backend = backendOf(world)
      const { endUserId, token } = await backend.newSession()
      const started = await world.app.request(
        `${publicUrl}${link('Connection', token, 11, { redirect_uri: APP_A })}`,
      )
      const [cookie = ''] = started.headers.getSetCookie()
      assert.match(cookie, /^dev-sb-[0-9A-Z]{14}=/)
      assert.doesNotMatch(cookie, /Secure|Domain/i)
      assert.match(cookie, /HttpOnly; SameSite=Lax$/)
      assert.equal(started.headers.get('strict-transport-security'), null)

      const { location } = await world.sandbox.control.consent(locationOf(started).href)
      const forged = cookie.replace('dev-sb-', '__Host-sb-').split(';')[0] ?? ''
      const own = cookie.split(';')[0] ?? ''
      const returned = await world.app.request(location ?? '', { headers: { cookie: own } })
      assert.equal(locationOf(returned).searchParams.get('connected'), 'true')
      assert.deepEqual(await backend.connectedSources(endUserId), [11])
      assert.equal((await world.app.request(location ?? '', { headers: { cookie: forged } })).status, 409)
    } finally {
      await world.close()
    }
  })

  it('is refused as a configuration for any other host', async () => {
    await assert.rejects(openWorld({ publicUrl: 'http://connect.example.org' }), /must be https/)
  })
})

describe('a service on https', () => {
  it('takes no cookie of the plain kind [T048]', async () => {
    const world = await openWorld()
    try {
      const { token } = await backendOf(world).newSession()
      const person = newPerson(world)
      const callback = await person.consent(link('Connection', token, 11))
      const cookie = [...person.cookies]
        .map(([name, value]) => `${name.replace('__Host-', 'dev-')}=${value}`)
        .join()
      const other = newPerson(world)
      assert.equal((await other.get(callback, { cookie })).status, 409)
      assert.equal(
        (
          await toldAfter(
            person,
            await person.connect(link('Connection', token, 11, { redirect_uri: APP_A })),
          )
        ).connected,
        'true',
      )
    } finally {
      await world.close()
    }
  })
})
