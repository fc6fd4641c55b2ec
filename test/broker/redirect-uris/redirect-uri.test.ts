// Goal: nobody is ever sent anywhere but to a listed redirect URI, and everything that the contract allows works.
// Method: tables for each of the seven steps, and several hundred hostile values by class of attack.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AllowedRedirectUris } from '../../../src/broker/redirect-uris/redirect-uri.ts'
import { decideRedirectUri, decideRedirectUriValue } from '../../../src/broker/redirect-uris/redirect-uri.ts'
import { hostileRawQueries, hostileRedirectUris } from './redirect-hostile-values.ts'

const resultPageUrl = 'https://connect.example.org/dataSourceDirectConnectionResult.html'
const listed = [
  'https://app.example/cb',
  'https://app.example/fixed?mode=a&dataSource=1',
  'https://app.example:8443/port',
  'https://bare.example',
  'http://localhost:8082/',
  'myapp://done',
  'com.example.app:/cb',
]
const allowed: AllowedRedirectUris = { entries: new Set(listed), resultPageUrl }

const asQuery = (value: string) => `token=1X2&dataSource=11&redirect_uri=${encodeURIComponent(value)}`
const ruleOf = (decision: { kind: string; rule?: number }) =>
  decision.kind === 'refused' ? decision.rule : decision.kind

describe('step 1: redirect_uri occurs once', () => {
  it('is absent when nothing in the query looks like it', () => {
    const queries =
      ' token=1 token=1&dataSource=11 & = ?x=1 redirect=https://evil.example redirect_url=x return_uri=x uri=x redirect_uri2=x xredirect_uri=x my_redirect_uri=x direct=true x=redirect_uri x=redirect_uri[] x=%26redirect_uri=y'
    for (const query of queries.split(' ')) {
      assert.deepEqual(decideRedirectUri(query, allowed), { kind: 'absent' }, query)
    }
  })

  for (const { name, rules, values } of hostileRawQueries('https://app.example/cb')) {
    it(`is refused when ${name}, though the value is listed (${values.length} queries)`, () => {
      for (const query of values) {
        const rule = ruleOf(decideRedirectUri(query, allowed))
        assert.ok(
          rules.some((expected) => expected === rule),
          `${query}: ${rule}`,
        )
      }
    })
  }

  it('tells a repeated parameter from a disguised one', () => {
    const repeated = decideRedirectUri('redirect_uri=a&redirect_uri=a', allowed)
    const disguised = decideRedirectUri('redirect_uri[]=a', allowed)
    assert.ok(repeated.kind === 'refused' && repeated.code === 'repeated')
    assert.ok(disguised.kind === 'refused' && disguised.code === 'look_alike')
  })

  it('is found at any place of the query', () => {
    const value = encodeURIComponent('https://app.example/cb')
    for (const query of [
      `redirect_uri=${value}`,
      `redirect_uri=${value}&token=1`,
      `&&redirect_uri=${value}&&`,
      `=&token&redirect_uri=${value}&x=%zz`,
    ]) {
      assert.equal(decideRedirectUri(query, allowed).kind, 'allowed', query)
    }
  })
})

describe('step 2: decoded exactly once', () => {
  it('accepts any well-formed encoding of the same characters', () => {
    const everyByte = [...'https://app.example/cb'].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')
    const forms = ['https://app.example/cb', encodeURIComponent('https://app.example/cb'), everyByte]
    for (const raw of [...forms, everyByte.toUpperCase()]) {
      const decision = decideRedirectUri(`redirect_uri=${raw}`, allowed)
      assert.deepEqual(decision, { kind: 'allowed', entry: 'https://app.example/cb', query: null }, raw)
    }
  })

  it('reads "+" as a space, so that a plus of the caller’s query must be encoded', () => {
    const raw = 'redirect_uri=https://app.example/cb?x=a'
    assert.equal(ruleOf(decideRedirectUri(`${raw}+b`, allowed)), 3)
    assert.deepEqual(decideRedirectUri(`${raw}%2Bb`, allowed), {
      kind: 'allowed',
      entry: 'https://app.example/cb',
      query: 'x=a+b',
    })
  })

  it('does not decode a second time', () => {
    const twice = encodeURIComponent(encodeURIComponent('https://app.example/cb'))
    assert.equal(ruleOf(decideRedirectUri(`redirect_uri=${twice}`, allowed)), 4)
    const query = encodeURIComponent('https://app.example/cb?back=%2Fa%253Fb')
    const decision = decideRedirectUri(`redirect_uri=${query}`, allowed)
    assert.ok(decision.kind === 'allowed' && decision.query === 'back=%2Fa%253Fb')
  })

  it('keeps a "=" of the value', () => {
    const decision = decideRedirectUri('redirect_uri=https://app.example/cb?a=b=c', allowed)
    assert.ok(decision.kind === 'allowed' && decision.query === 'a=b=c')
  })
})

