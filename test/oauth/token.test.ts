// Goal: a code becomes a grant by one exact request, and only by an answer that is beyond doubt. Method: the real OAuth
// library against a vendor in process; every bent or hostile answer is a line of a table.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import type { Client } from '../../src/model/application.ts'
import type { Authorization } from '../../src/model/source.ts'
import { exchangeCode, type Grant, VendorError } from '../../src/oauth/index.ts'
import { answerOf, client, goodAnswer, NOW, plainVendor, vendorThatAnswers } from './support.ts'

const exchange = {
  code: 'the-code',
  redirectUri: 'https://connect.example.org/callback/plain',
  codeVerifier: 'v'.repeat(43),
  callbackScopes: null,
}

const using = (change: Partial<Authorization>): Authorization => ({ ...plainVendor, ...change })
const answering = (members: object) => vendorThatAnswers(answerOf(JSON.stringify(members)))
const grantFrom = (members: object, authorization = plainVendor, by: Client = client): Promise<Grant> =>
  exchangeCode(answering(members).context, authorization, by, exchange)

describe('the token request', () => {
  test('carries the code, the redirect URI, the verifier and our credentials in the body', async () => {
    const { context, asked } = answering(goodAnswer)
    await exchangeCode(context, plainVendor, client, exchange)
    const [request] = asked
    assert.equal(asked.length, 1)
    assert.equal(request?.method, 'POST')
    assert.equal(request?.url, 'https://api.vendor.example/token')
    assert.equal(request?.vendor, 'plain')
    assert.equal(request?.headers.get('authorization'), null)
    assert.equal(request?.headers.get('accept'), 'application/json')
    assert.match(request?.headers.get('content-type') ?? '', /^application\/x-www-form-urlencoded/)
    assert.deepEqual([...new URLSearchParams(request?.body)].toSorted(), [
      ['client_id', 'our id'],
      ['client_secret', 's3cret:+/ &é'],
      ['code', 'the-code'],
      ['code_verifier', 'v'.repeat(43)],
      ['grant_type', 'authorization_code'],
      ['redirect_uri', 'https://connect.example.org/callback/plain'],
    ])
  })

  test('carries our credentials in the header instead, each form-encoded before they are joined', async () => {
    const { context, asked } = answering(goodAnswer)
    const basic = using({
      tokenRequest: { ...plainVendor.tokenRequest, clientAuthentication: 'client_secret_basic' },
    })
    await exchangeCode(context, basic, client, exchange)
    const [scheme, credentials] = asked[0]?.headers.get('authorization')?.split(' ') ?? []
    assert.equal(scheme, 'Basic')
    assert.equal(Buffer.from(credentials ?? '', 'base64').toString(), 'our+id:s3cret%3A%2B%2F+%26%C3%A9')
    const body = new URLSearchParams(asked[0]?.body)
    assert.deepEqual([body.has('client_id'), body.has('client_secret')], [false, false])
  })

  test('keeps a code that looks like parameters one encoded value', async () => {
    const { context, asked } = answering(goodAnswer)
    await exchangeCode(context, plainVendor, client, { ...exchange, code: 'x&client_secret=evil' })
    const body = new URLSearchParams(asked[0]?.body)
    assert.equal(body.get('code'), 'x&client_secret=evil')
    assert.deepEqual(body.getAll('client_secret'), ['s3cret:+/ &é'])
    assert.match(asked[0]?.body ?? '', /(^|&)code=x%26client_secret%3Devil(&|$)/)
  })

  test("carries the vendor's own parameters, and no verifier where the vendor knows none", async () => {
    const { context, asked } = answering(goodAnswer)
    const own = using({
      tokenRequest: { ...plainVendor.tokenRequest, parameters: { action: 'requesttoken' } },
      authorizationRequest: { ...plainVendor.authorizationRequest, pkce: false },
    })
    await exchangeCode(context, own, client, exchange)
    const body = new URLSearchParams(asked[0]?.body)
    assert.equal(body.get('action'), 'requesttoken')
    assert.equal(body.has('code_verifier'), false)
  })

  test('is not sent again without the verifier when the vendor refuses it', async () => {
    const { context, asked } = vendorThatAnswers(
      answerOf('{"error":"invalid_grant"}', 400),
      answerOf(JSON.stringify(goodAnswer)),
    )
    await assert.rejects(exchangeCode(context, plainVendor, client, exchange), { cause: 'invalid_grant' })
    assert.equal(asked.length, 1)
  })

  test('is sent to a vendor that always names itself, too', async () => {
    const naming = using({
      authorizationResponse: {
        ...plainVendor.authorizationResponse,
        issuer: { value: 'https://issuer.vendor.example', required: true },
      },
    })
    assert.equal((await grantFrom(goodAnswer, naming)).accountId, 'person-7')
  })
})

