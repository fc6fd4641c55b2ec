// Links are opened by more than people: prefetchers, link scanners, HEAD and OPTIONS. None of those changes anything,
// and every ordinary GET still works after them.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A, SERVICE } from '../support/world.ts'

const SPECULATIVE: readonly Record<string, string>[] = [
  { 'Sec-Purpose': 'prefetch' },
  { 'Sec-Purpose': 'prefetch;prerender' },
  { 'Sec-Purpose': 'prefetch;anonymous-client-ip' },
  { 'Sec-Purpose': 'PREFETCH' },
  { Purpose: 'prefetch' },
  { Purpose: 'preview' },
  { 'X-Moz': 'prefetch' },
]

onBothDatabases('a request that is not a person opening a page', (world) => {
  const send = (method: string, url: string, headers: Record<string, string> = {}) =>
    world().app.request(url.startsWith('/') ? `${SERVICE}${url}` : url, { method, headers })
  const rowCounts = async () => {
    const counts: string[] = []
    for (const table of ['attempts', 'connections', 'events', 'revocations', 'sessions'])
      counts.push(`${table} ${(await query(world(), `select count(*) as n from ${table}`))[0]?.['n']}`)
    return counts
  }

  it('changes nothing on any page, also with the cookies of the right browser [T053, T083]', async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    await person.connect(link('Connection', token, 8))
    const callback = await person.consent(link('Connection', token, 11, { redirect_uri: APP_A }))
    const cookie = [...person.cookies].map((pair) => pair.join('=')).join('; ')
    const urls = [
      link('Connection', token, 1),
      link('Revoke', token, 8),
      link('Revoke', token, 8, { direct: 'true' }),
      callback,
      `/?connectionSessionToken=${token}`,
    ]
    const [rows, calls] = [await rowCounts(), world().sandbox.control.calls().length]
    for (const url of urls) {
      for (const headers of SPECULATIVE) {
        const answer = await send('GET', url, { ...headers, cookie })
        // No success: a browser would keep one, and show it for the click.
        assert.equal(answer.status, 503, `${JSON.stringify(headers)} ${url}`)
        assert.equal(answer.headers.get('location'), null)
        assert.deepEqual(answer.headers.getSetCookie(), [])
        assert.equal(answer.headers.get('cache-control'), 'no-store', 'and is not kept for the real one')
      }
      const head = await send('HEAD', url, { cookie })
      assert.equal(head.headers.get('location'), null)
      assert.equal(await head.text(), '')
      const options = await send('OPTIONS', url, {
        cookie,
        Origin: 'https://evil.example',
        'Access-Control-Request-Method': 'GET',
      })
      assert.equal(options.status, 405)
      assert.match(options.headers.get('allow') ?? '', /GET/)
    }
    assert.deepEqual(await rowCounts(), rows)
    assert.equal(world().sandbox.control.calls().length, calls)
    assert.deepEqual(await backend.connectedSources(endUserId), [8])

    const told = await toldAfter(person, await person.get(callback))
    assert.equal(told.connected, 'true', 'the real callback still works')
    await person.get(link('Revoke', token, 8, { direct: 'true' }))
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('by another method gets 405 with the methods that there are, and changes nothing [T054, T094]', async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const callback = await person.consent(link('Connection', token, 11))
    const cookie = [...person.cookies].map((pair) => pair.join('=')).join('; ')
    const rows = await rowCounts()
    for (const [url, allowed] of [
      [link('Connection', token, 11), 'GET, HEAD, POST'],
      [callback, 'GET, HEAD'],
      [`${SERVICE}/dataSourceDirectConnectionResult.html`, 'GET, HEAD, POST'],
      [`${SERVICE}/?connectionSessionToken=${token}`, 'GET, HEAD'],
      [link('Revoke', token, 11, { direct: 'true' }), 'GET, HEAD, POST'],
    ] as const)
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'].filter(
        (one) => !allowed.includes(one),
      )) {
        const answer = await send(method, url, { cookie })
        assert.equal(answer.status, 405, `${method} ${url}`)
        assert.equal(answer.headers.get('allow'), allowed)
      }
    assert.deepEqual(await rowCounts(), rows)
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    assert.equal((await person.get(callback)).status, 303, 'the callback was not consumed')
  })

  it('in a frame starts nothing and offers a button to the whole window or a new one [contract §3]', async () => {
    const backend = backendOf(world())
    const { token } = await backend.newSession()
    for (const destination of ['iframe', 'frame', 'embed', 'object']) {
      const rows = await rowCounts()
      const url = link('Connection', token, 11, { redirect_uri: `${APP_A}?x=<y>` })
      for (const [start, target] of [
        [link('Connection', token, 11, { redirect_uri: APP_A }), '_top'],
        [link('Connection', token, 11), '_blank'],
      ] as const) {
        const answer = await send('GET', start, { 'Sec-Fetch-Dest': destination })
        assert.equal(answer.status, 200)
        assert.deepEqual(answer.headers.getSetCookie(), [])
        const html = await answer.text()
        assert.ok(html.includes(`target="${target}"`), target)
        assert.ok(html.includes(`${SERVICE}/dataSourceDirectConnection.html?token=${token}`))
        assert.match(
          answer.headers.get('content-security-policy') ?? '',
          /frame-ancestors https:\/\/app-a\.example\.com$/,
        )
        assert.equal(answer.headers.get('x-frame-options'), null)
      }
      assert.equal((await send('GET', url, { 'Sec-Fetch-Dest': destination })).status, 400)
      assert.deepEqual(await rowCounts(), rows)
    }
  })
})