describe('step 3: length and characters', () => {
  it('takes 1 to 2048 characters', () => {
    const base = 'https://app.example/'
    const longest = base + 'a'.repeat(2048 - base.length)
    const both = { entries: [longest, `${longest}a`], resultPageUrl }
    assert.equal(decideRedirectUriValue(longest, both).kind, 'allowed')
    assert.equal(ruleOf(decideRedirectUriValue(`${longest}a`, both)), 3)
    assert.equal(ruleOf(decideRedirectUriValue('', both)), 3)
    assert.equal(ruleOf(decideRedirectUri('redirect_uri=', both)), 3)
    assert.equal(ruleOf(decideRedirectUri('redirect_uri', both)), 3)
  })

  it('takes each character of the set and no other', () => {
    const set = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?@!$&'()*+,;=%"
    for (let code = 0; code < 0x300; code++) {
      const character = String.fromCharCode(code)
      // "%" needs its two digits, by rule 6
      const value = `https://app.example/cb?x=${character === '%' ? '%41' : character}`
      const expected = set.includes(character) ? 'allowed' : 3
      assert.equal(ruleOf(decideRedirectUriValue(value, allowed)), expected, `U+${code.toString(16)}`)
    }
  })

  it('names the fragment, because hash routes are a common wish', () => {
    const decision = decideRedirectUriValue('https://app.example/cb#/route', allowed)
    assert.ok(decision.kind === 'refused' && decision.rule === 3 && decision.code === 'fragment')
  })
})

describe('steps 4 and 5: byte for byte on the list', () => {
  it('takes every listed entry as it stands', () => {
    for (const entry of listed) {
      const expected = { kind: 'allowed', entry, query: null }
      assert.deepEqual(decideRedirectUri(asQuery(entry), allowed), expected, entry)
      assert.deepEqual(decideRedirectUriValue(entry, allowed), expected, entry)
    }
  })

  it('takes no entry of an empty list', () => {
    for (const entry of listed) {
      assert.equal(ruleOf(decideRedirectUriValue(entry, { entries: [], resultPageUrl })), 4, entry)
    }
  })

  it('takes an entry listed with a query only as a whole', () => {
    const whole = 'https://app.example/fixed?mode=a&dataSource=1'
    for (const value of [
      'https://app.example/fixed',
      'https://app.example/fixed?',
      'https://app.example/fixed?mode=b',
      'https://app.example/fixed?mode=a',
      'https://app.example/fixed?dataSource=1&mode=a',
      'https://app.example/fixed?mode=%61&dataSource=1',
      `${whole}&x=1`,
      `${whole}&`,
      `${whole}?`,
    ]) {
      assert.equal(ruleOf(decideRedirectUriValue(value, allowed)), 5, value)
    }
  })

  it('prefers the whole match when the same address is listed with and without a query, in any order', () => {
    const bare = 'https://app.example/both'
    const full = 'https://app.example/both?x=1'
    for (const entries of [
      [bare, full],
      [full, bare],
    ]) {
      const list = { entries, resultPageUrl }
      assert.deepEqual(decideRedirectUriValue(full, list), { kind: 'allowed', entry: full, query: null })
      assert.deepEqual(decideRedirectUriValue(bare, list), { kind: 'allowed', entry: bare, query: null })
      assert.deepEqual(decideRedirectUriValue(`${full}&y=2`, list), {
        kind: 'allowed',
        entry: bare,
        query: 'x=1&y=2',
      })
    }
  })

  it('matches a custom scheme exactly too', () => {
    const values =
      'myapp://done/ myapp://Done MyApp://done myapp:done myapp:/done myapp:///done myapp:// myapp://done.evil myapp://x@done myapp://done:1 com.example.app://cb com.example.app:/cb/ com.example.app:cb com.example.app:/cB otherapp://done'
    for (const value of values.split(' ')) {
      assert.equal(ruleOf(decideRedirectUriValue(value, allowed)), 4, value)
    }
    assert.equal(decideRedirectUriValue('myapp://done?x=1', allowed).kind, 'allowed')
  })

  it('takes the own result page exactly, and no other own page even if it were listed', () => {
    assert.deepEqual(decideRedirectUri(asQuery(resultPageUrl), allowed), { kind: 'own-result-page' })
    assert.deepEqual(decideRedirectUriValue(resultPageUrl, { entries: [], resultPageUrl }), {
      kind: 'own-result-page',
    })
    const withQuery = decideRedirectUriValue(`${resultPageUrl}?x=1`, allowed)
    assert.ok(withQuery.kind === 'refused' && withQuery.rule === 5)
    const own = [
      'https://connect.example.org',
      'https://connect.example.org?x=1',
      'https://connect.example.org/',
      'https://connect.example.org/dataSourceDirectRevoke.html',
      `${resultPageUrl}?x=1`,
    ]
    for (const value of own) {
      const decision = decideRedirectUriValue(value, { entries: own, resultPageUrl })
      assert.ok(decision.kind === 'refused' && decision.rule <= 5, value)
    }
    const neighbour = 'https://connect.example.org.other.example/'
    assert.equal(decideRedirectUriValue(neighbour, { entries: [neighbour], resultPageUrl }).kind, 'allowed')
  })
})

