// Goal: the demo's backend does what its buttons say for the person who pressed them, and nothing for anybody else.
// Method: the real backend with the recorded stand-in, and with a fetch that fails; hostile requests throughout.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import type { Fetch } from '@springbar/sdk'
import { createDemo } from '../../examples/custom-screen/demo.ts'
import { type DocumentedService, startDocumentedService } from './documented-service.ts'
import { createVisitor, formTokenIn, messageOf, rowOf, textOf } from './visitor.ts'

const publicUrl = 'http://localhost:8082'
const HOUR_MS = 60 * 60 * 1000

describe('the demo', () => {
  let service: DocumentedService
  let log: string[]
  let now: number
  beforeEach(async () => {
    service = await startDocumentedService()
    log = []
    now = 1_770_110_142_991
  })
  afterEach(() => service.close())

  function start(options: { readonly fetch?: Fetch; readonly publicUrl?: string } = {}) {
    let seed = 0
    const app = createDemo({
      apiUrl: service.apiUrl,
      directUrl: service.directUrl,
      username: 'demo',
      password: 'demo',
      applicationId: 'demo-app',
      applicationSecret: 'demo-secret',
      publicUrl,
      now: () => now,
      random: (byteCount) => {
        seed += 1
        // Different for each call, and the same in each run.
        return new Uint8Array(byteCount).map((_byte, index) => (index < 4 ? seed >>> (8 * index) : 0))
      },
      log: (line) => log.push(line),
      ...options,
    })
    return { app, visitor: createVisitor(app, options.publicUrl ?? publicUrl) }
  }

  async function signedIn(options: { readonly fetch?: Fetch } = {}) {
    const { app, visitor } = start(options)
    await visitor.submit('/sign-in', { person: 'mara' })
    return { app, visitor }
  }

  describe('signing in', () => {
    it('asks who is there, then remembers it in a cookie that scripts and other sites do not get', async () => {
      const { app, visitor } = start()
      assert.match(textOf((await visitor.open('/')).html), /Who is there\? M Mara Lindqvist J Jonas Okafor/)
      const headers = { 'sec-fetch-site': 'same-origin' }
      const body = new URLSearchParams({ person: 'mara' })
      const response = await app.request(`${publicUrl}/sign-in`, { method: 'POST', headers, body })
      assert.equal(response.status, 303)
      assert.match(
        response.headers.get('set-cookie') ?? '',
        /^tidewell=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax$/,
      )
    })

    it('uses a __Host- cookie where the screen is served by https', async () => {
      const { visitor } = start({ publicUrl: 'https://tidewell.example' })
      await visitor.submit('/sign-in', { person: 'mara' })
      assert.equal(visitor.cookieName(), '__Host-tidewell')
    })

    it('greets the person, switches to the other, and signs out', async () => {
      const { visitor } = await signedIn()
      assert.match(textOf((await visitor.open('/')).html), /Good to see you, Mara\./)
      const { html } = await visitor.submit('/sign-in', { person: 'jonas' })
      assert.match(textOf(html), /Good to see you, Jonas\./)
      const out = await visitor.submit('/sign-out', { formToken: formTokenIn(html) })
      assert.match(textOf(out.html), /Who is there\?/)
    })

    it('knows nobody else, and forgets after eight hours', async () => {
      const { visitor } = start()
      assert.match(textOf((await visitor.submit('/sign-in', { person: 'eve' })).html), /Who is there\?/)
      await visitor.submit('/sign-in', { person: 'mara' })
      now += 8 * HOUR_MS - 1
      assert.match(textOf((await visitor.open('/')).html), /Good to see you/)
      now += 1
      assert.match(textOf((await visitor.open('/')).html), /Who is there\?/)
    })

    it('keeps a thousand, and drops the oldest', async () => {
      const { app, visitor } = await signedIn()
      const headers = { 'sec-fetch-site': 'same-origin' }
      for (let count = 0; count < 1_000; count += 1) {
        const body = new URLSearchParams({ person: 'jonas' })
        await app.request(`${publicUrl}/sign-in`, { method: 'POST', headers, body })
      }
      assert.match(textOf((await visitor.open('/')).html), /Who is there\?/)
    })
  })

  describe('somebody else', () => {
    const foreign: readonly Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      {},
    ]
    for (const headers of foreign) {
      it(`cannot make a browser act by a form, with ${JSON.stringify(headers)}`, async () => {
        const { visitor } = await signedIn()
        const { html } = await visitor.follow('/connect/11')
        const fields = { formToken: formTokenIn(html), person: 'jonas' }
        for (const path of ['/disconnect/11', '/disconnect/11/background', '/sign-in'])
          assert.equal((await visitor.submit(path, fields, headers)).status, 403)
        await visitor.submit('/sign-out', fields, headers)
        assert.match(textOf((await visitor.open('/')).html), /Good to see you, Mara\./)
        assert.equal(service.connected.size, 1)
      })
    }

    it('cannot disconnect without the token of the form, or with another one', async () => {
      const { visitor } = await signedIn()
      await visitor.follow('/connect/11')
      const wrong: readonly Record<string, string>[] = [{}, { formToken: '' }, { formToken: 'a'.repeat(43) }]
      for (const fields of wrong) {
        const refused = await visitor.submit('/disconnect/11', fields)
        assert.equal(refused.status, 403)
        assert.match(textOf(refused.html), /That did not go through Nothing was changed\./)
      }
      assert.equal(service.connected.size, 1)
    })

    it('cannot start a connection by a link on another page', async () => {
      const { visitor } = await signedIn()
      for (const path of ['/connect/11', '/disconnect/11/ask']) {
        const visit = await visitor.open(path, { 'sec-fetch-site': 'cross-site' })
        assert.deepEqual(visit.trail, [`${publicUrl}${path}`, `${publicUrl}/`])
      }
    })

    it('reaches nothing without signing in', async () => {
      const { visitor } = start()
      for (const path of [
        '/',
        '/connect/11',
        '/disconnect/11/ask',
        '/connected?dataSource=11&connected=true',
      ])
        assert.match(textOf((await visitor.open(path)).html), /Who is there\?/)
      assert.equal((await visitor.submit('/disconnect/11', {})).status, 403)
      assert.deepEqual(service.requests, [])
    })

    it('cannot send a large form', async () => {
      const { visitor } = await signedIn()
      assert.equal((await visitor.submit('/disconnect/11', { formToken: 'a'.repeat(5_000) })).status, 413)
    })
  })

  describe('a press', () => {
    it('mints nothing when a browser fetches ahead or only asks for the head', async () => {
      const { app, visitor } = await signedIn()
      const ahead = await visitor.open('/connect/11', {
        'sec-purpose': 'prefetch',
        'sec-fetch-site': 'same-origin',
      })
      assert.equal(ahead.url, `${publicUrl}/`)
      await app.request(`${publicUrl}/connect/11`, { method: 'HEAD' })
      assert.ok(!service.requests.some((request) => request.includes('/widget/')))
    })

    it('works where the browser does not say where a request comes from', async () => {
      const { visitor } = await signedIn()
      assert.match(messageOf((await visitor.open('/connect/11')).html), /^Strava is connected/)
      const { html } = await visitor.open('/')
      const visit = await visitor.submit(
        '/disconnect/11',
        { formToken: formTokenIn(html) },
        { origin: publicUrl },
      )
      assert.match(messageOf(visit.html), /^Strava is disconnected/)
    })

    it('leads to the question of the service when the person wants to be asked', async () => {
      const { app } = await signedIn()
      const cookie = `tidewell=${Buffer.from(new Uint8Array(32).fill(1, 0, 1)).toString('base64url')}`
      const response = await app.request(`${publicUrl}/disconnect/11/ask`, { headers: { cookie } })
      assert.match(
        response.headers.get('location') ?? '',
        /\/dataSourceDirectRevoke\.html\?token=\d+X\d+&dataSource=11&redirect_uri=http%3A%2F%2Flocalhost%3A8082%2Fdisconnected$/,
      )
    })

    const unknown = ['18', '5', '999', '0', '011', '-1', 'strava', '11x', '%2e%2e', '11%0d%0a']
    for (const id of unknown) {
      it(`does not connect the source ${id}`, async () => {
        const { visitor } = await signedIn()
        const visit = await visitor.follow(`/connect/${id}`)
        assert.ok(!visit.trail.some((url) => url.includes('dataSourceDirect')))
        assert.ok(visit.status === 200 || visit.status === 404)
      })
    }
  })

  describe('what is shown', () => {
    it('is the state of the API, not what a URL claims', async () => {
      const { visitor } = await signedIn()
      const { html } = await visitor.open('/connected?dataSource=11&connected=true')
      assert.match(messageOf(html), /^Strava is not here yet/)
      assert.doesNotMatch(rowOf(html, 11), /Connected since/)
    })

    it('holds nothing of a hostile return URL', async () => {
      const { visitor } = await signedIn()
      const script = encodeURIComponent('"><script>alert(1)</script>')
      const { html, status } = await visitor.open(
        `/connected?dataSource=${script}&connected=${script}&error=${script}&result=${script}&x=${script}`,
      )
      assert.equal(status, 200)
      assert.equal(messageOf(html), '')
      assert.doesNotMatch(html, /alert\(1\)/)
    })

    it('includes a connected source that the screen does not offer, so that it can be ended', async () => {
      const { visitor } = await signedIn()
      const offered = service.connected as Map<number, string>
      offered.set(3, '2026-01-02T03:04:05Z').set(18, '2026-01-02T03:04:05Z')
      const { html } = await visitor.open('/')
      assert.match(
        rowOf(html, 3),
        /^Source 3 .*Connected since 2 January 2026 at 03:04 UTC Disconnect Source 3/,
      )
      assert.match(rowOf(html, 18), /^Oura .*Connected since .*Disconnect Oura/)
      assert.doesNotMatch(rowOf(html, 3), /connect Source 3 again/)
      const visit = await visitor.submit('/disconnect/3/background', { formToken: formTokenIn(html) })
      assert.match(messageOf(visit.html), /^Source 3 is disconnected/)
    })

    it('writes what a vendor named its scopes as text', async () => {
      const hostile: Fetch = async (url, init) => {
        const response = await fetch(url, init)
        if (!url.endsWith('/v5/userInformation')) return response
        return new Response(
          (await response.text()).replaceAll('"Activity"', '"<img src=x onerror=alert(1)>"'),
        )
      }
      const { visitor } = await signedIn({ fetch: hostile })
      const { html } = await visitor.follow('/connect/11')
      assert.match(html, /You allowed: &lt;img src=x onerror=alert\(1\)&gt;/)
      assert.doesNotMatch(html, /<img/)
    })
  })

  describe('when Springbar fails', () => {
    const failing = (
      path: string,
      answer: () => Response | Promise<never>,
      times = Number.POSITIVE_INFINITY,
    ): Fetch => {
      let left = times
      return async (url, init) => {
        if (!url.includes(path) || left <= 0) return fetch(url, init)
        left -= 1
        return answer()
      }
    }

    it('says so in a plain page with a reference, and logs what a developer needs', async () => {
      const body = { status: 500, title: 'No', code: 'server_error', detail: 'x', requestId: 'req-7' }
      const { visitor } = await signedIn({
        fetch: failing('/v5/userInformation', () => Response.json(body, { status: 500 })),
      })
      log.length = 0
      const { status, html } = await visitor.open('/')
      assert.equal(status, 503)
      assert.match(textOf(html), /We cannot reach your sources Nothing was changed, .* Try again .* req-7/)
      assert.deepEqual(log, [
        'server_error: Springbar refused to read end users (status 500, request req-7).',
      ])
    })

    it('names the header of wrong credentials in the log, and no credential anywhere', async () => {
      const body = { code: 'invalid_credentials', detail: 'AppAuthorization is wrong: demo-secret' }
      const { visitor } = await signedIn({
        fetch: failing('/v5/accessToken', () => Response.json(body, { status: 401 })),
      })
      log.length = 0
      const { html } = await visitor.open('/')
      assert.deepEqual(log, [
        'invalid_credentials: Springbar refused the credentials in the AppAuthorization header (status 401).',
      ])
      assert.doesNotMatch(`${html} ${log}`, /demo-secret|ZGVtb/)
    })

    it('stays usable when the service is gone', async () => {
      const gone = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }))
      const { visitor } = await signedIn({ fetch: failing('/', gone) })
      for (const path of ['/', '/connect/11', '/connected?dataSource=11&connected=true'])
        assert.equal((await visitor.follow(path)).status, 503)
      assert.match(log[0] ?? '', /^unreachable: .*\(ECONNREFUSED\)\.$/)
    })

    it('asks for the end user anew when the service no longer knows the one it had', async () => {
      const erased = () => new Response('AuthenticationToken is invalid for given appID', { status: 403 })
      const { visitor } = await signedIn()
      const again = await signedIn({ fetch: failing('/widget/v6/connection', erased, 1) })
      await visitor.open('/')
      await again.visitor.open('/')
      assert.match(messageOf((await again.visitor.follow('/connect/11')).html), /^Strava is connected/)
      assert.equal(service.requests.filter((request) => request === 'POST /v5/accessToken').length, 3)
    })

    it('believes the state when a background disconnect does not tell how it ended', async () => {
      const silent: Fetch = async (url, init) => {
        const response = await fetch(url, init)
        return url.includes('dataSourceDirectRevoke') ? new Response('<!doctype html>') : response
      }
      const { visitor } = await signedIn({ fetch: silent })
      const { html } = await visitor.follow('/connect/11')
      const visit = await visitor.submit('/disconnect/11/background', { formToken: formTokenIn(html) })
      assert.match(messageOf(visit.html), /^Strava is disconnected/)
    })

    it('says that it did not work when a background disconnect failed', async () => {
      const location = '/dataSourceDirectConnectionResult.html?token=x&dataSource=11&connected=true'
      const failed = () => new Response(null, { status: 303, headers: { location } })
      const { visitor } = await signedIn({ fetch: failing('dataSourceDirectRevoke', failed) })
      const { html } = await visitor.follow('/connect/11')
      const visit = await visitor.submit('/disconnect/11/background', { formToken: formTokenIn(html) })
      assert.match(messageOf(visit.html), /^Strava is still connected/)
    })
  })

  describe('every answer', () => {
    it('allows nothing from elsewhere, no frame and no cache', async () => {
      const { app, visitor } = await signedIn()
      for (const path of ['/', '/nowhere', '/assets/tidewell.css', '/connect/999']) {
        const { headers } = await app.request(`${publicUrl}${path}`)
        assert.equal(
          headers.get('content-security-policy'),
          `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self' ${publicUrl} ${service.directUrl}; base-uri 'none'; frame-ancestors 'none'`,
        )
        assert.equal(headers.get('referrer-policy'), 'same-origin')
        assert.equal(headers.get('x-content-type-options'), 'nosniff')
        assert.equal(headers.get('cache-control'), path.startsWith('/assets') ? 'no-cache' : 'no-store')
      }
      const { html } = await visitor.open('/')
      assert.doesNotMatch(html, / style="| on[a-z]+="|<style|<script>/)
      const loaded = [...html.matchAll(/(?:src|<link[^>]* href)="([^"]*)"/g)].map((match) => match[1])
      assert.ok(loaded.length > 0 && loaded.every((address) => address?.startsWith('/assets/')))
    })

    it('is a plain page for an address that does not exist', async () => {
      const { visitor } = start()
      const { status, html } = await visitor.open('/nowhere')
      assert.equal(status, 404)
      assert.match(textOf(html), /There is nothing here/)
    })
  })
})
