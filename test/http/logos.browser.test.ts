// Goal: an operator's SVG that is more than a picture does nothing in a person's browser, not even opened by itself.
// Method: a real browser opens it from the service, and, to show that the test would notice, without our headers.
import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Hono } from 'hono'
import type { Browser } from 'playwright-core'
import { createPresentation } from '../../src/sources/index.ts'
import { launchBrowser, newPage } from '../support/browser.ts'
import { openWorld, type World } from '../support/world.ts'
import { appWith } from './support.ts'

const HOSTILE = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="fetch('/ran/handler')">
<script>fetch('/ran/script')</script><image href="/ran/image"/><style>@import '/ran/style';</style><rect width="9" height="9"/></svg>`

let world: World
let app: Hono
let browser: Browser
let server: Server
let origin = ''
const ran: string[] = []
const noted = new EventEmitter()

/** The service's own answer at `/logos/…`, the same bytes without its headers at `/bare/…`, and a note of what ran. */
function serve(): Server {
  return createServer((request, response) => {
    const path = request.url ?? ''
    if (path.startsWith('/ran/')) {
      ran.push(path.slice('/ran/'.length))
      noted.emit('ran')
      response.writeHead(204).end()
      return
    }
    if (path === '/page') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<img src="/logos/strava" alt="">')
      return
    }
    void Promise.resolve(app.request(path.replace('/bare/', '/logos/'))).then(async (answer) => {
      const headers = path.startsWith('/bare/')
        ? { 'content-type': 'image/svg+xml' }
        : Object.fromEntries(answer.headers)
      response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()))
    })
  })
}

before(async () => {
  world = await openWorld()
  const logo = { mediaType: 'image/svg+xml', bytes: new TextEncoder().encode(HOSTILE) } as const
  app = appWith(world, {}, { presentation: createPresentation(new Map([['strava', logo]])) })
  browser = await launchBrowser()
  server = serve()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
})
after(async () => {
  await browser.close()
  server.closeAllConnections()
  server.close()
  await world.close()
})

/** What the browser did beyond showing a picture, once the network is quiet and it did all of `expected`. */
async function ranAt(path: string, expected: readonly string[] = []): Promise<readonly string[]> {
  ran.length = 0
  const { page, context } = await newPage(browser)
  await page.goto(`${origin}${path}`, { waitUntil: 'networkidle' })
  while (!expected.every((one) => ran.includes(one))) await once(noted, 'ran')
  await context.close()
  return [...new Set(ran)].toSorted()
}

test('without our headers it would run and load, which this test would see', async () => {
  const all = ['handler', 'image', 'script']
  const seen = await ranAt('/bare/strava', all)
  assert.deepEqual(
    seen.filter((one) => all.includes(one)),
    all,
  )
})

test('opened by itself, it runs and loads nothing', async () => {
  assert.deepEqual(await ranAt('/logos/strava'), [])
})

test('as a picture of a page, it runs and loads nothing', async () => {
  assert.deepEqual(await ranAt('/page'), [])
})
