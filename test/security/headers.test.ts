// The headers of every kind of answer, on every status: security.md's table, held against the service. Nothing names the
// software, nothing may be cached or framed, no origin is let in.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEmbeddedDatabase } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { APP_A, SERVICE } from '../support/world.ts'

const COMMON = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'strict-transport-security': 'max-age=31536000',
}
const PAGE = {
  ...COMMON,
  // A page of any origin may fetch a disconnect link; it reads nothing of the answer.
  'cross-origin-resource-policy': 'cross-origin',
  'cross-origin-opener-policy': 'unsafe-none',
  'x-robots-tag': 'noindex, nofollow',
}
const API = {
  ...COMMON,
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

interface Case {
  readonly about: string
  readonly status: number
  readonly request: Request
}

onEmbeddedDatabase('headers', (world) => {
  /** Answers of every kind that a person's browser gets, and every kind that a program gets. */
  const cases = async (): Promise<{ readonly pages: readonly Case[]; readonly answers: readonly Case[] }> => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const callback = await person.consent(link('Connection', token, 11, { redirect_uri: APP_A }))
    const cookie = [...person.cookies].map((pair) => pair.join('=')).join('; ')
    const other = await newPerson(world()).consent(link('Connection', token, 11))
    let count = 0
    const request = (status: number, path: string, init: RequestInit = {}): Case => ({
      about: `${init.method ?? 'GET'} ${path.slice(0, 60)}`,
      status,
      request: new Request(path.startsWith('/') ? `${SERVICE}${path}` : path, {
        ...init,
        headers: { 'x-test-address': `header ${count++}`, Origin: 'https://evil.example', ...init.headers },
      }),
    })
    const json = { ...backend.headers, 'content-type': 'application/json' }
    const form = { ...backend.headers, 'content-type': 'application/x-www-form-urlencoded' }
    const own = { Authorization: 'Bearer sbk_app-a', 'content-type': 'application/json' }
    return {
      pages: [
        request(303, link('Connection', token, 8)),
        request(303, link('Connection', token, 2, { redirect_uri: APP_A })),
        request(200, link('Connection', token, 11), { headers: { 'Sec-Fetch-Dest': 'iframe' } }),
        request(204, link('Connection', token, 11), { method: 'HEAD' }),
        request(503, link('Revoke', token, 11, { direct: 'true' }), { headers: { Purpose: 'prefetch' } }),
        request(400, link('Connection', token, 11, { redirect_uri: 'https://evil.example' })),
        request(403, '/dataSourceDirectConnection.html'),
        request(404, link('Connection', token, 999)),
        request(409, link('Connection', token, 5)),
        request(400, link('Connection', token, 11), { method: 'POST' }),
        request(405, link('Connection', token, 11), { method: 'PUT' }),
        request(303, callback, { headers: { cookie } }),
        request(303, callback, { headers: { cookie } }),
        request(409, callback),
        request(409, other),
        request(400, '/callback/strava'),
        request(405, '/callback/strava', { method: 'POST' }),
        request(200, link('Revoke', token, 11)),
        request(303, link('Revoke', token, 11, { direct: 'true' })),
        request(400, link('Revoke', token, 11), { method: 'POST' }),
        request(413, link('Revoke', token, 11), { method: 'POST', body: 'a'.repeat(70_000), headers: form }),
        request(415, link('Revoke', token, 11), { method: 'POST', body: '{}', headers: json }),
        request(200, '/dataSourceDirectConnectionResult.html'),
        request(200, `/?connectionSessionToken=${token}`),
        request(403, '/?connectionSessionToken=x'),
        request(404, '/nowhere'),
        request(404, '/logos/none.svg'),
      ],
      answers: [
        request(200, '/v5/accessToken', { method: 'POST', headers: backend.headers }),
        request(401, '/v5/accessToken', { method: 'POST' }),
        request(405, '/v5/accessToken'),
        request(400, '/v5/userInformation', { method: 'POST', headers: form, body: '' }),
        request(403, '/v5/userInformation', { method: 'POST', headers: form, body: 'authenticationToken=x' }),
        request(204, '/v5/userInformation', {
          method: 'PUT',
          headers: { ...json, authenticationToken: endUserId },
          body: '{}',
        }),
        request(200, '/widget/v6/connection', {
          method: 'POST',
          headers: json,
          body: JSON.stringify({ endUserId }),
        }),
        request(415, '/widget/v6/connection', { method: 'POST', headers: form, body: 'a=b' }),
        request(413, '/widget/v6/connection', {
          method: 'POST',
          headers: json,
          body: `"${'a'.repeat(70_000)}"`,
        }),
        request(404, '/v5/nowhere', { method: 'POST' }),
        request(405, '/v5/accessToken', {
          method: 'OPTIONS',
          headers: { 'Access-Control-Request-Method': 'POST' },
        }),
        request(200, '/v1/data-sources', { headers: own }),
        request(201, '/v1/sessions', { method: 'POST', headers: own, body: JSON.stringify({ endUserId }) }),
        request(400, '/v1/sessions', { method: 'POST', headers: own, body: '{}' }),
        request(400, '/v1/sessions', { method: 'POST', headers: own, body: '{' }),
        request(401, '/v1/sessions', { method: 'POST' }),
        request(404, '/v1/nowhere', { headers: own }),
        request(405, '/v1/sessions', { method: 'PATCH', headers: own, body: '{}' }),
        request(200, '/v1/openapi.json'),
        request(200, '/healthz'),
        request(200, '/readyz'),
        request(200, '/metrics'),
      ],
    }
  }

  it('of every answer keep it out of caches, frames, other origins and sniffing [T091, T013, T028, T093]', async () => {
    const { pages, answers } = await cases()
    for (const [expected, group] of [
      [PAGE, pages],
      [API, answers],
    ] as const)
      for (const { about, status, request } of group) {
        const answer = await world().app.request(request)
        assert.equal(answer.status, status, about)
        for (const [name, value] of Object.entries(expected))
          assert.equal(answer.headers.get(name), value, `${about}: ${name}`)
        const policy = answer.headers.get('content-security-policy') ?? ''
        assert.match(policy, /^default-src 'none'; /, about)
        assert.match(policy, /frame-ancestors ('none'|https:\/\/app-a\.example\.com)/, about)
        for (const [name] of answer.headers)
          assert.doesNotMatch(name, /^(access-control-|server$|x-powered-by$|via$)/, about)
      }
  })

  it('forbid framing everywhere but on the widget and the page that leads out of a frame [T090]', async () => {
    const { pages } = await cases()
    const framed: string[] = []
    for (const { about, request } of pages) {
      const url = request.url.slice(SERVICE.length)
      const answer = await world().app.request(request)
      const policy = answer.headers.get('content-security-policy') ?? ''
      if (policy.includes("frame-ancestors 'none'")) {
        assert.equal(answer.headers.get('x-frame-options'), 'DENY', about)
        continue
      }
      assert.match(policy, /frame-ancestors https:\/\/app-a\.example\.com$/)
      assert.equal(answer.headers.get('x-frame-options'), null)
      framed.push(url.split('?')[0] ?? '')
    }
    assert.deepEqual(framed.toSorted(), ['/', '/dataSourceDirectConnection.html'])
  })

  it('let nothing be loaded, run or submitted elsewhere by a page [T011, T095]', async () => {
    const { pages } = await cases()
    for (const { about, request } of pages) {
      const answer = await world().app.request(request)
      const html = await answer.text()
      if (html === '') continue
      const policy = answer.headers.get('content-security-policy') ?? ''
      assert.match(policy, /base-uri 'none'/)
      assert.doesNotMatch(policy, /unsafe|\*|data:|https:(?!\/\/app-a\.example\.com)/, about)
      for (const [, address = ''] of html.matchAll(/(?:src|href|action)="([^"]*)"/g))
        assert.ok(address.startsWith('/') || address.startsWith(`${SERVICE}/`), `${about}: ${address}`)
      for (const [tag] of html.matchAll(/<(?:script|style)[^>]*>/g)) assert.match(tag, /nonce="[\w-]{16,}"/)
      assert.doesNotMatch(html, /\son\w+=|style="|localStorage|sessionStorage|@import|\burl\(/, about)
    }
  })

  it('carry a fresh nonce for each page', async () => {
    const nonces = new Set<string>()
    for (let i = 0; i < 20; i++) {
      const answer = await newPerson(world()).get('/dataSourceDirectConnectionResult.html')
      nonces.add(/'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1] ?? '')
    }
    assert.equal(nonces.size, 20)
  })

  it('of the question before a disconnect let its form lead to the return address of that link alone [5.3]', async () => {
    const { token } = await backendOf(world()).newSession()
    for (const [redirectUri, target] of [
      [APP_A, ' https://app-a.example.com;'],
      ['app-a.example:/done', ' app-a.example:;'],
      [null, ';'],
    ] as const) {
      const more = redirectUri === null ? {} : { redirect_uri: redirectUri }
      const answer = await newPerson(world()).get(link('Revoke', token, 11, more))
      assert.ok(answer.headers.get('content-security-policy')?.includes(`form-action 'self'${target}`))
    }
  })

  it('name as logo what may be shown anywhere and kept', async () => {
    const answer = await world().app.request(`${SERVICE}/logos/strava`)
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin')
    assert.match(answer.headers.get('cache-control') ?? '', /public/)
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  })
})
