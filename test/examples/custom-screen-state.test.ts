// Goal: a press does what its button says, and the screen shows what is true, also when Springbar fails.
// Method: the real backend with the recorded stand-in, and with a fetch that fails or lies.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import type { Fetch } from '@springbar/sdk'
import { PUBLIC_URL, startDemoWithService } from './started-demo.ts'
import { formTokenIn, messageOf, rowOf, textOf } from './visitor.ts'

describe('the demo', () => {
  let demo: Awaited<ReturnType<typeof startDemoWithService>>
  beforeEach(async () => {
    demo = await startDemoWithService()
  })
  afterEach(() => demo.service.close())

  describe('a press', () => {
    it('mints nothing when a browser fetches ahead or only asks for the head', async () => {
      const { app, visitor } = await demo.signedIn()
      const ahead = await visitor.open('/connect/11', {
        'sec-purpose': 'prefetch',
        'sec-fetch-site': 'same-origin',
      })
      assert.equal(ahead.url, `${PUBLIC_URL}/`)
      await app.request(`${PUBLIC_URL}/connect/11`, { method: 'HEAD' })
      assert.ok(!demo.service.requests.some((request) => request.includes('/widget/')))
    })

    it('works where the browser does not say where a request comes from', async () => {
      const { visitor } = await demo.signedIn()
      assert.match(messageOf((await visitor.open('/connect/11')).html), /^Strava is connected/)
      const { html } = await visitor.open('/')
      const visit = await visitor.submit(
        '/disconnect/11',
        { formToken: formTokenIn(html) },
        { origin: PUBLIC_URL },
      )
      assert.match(messageOf(visit.html), /^Strava is disconnected/)
    })

    it('leads to the question of the service when the person wants to be asked', async () => {
      const { app } = await demo.signedIn()
      const cookie = `tidewell=${Buffer.from(new Uint8Array(32).fill(1, 0, 1)).toString('base64url')}`
      const response = await app.request(`${PUBLIC_URL}/disconnect/11/ask`, { headers: { cookie } })
      assert.match(
        response.headers.get('location') ?? '',
        /\/dataSourceDirectRevoke\.html\?token=\d+X\d+&dataSource=11&redirect_uri=http%3A%2F%2Flocalhost%3A8082%2Fdisconnected$/,
      )
    })

    const unknown = ['5', '999', '0', '011', '-1', 'strava', '11x', '%2e%2e', '11%0d%0a']
    for (const id of unknown) {
      it(`does not connect the source ${id}`, async () => {
        const { visitor } = await demo.signedIn()
        const visit = await visitor.follow(`/connect/${id}`)
        assert.ok(!visit.trail.some((url) => url.includes('dataSourceDirect')))
        assert.ok(visit.status === 200 || visit.status === 404)
      })
    }
  })

  describe('what is shown', () => {
    it('is the state of the API, not what a URL claims', async () => {
      const { visitor } = await demo.signedIn()
      const { html } = await visitor.open('/connected?dataSource=11&connected=true')
      assert.match(messageOf(html), /^Strava is not here yet/)
      assert.doesNotMatch(rowOf(html, 11), /Connected since/)
    })

    it('holds nothing of a hostile return URL', async () => {
      const { visitor } = await demo.signedIn()
      const script = encodeURIComponent('"><script>alert(1)</script>')
      const { html, status } = await visitor.open(
        `/connected?dataSource=${script}&connected=${script}&error=${script}&result=${script}&x=${script}`,
      )
      assert.equal(status, 200)
      assert.equal(messageOf(html), '')
      assert.doesNotMatch(html, /alert\(1\)/)
    })

    it('includes a connected source that the screen does not offer, so that it can be ended', async () => {
      const { visitor } = await demo.signedIn()
      const offered = demo.service.connected as Map<number, string>
      offered.set(3, '2026-01-02T03:04:05Z').set(18, '2026-01-02T03:04:05Z')
      const { html } = await visitor.open('/')
      assert.match(rowOf(html, 3), /^Source 3 .*Connected since 2 Jan 2026, 03:04 UTC Disconnect Source 3/)
      assert.match(rowOf(html, 18), /^Oura .*Connected since .*Disconnect Oura/)
      assert.doesNotMatch(rowOf(html, 3), /connect Source 3 again/)
      const visit = await visitor.submit('/disconnect/3/background', { formToken: formTokenIn(html) })
      assert.match(messageOf(visit.html), /^Source 3 is disconnected/)
    })

    it('writes a vendor’s scopes without their ornaments', async () => {
      const scopes = '"https://www.googleapis.com/auth/googlehealth.sleep.readonly","activity:read_all"'
      const odd: Fetch = async (url, init) =>
        new Response((await (await fetch(url, init)).text()).replaceAll('"Activity"', scopes))
      const { visitor } = await demo.signedIn({ fetch: odd })
      const { html } = await visitor.follow('/connect/11')
      assert.match(html, /You allowed: sleep, activity read all</)
    })

    it('writes what a vendor named its scopes as text', async () => {
      const hostile: Fetch = async (url, init) => {
        const response = await fetch(url, init)
        if (!url.endsWith('/v5/userInformation')) return response
        return new Response(
          (await response.text()).replaceAll('"Activity"', '"<img src=x onerror=alert(1)>"'),
        )
      }
      const { visitor } = await demo.signedIn({ fetch: hostile })
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
      const { visitor } = await demo.signedIn({
        fetch: failing('/v5/userInformation', () => Response.json(body, { status: 500 })),
      })
      demo.log.length = 0
      const { status, html } = await visitor.open('/')
      assert.equal(status, 503)
      assert.match(textOf(html), /We cannot reach your sources Nothing was changed, .* Try again .* req-7/)
      assert.deepEqual(demo.log, [
        'server_error: Springbar refused to read end users (status 500, request req-7).',
      ])
    })

    it('names the header of wrong credentials in the log, and no credential anywhere', async () => {
      const body = { code: 'invalid_credentials', detail: 'AppAuthorization is wrong: demo-secret' }
      const { visitor } = await demo.signedIn({
        fetch: failing('/v5/accessToken', () => Response.json(body, { status: 401 })),
      })
      demo.log.length = 0
      const { html } = await visitor.open('/')
      assert.deepEqual(demo.log, [
        'invalid_credentials: Springbar refused the credentials in the AppAuthorization header (status 401).',
      ])
      assert.doesNotMatch(`${html} ${demo.log}`, /demo-secret|ZGVtb/)
    })

    it('stays usable when the service is gone', async () => {
      const gone = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }))
      const { visitor } = await demo.signedIn({ fetch: failing('/', gone) })
      for (const path of ['/', '/connect/11', '/connected?dataSource=11&connected=true'])
        assert.equal((await visitor.follow(path)).status, 503)
      assert.match(demo.log[0] ?? '', /^unreachable: .*\(ECONNREFUSED\)\.$/)
    })

    it('asks for the end user anew when the service no longer knows the one it had', async () => {
      const erased = () => new Response('AuthenticationToken is invalid for given appID', { status: 403 })
      const { visitor } = await demo.signedIn()
      const again = await demo.signedIn({ fetch: failing('/widget/v6/connection', erased, 1) })
      await visitor.open('/')
      await again.visitor.open('/')
      assert.match(messageOf((await again.visitor.follow('/connect/11')).html), /^Strava is connected/)
      assert.equal(demo.service.requests.filter((request) => request === 'POST /v5/accessToken').length, 3)
    })

    it('believes the state when a background disconnect does not tell how it ended', async () => {
      const silent: Fetch = async (url, init) => {
        const response = await fetch(url, init)
        return url.includes('dataSourceDirectRevoke') ? new Response('<!doctype html>') : response
      }
      const { visitor } = await demo.signedIn({ fetch: silent })
      const { html } = await visitor.follow('/connect/11')
      const visit = await visitor.submit('/disconnect/11/background', { formToken: formTokenIn(html) })
      assert.match(messageOf(visit.html), /^Strava is disconnected/)
    })

    it('says that it did not work when a background disconnect failed', async () => {
      const location = '/dataSourceDirectConnectionResult.html?token=x&dataSource=11&connected=true'
      const failed = () => new Response(null, { status: 303, headers: { location } })
      const { visitor } = await demo.signedIn({ fetch: failing('dataSourceDirectRevoke', failed) })
      const { html } = await visitor.follow('/connect/11')
      const visit = await visitor.submit('/disconnect/11/background', { formToken: formTokenIn(html) })
      assert.match(messageOf(visit.html), /^Strava is still connected/)
    })
  })
})
