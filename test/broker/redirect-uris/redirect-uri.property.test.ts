// Goal: whatever anybody sends, a redirect leads to a listed entry, with the caller's query and our outcome only.
// Method: properties over arbitrary text, over text made of URL parts, and over small changes to listed entries.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { buildRedirectLocation } from '../../../src/broker/redirect-uris/redirect-location.ts'
import type { RedirectUriDecision } from '../../../src/broker/redirect-uris/redirect-uri.ts'
import { decideRedirectUri, decideRedirectUriValue } from '../../../src/broker/redirect-uris/redirect-uri.ts'
import { validateRedirectUriEntry } from '../../../src/broker/redirect-uris/redirect-uri-entry.ts'
import { OUTCOME_ERRORS } from '../../../src/model/result.ts'

const runs = { seed: 20_260_804, numRuns: 3_000 }
const listed = [
  'https://app.example/cb',
  'https://app.example/fixed?mode=a&dataSource=1',
  'https://app.example:8443',
  'http://localhost:8082/',
  'myapp://done',
  'com.example.app:/x',
]
const allowed = {
  entries: listed,
  resultPageUrl: 'https://own.example/dataSourceDirectConnectionResult.html',
}

const outcomes = fc.record({
  dataSource: fc.constantFrom(1, 11, 1017),
  connected: fc.boolean(),
  error: fc.constantFrom(null, ...OUTCOME_ERRORS),
  result: fc.constantFrom(null, 'r_1-x'),
})

