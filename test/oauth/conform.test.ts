// Goal: vendors that bend RFC 6749 are understood, each in its own way and no further. Method: the real OAuth library
// against a vendor in process, by definitions that bend one thing each.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Authorization } from '../../src/model/source.ts'
import { exchangeCode, type Grant } from '../../src/oauth/index.ts'
import {
  answering,
  answerOf,
  client,
  exchange,
  goodAnswer,
  NOW,
  using,
  vendorThatAnswers,
} from './support.ts'

const grantFrom = (members: object, authorization: Authorization): Promise<Grant> =>
  exchangeCode(answering(members).context, authorization, client, exchange)

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

  test('an error in the vendor’s own words, in and out of an envelope', async () => {
    const errorNames = {
      RefreshToken: 'invalid_grant',
      'Invalid Params: invalid code': 'invalid_grant',
    } as const
    const naming = using({
      tokenResponse: { envelope: null, errorPath: 'errors.0.resource', errorNames },
    })
    const { context } = vendorThatAnswers(answerOf('{"errors":[{"resource":"RefreshToken"}]}', 400))
    await assert.rejects(exchangeCode(context, naming, client, exchange), { cause: 'invalid_grant' })
    const named = using({ tokenResponse: { ...enveloping.tokenResponse, errorNames } })
    await assert.rejects(grantFrom({ status: 503, body: {}, error: 'Invalid Params: invalid code' }, named), {
      kind: 'rejected',
      cause: 'invalid_grant',
      status: 503,
    })
    await assert.rejects(
      grantFrom({ status: 503, body: {}, error: 'Invalid Params: invalid secret' }, named),
      {
        cause: 'envelope_status',
      },
    )
  })

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

  test('an error in the plain form at such a vendor, beside tokens', async () => {
    const listing = using({ tokenResponse: { envelope: null, errorPath: 'errors.0.errorType' } })
    await assert.rejects(grantFrom({ ...goodAnswer, error: 'invalid_grant' }, listing), {
      kind: 'rejected',
      cause: 'invalid_grant',
    })
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
  test('a vendor that is known to leave them out granted what was asked for, when it says nothing', async () => {
    const atTimes = using({
      ...telling,
      authorizationResponse: { ...telling.authorizationResponse, grantedScopeMayBeMissing: true },
    })
    const silent = await grantFrom({ ...goodAnswer, scope: undefined }, atTimes)
    assert.deepEqual(silent.missingScopes, [])
    const fromAnswer = await grantFrom({ ...goodAnswer, scope: 'sleep:read,profile' }, atTimes)
    assert.deepEqual(fromAnswer.missingScopes, ['steps:read'])
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

describe('envelopes of other sorts', () => {
  const wordy = using({
    tokenResponse: {
      envelope: {
        statusPath: 'result',
        successStatus: '0000',
        temporaryStatuses: ['5001'],
        invalidGrantStatuses: ['5006', 7],
        dataPath: null,
        onlyOnFailure: true,
      },
      errorPath: 'error',
    },
  })

  test('with words for statuses, beside the members', async () => {
    assert.equal((await grantFrom({ result: '0000', ...goodAnswer }, wordy)).accountId, 'person-7')
  })

  test('that are there only when the request failed', async () => {
    assert.equal((await grantFrom(goodAnswer, wordy)).accountId, 'person-7')
  })

  const failures: readonly [answer: object, kind: string, cause: string][] = [
    [{ result: '4002', message: 'sekrit' }, 'rejected', 'envelope_status'],
    [{ result: '5001' }, 'unavailable', 'envelope_status'],
    [{ result: '5006' }, 'rejected', 'invalid_grant'],
    [{ ...goodAnswer, result: '4002' }, 'rejected', 'envelope_status'],
    [{ ...goodAnswer, result: 0 }, 'malformed', 'not_conform'],
    [{ ...goodAnswer, result: null }, 'malformed', 'not_conform'],
    [{ ...goodAnswer, result: ['0000'] }, 'malformed', 'not_conform'],
  ]
  for (const [answer, kind, cause] of failures)
    test(`${JSON.stringify(answer).slice(-40)} is ${kind}: ${cause}`, async () => {
      await assert.rejects(grantFrom(answer, wordy), { name: 'VendorError', kind, cause, status: null })
    })

  test('around everything but a refusal that is one by its HTTP status', async () => {
    const { tokenResponse } = wordy
    assert.ok(tokenResponse.envelope)
    const always = using({
      tokenResponse: { ...tokenResponse, envelope: { ...tokenResponse.envelope, onlyOnFailure: false } },
    })
    const { context } = vendorThatAnswers(answerOf('{"error":"invalid_grant"}', 400))
    await assert.rejects(exchangeCode(context, always, client, exchange), { cause: 'invalid_grant' })
    await assert.rejects(grantFrom(goodAnswer, always), { kind: 'malformed', cause: 'not_conform' })
  })
})

describe('members that differ', () => {
  const { tokenResponse } = using({})

  test('are found where the definition says', async () => {
    const renamed = using({
      tokenResponse: {
        ...tokenResponse,
        members: {
          accessToken: 'AccessToken',
          refreshToken: 'tokens.0',
          expiresIn: 'Expires',
          scope: 'APIName',
        },
      },
    })
    const answer = {
      AccessToken: 'access-1',
      tokens: ['refresh-1'],
      Expires: 60,
      APIName: 'sleep:read',
      access_token: 'another',
      token_type: 'bearer',
      expires_in: 1,
      user: { id: 'person-7' },
    }
    const grant = await grantFrom(answer, renamed)
    assert.equal(grant.tokens.accessToken.reveal(), 'access-1')
    assert.equal(grant.tokens.refreshToken?.reveal(), 'refresh-1')
    assert.deepEqual([grant.accessExpiresAt, grant.grantedScopes], [NOW + 60_000, ['sleep:read']])
    await assert.rejects(grantFrom(goodAnswer, renamed), { kind: 'malformed' })
  })

  test('a token type that is left out is bearer only where the definition says so', async () => {
    const silent = { ...goodAnswer, token_type: undefined }
    const lenient = using({ tokenResponse: { ...tokenResponse, tokenTypeOptional: true } })
    assert.equal((await grantFrom(silent, lenient)).tokens.tokenType, 'bearer')
    await assert.rejects(grantFrom(silent, using({})), { cause: 'not_conform' })
    await assert.rejects(grantFrom({ ...goodAnswer, token_type: 'mac' }, lenient), { kind: 'malformed' })
  })

  test('silence on the lifetime means what the definition says: so many seconds, or for ever', async () => {
    const meaning = (lifetimeSecondsWhenSilent: number | null) =>
      using({ tokenResponse: { ...tokenResponse, lifetimeSecondsWhenSilent } })
    for (const expiresIn of [undefined, null]) {
      const silent = { ...goodAnswer, expires_in: expiresIn }
      assert.equal((await grantFrom(silent, meaning(60))).accessExpiresAt, NOW + 60_000)
      assert.equal((await grantFrom(silent, meaning(null))).accessExpiresAt, null)
    }
    assert.equal((await grantFrom(goodAnswer, meaning(null))).accessExpiresAt, NOW + 3_600_000)
    for (const expiresIn of [0, -1, 'never', '']) {
      await assert.rejects(grantFrom({ ...goodAnswer, expires_in: expiresIn }, meaning(null)), {
        cause: 'expires_in',
      })
    }
  })
})
