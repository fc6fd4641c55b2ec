// Goal: the few scripts do their work under the policy that is sent, nothing else runs, and pages work without them.
// Method: a real browser loads pages under their Content-Security-Policy, served by a small server of this test.
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { contentSecurityPolicy, type PageContext } from '../../src/pages/index.ts'
import { languages } from '../../src/pages/messages/index.ts'
import { closesBy, launchBrowser, newPage } from '../support/browser.ts'
import { everyPage, NONCE } from './every-page.ts'

const context: PageContext = { language: languages.en, nonce: NONCE }
const INJECTED = '<script>document.title = "injected"</script><style>h1 { color: rgb(1, 2, 3) }</style>'

let browser: Browser
let server: Server
let origin = ''
let posts: string[] = []

/** `GET /<sample>` answers that page, with markup injected at its end; a POST is noted, and leaves the page as it is. */
function serve(): Server {
  return createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1)
    const sample = everyPage().find((one) => one.name === name)
    if (request.method === 'POST') {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      request.on('end', () => {
        posts.push(body)
        response.writeHead(204).end()
      })
      return
    }
    if (sample === undefined) {
      response
        .writeHead(name === '' ? 200 : 404, { 'content-type': 'text/html' })
        .end('<title>opener</title>')
      return
    }
    const markup = String(sample.render(context))
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy({
        nonce: NONCE,
        formAction: ["'self'"],
        frameAncestors: [],
        script: markup.includes('<script'),
      }),
    })
    response.end(markup.replace('</body>', () => `${INJECTED}</body>`))
  })
}

before(async () => {
  browser = await launchBrowser()
  server = serve()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address with one.
  origin = `http://localhost:${(server.address() as AddressInfo).port}`
})
after(async () => {
  await browser.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const blocked = /Content Security Policy|favicon|404/

test('the result page takes the token, and only the token, out of the address bar', async (t) => {
  const { page } = await newPage(browser, { test: t, expectedErrors: blocked })
  await page.goto(`${origin}/connect-succeeded?token=1X2&dataSource=11&connected=true&attempt=A`)
  assert.equal(page.url(), `${origin}/connect-succeeded?dataSource=11&connected=true&attempt=A`)
})

test('the button to close the window appears in a window that another opened, and closes it', async (t) => {
  const { page, context: people } = await newPage(browser, { test: t, expectedErrors: blocked })
  await page.goto(`${origin}/connect-succeeded`)
  assert.equal(await page.getByRole('button', { name: 'Close window' }).count(), 0)
  await page.goto(`${origin}/`)
  const opening = people.waitForEvent('page')
  await page.evaluate((url) => {
    window.open(url)
  }, `${origin}/connect-succeeded`)
  const popup = await opening
  await closesBy(popup, () => popup.getByRole('button', { name: 'Close window' }).click())
  assert.ok(popup.isClosed())
})

test('markup that somebody got into a page has no effect under the policy', async (t) => {
  const { page } = await newPage(browser, { test: t, expectedErrors: blocked })
  for (const name of ['connect-succeeded', 'error-not-found', 'confirm-disconnect', 'list']) {
    await page.goto(`${origin}/${name}`)
    assert.notEqual(await page.title(), 'injected', name)
    const colour = await page.evaluate(
      () => getComputedStyle(document.querySelector('h1') ?? document.body).color,
    )
    assert.equal(colour, 'rgb(23, 33, 30)', `${name}: our own stylesheet decides`)
  }
})

test('a second click on an answer is not sent again', async (t) => {
  posts = []
  const { page } = await newPage(browser, { test: t, expectedErrors: blocked })
  await page.goto(`${origin}/confirm-disconnect`)
  const answered = page.waitForResponse((response) => response.status() === 204)
  await page.getByRole('button', { name: 'Disconnect' }).dblclick()
  await answered
  await page.getByRole('button', { name: 'Keep connected' }).click()
  await page.goto(`${origin}/`)
  assert.deepEqual(posts, ['token=1X2&once=c3VyZQ&answer=yes'])
})

test('without scripts every page shows the same words, and an answer is sent', async (t) => {
  posts = []
  const { page } = await newPage(browser, { test: t, javaScriptEnabled: false, expectedErrors: blocked })
  await page.goto(`${origin}/connect-succeeded?token=1X2`)
  await page.getByRole('heading', { name: 'Strava is connected' }).waitFor()
  await page.goto(`${origin}/confirm-disconnect`)
  const answered = page.waitForResponse((response) => response.status() === 204)
  await page.getByRole('button', { name: 'Keep connected' }).click()
  await answered
  assert.deepEqual(posts, ['token=1X2&once=c3VyZQ&answer=no'])
})
