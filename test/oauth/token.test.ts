// Goal: a code becomes a grant by one exact request, and the grant says what the vendor said. Method: the real OAuth
// library against a vendor in process.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import type { Client } from '../../src/model/application.ts'
import { exchangeCode, type Grant } from '../../src/oauth/index.ts'
import {
  answering,
  answerOf,
  client,
  exchange,
  goodAnswer,
  NOW,
  plainVendor,
  using,
  vendorThatAnswers,
} from './support.ts'

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
    for (const refreshToken of [undefined, null]) {
      const lasting = using({ refresh: { mode: 'rotating', lifetimeSeconds: 60, lifetimePath: null } })
      const grant = await grantFrom({ ...goodAnswer, refresh_token: refreshToken }, lasting)
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
