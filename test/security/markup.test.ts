// What callers put into addresses and applications into names comes out as text, and only where it belongs.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEmbeddedDatabase } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { APP_A, SERVICE } from '../support/world.ts'

const MARKS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  '</style><script>alert(1)</script>',
  '{{7*7}}<%= 7*7 %>',
  'javascript:alert(1)',
  '\u2028\u2029\u0000<svg/onload=alert(1)>',
  '&lt;script&gt;',
]
const DANGEROUS = /<script>alert|<img src=x|<svg\/onload|<[^>]* onerror=|"javascript:alert/

onEmbeddedDatabase('markup', (world) => {
  it('in any parameter of any page is not reflected [T089]', async () => {
    const { token } = await backendOf(world()).newSession()
    const person = newPerson(world())
    const returned = await person.connect(link('Connection', token, 11))
    const resultPage = new URL(returned.headers.get('location') ?? '')
    const pages: readonly [string, Record<string, string>][] = [
      ['/dataSourceDirectConnection.html', { token, dataSource: '11', redirect_uri: APP_A }],
      ['/dataSourceDirectRevoke.html', { token, dataSource: '11', redirect_uri: APP_A, direct: 'true' }],
      ['/dataSourceDirectRevoke.html', { token, dataSource: '11' }],
      [resultPage.pathname, Object.fromEntries(resultPage.searchParams)],
      [
        '/callback/strava',
        { state: 'x', code: 'x', error: 'x', error_description: 'x', scope: 'x', iss: 'x' },
      ],
      ['/', { connectionSessionToken: token, lang: 'en', platform: 'web' }],
    ]
    let count = 0
    for (const [path, parameters] of pages)
      for (const name of [...Object.keys(parameters), 'another'])
        for (const mark of MARKS) {
          const query = new URLSearchParams({ ...parameters, [name]: mark })
          const rest = new URLSearchParams(Object.entries(parameters).filter(([other]) => other !== name))
          // As a browser encodes it, and as a program may send it over the wire.
          for (const written of [
            query.toString(),
            `${rest}&${name}=${mark.replaceAll(/[^\x21-\x7e]/g, '+')}`,
          ]) {
            const headers = {
              'x-test-address': `markup ${count++}`,
              'sec-fetch-dest': count % 3 === 0 ? 'iframe' : 'document',
            }
            const answer = await world().app.request(
              `${SERVICE}${path}`,
              { headers },
              {
                incoming: { url: `${path}?${written}`, headers },
              },
            )
            assert.ok(answer.status < 500)
            const body = (await answer.text()).replace(/<style[\s\S]*?<\/style>/g, '')
            assert.doesNotMatch(body, DANGEROUS, `${path}?${written}`)
          }
        }
  })

  it('in a path or a header is not reflected either [T089]', async () => {
    for (const mark of MARKS) {
      const answers = [
        await world().app.request(`${SERVICE}/${encodeURIComponent(mark)}`, {
          headers: { 'x-test-address': mark.length.toString() },
        }),
        await world().app.request(`${SERVICE}/callback/${encodeURIComponent(mark)}?state=x`, {
          headers: { 'x-test-address': 'b' },
        }),
        await world().app.request(`${SERVICE}/dataSourceDirectConnectionResult.html`, {
          headers: {
            'accept-language': mark.replaceAll(/[^\x20-\x7e]/g, ''),
            'user-agent': '<script>alert(1)</script>',
          },
        }),
      ]
      for (const answer of answers) {
        const body = (await answer.text()).replace(/<style[\s\S]*?<\/style>/g, '')
        assert.doesNotMatch(body, DANGEROUS)
      }
    }
  })

  it('in the label of a person is refused, as are addresses and what is too long [T096]', async () => {
    const backend = backendOf(world())
    const endUserId = await backend.createEndUser()
    for (const label of [
      ...MARKS.slice(0, 2),
      'https://evil.example',
      'www.evil.example',
      'a'.repeat(61),
      'line\nbreak',
      '',
      ' ',
      7,
      {},
    ])
      assert.equal(
        (await backend.api('POST', '/sessions', { endUserId, label })).status,
        400,
        JSON.stringify(label),
      )
    const label = `O'Brien & "Co" ${'ü'.repeat(20)}`
    const minted = await backend.api('POST', '/sessions', { endUserId, label })
    assert.equal(minted.status, 201)
    const { token } = (await minted.json()) as { token: string } // our own API's answer
    for (const url of [link('Revoke', token, 11), `/?connectionSessionToken=${token}`]) {
      const html = await (await newPerson(world()).get(url)).text()
      assert.ok(html.includes(`O&#39;Brien &amp; &quot;Co&quot; ${'ü'.repeat(20)}`), url)
    }
  })

  it('in a locale is refused, and an unknown one falls back [T096]', async () => {
    const backend = backendOf(world())
    const endUserId = await backend.createEndUser()
    for (const locale of ['<script>', 'de"', 'deu-', 'd', '', 'de_DE; x', 'a'.repeat(200), 7, ['de']]) {
      const answer = await world().app.request('/widget/v6/connection', {
        method: 'POST',
        headers: { ...backend.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ endUserId, locale }),
      })
      assert.equal(answer.status, 400, JSON.stringify(locale))
    }
  })
})

onEmbeddedDatabase('paths', (world) => {
  it('that are not ours are 404 and never a redirect that tidies them up [T097]', async () => {
    const { token } = await backendOf(world()).newSession()
    const query = `?token=${token}&dataSource=11&direct=true`
    for (const [i, path] of [
      '//evil.example/..',
      '//evil.example/%2e%2e',
      '/\\evil.example',
      '/%5cevil.example',
      '/%2f%2fevil.example',
      '/https://evil.example',
      '/.well-known/../evil',
      '/dataSourceDirectRevoke.html/',
      '/dataSourceDirectRevoke.html/x',
      '//dataSourceDirectRevoke.html',
      '/./dataSourceDirectRevoke.htm',
      '/datasourcedirectrevoke.html',
      '/DATASOURCEDIRECTREVOKE.HTML',
      '/dataSourceDirectRevoke.html%00',
      '/dataSourceDirectRevoke.html%2f',
      '/dataSourceDirectRevoke.html;x=1',
      '/dataSourceDirectRevoke',
      '/callback//strava',
      '/callback/strava/',
      '/callback/strava/x',
      '/v5//accessToken',
      '/restjson/v3/userInformation',
      '/index.html',
      '/logos/../healthz.svg',
      '/logos/%2e%2e%2fhealthz',
    ].entries()) {
      const answer = await world().app.request(
        `${SERVICE}${path}${query}`,
        { headers: { 'x-test-address': `path ${i}` } },
        {
          incoming: { url: `${path}${query}`, headers: { 'x-test-address': `path ${i}` } },
        },
      )
      assert.equal(answer.status, 404, path)
      for (const header of ['location', 'refresh', 'set-cookie'])
        assert.equal(answer.headers.get(header), null, path)
      assert.doesNotMatch(await answer.text(), /evil/)
    }
  })
})
