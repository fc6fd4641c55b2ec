// Goal: the three legs of OAuth 1.0a ask as RFC 5849 says and believe nothing that is not so. Method: a plain definition,
// a vendor in process, tables of answers and ways back, and properties with a fixed seed.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { secret } from '../../src/model/secret.ts'
import type { OAuth1Authorization } from '../../src/model/source.ts'
import {
  exchangeVerifier,
  type OAuth1Context,
  oauth1AuthorizationUrl,
  readOAuth1Callback,
  requestTemporaryCredentials,
  VendorError,
} from '../../src/oauth/index.ts'
import { signHmacSha1 } from '../../src/oauth/oauth1-signature.ts'
import { answerOf, client, NOW, vendorThatAnswers } from './support.ts'

const plain: OAuth1Authorization = {
  protocol: 'oauth1',
  vendor: 'plain',
  name: 'Plain',
  status: 'live',
  statusNote: null,
  scopes: [
    { value: 'STEPS', label: 'Steps', requested: true, givesData: true },
    { value: 'PROFILE', label: 'Profile', requested: true, givesData: false },
  ],
  scopeSeparator: ' ',
  temporaryCredentialEndpoint: 'https://api.vendor.example/request_token',
  authorizationEndpoint: 'https://login.vendor.example/authorize',
  tokenEndpoint: 'https://api.vendor.example/access_token?format=form',
  callbackIn: 'temporary_credentials',
  account: { from: 'token', path: 'user_id' },
  revocation: { kind: 'unsupported' },
  documentation: { url: 'https://vendor.example/docs', checkedOn: '2026-11-22', doubts: [] },
}
const using = (change: Partial<OAuth1Authorization>): OAuth1Authorization => ({ ...plain, ...change })
const CALLBACK = 'https://connect.example.org/callback/plain?state=a%2Bb'
const requestToken = { token: secret('request-1'), tokenSecret: secret('request-secret/+') }

const form = (members: Record<string, string>) =>
  answerOf(new URLSearchParams(members).toString(), 200, 'text/plain')
const credentials = {
  oauth_token: 'token-1',
  oauth_token_secret: 'secret-1',
  oauth_callback_confirmed: 'true',
}
const granted = { oauth_token: 'access-1', oauth_token_secret: 'access-secret', user_id: 'person-7' }

function vendor(...answers: Response[]) {
  const { context, asked, waited } = vendorThatAnswers(...answers)
  let draws = 0
  const random = (length: number) => new Uint8Array(length).fill(draws++)
  return { context: { ...context, random } satisfies OAuth1Context, asked, waited }
}

/** The parameters of an `OAuth` header, decoded. */
const headerOf = (value: string | null): Map<string, string> =>
  new Map(
    [...(value ?? '').matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name = '', text = '']) => [
      name,
      decodeURIComponent(text),
    ]),
  )

const fails = (kind: VendorError['kind'], cause: VendorError['cause']) => (error: unknown) =>
  error instanceof VendorError && error.kind === kind && error.cause === cause

