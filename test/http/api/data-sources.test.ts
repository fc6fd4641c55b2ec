// /v1/data-sources: the whole catalogue with its published ids, honestly (contract §5). In process.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { backendOf } from '../../support/person.ts'
import { openWorld, SERVICE, type World } from '../../support/world.ts'
import { assertProblem, jsonOf } from '../support.ts'

/** Ids and names as published (contract §5); from 1001 on, ours. */
const PUBLISHED: Readonly<Record<number, string>> = {
  1: 'Fitbit',
  2: 'Garmin',
  3: 'Polar',
  5: 'Apple Health',
  6: 'Samsung Health',
  8: 'Withings',
  11: 'Strava',
  12: 'Google Fit',
  16: 'Omron Connect',
  17: 'Suunto',
  18: 'Oura',
  21: 'iHealth',
  27: 'Beurer',
  38: 'Huawei Health',
  40: 'Google Fit native',
  41: 'Dexcom',
  42: 'WHOOP',
  43: 'Decathlon',
  44: 'Health Connect',
  45: 'Komoot',
  46: 'FreeStyle Libre',
  47: 'ShenAI',
  1001: 'Wahoo',
  1002: 'COROS',
  1003: 'Ultrahuman',
  1004: 'TrainingPeaks',
  1005: 'Hammerhead',
  1006: 'Concept2',
  1007: 'Ride with GPS',
  1008: 'intervals.icu',
  1009: 'Smashrun',
  1010: 'FatSecret',
  1011: 'MapMyFitness',
  1012: 'Runkeeper',
  1013: 'Hexoskin',
  1014: 'SportTracks',
  1015: 'Cronometer',
  1016: 'Zepp',
  1017: 'Sensor Bio',
}

type Entry = Readonly<Record<string, unknown>>