/** Text that is often nearly a URL: parts of listed entries between what parsers stumble over. */
const nearlyUrls = fc
  .array(
    fc.oneof(
      fc.constantFrom(...listed, ...listed),
      fc.constantFrom(
        'https:',
        '//',
        '/',
        '\\',
        '@',
        ':',
        '?',
        '&',
        '=',
        ';',
        '#',
        '.',
        '%',
        '%2',
        '%2f',
        '%00',
        '+',
        ' ',
      ),
      fc.constantFrom(
        'app.example',
        'evil.example',
        '/cb',
        'myapp',
        'dataSource',
        'token',
        'state',
        'x=1',
        '\t',
        '\n',
        'ä',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''))

/** A query that rule 6 allows: any text as names (behind a letter that no reserved name begins with) and values. */
const legalQueries = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.string({ unit: 'grapheme', maxLength: 8 }))
        .map(([name, value]) => `z${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
      fc.constantFrom('', 'z', 'z=', '=z', 'z%5B%5D=1', 'z=a+b', "z='!()*,/:@$?", 'z;y'),
    ),
    { maxLength: 8 },
  )
  .map((pairs) => pairs.join('&'))
  // control characters are refused wherever they stand, so a legal query has none
  .filter((query) => query.length <= 900 && !/%(?:[01][0-9a-f]|7f|c2%[89])/i.test(query))

/** Takes a Location apart by hand and by a parser, and compares both with the entry and the caller's query. */
function assertLeadsToEntry(location: string, entry: string, query: string | null) {
  const [base = '', ownQuery] = entry.split('?')
  const found = new URL(location)
  const target = new URL(entry)
  assert.ok(location.startsWith(`${base}?`), location)
  assert.deepEqual(
    [found.protocol, found.host, found.pathname, found.username, found.password, found.hash],
    [target.protocol, target.host, target.pathname, '', '', ''],
  )
  assert.match(location, /^[!-~]+$/)
  const pairs = location.slice(base.length + 1).split('&')
  const isOurs = (pair: string) => /^(?:dataSource|connected|error|result)(?:=|$)/.test(pair)
  const callers = (query ?? ownQuery ?? '').split('&')
  if (callers.at(-1) === '') callers.pop()
  assert.deepEqual(
    pairs.filter((pair) => !isOurs(pair)),
    callers.filter((pair) => !isOurs(pair)),
  )
  for (const name of ['dataSource', 'connected'])
    assert.equal(found.searchParams.getAll(name).length, 1, location)
  for (const name of ['error', 'result']) assert.ok(found.searchParams.getAll(name).length <= 1, location)
}

function assertSafe(
  decision: RedirectUriDecision,
  value: string,
  outcome: Parameters<typeof buildRedirectLocation>[1],
) {
  if (decision.kind === 'refused') return
  if (decision.kind === 'own-result-page') return assert.equal(value, allowed.resultPageUrl)
  const { entry, query } = decision
  assert.ok(listed.includes(entry))
  assert.equal(value, query === null ? entry : `${entry}?${query}`)
  assertLeadsToEntry(buildRedirectLocation({ entry, query }, outcome) ?? assert.fail(value), entry, query)
}

describe('the redirect URI rule', () => {
  it('never throws, and lets through only what leads to a listed entry', () => {
    const continued = fc.tuple(fc.constantFrom(...listed), fc.constantFrom('', '?', '?', '?'), nearlyUrls)
    const values = fc.oneof(
      nearlyUrls,
      continued.map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    )
    const seen = { allowed: 0, refused: 0, 'own-result-page': 0 }
    fc.assert(
      fc.property(values, outcomes, (value, outcome) => {
        const decision = decideRedirectUriValue(value, allowed)
        seen[decision.kind]++
        assertSafe(decision, value, outcome)
      }),
      { ...runs, numRuns: 6_000 },
    )
    assert.ok(seen.allowed > 300 && seen.refused > 3_000, JSON.stringify(seen))
  })

  it('reads of a raw query what every parser reads, or nothing', () => {
    const pieces = fc.oneof(
      nearlyUrls,
      nearlyUrls
        .filter((text) => text.isWellFormed())
        .map((value) => `redirect_uri=${encodeURIComponent(value)}`),
      fc.constantFrom(
        'redirect_uri=https://app.example/cb',
        'redirect_uri',
        'redirect_uri[]=x',
        'Redirect_Uri=x',
        'token=1',
      ),
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 4 }), outcomes, (parts, outcome) => {
        const query = parts.join('&')
        const decision = decideRedirectUri(query, allowed)
        // a leading "?" belongs to the first name here; URLSearchParams would drop it
        const values = new URLSearchParams(`&${query}`).getAll('redirect_uri')
        if (decision.kind === 'absent') return assert.deepEqual(values, [])
        if (decision.kind === 'refused') return
        assert.equal(values.length, 1)
        assertSafe(decision, values[0] ?? '', outcome)
      }),
      runs,
    )
  })

  it('lets through every legal query, and forwards it byte for byte', () => {
    const bases = listed.filter((entry) => !entry.includes('?'))
    fc.assert(
      fc.property(fc.constantFrom(...bases), legalQueries, outcomes, (entry, query, outcome) => {
        const decision = decideRedirectUri(`redirect_uri=${encodeURIComponent(`${entry}?${query}`)}`, allowed)
        assert.deepEqual(decision, { kind: 'allowed', entry, query })
        const location = buildRedirectLocation({ entry, query }, outcome) ?? assert.fail(query)
        assert.ok(location.startsWith(`${entry}?${query}`), location)
        assertLeadsToEntry(location, entry, query)
      }),
      runs,
    )
  })

  it('refuses a listed entry after any change of one character, unless that begins a query', () => {
    const characters = fc.oneof(
      fc.constantFrom(...'/?#@:.\\%&=;+-_~*aA0 \t\n'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constant(''),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...listed),
        fc.nat(60),
        fc.nat(1),
        characters,
        (entry, seed, cut, character) => {
          const place = seed % (entry.length + 1)
          const value = entry.slice(0, place) + character + entry.slice(place + cut)
          const decision = decideRedirectUriValue(value, allowed)
          const addsQuery = !entry.includes('?') && value.startsWith(`${entry}?`)
          if (value === entry || addsQuery) assert.equal(decision.kind, 'allowed', value)
          else assert.equal(decision.kind, 'refused', value)
        },
      ),
      { ...runs, numRuns: 10_000 },
    )
  })

  it('refuses a reserved name in any case, padding, tail and layer of encoding', () => {
    const names =
      'token connectionSessionToken connection_session_token data_source connected error error_description error_uri state code iss redirect_uri result'
    const padding = fc.constantFrom('', '+', '%20', '%C2%A0', '%E3%80%80', '+%20')
    const tail = fc.constantFrom('', '[', '[]', '[0]', '[a][b]', '.', '.x', '..')
    fc.assert(
      fc.property(
        fc.constantFrom(...names.split(' ')),
        fc.infiniteStream(fc.boolean()),
        fc.nat(2),
        padding,
        padding,
        tail,
        (name, flags, layers, before, after, suffix) => {
          const flip = () => flags.next().value === true
          const cased = [...name].map((c) => (flip() ? c.toUpperCase() : c)).join('')
          const hex = (c: string) => (flip() ? `%${c.charCodeAt(0).toString(16).padStart(2, '0')}` : c)
          let spelled = [...cased].map(hex).join('')
          for (let layer = 0; layer < layers; layer++) spelled = spelled.replaceAll('%', '%25')
          const query = `z=1&${before}${spelled}${after}${encodeURIComponent(suffix)}=1`
          const decision = decideRedirectUriValue(`https://app.example/cb?${query}`, allowed)
          assert.ok(decision.kind === 'refused' && decision.rule === 6, query)
        },
      ),
      runs,
    )
  })
})

describe('what may be listed', () => {
  it('is decided for any text without throwing, and what is listed can be used', () => {
    const resultPageUrl = 'https://own.example/dataSourceDirectConnectionResult.html'
    let seen = 0
    fc.assert(
      fc.property(
        fc.oneof(nearlyUrls, fc.webUrl(), fc.string({ unit: 'binary' })),
        outcomes,
        (value, outcome) => {
          const check = validateRedirectUriEntry(value, ['https://own.example'])
          if (!check.ok) return
          seen++
          assert.deepEqual(decideRedirectUriValue(value, { entries: [value], resultPageUrl }), {
            kind: 'allowed',
            entry: value,
            query: null,
          })
          assertLeadsToEntry(buildRedirectLocation({ entry: value, query: null }, outcome) ?? '', value, null)
        },
      ),
      runs,
    )
    assert.ok(seen > 300, `${seen} listed values`)
  })
})
