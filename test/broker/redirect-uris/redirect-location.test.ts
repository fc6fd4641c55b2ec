// Goal: the application gets exactly what it listed and added, and our outcome once; nobody else's words.
// Method: what the rule allows goes through the decision and the builder, and the Location is taken apart by hand.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RedirectOutcome } from '../../../src/broker/redirect-uris/redirect-location.ts'
import { buildRedirectLocation, leadsToEntry } from '../../../src/broker/redirect-uris/redirect-location.ts'
import { decideRedirectUriValue } from '../../../src/broker/redirect-uris/redirect-uri.ts'
import { OUTCOME_ERRORS } from '../../../src/model/result.ts'

const connected: RedirectOutcome = { dataSource: 11, connected: true, error: null, result: 'r1' }
const refused: RedirectOutcome = { dataSource: 8, connected: false, error: 'access_denied', result: 'r-2_x' }

const entries = [
  'https://app.example/cb',
  'https://app.example',
  'https://app.example:8443/a/b%20c/@me;v=1/',
  "https://app.example/it's/(1)!$&+,=:",
  'https://127.0.0.1/cb',
  'https://xn--bcher-kva.example/cb',
  'https://App.Example/CB',
  'http://localhost/cb',
  'http://app.localhost:3000/',
  'myapp://done',
  'myapp://',
  'myapp:///done',
  'com.example.app:/oauth2redirect',
]

/** A query that a caller adds, and the pairs of it that must come back untouched. */
const queries = [
  'a=1',
  'a=1&b=2&a=3',
  'a',
  'a=',
  '=a',
  '=',
  '&',
  '&&a=1&&b=2',
  'a=1&',
  'a=b=c==',
  'a=%20b+c%2Bd',
  'a=%c3%a4%C3%A4%e2%82%AC%F0%9F%98%80',
  'next=%2Fpage%3Ftoken%3D1%26state%3D2%26dataSource%3D3',
  'next=https://other.example/x?y=1',
  'back=%252F%2525',
  "q=it's(1)!*$,:@/?",
  '_token=1&mytoken=2&tokens=3&$state=4&x-code=5&codes=6&results=7&statement=8&errors=9&issue=10',
  'redirect=1&redirect_url=2&uri=3&source=4&data=5&dataSources=6&dataSourceId=7&connectedAt=8&x_error=9',
  'a%5B0%5D=1',
  'x.token=1&filter%5Bstate%5D=2&a.b=3',
  'a;b=1;c',
  'text=token&text=state%3D1',
  '?a=1',
  'a?b=c?d',
  `q=${'x'.repeat(1022)}`,
]

const pairsOf = (location: string, base: string) => {
  assert.ok(location.startsWith(`${base}?`), location)
  return location.slice(base.length + 1).split('&')
}

describe('what the rule allows', () => {
  for (const entry of entries) {
    it(`comes back as it was, with our outcome behind it: ${entry}`, () => {
      for (const query of [null, '', ...queries]) {
        const value = query === null ? entry : `${entry}?${query}`
        const decision = decideRedirectUriValue(value, {
          entries: [entry],
          resultPageUrl: 'https://own.example/r',
        })
        assert.deepEqual(decision, { kind: 'allowed', entry, query }, value)
        for (const [outcome, ours] of [
          [connected, ['dataSource=11', 'connected=true', 'result=r1']],
          [refused, ['dataSource=8', 'connected=false', 'error=access_denied', 'result=r-2_x']],
        ] as const) {
          const location = buildRedirectLocation({ entry, query }, outcome) ?? assert.fail(value)
          assert.ok(location.startsWith(value), location)
          const added = query === null || query === '' ? [] : query.replace(/&$/, '').split('&')
          assert.deepEqual(pairsOf(location, entry), [...added, ...ours])
        }
      }
    })
  }

  it('carries the encoded listed URL into a URL parser unharmed', () => {
    for (const entry of entries) {
      const location = new URL(buildRedirectLocation({ entry, query: 'a=1' }, connected) ?? '')
      const listed = new URL(entry)
      assert.deepEqual(
        [location.protocol, location.host, location.pathname, location.username, location.hash],
        [listed.protocol, listed.host, listed.pathname, '', ''],
      )
      assert.deepEqual(
        [...location.searchParams],
        [
          ['a', '1'],
          ['dataSource', '11'],
          ['connected', 'true'],
          ['result', 'r1'],
        ],
      )
    }
  })
})