describe('step 6: the query that a caller adds', () => {
  it('may have 1024 characters', () => {
    const decide = (length: number) =>
      ruleOf(decideRedirectUriValue(`https://app.example/cb?${'a'.repeat(length)}`, allowed))
    assert.equal(decide(1024), 'allowed')
    assert.equal(decide(1025), 6)
  })

  it('names the reserved word, in our own spelling', () => {
    const decision = decideRedirectUriValue('https://app.example/cb?CONNECTIONSESSIONTOKEN%5B%5D=1', allowed)
    assert.ok(decision.kind === 'refused' && decision.code === 'query_reserved_name')
    assert.match(decision.detail, /connectionSessionToken\.$/)
  })
})

describe('step 7: the last check', () => {
  it('refuses before anything starts when an entry that should never have been listed would not survive it', () => {
    const bad = [
      'https://user@app.example/cb',
      'https://u:p@app.example/cb',
      'javascript:/alert(1)',
      'data:/x',
      'https://app.example:99999/',
      'https://',
      'https://a..%/',
      'relative/path',
    ]
    for (const value of bad) {
      assert.equal(ruleOf(decideRedirectUriValue(value, { entries: bad, resultPageUrl })), 7, value)
    }
  })
})

describe('hostile values', () => {
  for (const entry of ['https://app.example/cb', 'http://localhost/back/here']) {
    const list = { entries: [entry], resultPageUrl }
    const classes = hostileRedirectUris(entry, resultPageUrl)

    it(`are several hundred different ones around ${entry}`, () => {
      const values = classes.flatMap(({ values }) => values)
      assert.ok(new Set(values).size > 700, `${new Set(values).size} values`)
    })

    for (const { name, rules, values } of classes) {
      it(`of the class "${name}" are refused, presented plainly and in a query (${entry})`, () => {
        for (const value of values) {
          const plain = decideRedirectUriValue(value, list)
          assert.ok(plain.kind === 'refused' && rules.includes(plain.rule), JSON.stringify([value, plain]))
          if (!value.isWellFormed()) continue
          assert.deepEqual(decideRedirectUri(asQuery(value), list), plain, value)
        }
      })
    }

    it(`never come back in the detail, which names the rule (${entry})`, () => {
      for (const value of classes.flatMap(({ values }) => values)) {
        const decision = decideRedirectUriValue(`${value}${'z'.repeat(12)}`, list)
        if (decision.kind !== 'refused') continue
        assert.ok(decision.detail.startsWith(`Rule ${decision.rule}: `), decision.detail)
        assert.ok(!decision.detail.includes('zzzz') && !decision.detail.includes('evil'), decision.detail)
      }
    })
  }
})
