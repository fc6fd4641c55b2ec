// Goal: a grant is ended at the vendor in the way of its definition, and a failure says whether to try again. Method: the
// real OAuth library against a vendor in process.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { secret } from '../../src/model/secret.ts'
import type { Authorization } from '../../src/model/source.ts'
import { type RevocationHook, revokeGrant } from '../../src/oauth/index.ts'
import { answerOf, client, plainVendor, vendorThatAnswers } from './support.ts'

type TokenRevocation = Extract<Authorization['revocation'], { kind: 'token' }>

const grant = {
  accountId: 'person-7',
  tokens: { accessToken: secret('access-1'), refreshToken: secret('refresh-1'), tokenType: 'bearer' },
} as const
const accessOnly = { ...grant, tokens: { ...grant.tokens, refreshToken: null } }

const revoking = (change: Partial<TokenRevocation>): Authorization => ({
  ...plainVendor,
  revocation: { ...(plainVendor.revocation as TokenRevocation), ...change }, // the plain vendor revokes tokens
})

describe('revoking a token', () => {
  test('sends the refresh token with its kind, and our credentials in the header', async () => {
    const { context, asked } = vendorThatAnswers(answerOf('', 200, null))
    assert.equal(await revokeGrant(context, plainVendor, new Map(), client, grant), 'revoked')
    assert.equal(asked[0]?.url, 'https://api.vendor.example/revoke')
    assert.equal(asked[0]?.vendor, 'plain')
    assert.equal(
      asked[0]?.headers.get('authorization'),
      `Basic ${Buffer.from('our+id:s3cret%3A%2B%2F+%26%C3%A9').toString('base64')}`,
    )
    assert.deepEqual([...new URLSearchParams(asked[0]?.body)].toSorted(), [
      ['token', 'refresh-1'],
      ['token_type_hint', 'refresh_token'],
    ])
  })

  test('sends the access token where there is no other', async () => {
    const { context, asked } = vendorThatAnswers(answerOf('{}'))
    await revokeGrant(context, plainVendor, new Map(), client, accessOnly)
    assert.equal(asked[0]?.body, 'token_type_hint=access_token&token=access-1')
  })

  test('sends the token alone where possession is enough', async () => {
    const { context, asked } = vendorThatAnswers(answerOf('{}'))
    const open = revoking({ clientAuthentication: 'none', sendTypeHint: false })
    await revokeGrant(context, open, new Map(), client, grant)
    assert.equal(asked[0]?.body, 'token=refresh-1')
    assert.equal(asked[0]?.headers.get('authorization'), null)
  })

  test('sends the credentials in the body where the vendor wants them there', async () => {
    const { context, asked } = vendorThatAnswers(answerOf('{}'))
    await revokeGrant(
      context,
      revoking({ clientAuthentication: 'client_secret_post' }),
      new Map(),
      client,
      grant,
    )
    assert.equal(new URLSearchParams(asked[0]?.body).get('client_secret'), 's3cret:+/ &é')
    assert.equal(asked[0]?.headers.get('authorization'), null)
  })

  test('takes the status that this vendor uses for ended grants as such', async () => {
    const { context } = vendorThatAnswers(answerOf('{"error":"invalid_token"}', 400))
    assert.equal(
      await revokeGrant(context, revoking({ goneStatuses: [400] }), new Map(), client, grant),
      'gone',
    )
  })

  const failures: readonly [answer: Response, kind: string, cause: string, retryable: boolean][] = [
    [answerOf('{"error":"invalid_client"}', 401), 'rejected', 'invalid_client', false],
    [answerOf('{"error":"unsupported_token_type"}', 400), 'rejected', 'unsupported_token_type', false],
    [answerOf('{"error":"sekrit"}', 400), 'rejected', 'oauth_error', false],
    [answerOf('<html>', 404, 'text/html'), 'rejected', 'http_status', false],
    [answerOf('', 500, null), 'unavailable', 'http_status', true],
    [answerOf('', 503, null), 'unavailable', 'http_status', true],
    [answerOf('', 429, null), 'unavailable', 'http_status', true],
  ]
  for (const [answer, kind, cause, retryable] of failures) {
    test(`fails as ${kind}: ${cause}, ${retryable ? 'to be tried again' : 'for good'}`, async () => {
      const { context } = vendorThatAnswers(answer)
      await assert.rejects(revokeGrant(context, plainVendor, new Map(), client, grant), {
        name: 'VendorError',
        kind,
        cause,
        retryable,
      })
    })
  }
})