describe('dataSource', () => {
  const build = (query: string, outcome = connected) =>
    buildRedirectLocation({ entry: 'https://app.example/cb', query }, outcome)

  it('is replaced in its place', () => {
    const tail = '&connected=true&result=r1'
    for (const [query, expected] of [
      ['dataSource=1', 'dataSource=11'],
      ['dataSource=', 'dataSource=11'],
      ['dataSource', 'dataSource=11'],
      ['dataSource=1&a=2', 'dataSource=11&a=2'],
      ['a=2&dataSource=1', 'a=2&dataSource=11'],
      ['a=2&dataSource=1&b=%20', 'a=2&dataSource=11&b=%20'],
      ['a=2&dataSource=evil%26connected%3Dtrue&&b', 'a=2&dataSource=11&&b'],
      ['dataSource=1;b=2', 'dataSource=11'],
      ['dataSource=1&', 'dataSource=11'],
    ] as const) {
      assert.equal(build(query), `https://app.example/cb?${expected}${tail}`, query)
    }
  })

  it('of an entry’s own query is replaced as well, and the rest of that query stays', () => {
    const entry = 'https://app.example/cb?mode=a&dataSource=1&lang=de'
    assert.equal(
      buildRedirectLocation({ entry, query: null }, connected),
      'https://app.example/cb?mode=a&dataSource=11&lang=de&connected=true&result=r1',
    )
    assert.equal(
      buildRedirectLocation({ entry: 'https://app.example/cb?mode=a', query: null }, connected),
      'https://app.example/cb?mode=a&dataSource=11&connected=true&result=r1',
    )
  })

  it('is taken out when there is no source to name', () => {
    const outcome = {
      dataSource: null,
      connected: false,
      error: 'source_not_available',
      result: null,
    } as const
    const tail = 'connected=false&error=source_not_available'
    assert.equal(build('a=1&dataSource=x&b=2', outcome), `https://app.example/cb?a=1&b=2&${tail}`)
    assert.equal(build('dataSource=x', outcome), `https://app.example/cb?${tail}`)
    assert.equal(build('', outcome), `https://app.example/cb?${tail}`)
  })

  it('twice gives no Location', () => {
    assert.equal(build('dataSource=1&dataSource=2'), null)
  })
})

describe('the outcome', () => {
  const target = { entry: 'https://app.example/cb', query: null }

  it('carries each of our fixed words', () => {
    for (const error of OUTCOME_ERRORS) {
      const location = buildRedirectLocation(target, { ...refused, error }) ?? assert.fail(error)
      assert.equal(new URL(location).searchParams.get('error'), error)
    }
  })

  it('carries no word of a vendor, whatever a stored row says', () => {
    for (const text of ['', 'invalid_grant', 'ACCESS_DENIED', 'access_denied&x=1', 'a\r\nb', '<script>']) {
      const outcome = { ...refused, error: text } as unknown as RedirectOutcome // what the types forbid
      assert.equal(buildRedirectLocation(target, outcome), null, text)
    }
  })

  it('names a source by its catalogue id or not at all', () => {
    for (const dataSource of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21]) {
      assert.equal(buildRedirectLocation(target, { ...connected, dataSource }), null, String(dataSource))
    }
  })

  it('encodes the result code, whatever is in it', () => {
    const location = buildRedirectLocation(target, { ...connected, result: 'a&token=b#c\r\nd é' }) ?? ''
    assert.ok(location.endsWith('&result=a%26token%3Db%23c%0D%0Ad%20%C3%A9'), location)
    assert.equal(buildRedirectLocation(target, { ...connected, result: '\ud800' }), null)
  })

  it('has no place for anything else', () => {
    const outcome = { ...refused, token: '1X2', state: 's', reference: 'AB' }
    const names = new URL(buildRedirectLocation(target, outcome) ?? '').searchParams.keys()
    assert.deepEqual([...names], ['dataSource', 'connected', 'error', 'result'])
  })
})

describe('the last check', () => {
  it('gives no Location for a target that the rule would not have let through', () => {
    for (const [entry, query] of [
      ['https://user@app.example/cb', null],
      ['https://u:p@app.example/cb', null],
      ['https://:p@app.example/cb', null],
      ['https://', null],
      ['https://app.example:99999/', null],
      ['//app.example/cb', null],
      ['/cb', null],
      ['', null],
      ['javascript:/x', null],
      ['JAVASCRIPT:/x', null],
      ['data:/x', null],
      ['ms-msdt:/x', null],
      ['https://app.example/cb#x', null],
      ['https://app.example/a b', null],
      ['https://app.example/cb', 'a=1#x'],
      ['https://app.example/cb', 'a=1\r\nX: y'],
      ['https://app.example/cb', 'a=\u00e4'],
      ['https://app.example/cb', 'a=1 '],
      ['https://app.example', '\\@evil.example'],
      ['https://app.example/cb?x=1', ''],
      ['https://app.example/cb?x=1', 'y=2'],
    ] as const) {
      assert.equal(buildRedirectLocation({ entry, query }, connected), null, `${entry} + ${query}`)
    }
  })

  it('finds a scheme, host, port or path that is not the entry’s', () => {
    const entry = 'https://app.example/cb'
    assert.equal(leadsToEntry(`${entry}?connected=true`, entry), true)
    const elsewhere =
      'http://app.example/cb https://evil.example/cb https://app.example.evil.example/cb https://app.example:8443/cb https://app.example/ https://app.example/cb/ https://app.example/cb/.. https://app.example/CB https://x@app.example/cb https://:x@app.example/cb myapp://app.example/cb //app.example/cb /cb'
    for (const location of elsewhere.split(' ')) {
      assert.equal(leadsToEntry(`${location}?connected=true`, entry), false, location)
    }
    assert.equal(leadsToEntry('myapp://other?x=1', 'myapp://done'), false)
    assert.equal(leadsToEntry(`${entry}?x=1#y`, entry), false)
  })
})
