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

  it('can be connected: those with a definition for which the application has a client, and no other', () => {
    assert.deepEqual(
      idsWhere(({ connectable }) => connectable === true),
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

  it('says what is missing for each of the others, in a plain sentence', () => {
    for (const one of entries.filter(({ connectable }) => connectable === false)) {
      assert.ok(
        one['status'] === 'ended' ? one['missing'] === null : one['missing'] !== null,
        String(one['name']),
      )
      assert.match(String(one['statusNote']), /^[A-Z].*\.$/)
      assert.deepEqual([one['scopes'], one['callbackUri']], [[], null])
    }
    assert.deepEqual(idsWhere(({ missing }) => missing === 'phone').toSorted(), [44, 47, 5, 6])
    assert.deepEqual(idsWhere(({ kind }) => kind === 'native').toSorted(), [40, 44, 47, 5, 6])
    assert.deepEqual(
      idsWhere(({ status }) => status === 'ended'),
      [12, 40],
    )
  })

  it('an application without a client for a source is told so, and what to register at the vendor', async () => {
    const legacy = await listFor('app-a-legacy')
    const strava = legacy.find(({ id }) => id === 11)
    assert.deepEqual([strava?.['connectable'], strava?.['missing']], [false, 'client'])
    assert.equal(strava?.['callbackUri'], `${SERVICE}/callback/strava`)
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

  it('one source is found by its id or its key, as it stands in the list', async () => {
    for (const one of entries)
      for (const name of [one['id'], one['key']])
        assert.deepEqual(await jsonOf(await backendOf(world).api('GET', `/data-sources/${name}`)), one)
  })

  it('anything else is a 404', async () => {
    for (const name of ['4', '0', '-1', '1.0', '01', '1e0', 'Strava', 'toString', '999999999999'])
      await assertProblem(await backendOf(world).api('GET', `/data-sources/${name}`), 'unknown_source', '/v1')
  })

  it('every logo that is named is there, an image that any screen may show', async () => {
    for (const { logo } of entries) {
      const response = await world.app.request(String(logo).slice(SERVICE.length))
      assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'image/svg+xml'])
      assert.equal(response.headers.get('cross-origin-resource-policy'), 'cross-origin')
    }
    for (const file of ['1.svg', 'nothing.svg', 'strava', 'strava.png', '..%2fstrava.svg'])
      assert.equal((await world.app.request(`/logos/${file}`)).status, 404, file)
  })

  it('the table above is the one of the documentation', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../../docs/api.md'), 'utf8')
    for (const [id, name] of Object.entries(PUBLISHED)) assert.ok(page.includes(`| ${id} | ${name} |`), name)
  })
})