describe('temporary credentials', () => {
  test('are asked for with a signature over everything, and the callback', async () => {
    const { context, asked } = vendor(form(credentials))
    const got = await requestTemporaryCredentials(context, plain, client, CALLBACK)
    assert.deepEqual([got.token.reveal(), got.tokenSecret.reveal()], ['token-1', 'secret-1'])
    const [request] = asked
    assert.deepEqual(
      [request?.method, request?.url, request?.body],
      ['POST', plain.temporaryCredentialEndpoint, ''],
    )
    const header = headerOf(request?.headers.get('authorization') ?? null)
    const { oauth_signature: signature, ...rest } = Object.fromEntries(header)
    assert.deepEqual(rest, {
      oauth_callback: CALLBACK,
      oauth_consumer_key: 'our id',
      oauth_nonce: '00'.repeat(16),
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: String(NOW / 1000),
      oauth_version: '1.0',
    })
    const signed = {
      method: 'POST',
      url: plain.temporaryCredentialEndpoint,
      parameters: Object.entries(rest),
    }
    assert.equal(signature, signHmacSha1(signed, client.clientSecret.reveal(), ''))
  })

  test('are asked for without the callback where it stands on the authorization URL', async () => {
    const definition = using({ callbackIn: 'authorization_url' })
    const { context, asked } = vendor(form({ oauth_token: 't', oauth_token_secret: 's' }))
    const got = await requestTemporaryCredentials(context, definition, client, CALLBACK)
    assert.ok(!headerOf(asked[0]?.headers.get('authorization') ?? null).has('oauth_callback'))
    assert.equal(
      oauth1AuthorizationUrl(definition, got, CALLBACK),
      'https://login.vendor.example/authorize?oauth_token=t' +
        '&oauth_callback=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fplain%3Fstate%3Da%252Bb',
    )
    assert.equal(
      oauth1AuthorizationUrl(plain, got, CALLBACK),
      'https://login.vendor.example/authorize?oauth_token=t',
    )
  })

  test('are asked for in the body where the vendor wants the parameters there, and in no header', async () => {
    const { context, asked } = vendor(form(credentials))
    await requestTemporaryCredentials(context, using({ parametersIn: 'body' }), client, CALLBACK)
    assert.equal(asked[0]?.headers.get('authorization'), null)
    assert.match(asked[0]?.headers.get('content-type') ?? '', /^application\/x-www-form-urlencoded/)
    const { oauth_signature: signature, ...rest } = Object.fromEntries(new URLSearchParams(asked[0]?.body))
    const signed = {
      method: 'POST',
      url: plain.temporaryCredentialEndpoint,
      parameters: Object.entries(rest),
    }
    assert.equal(signature, signHmacSha1(signed, client.clientSecret.reveal(), ''))
  })

  test('have a nonce of their own each time', async () => {
    const { context, asked } = vendor(form(credentials), form(credentials))
    for (let i = 0; i < 2; i++) await requestTemporaryCredentials(context, plain, client, CALLBACK)
    const nonces = asked.map(({ headers }) => headerOf(headers.get('authorization')).get('oauth_nonce'))
    assert.equal(new Set(nonces).size, 2)
  })

  for (const [what, answer, kind, cause] of [
    [
      'no confirmation of the callback',
      form({ ...credentials, oauth_callback_confirmed: 'false' }),
      'malformed',
      'not_conform',
    ],
    [
      'no token',
      form({ oauth_token_secret: 's', oauth_callback_confirmed: 'true' }),
      'malformed',
      'access_token',
    ],
    ['no secret', form({ oauth_token: 't', oauth_callback_confirmed: 'true' }), 'malformed', 'access_token'],
    [
      'a token with a line break',
      form({ ...credentials, oauth_token: 'a\r\nb' }),
      'malformed',
      'access_token',
    ],
    [
      'a token that is far too long',
      form({ ...credentials, oauth_token: 'a'.repeat(5_000) }),
      'malformed',
      'access_token',
    ],
    [
      'a token twice',
      answerOf('oauth_token=a&oauth_token=b&oauth_token_secret=c', 200, null),
      'malformed',
      'duplicate_member',
    ],
    [
      'a page',
      answerOf('<html><body>oauth_token</body></html>', 200, 'text/html'),
      'malformed',
      'access_token',
    ],
    ['JSON', answerOf('{"oauth_token":"a"}'), 'malformed', 'access_token'],
    ['no UTF-8', answerOf(Uint8Array.of(0xff, 0xfe)), 'malformed', 'not_utf8'],
    ['nothing', answerOf('', 200, null), 'malformed', 'access_token'],
    ['a refusal', answerOf('oauth_problem=signature_invalid', 401, 'text/plain'), 'rejected', 'http_status'],
    ['201', answerOf('oauth_token=a&oauth_token_secret=b', 201, null), 'rejected', 'http_status'],
    ['overload', answerOf('', 503, null), 'unavailable', 'http_status'],
    ['too many requests', answerOf('', 429, null), 'unavailable', 'http_status'],
  ] as const)
    test(`are none when the answer has ${what}`, async () => {
      const { context } = vendor(answer)
      await assert.rejects(requestTemporaryCredentials(context, plain, client, CALLBACK), fails(kind, cause))
    })
})

describe('the way back', () => {
  const read = (query: string) => readOAuth1Callback(new URLSearchParams(query), requestToken)

  test('brings the verifier', () => {
    assert.deepEqual(read('state=x&oauth_token=request-1&oauth_verifier=v-1'), { verifier: 'v-1' })
  })

  for (const query of [
    'oauth_token=request-1',
    'oauth_token=request-1&oauth_verifier=',
    'oauth_token=request-1&oauth_verifier=null',
    'oauth_token=request-1&oauth_verifier=NULL',
    'denied=request-1',
    'error=access_denied',
    'oauth_problem=user_refused',
    'oauth_token=request-1&oauth_problem=permission_denied&oauth_verifier=v-1',
    '',
  ])
    test(`is a refusal by the person with "${query}"`, () => {
      assert.throws(() => read(query), fails('denied', 'access_denied'))
    })

  for (const [query, cause] of [
    ['oauth_token=request-2&oauth_verifier=v-1', 'state'],
    ['oauth_token=request-2', 'state'],
    ['oauth_verifier=v-1', 'state'],
    ['oauth_token=&oauth_verifier=v-1', 'state'],
    ['oauth_token=request-1&oauth_verifier=a%0D%0Ab', 'code'],
    ['oauth_token=request-1&oauth_verifier=a%20b', 'code'],
    [`oauth_token=request-1&oauth_verifier=${'v'.repeat(4_097)}`, 'parameter'],
  ] as const)
    test(`is refused with "${query.slice(0, 60)}"`, () => {
      assert.throws(() => read(query), fails('malformed', cause))
    })

  test('is a verifier or a VendorError, whatever it carries', () => {
    const name = fc.constantFrom(
      'oauth_token',
      'oauth_verifier',
      'error',
      'oauth_problem',
      'denied',
      'state',
      'x',
    )
    const value = fc.oneof(
      fc.constantFrom('request-1', 'null', 'access_denied', ''),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (pairs) => {
        try {
          const { verifier } = readOAuth1Callback(
            new URLSearchParams(pairs.map(([n, v]) => [n, v])),
            requestToken,
          )
          assert.match(verifier, /^[\x21-\x7e]{1,4096}$/)
        } catch (error) {
          assert.ok(error instanceof VendorError)
        }
      }),
      { seed: 20_261_122, numRuns: 300 },
    )
  })
})