describe("revoking by the vendor's own call", () => {
  const calling = (change: object = {}): Authorization => ({
    ...plainVendor,
    revocation: {
      kind: 'request',
      reach: 'account',
      method: 'DELETE',
      url: 'https://data.vendor.example/users/{accountId}',
      authentication: 'bearer',
      successStatuses: [204],
      goneStatuses: [401, 404],
      needsFreshToken: true,
      ...change,
    },
  })
  const revoke = (authorization: Authorization, answer: Response) => {
    const { context, asked } = vendorThatAnswers(answer)
    return { asked, revoked: revokeGrant(context, authorization, new Map(), client, grant) }
  }

  test('sends it once, with what the definition puts in', async () => {
    const { asked, revoked } = revoke(calling(), new Response(null, { status: 204 }))
    assert.equal(await revoked, 'revoked')
    assert.deepEqual(
      [asked.length, asked[0]?.method, asked[0]?.url, asked[0]?.vendor, asked[0]?.body],
      [1, 'DELETE', 'https://data.vendor.example/users/person-7', 'plain', ''],
    )
    assert.equal(asked[0]?.headers.get('authorization'), 'Bearer access-1')
  })

  test('can be a GET, and can carry the refresh token', async () => {
    const get = calling({
      method: 'GET',
      url: 'https://data.vendor.example/deauthorize?client_id={clientId}',
      authentication: 'refresh_bearer',
      successStatuses: [200],
    })
    const { asked, revoked } = revoke(get, answerOf(''))
    assert.equal(await revoked, 'revoked')
    assert.deepEqual(
      [asked[0]?.method, asked[0]?.url, asked[0]?.headers.get('authorization')],
      ['GET', 'https://data.vendor.example/deauthorize?client_id=our%20id', 'Bearer refresh-1'],
    )
  })

  test('takes the statuses for ended grants as such', async () => {
    for (const status of [401, 404])
      assert.equal(await revoke(calling(), answerOf('', status)).revoked, 'gone')
  })

  const failures: readonly [status: number, kind: string, retryable: boolean][] = [
    [200, 'rejected', false],
    [400, 'rejected', false],
    [429, 'unavailable', true],
    [503, 'unavailable', true],
  ]
  for (const [status, kind, retryable] of failures)
    test(`fails with ${status} as ${kind}`, async () => {
      await assert.rejects(revoke(calling(), answerOf('', status)).revoked, {
        kind,
        cause: 'http_status',
        status,
        retryable,
      })
    })

  test('believes the envelope of a vendor that answers 200 always', async () => {
    const tokenResponse = {
      envelope: {
        statusPath: 'result',
        successStatus: '0000',
        temporaryStatuses: ['5001'],
        invalidGrantStatuses: ['5006'],
        dataPath: null,
      },
      errorPath: 'error',
    }
    const enveloping = { ...calling({ successStatuses: [200] }), tokenResponse }
    assert.equal(await revoke(enveloping, answerOf('{"result":"0000"}')).revoked, 'revoked')
    assert.equal(await revoke(enveloping, answerOf('{"result":"5006"}')).revoked, 'gone')
    await assert.rejects(revoke(enveloping, answerOf('{"result":"5001"}')).revoked, { kind: 'unavailable' })
    await assert.rejects(revoke(enveloping, answerOf('{"result":"1"}')).revoked, { kind: 'rejected' })
  })
})

describe('revoking otherwise', () => {
  const hooked: Authorization = {
    ...plainVendor,
    revocation: { kind: 'hook', reach: 'account', endpoints: {} },
  }

  test('a definition with code of its own has that called with all that is known', async () => {
    const { context } = vendorThatAnswers()
    const calls: unknown[][] = []
    const hook: RevocationHook = async (...all) => {
      calls.push(all)
      return 'gone'
    }
    assert.equal(await revokeGrant(context, hooked, new Map([['plain', hook]]), client, grant), 'gone')
    assert.deepEqual(calls, [[context, hooked, client, grant]])
  })

  test('code that is missing is a mistake of ours, not of the vendor', async () => {
    const { context } = vendorThatAnswers()
    await assert.rejects(revokeGrant(context, hooked, new Map(), client, grant), TypeError)
  })

  test('a vendor without any is not asked', async () => {
    const { context, asked } = vendorThatAnswers()
    const none: Authorization = { ...plainVendor, revocation: { kind: 'unsupported' } }
    assert.equal(await revokeGrant(context, none, new Map(), client, grant), 'unsupported')
    assert.equal(asked.length, 0)
  })
})