describe('a grant', () => {
  const plainGrant = { accountId: 'person-7', accessExpiresAt: NOW + 3_600_000, refreshExpiresAt: null }

  test('says whose account it is, what was granted and until when', async () => {
    const grant = await grantFrom(goodAnswer)
    assert.equal(grant.accountId, 'person-7')
    assert.equal(grant.tokens.accessToken.reveal(), 'access-1')
    assert.equal(grant.tokens.refreshToken?.reveal(), 'refresh-1')
    assert.equal(grant.tokens.tokenType, 'bearer')
    assert.equal(grant.accessExpiresAt, NOW + 3_600_000)
    assert.equal(grant.refreshExpiresAt, null)
    assert.deepEqual(grant.grantedScopes, ['sleep:read', 'steps:read', 'profile'])
    assert.deepEqual(grant.missingScopes, [])
  })

  test('prints without its tokens', async () => {
    const grant = await grantFrom(goodAnswer)
    assert.doesNotMatch(inspect(grant, { depth: 9 }) + JSON.stringify(grant), /access-1|refresh-1/)
  })

  const bent: readonly [what: string, change: object, expected: Partial<Grant>][] = [
    ['a token type in any case', { token_type: 'bEARER' }, {}],
    ['a lifetime in digits', { expires_in: '3600' }, { accessExpiresAt: NOW + 3_600_000 }],
    ['a lifetime of ten years', { expires_in: 315_360_000 }, { accessExpiresAt: NOW + 315_360_000_000 }],
    ['an account id that is a number', { user: { id: 42 } }, { accountId: '42' }],
    ['members that nobody knows', { id_token: 'x.y.z', error_uri: 1, success: true }, {}],
    ['an error that is nothing', { error: null }, {}],
    ['scopes in another order', { scope: 'profile  steps:read sleep:read' }, { missingScopes: [] }],
    ['fewer scopes', { scope: 'steps:read' }, { missingScopes: ['sleep:read', 'profile'] }],
    [
      'more scopes than asked for',
      { scope: 'sleep:read steps:read profile location' },
      { grantedScopes: ['sleep:read', 'steps:read', 'profile', 'location'], missingScopes: [] },
    ],
    [
      'no scope: then as asked',
      { scope: undefined },
      { grantedScopes: ['sleep:read', 'steps:read', 'profile'] },
    ],
  ]
  for (const [what, change, expected] of bent) {
    test(`comes of an answer with ${what}`, async () => {
      const grant = await grantFrom({ ...goodAnswer, ...change })
      assert.partialDeepStrictEqual(grant, { ...plainGrant, ...expected })
    })
  }

  test('keeps every digit of an account id beyond 2^53', async () => {
    const text = JSON.stringify(goodAnswer).replace('"person-7"', '90071992547409931234')
    const grant = await exchangeCode(vendorThatAnswers(answerOf(text)).context, plainVendor, client, exchange)
    assert.equal(grant.accountId, '90071992547409931234')
  })

  test('has no refresh token when none came, in either way of saying so', async () => {
    for (const refresh_token of [undefined, null]) {
      const lasting = using({ refresh: { mode: 'rotating', lifetimeSeconds: 60, lifetimePath: null } })
      const grant = await grantFrom({ ...goodAnswer, refresh_token }, lasting)
      assert.deepEqual([grant.tokens.refreshToken, grant.refreshExpiresAt], [null, null])
    }
  })

  test('knows when the refresh token dies: from the answer before the definition', async () => {
    const refresh = {
      mode: 'rotating',
      lifetimeSeconds: 60,
      lifetimePath: 'refresh_token_expires_in',
    } as const
    const said = await grantFrom({ ...goodAnswer, refresh_token_expires_in: '604800' }, using({ refresh }))
    assert.equal(said.refreshExpiresAt, NOW + 604_800_000)
    assert.equal((await grantFrom(goodAnswer, using({ refresh }))).refreshExpiresAt, NOW + 60_000)
  })

  test('has the scopes that the application chose, when it chose some', async () => {
    const choosing: Client = { ...client, scopes: ['location', 'brand-new'] }
    const grant = await grantFrom({ ...goodAnswer, scope: 'brand-new' }, plainVendor, choosing)
    assert.deepEqual([grant.grantedScopes, grant.missingScopes], [['brand-new'], ['location']])
  })

  test('may be without data when that is all that was asked for', async () => {
    const grant = await grantFrom({ ...goodAnswer, scope: 'profile' }, plainVendor, {
      ...client,
      scopes: ['profile'],
    })
    assert.deepEqual(grant.missingScopes, [])
  })
})

