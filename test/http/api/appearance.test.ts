// /v1/appearance: the look of an application by self-service. The whole service on both databases; each kind of bad input
// with what it is told, and that nothing changed.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../../src/limits.ts'
import { toSettings } from '../../../src/model/appearance-schema.ts'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf } from '../../support/person.ts'
import { query } from '../../support/rows.ts'
import { SERVICE } from '../../support/world.ts'
import { appWith, assertProblem, jsonOf, sendJson } from '../support.ts'

const PATH = '/v1/appearance'
const NOTHING = { background: null, surface: null, text: null, accent: null, accentText: null }
const PLAIN = {
  name: null,
  colours: { light: NOTHING, dark: NOTHING },
  radius: 'medium',
  font: 'system',
  hideSpringbar: false,
  texts: {},
  logo: null,
  darkLogo: null,
  managedBy: 'none',
  updatedAt: null,
}
const LOOK = {
  name: 'Morning Miles',
  colours: { light: { accent: '#C2185B' }, dark: { accent: '#f48fb1', accentText: '#1a0010' } },
  radius: 'large',
  font: 'serif',
  hideSpringbar: true,
  texts: { de: { 'again.button': 'Noch einmal' }, 'zh-Hant': { 'again.button': '再來' } },
}
const svg = (inside: string): string => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`
const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString('base64')
/** The smallest PNG header of this size. */
function png(width: number, height: number): Uint8Array {
  const bytes = Buffer.from('89504e470d0a1a0a0000000d494844520000000000000000', 'hex')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

onBothDatabases('the look of an application over the API', (world) => {
  const api = (...call: Parameters<ReturnType<typeof backendOf>['api']>) => backendOf(world()).api(...call)
  const read = async () => jsonOf(await api('GET', '/appearance'))
  const audit = async () =>
    (
      await query(
        world(),
        "select action from audit_entries where action like 'appearance%' order by sequence",
      )
    ).map(({ action }) => action)

  it('is ours until it is given, is given back as it was, and is ours again when it is removed', async () => {
    assert.deepEqual(await read(), PLAIN)
    const stored = await jsonOf(await api('PUT', '/appearance', LOOK))
    const expected = {
      ...LOOK,
      colours: {
        light: { ...NOTHING, accent: '#c2185b' },
        dark: { ...NOTHING, ...LOOK.colours.dark },
      },
      logo: null,
      darkLogo: null,
      managedBy: 'api',
      updatedAt: new Date(world().now()).toISOString(),
    }
    assert.deepEqual(stored, expected)
    assert.deepEqual(await read(), expected)
    const less = await jsonOf(await api('PUT', '/appearance', { radius: 'none' }))
    assert.deepEqual(less, { ...PLAIN, radius: 'none', managedBy: 'api', updatedAt: expected.updatedAt })
    assert.equal((await api('DELETE', '/appearance')).status, 204)
    assert.equal((await api('DELETE', '/appearance')).status, 204)
    assert.deepEqual(await read(), PLAIN)
    assert.deepEqual(await audit(), ['appearance.put', 'appearance.put', 'appearance.remove'])
  })

  it('what was answered can be sent back', async () => {
    await api('PUT', '/appearance', LOOK)
    const answered = await read()
    assert.deepEqual(await jsonOf(await api('PUT', '/appearance', answered)), answered)
    await api('DELETE', '/appearance')
  })

  it('colours that are hard to read are refused with the pair, the contrast, and what would do, which does', async () => {
    const response = await api('PUT', '/appearance', { colours: { dark: { accent: '#222222' } } })
    const { detail, body } = await assertProblem(response, 'contrast_too_low', PATH)
    const { pair, found, needed, change, suggestion } = body
    assert.deepEqual([pair, needed, change], ['dark.accent on dark.background', 3, 'colours.dark.accent'])
    assert.ok(Number(found) < 3 && Number(found) > 1)
    assert.ok(detail.includes(`has a contrast of ${String(found)}`) && detail.includes(String(suggestion)))
    assert.deepEqual(await read(), PLAIN)
    const next = await api('PUT', '/appearance', { colours: { dark: { accent: suggestion } } })
    assert.equal(next.status, 200)
    await api('DELETE', '/appearance')
  })

  it('what has the wrong form is named, and changes nothing', async () => {
    const refused: readonly (readonly [unknown, RegExp])[] = [
      [{ name: '' }, /^name: must not be empty/],
      [{ name: ' Miles' }, /^name: must have no space/],
      [{ name: 'x'.repeat(61) }, /^name: must have at most 60/],
      [{ name: '<b>Miles</b>' }, /^name: must be plain text/],
      [{ name: 'Miles\u0000' }, /^name: must have no control/],
      [{ name: 'Mi\u202eles' }, /^name: must have no control/],
      [{ colours: { light: { accent: 'red' } } }, /^colours\.light\.accent: must be # and six/],
      [{ colours: { light: { accent: '#0d5c56;}*{display:none}' } } }, /^colours\.light\.accent: must be #/],
      [{ colours: { light: { shadow: '#000000' } } }, /^colours\.light: /],
      [{ colours: { sepia: {} } }, /^colours: /],
      [{ radius: '12px' }, /^radius: /],
      [{ font: 'Comic Sans MS' }, /^font: /],
      [{ hideSpringbar: 'yes' }, /^hideSpringbar: /],
      [{ texts: { de: { 'again.button': '<b>x</b>' } } }, /^texts\.de\.again\.button: must be plain text/],
      [
        { texts: { de: { 'connected.title': 'Fertig' } } },
        /^texts\.de\.connected\.title: must have \{source\}/,
      ],
      [{ texts: { de: { 'no.such': 'x' } } }, /^texts\.de\.no\.such: has a key/],
      [{ texts: { xx: { 'again.button': 'x' } } }, /^texts\.xx\.again\.button: is for a language/],
      [{ texts: { de: 'x' } }, /^texts\.de: /],
      [[], /./],
    ]
    for (const [body, expected] of refused) {
      const { detail } = await assertProblem(await api('PUT', '/appearance', body), 'invalid_request', PATH)
      assert.match(detail, expected)
    }
    assert.deepEqual(await read(), PLAIN)
  })

  it('may be larger than other bodies, and not larger than that', async () => {
    const texts = { de: { 'again.button': 'Noch einmal' } }
    const body = (bytes: number) => JSON.stringify({ texts, padding: 'x'.repeat(bytes) })
    const send = (bytes: number) =>
      sendJson(world().app, PATH, backendOf(world()).headers, body(bytes), 'PUT')
    assert.equal((await send(limits.appearanceBytes - 100)).status, 200)
    await assertProblem(await send(limits.appearanceBytes), 'payload_too_large', PATH)
    const user = await sendJson(
      world().app,
      '/v1/users',
      backendOf(world()).headers,
      body(limits.requestBodyBytes),
    )
    await assertProblem(user, 'payload_too_large', '/v1/users')
    await api('DELETE', '/appearance')
  })

  it('a logo is kept byte for byte under an address of its content, and can do nothing there', async () => {
    const pictures = [
      [svg('<path d="M0 0h8"/>'), 'image/svg+xml'],
      [png(64, 64), 'image/png'],
    ] as const
    const addresses: string[] = []
    for (const [content, mediaType] of pictures) {
      const stored = await jsonOf(await api('PUT', '/appearance/logo', { data: base64(content) }))
      const address = String(stored['logo'])
      addresses.push(address)
      assert.match(address, new RegExp(`^${SERVICE}/application-logos/app-a/[0-9a-f]{32}$`))
      const answer = await world().app.request(address)
      assert.equal(answer.status, 200)
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from(content))
      const header = (name: string) => answer.headers.get(name)
      assert.equal(header('content-type'), mediaType)
      assert.equal(header('x-content-type-options'), 'nosniff')
      assert.match(header('content-security-policy') ?? '', /^default-src 'none';.* sandbox$/)
      assert.equal(header('cache-control'), 'public, max-age=31536000, immutable')
    }
    const [first = '', second = ''] = addresses
    assert.equal((await world().app.request(first)).status, 404, 'the one before is gone')
    for (const wrong of [second.replace('app-a', 'app-b'), `${second}0`, second.replace(/.$/, '%2e%2e')])
      assert.equal((await world().app.request(wrong)).status, 404, wrong)
    assert.equal((await api('DELETE', '/appearance/logo')).status, 204)
    assert.equal((await world().app.request(second)).status, 404)
    await api('DELETE', '/appearance')
  })

  it('the dark theme may have a logo of its own, which goes by itself or with the other', async () => {
    const put = async (theme: string, content: string) =>
      jsonOf(await api('PUT', `/appearance/logo${theme}`, { data: base64(content) }))
    const { logo } = await put('', svg('<path id="light"/>'))
    const both = await put('?theme=dark', svg('<path id="dark"/>'))
    assert.equal(both['logo'], logo)
    assert.notEqual(both['darkLogo'], logo)
    const address = String(both['darkLogo'])
    assert.match(address, new RegExp(`^${SERVICE}/application-logos/app-a/[0-9a-f]{32}$`))
    assert.match(await (await world().app.request(address)).text(), /id="dark"/)
    const page = async () => {
      const { token } = await backendOf(world()).newSession()
      return (await world().app.request(`${SERVICE}/?connectionSessionToken=${token}&platform=web`)).text()
    }
    const { pathname } = new URL(address)
    const source = `<source srcset="${pathname}" media="(prefers-color-scheme: dark)">`
    assert.ok((await page()).includes(source), 'the page shows it in the dark theme')
    assert.equal((await api('DELETE', '/appearance/logo?theme=dark')).status, 204)
    assert.deepEqual([(await read())['logo'], (await read())['darkLogo']], [logo, null])
    assert.ok(!(await page()).includes('<source'))
    assert.equal((await world().app.request(address)).status, 404)
    await put('?theme=dark', svg('<path id="dark"/>'))
    assert.equal((await api('DELETE', '/appearance/logo')).status, 204)
    assert.deepEqual([(await read())['logo'], (await read())['darkLogo']], [null, null])
    await assertProblem(
      await api('PUT', '/appearance/logo?theme=sepia', { data: base64(svg('')) }),
      'invalid_request',
      PATH,
    )
    await api('DELETE', '/appearance')
  })

  it('settings and logo come and go by themselves', async () => {
    await api('PUT', '/appearance', LOOK)
    const { logo } = await jsonOf(await api('PUT', '/appearance/logo', { data: base64(svg('')) }))
    assert.deepEqual([(await read())['name'], (await read())['logo']], ['Morning Miles', logo])
    await api('PUT', '/appearance', { name: 'Evening Miles' })
    assert.equal((await read())['logo'], logo)
    await api('DELETE', '/appearance/logo')
    assert.deepEqual([(await read())['name'], (await read())['logo']], ['Evening Miles', null])
    await api('DELETE', '/appearance')
  })

  it('a file that is no picture, or could do more than be one, is refused', async () => {
    const tooLarge = svg(' '.repeat(limits.logoBytes))
    for (const [content, expected] of [
      ['', /^data: |empty/],
      ['GIF89a', /neither an SVG nor a PNG nor a WebP/],
      ['<html></html>', /is not an SVG/],
      [svg('<script>alert(1)</script>'), /element that does more/],
      [svg('<a href="https://evil.example"/>'), /element that does more/],
      [svg('<image href="https://evil.example/x.png"/>'), /another file/],
      [svg('<rect onload="alert(1)"/>'), /event handler/],
      [`<!DOCTYPE svg [<!ENTITY x "y">]>${svg('')}`, /is not an SVG|document type/],
      [png(limits.logoPixels + 1, 1), /pixels/],
      [tooLarge, /./],
    ] as const) {
      const response = await api('PUT', '/appearance/logo', { data: base64(content) })
      const { detail } = await assertProblem(response, 'invalid_request', PATH)
      assert.match(detail, expected)
    }
    for (const body of [{}, { data: 'not base64!' }, { data: 1 }])
      await assertProblem(await api('PUT', '/appearance/logo', body), 'invalid_request', PATH)
    assert.deepEqual(await read(), PLAIN)
  })

  it('what the configuration gives is shown, and cannot be changed', async () => {
    const settings = toSettings({ name: 'Of the file' })
    const app = appWith(world(), {
      appearance: { settings, logo: null, darkLogo: null, logoDigest: null, darkLogoDigest: null },
    })
    const headers = { Authorization: 'Bearer c-key' }
    const known = await jsonOf(await app.request(PATH, { headers }))
    assert.deepEqual(
      [known['name'], known['managedBy'], known['updatedAt']],
      ['Of the file', 'configuration', null],
    )
    for (const [method, path, body] of [
      ['PUT', PATH, LOOK],
      ['DELETE', PATH, undefined],
      ['PUT', `${PATH}/logo`, { data: base64(svg('')) }],
      ['DELETE', `${PATH}/logo`, undefined],
    ] as const) {
      const response =
        body === undefined
          ? await app.request(path, { method, headers })
          : await sendJson(app, path, headers, body, method)
      await assertProblem(response, 'managed_by_configuration', PATH)
    }
    const preview = await sendJson(app, `${PATH}/preview`, headers, {})
    assert.equal(preview.status, 201)
  })
})
