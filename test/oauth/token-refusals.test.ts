// Goal: an answer that leaves any doubt makes no grant, no crash and no second request, and nothing of it shows in the
// error. Method: every hostile answer is a line of a table.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { exchangeCode, VendorError } from '../../src/oauth/index.ts'
import { answerOf, client, exchange, goodAnswer, NOW, plainVendor, vendorThatAnswers } from './support.ts'

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
    ['a lifetime in hexadecimal digits', answerOf(json({ expires_in: '0x10' })), 'malformed', 'expires_in'],
    ['a lifetime with an exponent', answerOf(json({ expires_in: '1e3' })), 'malformed', 'expires_in'],
    ['a lifetime with space around it', answerOf(json({ expires_in: ' 3600' })), 'malformed', 'expires_in'],
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
