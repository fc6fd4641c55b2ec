// Goal: what comes to the callback is believed only when it is whole, ours and from the right vendor; cancelling, the
// vendor's faults and nonsense are told apart. Method: tables of queries, no network at all.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Authorization } from '../../src/model/source.ts'
import { readAuthorizationResponse, VendorError } from '../../src/oauth/index.ts'
import { plainVendor } from './support.ts'

const STATE = 'a'.repeat(43)
const ISSUER = 'https://issuer.vendor.example/x'

const read = (query: string, authorization: Authorization = plainVendor, expectedState = STATE) =>
  readAuthorizationResponse(authorization, new URLSearchParams(query), expectedState)

const announcing = (required: boolean): Authorization => ({
  ...plainVendor,
  authorizationResponse: { ...plainVendor.authorizationResponse, issuer: { value: ISSUER, required } },
})
const tellingScopes: Authorization = {
  ...plainVendor,
  scopeSeparator: ',',
  authorizationResponse: { ...plainVendor.authorizationResponse, grantedScopeParameter: 'scope' },
}

describe('a good authorization response', () => {
  test('gives the code', () => {
    assert.deepEqual(read(`state=${STATE}&code=c%26client_secret%3Dx`), {
      code: 'c&client_secret=x',
      grantedScopes: null,
    })
  })

  test('keeps its meaning with whatever else a vendor adds', () => {
    const extras = 'scope=a+b&authuser=0&prompt=consent&session_state=x&response=y'
    assert.equal(read(`${extras}&code=c&state=${STATE}`).code, 'c')
  })

  test('is not changed by parameters of the implicit flow', () => {
    const implicit = 'access_token=evil&id_token=evil&token=evil&token_type=bearer&expires_in=1'
    assert.deepEqual(read(`${implicit}&code=c&state=${STATE}`), { code: 'c', grantedScopes: null })
  })

  const lists: readonly [query: string, scopes: readonly string[] | null][] = [
    ['scope=read,activity:read_all', ['read', 'activity:read_all']],
    ['scope=read,%20activity:read,read,', ['read', 'activity:read']],
    ['scope=', []],
    ['', null],
  ]
  for (const [query, scopes] of lists) {
    test(`tells the granted scopes where the vendor says them there: "${query}"`, () => {
      assert.deepEqual(read(`code=c&state=${STATE}&${query}`, tellingScopes).grantedScopes, scopes)
    })
  }
})

describe('the issuer of an authorization response', () => {
  const encoded = encodeURIComponent(ISSUER)
  test('is accepted when it is the announced one', () => {
    assert.equal(read(`code=c&state=${STATE}&iss=${encoded}`, announcing(true)).code, 'c')
    assert.equal(read(`code=c&state=${STATE}&iss=${encoded}`, announcing(false)).code, 'c')
  })
  test('may be absent at a vendor that sends it now and then', () => {
    assert.equal(read(`code=c&state=${STATE}`, announcing(false)).code, 'c')
  })
  test('may be the vendor itself at one that announced nothing', () => {
    assert.equal(read(`code=c&state=${STATE}&iss=https://login.vendor.example`).code, 'c')
  })

  const refused: readonly [what: string, query: string, authorization: Authorization][] = [
    ['missing where it must be', '', announcing(true)],
    ['empty', '&iss=', announcing(false)],
    ['of somebody else', '&iss=https://evil.example', announcing(true)],
    ['of somebody else where it may be absent', '&iss=https://evil.example', announcing(false)],
    ['of somebody else where none was announced', '&iss=https://evil.example', plainVendor],
    ['different by a slash', `&iss=${encoded}/`, announcing(true)],
    ['different by case', `&iss=${encoded.replace('issuer', 'Issuer')}`, announcing(true)],
    ['different by the default port', '&iss=https://login.vendor.example:443', plainVendor],
  ]
  for (const [what, query, authorization] of refused) {
    test(`is refused when it is ${what}, also beside an error`, () => {
      for (const rest of [`code=c&state=${STATE}`, `error=access_denied&state=${STATE}`]) {
        assert.throws(() => read(rest + query, authorization), { kind: 'malformed', cause: 'issuer' })
      }
    })
  }
})

describe('an authorization response that is refused', () => {
  const long = 'x'.repeat(4097)
  const cases: readonly [what: string, query: string, kind: string, cause: string][] = [
    ['the person cancelled', `error=access_denied&state=${STATE}`, 'denied', 'access_denied'],
    [
      'the person cancelled, in words',
      `error=access_denied&error_description=%3Cb%3E&state=${STATE}`,
      'denied',
      'access_denied',
    ],
    ['a cancel beside a code', `code=c&error=access_denied&state=${STATE}`, 'denied', 'access_denied'],
    ['a vendor in trouble', `error=server_error&state=${STATE}`, 'unavailable', 'server_error'],
    [
      'a vendor that is full',
      `error=temporarily_unavailable&state=${STATE}`,
      'unavailable',
      'temporarily_unavailable',
    ],
    [
      'a vendor that refuses our client',
      `error=unauthorized_client&state=${STATE}`,
      'rejected',
      'unauthorized_client',
    ],
    ['a vendor that refuses a scope', `error=invalid_scope&state=${STATE}`, 'rejected', 'invalid_scope'],
    ["words of the vendor's own", `error=%3Cscript%3E&state=${STATE}`, 'rejected', 'oauth_error'],
    ['no state', 'code=c', 'malformed', 'state'],
    ['an empty state', 'code=c&state=', 'malformed', 'state'],
    ['another state', `code=c&state=${'b'.repeat(43)}`, 'malformed', 'state'],
    ['a state in another case', `code=c&state=${'A'.repeat(43)}`, 'malformed', 'state'],
    ['an error without a state', 'error=access_denied', 'malformed', 'state'],
    ['a repeated state', `code=c&state=${STATE}&state=${STATE}`, 'malformed', 'parameter'],
    ['a repeated code', `code=c&code=d&state=${STATE}`, 'malformed', 'parameter'],
    ['a repeated error', `error=a&error=b&state=${STATE}`, 'malformed', 'parameter'],
    ['a repeated issuer', `code=c&state=${STATE}&iss=a&iss=b`, 'malformed', 'parameter'],
    ['no code', `state=${STATE}`, 'malformed', 'code'],
    ['an empty code', `code=&state=${STATE}`, 'malformed', 'code'],
    ['an overlong code', `code=${long}&state=${STATE}`, 'malformed', 'parameter'],
    ['an overlong state', `code=c&state=${long}`, 'malformed', 'parameter'],
    ['nothing', '', 'malformed', 'state'],
  ]
  for (const [what, query, kind, cause] of cases) {
    test(`${what} is ${kind}: ${cause}`, () => {
      assert.throws(() => read(query), { name: 'VendorError', kind, cause })
    })
  }

  test('is refused when nothing and nothing meet: no state expected, none sent', () => {
    for (const query of ['code=c', 'code=c&state=']) {
      assert.throws(() => read(query, plainVendor, ''), { kind: 'malformed', cause: 'state' })
    }
  })

  test('leaves no text of the vendor in the error', () => {
    try {
      read(`error=sekrit-text&error_description=sekrit-text&error_uri=sekrit-text&state=${STATE}`)
      assert.fail('it was accepted')
    } catch (error) {
      assert.ok(error instanceof VendorError)
      assert.equal(error.outcome, 'vendor_error')
      assert.doesNotMatch(JSON.stringify([error, error.message, error.stack]), /sekrit/)
    }
  })
})
