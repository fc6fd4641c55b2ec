// Goal: an account id is one person's and nobody else's. Method: values of every sort through the reader, the
// request for the id against a vendor in process, and tokens with claims.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { secret } from '../../src/model/secret.ts'
import type { Authorization } from '../../src/model/source.ts'
import { findAccountId, readAccountId } from '../../src/oauth/account.ts'
import { answerOf, client, NOW, plainVendor, vendorThatAnswers } from './support.ts'

describe('an account id', () => {
  const good: readonly [value: unknown, id: string][] = [
    ['person-7', 'person-7'],
    ['007', '007'],
    [' spaced ', ' spaced '],
    ['Ünï', 'Ünï'],
    [7, '7'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['9007199254740993', '9007199254740993'],
    ['x'.repeat(256), 'x'.repeat(256)],
  ]
  for (const [value, id] of good) {
    test(`${JSON.stringify(value).slice(0, 30)} is kept as it came`, () =>
      assert.equal(readAccountId(value), id))
  }

  const bad: readonly unknown[] = [
    undefined,
    null,
    '',
    ' ',
    '\t\n',
    '0',
    0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    1e21,
    true,
    [],
    ['7'],
    {},
    { id: 7 },
    'a\u0000b',
    'a\nb',
    'x'.repeat(257),
  ]
  for (const value of bad) {
    test(`${String(JSON.stringify(value)).slice(0, 30)} is nobody's`, () => {
      assert.throws(() => readAccountId(value), { kind: 'malformed', cause: 'account_id' })
    })
  }
})

describe('asking the vendor for the account id', () => {
  const asking: Authorization = {
    ...plainVendor,
    account: { from: 'request', url: 'https://data.vendor.example/me', path: 'me.id' },
  }
  const find = (...answers: Response[]) => {
    const { context, asked } = vendorThatAnswers(...answers)
    const tokens = { accessToken: secret('access-1'), refreshToken: null, tokenType: 'bearer' } as const
    return { asked, found: findAccountId(context, asking, client, {}, tokens) }
  }

  test('is one request with the access token in its header', async () => {
    const { asked, found } = find(answerOf('{"me":{"id":90071992547409931}}'))
    assert.equal(await found, '90071992547409931')
    assert.equal(asked.length, 1)
    assert.deepEqual(
      [asked[0]?.method, asked[0]?.url, asked[0]?.vendor],
      ['GET', 'https://data.vendor.example/me', 'plain'],
    )
    assert.equal(asked[0]?.headers.get('authorization'), 'Bearer access-1')
  })

  test('carries the headers of the definition', async () => {
    const { context, asked } = vendorThatAnswers(answerOf('{"id":7}'))
    const extended = { ...client, extras: new Map([['key', secret('key-1')]]) }
    const headers = { Accept: 'application/vnd.v1+json', 'X-Key': '{client.key}' }
    const account = { from: 'request', url: 'https://data.vendor.example/me', path: 'id', headers } as const
    const tokens = { accessToken: secret('access-1'), refreshToken: null, tokenType: 'bearer' } as const
    await findAccountId(context, { ...plainVendor, account }, extended, {}, tokens)
    assert.deepEqual(
      ['accept', 'x-key', 'authorization'].map((name) => asked[0]?.headers.get(name)),
      ['application/vnd.v1+json', 'key-1', 'Bearer access-1'],
    )
  })

  const failures: readonly [what: string, answer: Response, kind: string, cause: string][] = [
    ['the granted scopes do not reach so far', answerOf('{}', 403), 'scope_missing', 'insufficient_scope'],
    ['the vendor refuses', answerOf('{"error":{"code":400}}', 400), 'rejected', 'http_status'],
    ['the token is worth nothing', answerOf('{}', 401), 'rejected', 'http_status'],
    ['the vendor is in trouble', answerOf('{}', 503), 'unavailable', 'http_status'],
    ['the answer is a page', answerOf('<html>', 200, 'text/html'), 'malformed', 'content_type'],
    ['the answer names nobody', answerOf('{"me":{}}'), 'malformed', 'account_id'],
  ]
  for (const [what, answer, kind, cause] of failures) {
    test(`${what}: ${kind}`, async () => {
      await assert.rejects(find(answer).found, { name: 'VendorError', kind, cause })
    })
  }
})

describe('an account id in a claim [T068]', () => {
  const jwt = (claims: unknown) => {
    const part = (value: unknown) =>
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
    return `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`
  }
  const tokens = (accessToken: string) =>
    ({ accessToken: secret(accessToken), refreshToken: null, tokenType: 'bearer' }) as const
  const inIdToken: Authorization = { ...plainVendor, account: { from: 'idToken', claim: 'sub' } }
  const inAccessToken: Authorization = {
    ...plainVendor,
    account: { from: 'accessToken', claim: 'user.0.id' },
  }
  const { context } = vendorThatAnswers()
  const fromIdToken = (idToken: unknown, authorization = inIdToken) =>
    findAccountId(context, authorization, client, { id_token: idToken }, tokens('opaque'))
  const fromAccessToken = (accessToken: string) =>
    findAccountId(context, inAccessToken, client, {}, tokens(accessToken))
  const seconds = NOW / 1000

  test('of the ID token is read without asking anybody', async () => {
    assert.equal(await fromIdToken(jwt({ sub: 'person-7' })), 'person-7')
  })

  test('of the access token is read with every digit', async () => {
    const claims = '{"user":[{"id":90071992547409931234}],"aud":"somebody else","exp":1}'
    assert.equal(await fromAccessToken(jwt(claims)), '90071992547409931234')
  })

  const issuing: Authorization = {
    ...inIdToken,
    authorizationResponse: {
      grantedScopeParameter: null,
      issuer: { value: 'https://issuer.vendor.example', required: false },
    },
  }
  const forUs: readonly [what: string, claims: object][] = [
    ['names us', { aud: 'our id' }],
    ['names us among others', { aud: ['another', 'our id'] }],
    ['ends in a second', { exp: seconds + 1 }],
    ['ended half a minute ago by our clock', { exp: seconds - 30 }],
    ['names the issuer of the definition', { iss: 'https://issuer.vendor.example' }],
  ]
  for (const [what, claims] of forUs)
    test(`of an ID token that ${what} is good`, async () => {
      assert.equal(await fromIdToken(jwt({ sub: 'person-7', ...claims }), issuing), 'person-7')
    })

  test('of an ID token of any issuer is good where the definition names none', async () => {
    assert.equal(await fromIdToken(jwt({ sub: 'person-7', iss: 'https://elsewhere.example' })), 'person-7')
  })

  const notForUs: readonly [what: string, claims: object][] = [
    ['is for another client', { aud: 'another' }],
    ['is for others only', { aud: ['another', ['our id']] }],
    ['is for nobody', { aud: null }],
    ['has ended', { exp: seconds - 61 }],
    ['ends in words', { exp: String(seconds + 60) }],
    ['is from another issuer', { iss: 'https://elsewhere.example' }],
  ]
  for (const [what, claims] of notForUs)
    test(`of an ID token that ${what} is refused`, async () => {
      await assert.rejects(fromIdToken(jwt({ sub: 'person-7', ...claims }), issuing), {
        kind: 'malformed',
        cause: 'id_token',
      })
    })

  const wrong: readonly [what: string, token: unknown][] = [
    ['nothing', undefined],
    ['an object', { sub: 'person-7' }],
    ['one part', 'opaque'],
    ['two parts', jwt({ sub: 'person-7' }).split('.').slice(0, 2).join('.')],
    ['five parts', `${jwt({ sub: 'person-7' })}.a.b`],
    ['parts of another alphabet', `a.${Buffer.from('{"sub":"??>>"}').toString('base64')}.c`],
    ['a list', jwt(['person-7'])],
    ['no JSON', jwt('sub')],
    ['half of its JSON', jwt('{"sub":"person-7"')],
    ['two accounts', jwt('{"sub":"person-7","sub":"person-8"}')],
    ['bytes that are not UTF-8', `a.${Buffer.from([0x22, 0xff, 0x22]).toString('base64url')}.c`],
    ['seventeen thousand characters', jwt({ sub: 'person-7', padding: 'x'.repeat(17_000) })],
  ]
  for (const [what, token] of wrong)
    test(`of a token that is ${what} is nobody's`, async () => {
      await assert.rejects(fromIdToken(token), { kind: 'malformed', cause: 'jwt' })
    })

  test("that is not there is nobody's", async () => {
    await assert.rejects(fromIdToken(jwt({})), { cause: 'account_id' })
    await assert.rejects(fromIdToken(jwt({ sub: '' })), { cause: 'account_id' })
    await assert.rejects(fromAccessToken(jwt({ user: [] })), { cause: 'account_id' })
  })
})