describe('the catalogue', () => {
  let world: World
  let entries: readonly Entry[]
  before(async () => {
    world = await openWorld()
    entries = await listFor('app-a')
  })
  after(() => world.close())

  const listFor = async (application: string) => {
    const { data, nextCursor } = await jsonOf(await backendOf(world, application).api('GET', '/data-sources'))
    assert.equal(nextCursor, null)
    return data as Entry[] // our own API's list
  }
  const entry = (id: number) => entries.find((one) => one['id'] === id) ?? {}
  const idsWhere = (test: (one: Entry) => boolean) => entries.filter(test).map(({ id }) => id)

  it('lists every published id under its name, in order', () => {
    assert.deepEqual(
      entries.map(({ id, name }) => [id, name]),
      Object.entries(PUBLISHED).map(([id, name]) => [Number(id), name]),
    )
    const keys = entries.map(({ key }) => key)
    assert.equal(new Set(keys).size, keys.length)
  })

  it('can be connected: those with a client of the application, and no other', () => {
    assert.deepEqual(
      idsWhere(({ connectable, kind }) => connectable === true && kind === 'oauth2'),
      [1, 8, 11],
    )
    for (const id of [1, 8, 11]) {
      assert.deepEqual(
        [entry(id)['kind'], entry(id)['status'], entry(id)['missing']],
        ['oauth2', 'live', null],
      )
      assert.ok((entry(id)['scopes'] as unknown[]).length > 0) // a list
    }
  })

  it('says why each of the others cannot be, in a word and in a plain sentence', () => {
    const reasons = new Map<unknown, unknown[]>()
    for (const one of entries.filter(({ connectable }) => connectable === false)) {
      const { reason, text } = one['missing'] as { reason: string; text: string } // validated by openapi.test.ts
      assert.match(text, /^[A-Z].*\.$/)
      reasons.set(reason, [...(reasons.get(reason) ?? []), one['id']])
      if (one['status'] !== 'live') assert.match(String(one['statusNote']), /^[A-Z].*\.$/)
    }
    assert.deepEqual(reasons.get('native'), [5, 6, 44, 47])
    assert.deepEqual(reasons.get('ended'), [12, 40])
    assert.ok(reasons.get('no_client')?.includes(45))
    for (const id of reasons.get('no_client') ?? []) {
      const one = entries.find((other) => other['id'] === id)
      assert.match(String(one?.['callbackUri']), new RegExp(`^${SERVICE}/callback/[a-z0-9-]+$`))
    }
  })

  it('an application without a client for a source is told so, and what to register at the vendor', async () => {
    const strava = (await listFor('app-a-legacy')).find(({ id }) => id === 11)
    assert.deepEqual(strava?.['missing'], { reason: 'no_client', text: 'The app has not set it up yet.' })
    assert.equal(strava?.['callbackUri'], `${SERVICE}/callback/strava`)
  })

  it('lists what a client can be given for, whose there is, and which one is used', async () => {
    const of = (list: readonly Entry[]) =>
      list.find(({ id }) => id === 1)?.['authorizations'] as {
        vendor: string
        client: string
        used: boolean
      }[] // a list
    const pick = (list: readonly Entry[]) =>
      of(list).map(({ vendor, client, used }) => [vendor, client, used])
    assert.deepEqual(pick(entries), [
      ['google-health', 'configuration', true],
      ['fitbit', null, false],
    ])
    assert.deepEqual(pick(await listFor('app-a-legacy')), [
      ['google-health', null, false],
      ['fitbit', 'configuration', true],
    ])
    assert.deepEqual(entry(5)['authorizations'], [])
  })

  it('an application that picked a former authorization sees its callback, state and scopes', async () => {
    const legacy = (await listFor('app-a-legacy')).find(({ id }) => id === 1)
    assert.deepEqual(
      [legacy?.['connectable'], legacy?.['status'], legacy?.['callbackUri']],
      [true, 'ended', `${SERVICE}/callback/fitbit`],
    )
    assert.match(String(legacy?.['statusNote']), /^[A-Z].*\.$/)
    assert.equal(entry(1)['callbackUri'], `${SERVICE}/callback/google-health`)
    assert.notDeepEqual(legacy?.['scopes'], entry(1)['scopes'])
  })

  it('speaks the language of the query, or that of the request, and says which', async () => {
    const ask = async (path: string, headers: Record<string, string> = {}) => {
      const response = await backendOf(world).api('GET', path, undefined, headers)
      const { description, categoryName, statusName, scopes, missing } = await jsonOf(response)
      const labels = (scopes as { label: string }[]).map(({ label }) => label) // a list
      return {
        language: [response.headers.get('content-language'), response.headers.get('vary')],
        texts: [description, categoryName, statusName, labels[3], missing],
      }
    }
    const german = {
      language: ['de', 'Accept-Language'],
      texts: [
        'Läufe, Fahrten und andere Aktivitäten, die mit Strava aufgezeichnet oder dorthin gesendet wurden.',
        'Aktivität und Training',
        'Verfügbar',
        'Aktivitäten',
        null,
      ],
    }
    assert.deepEqual(await ask('/data-sources/11?locale=de-AT'), german)
    assert.deepEqual(await ask('/data-sources/11', { 'accept-language': 'xh, de;q=0.8, en;q=0.5' }), german)
    assert.deepEqual(
      await ask('/data-sources/11?locale=de', { 'accept-language': 'fr' }),
      german,
      'who names one means it',
    )
    const { language, texts } = await ask('/data-sources/12?locale=zh-TW')
    assert.deepEqual(language, ['zh-Hant', 'Accept-Language'])
    assert.deepEqual(texts.slice(0, 3), ['Google Fit 保存的活動資料。', '健康平台', '已停止'])
    assert.equal((texts[4] as { reason: string }).reason, 'ended') // as above
    assert.equal((await ask('/data-sources/11?locale=xh', { 'accept-language': 'de' })).language[0], 'en')
    const list = await backendOf(world).api('GET', '/data-sources?locale=ar')
    assert.equal(list.headers.get('content-language'), 'ar')
  })

  it('a locale that is none is a 400 that says what one looks like', async () => {
    for (const query of [
      'locale=german',
      'locale=',
      'locale=de_AT',
      'locale=de&locale=fr',
      'locale=..%2fde',
    ]) {
      for (const path of ['/data-sources', '/data-sources/11']) {
        const { detail } = await assertProblem(
          await backendOf(world).api('GET', `${path}?${query}`),
          'invalid_request',
          '/v1',
        )
        assert.match(detail, /^locale: /)
        if (!query.includes('&')) assert.match(detail, /two letters, optionally with a script or region\.$/)
      }
    }
  })

  it('one source is found by its id or its key, as it stands in the list', async () => {
    for (const one of entries)
      for (const name of [one['id'], one['key']])
        assert.deepEqual(await jsonOf(await backendOf(world).api('GET', `/data-sources/${name}`)), one)
  })

  it('anything else is a 404', async () => {
    for (const name of ['4', '0', '-1', '1.0', '01', '1e0', 'Strava', 'toString', '999999999999'])
      await assertProblem(await backendOf(world).api('GET', `/data-sources/${name}`), 'unknown_source', '/v1')
  })

  it('every logo that is named is there, an image that any screen may show and that can do nothing', async () => {
    for (const { key, logo } of entries) {
      assert.equal(logo, `${SERVICE}/logos/${key}`)
      const response = await world.app.request(String(logo).slice(SERVICE.length))
      assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'image/svg+xml'])
      assert.equal(response.headers.get('cross-origin-resource-policy'), 'cross-origin')
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
      assert.equal(
        response.headers.get('content-security-policy'),
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      )
    }
    const svgOf = async (key: string) => (await world.app.request(`/logos/${key}`)).text()
    assert.match(await svgOf('strava'), /simple-icons/)
    assert.match(await svgOf('withings'), />W<\/text>/)
    for (const file of ['1', 'nothing', 'strava.svg', 'Strava', '..%2fstrava', '%00'])
      assert.equal((await world.app.request(`/logos/${file}`)).status, 404, file)
  })

  it('the table above is the one of the documentation', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../../docs/api.md'), 'utf8')
    for (const [id, name] of Object.entries(PUBLISHED)) assert.ok(page.includes(`| ${id} | ${name} |`), name)
  })
})
