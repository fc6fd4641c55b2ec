// Goal: the address of the consent page is exact and says the same thing to every parser. Method: one written out to the
// letter, then variations of it, and generated values read back with the platform's parser.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Authorization } from '../../src/model/source.ts'
import { buildAuthorizationUrl, codeChallenge, requestedScopes } from '../../src/oauth/index.ts'
import { client, plainVendor } from './support.ts'
import '../support/fixed-seed.ts'

const request = {
  redirectUri: 'https://connect.example.org/callback/plain',
  state: 'state-1',
  codeChallenge: 'challenge-1',
  scopes: ['sleep:read', 'https://scopes.example/a b'],
}

describe('an authorization URL', () => {
  test('has its parameters in one order, encoded one way', () => {
    assert.equal(
      buildAuthorizationUrl(plainVendor, client, request),
      'https://login.vendor.example/authorize?response_type=code&client_id=our%20id' +
        '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fplain' +
        '&scope=sleep:read%20https://scopes.example/a%20b&prompt=consent&audience=a%20b%26c' +
        '&state=state-1&code_challenge=challenge-1&code_challenge_method=S256',
    )
  })

  test('has commas between scopes, and no challenge, where the vendor wants that', () => {
    const commas: Authorization = {
      ...plainVendor,
      scopeSeparator: ',',
      authorizationRequest: { ...plainVendor.authorizationRequest, parameters: {}, pkce: false },
    }
    assert.equal(
      buildAuthorizationUrl(commas, client, { ...request, scopes: ['a', 'b:c'] }),
      'https://login.vendor.example/authorize?response_type=code&client_id=our%20id' +
        '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fplain&scope=a,b:c&state=state-1',
    )
  })

  test('has the state in the redirect URI where the vendor hands none back', () => {
    const stateless: Authorization = {
      ...plainVendor,
      authorizationRequest: {
        ...plainVendor.authorizationRequest,
        parameters: {},
        pkce: false,
        stateIn: 'redirect_uri',
      },
    }
    const url = buildAuthorizationUrl(stateless, client, { ...request, state: 'a/b&c', scopes: ['a'] })
    assert.equal(
      url,
      'https://login.vendor.example/authorize?response_type=code&client_id=our%20id&scope=a' +
        '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fplain%3Fstate%3Da%252Fb%2526c',
    )
    const redirectUri = new URL(new URL(url).searchParams.get('redirect_uri') ?? '')
    assert.deepEqual([...redirectUri.searchParams], [['state', 'a/b&c']])
  })

  test('continues a query that the endpoint already has', () => {
    const withQuery: Authorization = {
      ...plainVendor,
      authorizationRequest: {
        ...plainVendor.authorizationRequest,
        endpoint: 'https://v.example/a?region=eu',
      },
    }
    const url = buildAuthorizationUrl(withQuery, client, request)
    assert.ok(url.startsWith('https://v.example/a?region=eu&response_type=code&'))
  })

  test('changes with everything that it is made of, also when asked for in turns', () => {
    const other = { ...client, clientId: 'other' }
    const build = [
      () => buildAuthorizationUrl(plainVendor, client, request),
      () => buildAuthorizationUrl(plainVendor, other, request),
      () => buildAuthorizationUrl(plainVendor, client, { ...request, redirectUri: 'https://a.example/' }),
      () => buildAuthorizationUrl(plainVendor, client, { ...request, scopes: ['sleep:read'] }),
      () => buildAuthorizationUrl(plainVendor, client, { ...request, scopes: [] }),
      () => buildAuthorizationUrl(plainVendor, client, { ...request, scopes: ['sleep:read', 'steps:read'] }),
      () => buildAuthorizationUrl(plainVendor, client, { ...request, state: 'state-2' }),
      () => buildAuthorizationUrl(plainVendor, client, { ...request, codeChallenge: 'challenge-2' }),
      () => buildAuthorizationUrl({ ...plainVendor, scopeSeparator: ',' }, client, request),
    ]
    const first = build.map((make) => make())
    assert.equal(new Set(first).size, build.length)
    assert.deepEqual(
      build.map((make) => make()).toReversed(),
      build.toReversed().map((make) => make()),
    )
    assert.deepEqual(
      build.map((make) => make()),
      first,
    )
  })

  test('without scopes has no scope parameter', () => {
    const url = new URL(buildAuthorizationUrl(plainVendor, client, { ...request, scopes: [] }))
    assert.equal(url.searchParams.has('scope'), false)
  })

  test('says to a parser exactly what was put in, whatever that is', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(text, text, text, (clientId, redirectUri, state) => {
        const url = buildAuthorizationUrl(plainVendor, { clientId }, { ...request, redirectUri, state })
        const { searchParams, hash } = new URL(url)
        assert.equal(hash, '')
        assert.deepEqual(
          [...searchParams.keys()],
          [
            'response_type',
            'client_id',
            'redirect_uri',
            'scope',
            'prompt',
            'audience',
            'state',
            'code_challenge',
            'code_challenge_method',
          ],
        )
        assert.equal(searchParams.get('client_id'), clientId)
        assert.equal(searchParams.get('redirect_uri'), redirectUri)
        assert.equal(searchParams.get('state'), state)
      }),
    )
  })
})

describe('the scopes to ask for', () => {
  test('are those that the source asks for by itself, in its order', () => {
    assert.deepEqual(requestedScopes(plainVendor, { scopes: null }), ['sleep:read', 'steps:read', 'profile'])
  })
  test('are the choice of the application where it made one', () => {
    assert.deepEqual(requestedScopes(plainVendor, { scopes: ['location', 'new'] }), ['location', 'new'])
  })
})

test('a code challenge is the S256 of RFC 7636, Appendix B', () => {
  assert.equal(
    codeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'),
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  )
})
