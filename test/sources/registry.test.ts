// Goal: the registry holds every published id, each as it is, and nothing that the schema would not take from an
// operator. Method: the list of the contract beside the registry; the schema over every definition.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Authorization, isOAuth2, sourceSchema } from '../../src/model/source.ts'
import { revocationHooks, sources } from '../../src/sources/index.ts'

const PUBLISHED = new Map([
  [1, 'Fitbit'],
  [2, 'Garmin'],
  [3, 'Polar'],
  [5, 'Apple Health'],
  [6, 'Samsung Health'],
  [8, 'Withings'],
  [11, 'Strava'],
  [12, 'Google Fit'],
  [16, 'Omron Connect'],
  [17, 'Suunto'],
  [18, 'Oura'],
  [21, 'iHealth'],
  [27, 'Beurer'],
  [38, 'Huawei Health'],
  [40, 'Google Fit native'],
  [41, 'Dexcom'],
  [42, 'WHOOP'],
  [43, 'Decathlon'],
  [44, 'Health Connect'],
  [45, 'Komoot'],
  [46, 'FreeStyle Libre'],
  [47, 'ShenAI'],
  [1001, 'Wahoo'],
  [1002, 'COROS'],
  [1003, 'Ultrahuman'],
  [1004, 'TrainingPeaks'],
  [1005, 'Hammerhead'],
  [1006, 'Concept2'],
  [1007, 'Ride with GPS'],
  [1008, 'intervals.icu'],
  [1009, 'Smashrun'],
  [1010, 'FatSecret'],
  [1011, 'MapMyFitness'],
  [1012, 'Runkeeper'],
  [1013, 'Hexoskin'],
  [1014, 'SportTracks'],
  [1015, 'Cronometer'],
  [1016, 'Zepp'],
  [1017, 'Sensor Bio'],
])

const all = [...sources.values()]
const authorizations: readonly Authorization[] = all.flatMap((source) =>
  source.kind === 'oauth2' ? source.authorizations.filter(isOAuth2) : [],
)
/** The host of every address in a definition. */
const hostsOf = (value: unknown): readonly string[] =>
  [...JSON.stringify(value).matchAll(/"https:\/\/([^/"]+)/g)].map(([, host = '']) => host)
const unique = (values: readonly unknown[]) => new Set(values).size === values.length

describe('the registry', () => {
  test('has exactly the published ids with their names, in ascending order', () => {
    assert.deepEqual(
      [...sources].map(([id, source]) => [id, source.name]),
      [...PUBLISHED],
    )
  })

  test('files every source under its own id, and no key twice', () => {
    for (const [id, source] of sources) assert.equal(source.id, id)
    assert.ok(unique(all.map((source) => source.key)))
  })

  test('names no vendor twice', () => {
    assert.ok(unique(authorizations.map((one) => one.vendor)))
  })

  test('cannot be changed', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen))
    assert.ok(all.every(frozen))
  })

  test('says of each source that cannot be connected why', () => {
    const kinds = new Map(
      all.map((source) => [
        source.id,
        source.kind === 'listed' ? `${source.connectedBy} ${source.status}` : source.kind,
      ]),
    )
    for (const id of [5, 6, 44, 47]) assert.equal(kinds.get(id), 'native')
    assert.equal(kinds.get(12), 'web ended')
    assert.equal(kinds.get(40), 'native ended')
    assert.equal(kinds.get(46), 'credentials')
  })

  test('has Google Health as the default of Fitbit, and the ended interface by name only', () => {
    const fitbit = sources.get(1)
    assert.ok(fitbit?.kind === 'oauth2')
    assert.deepEqual(
      fitbit.authorizations.map((one) => [one.vendor, one.status]),
      [
        ['google-health', 'live'],
        ['fitbit', 'ended'],
      ],
    )
  })
})

describe('each definition', () => {
  for (const source of all) {
    test(`${source.key} is what the schema takes, with nothing left out`, () => {
      assert.deepEqual(sourceSchema.parse(JSON.parse(JSON.stringify(source))), source)
    })
  }

  test('uses https addresses only', () => {
    const addresses = JSON.stringify(all).match(/"[a-z]+:\/\/[^"]*"/g) ?? []
    assert.ok(addresses.length > 20)
    assert.deepEqual(
      addresses.filter((address) => !address.startsWith('"https://')),
      [],
    )
  })

  for (const one of authorizations) {
    test(`${one.vendor} asks for data, names every scope once and asks for nothing that writes`, () => {
      assert.ok(unique(one.scopes.map((scope) => scope.value)))
      assert.ok(unique(one.scopes.map((scope) => scope.label)))
      // A vendor without scopes gives all or nothing.
      assert.ok(one.scopes.length === 0 || one.scopes.some((scope) => scope.requested && scope.givesData))
      assert.deepEqual(
        one.scopes.filter((scope) => scope.requested && /write/i.test(scope.value)),
        [],
      )
    })

    test(`${one.vendor} has a note when it has ended or is no production system`, () => {
      if (one.status === 'ended' || one.environment === 'sandbox') assert.notEqual(one.statusNote, null)
    })
  }

  for (const source of all) {
    if (source.kind !== 'oauth2') continue
    for (const { vendor, registration, documentation } of source.authorizations)
      test(`${vendor} says where to register it, and what is not certain`, () => {
        assert.notEqual(registration, undefined)
        assert.ok(documentation.doubts.length > 0)
        assert.match(documentation.checkedOn, /^2026-1[12]-/)
      })
  }

  test('gives every address of a test system to that system alone', () => {
    for (const source of all) {
      if (source.kind !== 'oauth2') continue
      const hosts = (environment: string) =>
        source.authorizations
          .filter((one) => (one.environment ?? 'production') === environment)
          .flatMap((one) => hostsOf({ ...one, registration: null, documentation: null, scopes: [] }))
      const production = new Set(hosts('production'))
      assert.deepEqual(
        hosts('sandbox').filter((host) => production.has(host)),
        [],
        source.key,
      )
    }
  })

  test('brings a hook exactly where its data says so', () => {
    const hooked = authorizations.filter((one) => one.revocation.kind === 'hook')
    assert.deepEqual(hooked.map((one) => one.vendor).toSorted(), [...revocationHooks.keys()].toSorted())
  })
})

describe('the schema', () => {
  const strava = () => JSON.parse(JSON.stringify(sources.get(11)))
  const spoiled: readonly [what: string, spoil: (source: ReturnType<typeof strava>) => void][] = [
    ['an unknown field', (source) => Object.assign(source, { extra: 1 })],
    ['a key like an id', (source) => Object.assign(source, { key: '11' })],
    ['an id that is no number', (source) => Object.assign(source, { id: '11' })],
    ['no authorization', (source) => Object.assign(source, { authorizations: [] })],
    [
      'an address of another sort',
      (source) => Object.assign(source.authorizations[0].tokenRequest, { endpoint: 'file:///x' }),
    ],
    ['a scope with a space', (source) => Object.assign(source.authorizations[0].scopes[0], { value: 'a b' })],
    ['a scope with a comma', (source) => Object.assign(source.authorizations[0].scopes[0], { value: 'a,b' })],
    [
      'an unknown way to revoke',
      (source) => Object.assign(source.authorizations[0].revocation, { kind: 'magic' }),
    ],
    ['a missing field', (source) => Reflect.deleteProperty(source.authorizations[0], 'refresh')],
  ]
  for (const [what, spoil] of spoiled) {
    test(`refuses ${what}`, () => {
      const source = strava()
      spoil(source)
      assert.equal(sourceSchema.safeParse(source).success, false)
    })
  }
})
