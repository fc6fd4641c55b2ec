// Goal: the list of sources keeps its token out of the address, says how each source stands, finds what is searched for,
// and stays small. Method: the whole service answers requests as browsers send them, headers and all.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { languages } from '../../src/pages/messages/index.ts'
import { onEmbeddedDatabase } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { SERVICE } from '../support/world.ts'

/** What may go over the wire for the first view: everything but logos. */
const BUDGET_BYTES = 30 * 1024
/** Ten segments of 1460 bytes, which a server sends before it must wait (RFC 6928), less the headers. */
const FIRST_ROUND_TRIP_BYTES = 14_600 - 1_400

const WINDOW = { 'sec-fetch-dest': 'document' }
const FRAME = { 'sec-fetch-dest': 'iframe' }

/** The text of the row of a source. */
const row = (html: string, key: string): string =>
  new RegExp(`<li class="source" id="s-${key}"[^]*?</li>`)
    .exec(html)?.[0]
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim() ?? ''

const order = (html: string): readonly string[] =>
  [...html.matchAll(/<li class="source" id="s-([^"]+)"/g)].map(([, key = '']) => key)

onEmbeddedDatabase('the widget', (world) => {
  const open = (path: string, headers: Record<string, string> = {}) =>
    world().app.request(`${SERVICE}${path}`, { headers })
  const newToken = async () => (await backendOf(world()).newSession()).token
  const listPath = (token: string, more = '') => `/?connectionSessionToken=${token}&platform=web${more}`

  it('in a window of its own puts the token into a cookie of this session and out of the address [T013]', async () => {
    const token = await newToken()
    const answer = await open(listPath(token, '&lang=de'), WINDOW)
    assert.equal(answer.status, 303)
    const location = answer.headers.get('location') ?? ''
    assert.match(location, /^\/\?session=[\w-]{22}&ends=\d{10}&platform=web&lang=de$/)
    const cookie = answer.headers.get('set-cookie') ?? ''
    const key = /session=([\w-]{22})/.exec(location)?.[1] ?? ''
    assert.equal(
      cookie,
      `__Host-sb-list-${key}=${token}; Path=/; Max-Age=7200; HttpOnly; SameSite=Lax; Secure`,
    )
    const page = await open(location, { ...WINDOW, cookie: cookie.split(';')[0] ?? '' })
    assert.equal(page.status, 200)
    assert.match(await page.text(), /<html lang="de"/)
    assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'$/)
  })

  it('keeps two sessions of one browser apart, and drops the oldest of many', async () => {
    const tokens = await Promise.all(Array.from({ length: 6 }, newToken))
    const jar = new Map<string, string>()
    const locations: string[] = []
    for (const token of tokens) {
      const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
      const answer = await open(listPath(token), { ...WINDOW, cookie })
      locations.push(answer.headers.get('location') ?? '')
      for (const line of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      }
    }
    assert.equal(jar.size, 5)
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
    const pages = await Promise.all(locations.map((location) => open(location, { ...WINDOW, cookie })))
    assert.deepEqual(
      pages.map(({ status }) => status),
      [410, 200, 200, 200, 200, 200],
    )
    for (const [index, page] of pages.entries()) {
      const html = await page.text()
      if (index > 0) assert.ok(html.includes(`token=${tokens[index]}&amp;`))
      for (const [other, token] of tokens.entries()) if (other !== index) assert.ok(!html.includes(token))
    }
  })

  it('opens a token-less address with its own cookie alone [T008]', async () => {
    const [token, other] = [await newToken(), await newToken()]
    const answer = await open(listPath(token), WINDOW)
    const location = answer.headers.get('location') ?? ''
    const pair = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const [name = ''] = pair.split('=')
    for (const cookie of ['', `${name}=${other.slice(0, -1)}`, `${name}=x`, `${pair}; ${name}=${other}`])
      assert.equal((await open(location, { ...WINDOW, cookie })).status, 409, cookie)
    assert.equal((await open('/?session=x', { ...WINDOW, cookie: pair })).status, 410)
    assert.equal((await open(location, { ...WINDOW, cookie: pair })).status, 200)
  })

  it('says of an address that another browser opened that it is so, and once the session is over that it has expired', async () => {
    const answer = await open(listPath(await newToken()), WINDOW)
    const location = answer.headers.get('location') ?? ''
    const elsewhere = await open(location, WINDOW)
    assert.equal(elsewhere.status, 409)
    const html = await elsewhere.text()
    assert.match(html, /another browser/)
    assert.doesNotMatch(html, /expired/)
    // Whoever changes the time in the address hears other words, and sees no more.
    const later = location.replace(/ends=\d+/, 'ends=9999999999')
    world().advance(3_600_000)
    for (const [address, status, words] of [
      [location, 410, /This link has expired/],
      [later, 409, /another browser/],
      [location.replace(/ends=\d+&/, ''), 410, /This link has expired/],
    ] as const) {
      const over = await open(address, WINDOW)
      assert.equal(over.status, status, address)
      assert.match(await over.text(), words, address)
    }
  })

  it('in a frame stays at its address and sets no cookie, also to say that the session is over [T090]', async () => {
    const token = await newToken()
    const answer = await open(listPath(token), FRAME)
    assert.deepEqual([answer.status, answer.headers.get('set-cookie')], [200, null])
    world().advance(3_600_000)
    const over = await open(listPath(token), FRAME)
    assert.equal(over.status, 410)
    assert.match(
      over.headers.get('content-security-policy') ?? '',
      /frame-ancestors https:\/\/app-a\.example\.com$/,
    )
    assert.match(await over.text(), /This link has expired/)
  })

  it('says since when a source is connected, that it was disconnected, and shows what was used last first', async () => {
    const { token } = await backendOf(world()).newSession()
    const person = newPerson(world())
    for (const source of [8, 11]) {
      await person.connect(link('Connection', token, source))
      world().advance(60_000)
    }
    const connected = await (await open(listPath(token))).text()
    assert.match(row(connected, 'strava'), /Connected since .* 20\d\d Disconnect$/)
    assert.deepEqual(order(connected).slice(0, 2), ['strava', 'withings'])
    await person.get(link('Revoke', token, 11, { direct: 'true' }))
    const ended = await (await open(listPath(token))).text()
    assert.match(row(ended, 'strava'), /Disconnected since .* 20\d\d Connect again$/)
    assert.deepEqual(order(ended).slice(0, 2), ['withings', 'strava'])
  })

  it('finds sources by name and by what they give, whatever the case or accents', async () => {
    const token = await newToken()
    const find = async (text: string) =>
      order(await (await open(listPath(token, `&q=${encodeURIComponent(text)}`))).text())
    assert.deepEqual(await find('STRAVÁ'), ['strava'])
    assert.ok((await find('glucose')).includes('dexcom'))
    assert.deepEqual(await find('nothing of the kind'), [])
    assert.deepEqual(await find('   '), order(await (await open(listPath(token))).text()))
  })

  it('shows a way out to a browser inside another app, and to no other', async () => {
    const token = await newToken()
    const text = async (agent: string) => (await open(listPath(token), { 'user-agent': agent })).text()
    const android = await text(
      'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36',
    )
    assert.match(
      android,
      /href="intent:\/\/connect\.example\.org\/\?connectionSessionToken=\d+X\d+&amp;platform=web#Intent;scheme=https;end"/,
    )
    const iphone = await text(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 330.0',
    )
    assert.match(iphone, /href="x-safari-https:\/\/connect\.example\.org\//)
    for (const agent of [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36',
    ])
      assert.doesNotMatch(await text(agent), /You are inside another app/)
  })

  describe('over the wire', () => {
    it('takes less than 30 KB in every language, and comes with the first round trip', async () => {
      const { token } = await backendOf(world()).newSession()
      for (const { tag } of Object.values(languages)) {
        const answer = await open(listPath(token, `&lang=${tag}`), {
          ...FRAME,
          'accept-encoding': 'gzip, deflate, br',
          'accept-language': tag,
        })
        assert.equal(answer.headers.get('content-encoding'), 'br')
        const bytes = Buffer.from(await answer.arrayBuffer())
        assert.ok(bytes.length < BUDGET_BYTES, `${tag}: ${bytes.length} bytes`)
        assert.ok(
          bytes.length < FIRST_ROUND_TRIP_BYTES,
          `${tag}: ${bytes.length} bytes are more than one round trip`,
        )
        const html = String(brotliDecompressSync(bytes))
        assert.ok(order(html).length > 30, 'the whole catalogue is in it')
        for (const [, address = ''] of html.matchAll(/\ssrc="([^"]*)"/g)) assert.match(address, /^\/logos\//)
      }
    })

    it('is packed as the browser can unpack it', async () => {
      const token = await newToken()
      const plain = await (await open(listPath(token), FRAME)).text()
      const packed = await open(listPath(token), { ...FRAME, 'accept-encoding': 'gzip' })
      const unpacked = String(gunzipSync(Buffer.from(await packed.arrayBuffer())))
      assert.deepEqual(order(unpacked), order(plain))
      assert.match(packed.headers.get('vary') ?? '', /Accept-Encoding/)
    })
  })
})
