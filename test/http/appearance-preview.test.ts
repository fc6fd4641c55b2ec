// The preview of a look: opened by an unguessable key, for half an hour, in every page, theme and language; it shows what
// is tried and changes nothing. The whole service on both databases.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { languages } from '../../src/pages/messages/index.ts'
import { previewSamples } from '../../src/pages/preview-samples.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf } from '../support/person.ts'
import { allRows, query } from '../support/rows.ts'
import { SERVICE } from '../support/world.ts'
import { assertProblem, jsonOf } from './support.ts'

const MARK = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h8"/></svg>'
const LOGO = { data: Buffer.from(MARK).toString('base64') }
const TRIED = {
  name: 'Evening Miles',
  colours: { light: { accent: '#c2185b' }, dark: { accent: '#f48fb1' } },
  texts: { de: { 'again.button': 'Noch einmal' } },
}

onBothDatabases('the preview of a look', (world) => {
  const api = (...call: Parameters<ReturnType<typeof backendOf>['api']>) => backendOf(world()).api(...call)
  const open = (url: string, query: Readonly<Record<string, string>> = {}) =>
    world().app.request(
      `${url}${Object.entries(query)
        .map(([name, value]) => `&${name}=${value}`)
        .join('')}`,
    )
  const create = async (body: unknown = { appearance: TRIED, logo: LOGO }): Promise<string> => {
    const answer = await api('POST', '/appearance/preview', body)
    assert.equal(answer.status, 201)
    return String((await jsonOf(answer))['url'])
  }

  it('is at an address that nobody can guess, of which only a digest is kept', async () => {
    const answer = await jsonOf(await api('POST', '/appearance/preview', {}))
    const { url, expiresAt } = answer
    const [, key = ''] =
      new RegExp(`^${SERVICE}/appearance-preview\\?key=([\\w-]{43})$`).exec(String(url)) ?? []
    assert.notEqual(key, '')
    assert.equal(expiresAt, new Date(world().now() + limits.previewLifetimeMs).toISOString())
    assert.ok(!JSON.stringify(await query(world(), 'select * from appearance_previews')).includes(key))
    assert.notEqual(await create(), await create())
  })

  it('has a key that is kept nowhere, also not for who repeats the request', async () => {
    const again = { 'idempotency-key': 'preview' }
    const urls = await Promise.all(
      [1, 2].map(async () => {
        const answer = await api('POST', '/appearance/preview', {}, again)
        return String((await jsonOf(answer))['url'])
      }),
    )
    assert.notEqual(urls[0], urls[1])
    const rows = JSON.stringify(await allRows(world()))
    for (const url of urls) assert.ok(!rows.includes(url.split('key=')[1] ?? 'no key'))
  })

  it('shows every page in the look that is tried, and says that it is a preview', async () => {
    const url = await create()
    const index = await (await open(url)).text()
    assert.ok(index.includes('Preview: Evening Miles') && index.includes('Nothing here has an effect'))
    assert.ok(previewSamples.length >= 18)
    for (const { key, title } of previewSamples) {
      assert.ok(index.includes(`page=${key}&amp;`) && index.includes(title), key)
      const answer = await open(url, { only: 'page', page: key })
      assert.equal(answer.status, 200)
      const page = await answer.text()
      assert.ok(page.includes('class="preview"') && page.includes('nothing on this page has an effect'), key)
      assert.ok(page.includes('--accent:#c2185b'), key)
      if (key !== 'error-something-broke')
        assert.ok(page.includes('Evening Miles') || page.includes('/appearance-preview/logo?key='), key)
      assert.doesNotMatch(page, /<script|connectionSessionToken|[?&;]token=/, key)
      for (const [, address = ''] of page.matchAll(/(?:href|action)="([^"]*)"/g))
        assert.ok(address.startsWith('/appearance-preview?key='), `${key} leads to ${address}`)
    }
  })

  it('shows one theme for every device, or the device’s own; and any language, mirrored where it is', async () => {
    const url = await create()
    const page = async (more: Readonly<Record<string, string>>) =>
      (await open(url, { only: 'page', page: 'cancelled', ...more })).text()
    const dark = await page({ scheme: 'dark' })
    assert.ok(dark.includes('color-scheme:dark;') && !dark.includes('--accent:#c2185b'))
    assert.ok(!(await page({ scheme: 'light' })).includes('--accent:#f48fb1'))
    assert.ok(!(await page({ scheme: 'sepia' })).includes('color-scheme:sepia'))
    for (const { tag, dir } of Object.values(languages))
      assert.ok((await page({ language: tag })).includes(`<html lang="${tag}" dir="${dir}">`), tag)
    assert.ok((await page({ language: 'de' })).includes('Noch einmal'))
  })

  it('lets nothing run, be sent or be framed elsewhere', async () => {
    const url = await create()
    const policyOf = async (more: Readonly<Record<string, string>> = {}) =>
      ((await open(url, more)).headers.get('content-security-policy') ?? '').replace(/nonce-[\w-]+/, 'nonce')
    assert.equal(
      await policyOf(),
      "default-src 'none'; style-src 'nonce'; frame-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    assert.equal(
      await policyOf({ only: 'page' }),
      "default-src 'none'; style-src 'nonce'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    )
    const { headers } = await open(url)
    assert.deepEqual(
      [headers.get('cache-control'), headers.get('referrer-policy')],
      ['no-store', 'no-referrer'],
    )
  })

  it('reflects nothing of its query but what it knows', async () => {
    const url = await create()
    const marker = '%22%3E%3Cscript%3Ealert(1)%3C/script%3E'
    for (const only of [{}, { only: 'page' }]) {
      const answer = await open(url, { ...only, page: marker, language: marker, scheme: marker })
      assert.equal(answer.status, 200)
      assert.doesNotMatch(await answer.text(), /alert\(1\)/)
    }
  })

  it('changes nothing: not what is stored, not what people see', async () => {
    await api('PUT', '/appearance', { name: 'Morning Miles' })
    const url = await create()
    const { logo } = await jsonOf(await api('GET', '/appearance'))
    assert.equal(logo, null)
    const rows = await allRows(world())
    await open(url)
    for (const { key } of previewSamples) await open(url, { only: 'page', page: key })
    assert.deepEqual(await allRows(world()), rows)
    assert.equal((await jsonOf(await api('GET', '/appearance')))['name'], 'Morning Miles')
    await api('DELETE', '/appearance')
  })

  it('tries a logo for the dark theme: beside the other where the device chooses, alone where dark is chosen', async () => {
    const { url } = await jsonOf(await api('POST', '/appearance/preview', { logo: LOGO, darkLogo: LOGO }))
    const page = async (scheme: string) =>
      (await world().app.request(`${String(url)}&page=connected&only=page${scheme}`)).text()
    const device = await page('')
    assert.match(
      device,
      /<source srcset="[^"]*theme=dark" media="\(prefers-color-scheme: dark\)"><img src="[^"]*theme=light"/,
    )
    const dark = await page('&scheme=dark')
    assert.ok(!dark.includes('<source'))
    assert.match(dark, /<img src="[^"]*theme=dark"/)
    assert.match(await page('&scheme=light'), /<img src="[^"]*theme=light"/)
    const address = /srcset="([^"]*)"/.exec(device)?.[1]?.replaceAll('&amp;', '&') ?? ''
    assert.equal((await world().app.request(`${SERVICE}${address}`)).status, 200)
  })

  it('tries a logo without storing it, or shows the one that is stored', async () => {
    const [, tried = ''] = (await create()).split('?')
    const shown = await world().app.request(`${SERVICE}/appearance-preview/logo?${tried}`)
    assert.equal(await shown.text(), MARK)
    assert.equal(shown.headers.get('x-content-type-options'), 'nosniff')
    assert.match(shown.headers.get('content-security-policy') ?? '', /sandbox$/)
    const [, none = ''] = (await create({})).split('?')
    assert.equal((await world().app.request(`${SERVICE}/appearance-preview/logo?${none}`)).status, 404)
    await api('PUT', '/appearance/logo', LOGO)
    const [, stored = ''] = (await create({})).split('?')
    const own = await world().app.request(`${SERVICE}/appearance-preview/logo?${stored}`)
    assert.equal(await own.text(), MARK)
    await api('DELETE', '/appearance')
  })

  it('refuses what storing would refuse', async () => {
    const path = '/v1/appearance/preview'
    const pale = { appearance: { colours: { light: { text: '#ffffff' } } } }
    await assertProblem(await api('POST', '/appearance/preview', pale), 'contrast_too_low', path)
    for (const body of [{ appearance: { radius: 'x' } }, { logo: { data: 'R0lG' } }, { logo: {} }])
      await assertProblem(await api('POST', '/appearance/preview', body), 'invalid_request', path)
    const stranger = await world().app.request(path, { method: 'POST' })
    await assertProblem(stranger, 'missing_credentials', path)
  })

  it('is over after half an hour, and a wrong key opens nothing', async () => {
    const url = await create()
    const [, key = ''] = url.split('key=')
    for (const wrong of [
      '',
      'x',
      key.slice(1),
      `${key}A`,
      key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    ])
      assert.equal((await open(`${SERVICE}/appearance-preview?key=${wrong}`)).status, 404, wrong)
    assert.equal((await open(`${url}&key=${key}`)).status, 404, 'twice')
    world().advance(limits.previewLifetimeMs - 1)
    assert.equal((await open(url)).status, 200)
    world().advance(1)
    assert.equal((await open(url)).status, 404)
    assert.equal((await world().app.request(url.replace('?', '/logo?'))).status, 404)
    world().advance(1)
    await world().sweep()
    assert.deepEqual(await query(world(), 'select * from appearance_previews'), [])
  })

  it('of one application are so many at a time, and the oldest goes first', async () => {
    const first = await create({})
    world().advance(1)
    const second = await create({})
    for (let i = 1; i < limits.previewsPerApplication; i++) {
      world().advance(1)
      await create({})
    }
    assert.deepEqual([(await open(first)).status, (await open(second)).status], [404, 200])
  })
})
