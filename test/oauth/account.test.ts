// Goal: an account id is one person's and nobody else's. Method: values of every sort through the reader, and the
// request for the id against a vendor in process.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { secret } from '../../src/model/secret.ts'
import type { Authorization } from '../../src/model/source.ts'
import { findAccountId, readAccountId } from '../../src/oauth/account.ts'
import { answerOf, client, plainVendor, vendorThatAnswers } from './support.ts'

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
