// Goal: Withings ends a grant only for two signed requests in a row, and we tell its refusals apart. Method: the hook
// against a stand-in that checks each signature by itself.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { secret } from '../../src/model/secret.ts'
import { type Authorization, isOAuth2 } from '../../src/model/source.ts'
import { revokeGrant } from '../../src/oauth/index.ts'
import { revocationHooks, sources } from '../../src/sources/index.ts'
import { answerOf, client, NOW, vendorThatAnswers } from '../oauth/support.ts'

const grant = {
  accountId: '489418',
  tokens: { accessToken: secret('access-1'), refreshToken: secret('refresh-1'), tokenType: 'bearer' },
} as const

const nonceAnswer = answerOf.bind(null, '{"status":0,"body":{"nonce":"the-nonce"}}')
const done = answerOf.bind(null, '{"status":0,"body":{}}')

function withings(): Authorization {
  const source = sources.get(8)
  assert.ok(source?.kind === 'oauth2')
  const [authorization] = source.authorizations.filter(isOAuth2)
  assert.ok(authorization)
  return authorization
}

const revoke = (...answers: Response[]) => {
  const { context, asked } = vendorThatAnswers(...answers)
  return { asked, revoked: revokeGrant(context, withings(), revocationHooks, client, grant) }
}

const signed = (text: string) => createHmac('sha256', client.clientSecret.reveal()).update(text).digest('hex')

describe('revoking at Withings', () => {
  test('is a nonce, then a revocation signed with it, and no token on the way', async () => {
    const { asked, revoked } = revoke(nonceAnswer(), done())
    assert.equal(await revoked, 'revoked')
    const timestamp = String(NOW / 1000)
    assert.deepEqual(
      asked.map(({ method, url, vendor, body }) => ({
        method,
        url,
        vendor,
        body: Object.fromEntries(new URLSearchParams(body)),
      })),
      [
        {
          method: 'POST',
          url: 'https://wbsapi.withings.net/v2/signature',
          vendor: 'withings',
          body: {
            action: 'getnonce',
            client_id: 'our id',
            timestamp,
            signature: signed(`getnonce,our id,${timestamp}`),
          },
        },
        {
          method: 'POST',
          url: 'https://wbsapi.withings.net/v2/oauth2',
          vendor: 'withings',
          body: {
            action: 'revoke',
            client_id: 'our id',
            nonce: 'the-nonce',
            userid: '489418',
            signature: signed('revoke,our id,the-nonce'),
          },
        },
      ],
    )
  })

  const failures: readonly [what: string, answers: Response[], kind: string, cause: string][] = [
    [
      'the nonce is refused',
      [answerOf('{"status":503,"body":{},"error":"sekrit"}')],
      'rejected',
      'envelope_status',
    ],
    [
      'the nonce is asked for too often',
      [answerOf('{"status":601,"body":{}}')],
      'unavailable',
      'envelope_status',
    ],
    ['the nonce is empty', [answerOf('{"status":0,"body":{"nonce":""}}')], 'malformed', 'nonce'],
    ['the nonce is a list', [answerOf('{"status":0,"body":{"nonce":["a"]}}')], 'malformed', 'nonce'],
    ['the nonce is a page', [answerOf('<html>', 200, 'text/html')], 'malformed', 'content_type'],
    ['the server is in trouble', [answerOf('', 502, null)], 'unavailable', 'http_status'],
    ['the address is gone', [answerOf('', 404, null)], 'rejected', 'http_status'],
    [
      'the revocation is refused',
      [nonceAnswer(), answerOf('{"status":342,"body":{}}')],
      'rejected',
      'envelope_status',
    ],
    ['the revocation is cut off', [nonceAnswer(), answerOf('', 504, null)], 'unavailable', 'http_status'],
  ]
  for (const [what, answers, kind, cause] of failures) {
    test(`${what}: ${kind}, ${cause}`, async () => {
      await assert.rejects(revoke(...answers).revoked, { name: 'VendorError', kind, cause })
    })
  }
})
