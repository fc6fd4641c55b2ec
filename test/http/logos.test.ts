// Goal: what an operator puts into the folder of logos is what people see, and can do nothing else on our origin.
// Method: the service with logos of an operator, a hostile one among them that the check of the configuration did not
// see, and the headers that a browser goes by.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Hono } from 'hono'
import type { Logo } from '../../src/model/presentation.ts'
import { createPresentation } from '../../src/sources/index.ts'
import { backendOf } from '../support/person.ts'
import { openWorld, type World } from '../support/world.ts'
import { appWith } from './support.ts'

const HOSTILE = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
const LOGOS = new Map<string, Logo>([
  ['strava', { mediaType: 'image/png', bytes: new Uint8Array([0x89, 0x50]) }],
  ['withings', { mediaType: 'image/svg+xml', bytes: new TextEncoder().encode(HOSTILE) }],
])

describe('logos of an operator', () => {
  let world: World
  let app: Hono
  before(async () => {
    world = await openWorld()
    app = appWith(world, {}, { presentation: createPresentation(LOGOS) })
  })
  after(() => world.close())

  it('stand in the place of the built-in one and of the monogram, in their own form', async () => {
    const png = await app.request('/logos/strava')
    assert.equal(png.headers.get('content-type'), 'image/png')
    assert.deepEqual([...new Uint8Array(await png.arrayBuffer())], [0x89, 0x50])
    const svg = await app.request('/logos/withings')
    assert.equal(svg.headers.get('content-type'), 'image/svg+xml')
    assert.equal(await svg.text(), HOSTILE)
  })

  it('run nothing and load nothing, opened by themselves as well, and are taken for nothing else', async () => {
    for (const key of ['strava', 'withings', 'fitbit', 'oura']) {
      const { status, headers } = await app.request(`/logos/${key}`)
      assert.equal(status, 200)
      const policy = (headers.get('content-security-policy') ?? '').split('; ')
      assert.deepEqual(policy, ["default-src 'none'", "style-src 'unsafe-inline'", 'sandbox'])
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('set-cookie'), null)
    }
  })

  it('are kept by browsers for an hour', async () => {
    const { headers } = await app.request('/logos/strava')
    assert.equal(headers.get('cache-control'), 'public, max-age=3600')
  })

  it('are read only: every other method is refused', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status, headers } = await app.request('/logos/strava', { method })
      assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD'])
    }
  })

  it('are on our own pages, and a tile in the page’s own colours where there is none', async () => {
    const { token } = await backendOf(world).newSession()
    const page = await app.request(`/?connectionSessionToken=${token}&platform=web&lang=de`)
    const text = await page.text()
    for (const key of ['strava', 'withings', 'fitbit'])
      assert.ok(
        text.includes(`<span class="tile tile-logo" aria-hidden="true"><img src="/logos/${key}" alt=""`),
        key,
      )
    assert.ok(!text.includes('/logos/oura'))
    assert.match(text, /<span class="tile tile-\d+" aria-hidden="true">O<\/span>/)
    assert.match(page.headers.get('content-security-policy') ?? '', /img-src 'self'/)
    assert.ok(text.includes('<bdi lang="de">Schlaf, Aktivität und Tagesform vom Oura-Ring.</bdi>'))
  })
})