describe('vendors that are not to the letter', () => {
  const enveloping = using({
    scopeSeparator: ',',
    tokenResponse: {
      envelope: { statusPath: 'status', successStatus: 0, temporaryStatuses: [601], dataPath: 'body' },
      errorPath: 'error',
    },
    account: { from: 'token', path: 'userid' },
  })
  const body = { ...goodAnswer, scope: 'sleep:read,steps:read', userid: '363' }

  test('an answer in an envelope, with commas between its scopes', async () => {
    const grant = await grantFrom({ status: 0, body }, enveloping)
    assert.deepEqual([grant.accountId, grant.missingScopes], ['363', ['profile']])
  })

  const envelopes: readonly [answer: object, kind: string, cause: string, status: number | null][] = [
    [{ status: 503, body: {}, error: 'Invalid Params: invalid code' }, 'rejected', 'envelope_status', 503],
    [{ status: 401, body }, 'rejected', 'envelope_status', 401],
    [{ status: 601, body: {} }, 'unavailable', 'envelope_status', 601],
    [{ status: '0', body }, 'malformed', 'not_conform', null],
    [{ body }, 'malformed', 'not_conform', null],
    [{ status: 0 }, 'malformed', 'not_conform', null],
    [{ status: 0, body: [body] }, 'malformed', 'not_conform', null],
    [{ status: 0, body: { ...body, error: 'invalid_grant' } }, 'rejected', 'invalid_grant', 400],
    [body, 'malformed', 'not_conform', null],
  ]
  for (const [answer, kind, cause, status] of envelopes) {
    test(`${JSON.stringify(answer).slice(0, 50)} is ${kind}: ${cause} ${status ?? ''}`, async () => {
      await assert.rejects(grantFrom(answer, enveloping), { name: 'VendorError', kind, cause, status })
    })
  }

  test('an error that stands in a list', async () => {
    const listing = using({ tokenResponse: { envelope: null, errorPath: 'errors.0.errorType' } })
    const text = '{"errors":[{"errorType":"invalid_grant","message":"sekrit"}],"success":false}'
    for (const status of [400, 401, 200]) {
      const { context } = vendorThatAnswers(answerOf(text, status))
      await assert.rejects(exchangeCode(context, listing, client, exchange), {
        kind: 'rejected',
        cause: 'invalid_grant',
      })
    }
  })

  const telling = using({
    scopeSeparator: ',',
    authorizationResponse: { grantedScopeParameter: 'scope', issuer: null },
  })
  test('scopes that the callback told go before those of the answer', async () => {
    const { context } = answering(goodAnswer)
    const callbackScopes = ['sleep:read', 'profile']
    const grant = await exchangeCode(context, telling, client, { ...exchange, callbackScopes })
    assert.deepEqual([grant.grantedScopes, grant.missingScopes], [callbackScopes, ['steps:read']])
  })
  test('scopes that the callback should have told are taken from the answer, and never assumed', async () => {
    const fromAnswer = await grantFrom({ ...goodAnswer, scope: 'sleep:read,profile' }, telling)
    assert.deepEqual(fromAnswer.missingScopes, ['steps:read'])
    await assert.rejects(grantFrom({ ...goodAnswer, scope: undefined }, telling), {
      kind: 'malformed',
      cause: 'scope',
    })
  })
  test('too little granted in the callback costs no request', async () => {
    for (const [callbackScopes, kind, outcome] of [
      [[], 'denied', 'access_denied'],
      [['profile'], 'scope_missing', 'scope_missing'],
    ] as const) {
      const { context, asked } = vendorThatAnswers()
      await assert.rejects(exchangeCode(context, telling, client, { ...exchange, callbackScopes }), {
        kind,
        outcome,
      })
      assert.equal(asked.length, 0)
    }
  })
})

