// Goal: vendors that bend RFC 6749 are understood, each in its own way and no further. Method: the real OAuth library
// against a vendor in process, by definitions that bend one thing each.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Authorization } from '../../src/model/source.ts'
import { exchangeCode, type Grant } from '../../src/oauth/index.ts'
import { answering, answerOf, client, exchange, goodAnswer, using, vendorThatAnswers } from './support.ts'

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
