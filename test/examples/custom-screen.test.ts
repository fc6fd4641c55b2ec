// Goal: the demo's backend acts for the person who is signed in and pressed its buttons, and for nobody else.
// Method: the real backend with the recorded stand-in; hostile and foreign requests throughout.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { PUBLIC_URL, startDemoWithService } from './started-demo.ts'
import { formTokenIn, textOf } from './visitor.ts'

const HOUR_MS = 60 * 60 * 1000

describe('the demo', () => {
  let demo: Awaited<ReturnType<typeof startDemoWithService>>
  beforeEach(async () => {
    demo = await startDemoWithService()
  })
  afterEach(() => demo.service.close())

  describe('signing in', () => {
    it('asks who is there, then remembers it in a cookie that scripts and other sites do not get', async () => {
      const { app, visitor } = demo.start()
      assert.match(textOf((await visitor.open('/')).html), /Who is there\? M Mara Lindqvist J Jonas Okafor/)
      const headers = { 'sec-fetch-site': 'same-origin' }
      const body = new URLSearchParams({ person: 'mara' })
      const response = await app.request(`${PUBLIC_URL}/sign-in`, { method: 'POST', headers, body })
      assert.equal(response.status, 303)
      assert.match(
        response.headers.get('set-cookie') ?? '',
        /^tidewell=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax$/,
      )
    })

    it('uses a __Host- cookie where the screen is served by https', async () => {
      const { visitor } = demo.start({ publicUrl: 'https://tidewell.example' })
      await visitor.submit('/sign-in', { person: 'mara' })
      assert.equal(visitor.cookieName(), '__Host-tidewell')
    })

    it('greets the person, switches to the other, and signs out', async () => {
      const { visitor } = await demo.signedIn()
      assert.match(textOf((await visitor.open('/')).html), /Good to see you, Mara\./)
      const { html } = await visitor.submit('/sign-in', { person: 'jonas' })
      assert.match(textOf(html), /Good to see you, Jonas\./)
      const out = await visitor.submit('/sign-out', { formToken: formTokenIn(html) })
      assert.match(textOf(out.html), /Who is there\?/)
    })

    it('knows nobody else, and forgets after eight hours', async () => {
      const { visitor } = demo.start()
      assert.match(textOf((await visitor.submit('/sign-in', { person: 'eve' })).html), /Who is there\?/)
      await visitor.submit('/sign-in', { person: 'mara' })
      demo.clock.now += 8 * HOUR_MS - 1
      assert.match(textOf((await visitor.open('/')).html), /Good to see you/)
      demo.clock.now += 1
      assert.match(textOf((await visitor.open('/')).html), /Who is there\?/)
    })

    it('keeps a thousand, and drops the oldest', async () => {
      const { app, visitor } = await demo.signedIn()
      const headers = { 'sec-fetch-site': 'same-origin' }
      for (let count = 0; count < 1_000; count += 1) {
        const body = new URLSearchParams({ person: 'jonas' })
        await app.request(`${PUBLIC_URL}/sign-in`, { method: 'POST', headers, body })
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
        const { visitor } = await demo.signedIn()
        const { html } = await visitor.follow('/connect/11')
        const fields = { formToken: formTokenIn(html), person: 'jonas' }
        for (const path of ['/disconnect/11', '/disconnect/11/background', '/sign-in'])
          assert.equal((await visitor.submit(path, fields, headers)).status, 403)
        await visitor.submit('/sign-out', fields, headers)
        assert.match(textOf((await visitor.open('/')).html), /Good to see you, Mara\./)
        assert.equal(demo.service.connected.size, 1)
      })
    }

    it('cannot disconnect without the token of the form, or with another one', async () => {
      const { visitor } = await demo.signedIn()
      await visitor.follow('/connect/11')
      const wrong: readonly Record<string, string>[] = [{}, { formToken: '' }, { formToken: 'a'.repeat(43) }]
      for (const fields of wrong) {
        const refused = await visitor.submit('/disconnect/11', fields)
        assert.equal(refused.status, 403)
        assert.match(textOf(refused.html), /That did not go through Nothing was changed\./)
      }
      assert.equal(demo.service.connected.size, 1)
    })

    it('cannot start a connection by a link on another page', async () => {
      const { visitor } = await demo.signedIn()
      for (const path of ['/connect/11', '/disconnect/11/ask']) {
        const visit = await visitor.open(path, { 'sec-fetch-site': 'cross-site' })
        assert.deepEqual(visit.trail, [`${PUBLIC_URL}${path}`, `${PUBLIC_URL}/`])
      }
    })

    it('reaches nothing without signing in', async () => {
      const { visitor } = demo.start()
      for (const path of [
        '/',
        '/connect/11',
        '/disconnect/11/ask',
        '/connected?dataSource=11&connected=true',
      ])
        assert.match(textOf((await visitor.open(path)).html), /Who is there\?/)
      assert.equal((await visitor.submit('/disconnect/11', {})).status, 403)
      assert.deepEqual(demo.service.requests, [])
    })

    it('cannot send a large form', async () => {
      const { visitor } = await demo.signedIn()
      assert.equal((await visitor.submit('/disconnect/11', { formToken: 'a'.repeat(5_000) })).status, 413)
    })
  })

  describe('every answer', () => {
    it('allows nothing from elsewhere, no frame and no cache', async () => {
      const { app, visitor } = await demo.signedIn()
      for (const path of ['/', '/nowhere', '/assets/tidewell.css', '/connect/999']) {
        const { headers } = await app.request(`${PUBLIC_URL}${path}`)
        assert.equal(
          headers.get('content-security-policy'),
          `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self' ${PUBLIC_URL} ${demo.service.directUrl}; base-uri 'none'; frame-ancestors 'none'`,
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
      const { visitor } = demo.start()
      const { status, html } = await visitor.open('/nowhere')
      assert.equal(status, 404)
      assert.match(textOf(html), /There is nothing here/)
    })
  })
})