describe('an answer that makes no grant', () => {
  const json = (change: object) => JSON.stringify({ ...goodAnswer, ...change })
  const bytes = (text: string, ...extra: number[]) => Uint8Array.from([...Buffer.from(text), ...extra])
  const cases: readonly [what: string, answer: Response, kind: string, cause: string][] = [
    ['a page', answerOf('<html>sekrit</html>', 200, 'text/html'), 'malformed', 'content_type'],
    ['JSON that calls itself a page', answerOf(json({}), 200, 'text/html'), 'malformed', 'content_type'],
    ['JSON that calls itself nothing', answerOf(json({}), 200, null), 'malformed', 'content_type'],
    [
      'JSON hidden in another label',
      answerOf(json({}), 200, 'text/plain; x=application/json'),
      'malformed',
      'content_type',
    ],
    ['a page that calls itself JSON', answerOf('<html>sekrit</html>'), 'malformed', 'not_json'],
    ['nothing', answerOf(''), 'malformed', 'not_json'],
    ['half an answer', answerOf(json({}).slice(0, -5)), 'malformed', 'not_json'],
    ['an answer and more', answerOf(`${json({})}{}`), 'malformed', 'not_json'],
    ['a byte order mark', answerOf(`\uFEFF${json({})}`), 'malformed', 'not_json'],
    ['bytes that are not UTF-8', answerOf(bytes(json({}), 0xff)), 'malformed', 'not_utf8'],
    ['a list', answerOf(`[${json({})}]`), 'malformed', 'not_json'],
    ['a string', answerOf('"access_token"'), 'malformed', 'not_json'],
    ['null', answerOf('null'), 'malformed', 'not_json'],
    [
      'two access tokens',
      answerOf(`{"access_token":"evil",${json({}).slice(1)}`),
      'malformed',
      'duplicate_member',
    ],
    [
      'two account ids',
      answerOf(json({}).replace('"id"', '"id":"evil","id"')),
      'malformed',
      'duplicate_member',
    ],
    ['an error under a 200', answerOf(json({ error: 'invalid_grant' })), 'rejected', 'invalid_grant'],
    [
      'an error of an odd form under a 200',
      answerOf(json({ error: { code: 'sekrit' } })),
      'rejected',
      'oauth_error',
    ],
    ['a 201', answerOf(json({}), 201), 'malformed', 'not_conform'],
    ['a 204', new Response(null, { status: 204 }), 'rejected', 'http_status'],
    ['no access token', answerOf(json({ access_token: undefined })), 'malformed', 'not_conform'],
    ['an empty access token', answerOf(json({ access_token: '' })), 'malformed', 'not_conform'],
    ['an access token that is a list', answerOf(json({ access_token: ['a'] })), 'malformed', 'not_conform'],
    ['an access token that is a number', answerOf(json({ access_token: 1 })), 'malformed', 'not_conform'],
    ['an access token that is null', answerOf(json({ access_token: null })), 'malformed', 'not_conform'],
    [
      'an access token that splits a header',
      answerOf(json({ access_token: 'a\r\nx: y' })),
      'malformed',
      'access_token',
    ],
    ['an access token that is not ASCII', answerOf(json({ access_token: 'é' })), 'malformed', 'access_token'],
    [
      'an inherited access token',
      answerOf(`{"__proto__":${json({})},"expires_in":1,"token_type":"bearer"}`),
      'malformed',
      'not_conform',
    ],
    ['an empty refresh token', answerOf(json({ refresh_token: '' })), 'malformed', 'not_conform'],
    ['a refresh token that is an object', answerOf(json({ refresh_token: {} })), 'malformed', 'not_conform'],
    [
      'a refresh token that splits a header',
      answerOf(json({ refresh_token: 'a\nb' })),
      'malformed',
      'refresh_token',
    ],
    ['no token type', answerOf(json({ token_type: undefined })), 'malformed', 'not_conform'],
    ['a token type that is a list', answerOf(json({ token_type: ['bearer'] })), 'malformed', 'not_conform'],
    ['a token of type mac', answerOf(json({ token_type: 'mac' })), 'malformed', 'not_conform'],
    ['a token bound to a key', answerOf(json({ token_type: 'DPoP' })), 'malformed', 'token_type'],
    ['no lifetime', answerOf(json({ expires_in: undefined })), 'malformed', 'expires_in'],
    ['a lifetime of null', answerOf(json({ expires_in: null })), 'malformed', 'expires_in'],
    ['a lifetime in words', answerOf(json({ expires_in: 'soon' })), 'malformed', 'expires_in'],
    [
      'a lifetime of digits and words',
      answerOf(json({ expires_in: '3600 seconds' })),
      'malformed',
      'expires_in',
    ],
    ['no time at all', answerOf(json({ expires_in: 0 })), 'malformed', 'expires_in'],
    ['a lifetime in the past', answerOf(json({ expires_in: -1 })), 'malformed', 'expires_in'],
    ['a lifetime in the past, in digits', answerOf(json({ expires_in: '-1' })), 'malformed', 'expires_in'],
    ['a lifetime of half a second', answerOf(json({ expires_in: 0.5 })), 'malformed', 'expires_in'],
    ['a lifetime of thirty years', answerOf(json({ expires_in: 1e9 })), 'malformed', 'expires_in'],
    ['a lifetime beyond numbers', answerOf(json({}).replace('3600', '1e999')), 'malformed', 'expires_in'],
    [
      'a lifetime beyond exact numbers',
      answerOf(json({}).replace('3600', '9'.repeat(30))),
      'malformed',
      'expires_in',
    ],
    ['scopes in a list', answerOf(json({ scope: ['sleep:read'] })), 'malformed', 'not_conform'],
    ['nothing granted', answerOf(json({ scope: '' })), 'denied', 'nothing_granted'],
    [
      'nothing granted of what was asked',
      answerOf(json({ scope: 'openid email' })),
      'denied',
      'nothing_granted',
    ],
    ['no data granted', answerOf(json({ scope: 'profile' })), 'scope_missing', 'no_data_granted'],
    ['no account', answerOf(json({ user: undefined })), 'malformed', 'account_id'],
    ['no account id', answerOf(json({ user: {} })), 'malformed', 'account_id'],
    ['an account id of null', answerOf(json({ user: { id: null } })), 'malformed', 'account_id'],
    ['an account that is a list', answerOf(json({ user: { id: ['person-7'] } })), 'malformed', 'account_id'],
    ['a refusal', answerOf('{"error":"invalid_client"}', 401), 'rejected', 'invalid_client'],
    ["a refusal in the vendor's words", answerOf('{"error":"sekrit"}', 400), 'rejected', 'oauth_error'],
    [
      'a refusal of another form',
      answerOf('{"message":"sekrit","errors":[]}', 400),
      'rejected',
      'oauth_error',
    ],
    ['a refusal on a page', answerOf('sekrit', 403, 'text/html'), 'rejected', 'http_status'],
    ['a refusal by status alone', answerOf('', 404, null), 'rejected', 'http_status'],
    ['a vendor in trouble', answerOf('<html>', 502, 'text/html'), 'unavailable', 'http_status'],
    ['a vendor in trouble with good words', answerOf(json({}), 500), 'unavailable', 'http_status'],
    ['a vendor that has enough', answerOf('{"error":"invalid_grant"}', 429), 'unavailable', 'http_status'],
  ]
  for (const [what, answer, kind, cause] of cases) {
    test(`${what} is ${kind}: ${cause}`, async () => {
      const { context, asked } = vendorThatAnswers(answer)
      await assert.rejects(exchangeCode(context, plainVendor, client, exchange), (error) => {
        assert.ok(error instanceof VendorError, `a VendorError, not ${error}`)
        assert.deepEqual([error.kind, error.cause], [kind, cause])
        assert.doesNotMatch(inspect(error, { depth: 9 }), /sekrit|access-1|refresh-1|s3cret|the-code/)
        return true
      })
      assert.equal(asked.length, 1, 'asked once, never again')
    })
  }

  test('says how long the vendor wants to be left alone', async () => {
    const cases: readonly [header: string | null, seconds: number | null][] = [
      ['120', 120],
      [new Date(NOW + 90_000).toUTCString(), 90],
      [new Date(NOW - 90_000).toUTCString(), 0],
      ['99999999', 86_400],
      ['soon', null],
      ['-5', 0],
      [null, null],
    ]
    for (const [header, retryAfterSeconds] of cases) {
      const answer = answerOf('{}', 503)
      if (header !== null) answer.headers.set('retry-after', header)
      const { context } = vendorThatAnswers(answer)
      await assert.rejects(exchangeCode(context, plainVendor, client, exchange), {
        outcome: 'vendor_unavailable',
        retryable: true,
        status: 503,
        retryAfterSeconds,
      })
    }
  })
})