describe('the verifier', () => {
  const exchange = (definition: OAuth1Authorization, ...answers: Response[]) => {
    const { context, asked, waited } = vendor(...answers)
    const run = () => exchangeVerifier(context, definition, client, requestToken, { verifier: 'v-1' })
    return { run, asked, waited }
  }

  test('is exchanged once, signed with the request token, query included', async () => {
    const { run, asked } = exchange(plain, form(granted))
    const grant = await run()
    assert.equal(grant.accountId, 'person-7')
    assert.deepEqual(
      [grant.tokens.accessToken.reveal(), grant.tokens.tokenSecret.reveal(), grant.tokens.refreshToken],
      ['access-1', 'access-secret', null],
    )
    assert.deepEqual([grant.accessExpiresAt, grant.refreshExpiresAt], [null, null])
    const header = headerOf(asked[0]?.headers.get('authorization') ?? null)
    const { oauth_signature: signature, ...rest } = Object.fromEntries(header)
    assert.deepEqual([rest['oauth_token'], rest['oauth_verifier']], ['request-1', 'v-1'])
    const signed = { method: 'POST', url: plain.tokenEndpoint, parameters: Object.entries(rest) }
    assert.equal(signature, signHmacSha1(signed, client.clientSecret.reveal(), 'request-secret/+'))
    assert.equal(asked.length, 1)
  })

  test('gives an account that a signed request tells, and what the person allowed', async () => {
    const definition = using({
      account: { from: 'request', url: 'https://api.vendor.example/user/id', path: 'userId' },
      permissions: { url: 'https://api.vendor.example/permissions', path: 'list', triesWhenEmpty: 3 },
    })
    const { run, asked, waited } = exchange(
      definition,
      form(granted),
      answerOf('{"userId":12345678901234567890}'),
      answerOf('{"list":[]}'),
      answerOf('{"list":["STEPS"]}'),
    )
    const grant = await run()
    assert.equal(grant.accountId, '12345678901234567890')
    assert.deepEqual([grant.grantedScopes, grant.missingScopes], [['STEPS'], ['PROFILE']])
    assert.equal(waited.length, 1)
    for (const { headers } of asked.slice(1)) {
      const header = headerOf(headers.get('authorization'))
      assert.equal(header.get('oauth_token'), 'access-1')
      assert.ok(!header.has('oauth_verifier'))
    }
  })

  test('gives an account of its own where the vendor has none: always the same for one token', async () => {
    const definition = using({ account: { from: 'tokenDigest' } })
    const accountOf = async (token: string) =>
      (await exchange(definition, form({ ...granted, oauth_token: token })).run()).accountId
    assert.equal(await accountOf('one'), await accountOf('one'))
    assert.notEqual(await accountOf('one'), await accountOf('two'))
    assert.match(await accountOf('one'), /^[A-Za-z0-9_-]{43}$/)
  })

  for (const [what, change, answers, kind, cause] of [
    ['no account', {}, [form({ ...granted, user_id: '' })], 'malformed', 'account_id'],
    ['a refusal', {}, [answerOf('oauth_problem=verifier_invalid', 401, null)], 'rejected', 'http_status'],
    ['overload', {}, [answerOf('', 500, null)], 'unavailable', 'http_status'],
    [
      'nothing allowed',
      { permissions: { url: 'https://a.example/', path: 'p', triesWhenEmpty: 1 } },
      [form(granted), answerOf('{"p":[]}')],
      'denied',
      'nothing_granted',
    ],
    [
      'nothing that gives data',
      { permissions: { url: 'https://a.example/', path: 'p', triesWhenEmpty: 1 } },
      [form(granted), answerOf('{"p":["PROFILE"]}')],
      'scope_missing',
      'no_data_granted',
    ],
    [
      'no list',
      { permissions: { url: 'https://a.example/', path: 'p', triesWhenEmpty: 1 } },
      [form(granted), answerOf('{"p":"STEPS"}')],
      'malformed',
      'scope',
    ],
  ] as const)
    test(`gives no grant with ${what}`, async () => {
      await assert.rejects(exchange(using(change), ...answers).run(), fails(kind, cause))
    })
})
