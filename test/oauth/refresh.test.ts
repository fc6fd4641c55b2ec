// Goal: a refresh gives what must be used and kept from then on, and a dead grant is told from a vendor in trouble.
// Method: one definition for each way of renewing, against a vendor in process.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { secret } from '../../src/model/secret.ts'
import type { Authorization } from '../../src/model/source.ts'
import { type RefreshableGrant, refreshGrant, VendorError } from '../../src/oauth/index.ts'
import { answerOf, client, NOW, plainVendor, using, vendorThatAnswers } from './support.ts'

const DAY_MS = 86_400_000

const grant: RefreshableGrant = {
  tokens: { accessToken: secret('access-1'), refreshToken: secret('refresh-1'), tokenType: 'bearer' },
}
const renewing = (refresh: Partial<Authorization['refresh']>, more: Partial<Authorization> = {}) =>
  using({ refresh: { mode: 'rotating', lifetimeSeconds: null, lifetimePath: null, ...refresh }, ...more })
const answer = {
  access_token: 'access-2',
  token_type: 'bearer',
  expires_in: 3600,
  refresh_token: 'refresh-2',
}

const refresh = (members: object, authorization = plainVendor, by = grant) => {
  const { context, asked } = vendorThatAnswers(answerOf(JSON.stringify(members)))
  return { asked, refreshed: refreshGrant(context, authorization, client, by) }
}
const shown = async ({ refreshed }: ReturnType<typeof refresh>) => {
  const { tokens, accessExpiresAt, refreshExpiresAt, grantedScopes } = await refreshed
  return {
    access: tokens.accessToken.reveal(),
    refresh: tokens.refreshToken?.reveal(),
    accessExpiresAt,
    refreshExpiresAt,
    grantedScopes,
  }
}

describe('a refresh request', () => {
  test('carries the refresh token and our credentials, once', async () => {
    const { asked, refreshed } = refresh(answer)
    await refreshed
    assert.deepEqual(
      [asked.length, asked[0]?.method, asked[0]?.url, asked[0]?.vendor],
      [1, 'POST', 'https://api.vendor.example/token', 'plain'],
    )
    assert.deepEqual(Object.fromEntries(new URLSearchParams(asked[0]?.body)), {
      client_id: 'our id',
      client_secret: 's3cret:+/ &é',
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
    })
  })

  test('has the shape, the headers and the parameters of the token request', async () => {
    const tokenRequest = {
      ...plainVendor.tokenRequest,
      format: 'json',
      headers: { 'X-Client': '{clientSecret}', Accept: 'application/vnd.v1+json' },
      parameters: { action: 'requesttoken' },
    } as const
    const by = { ...client, clientSecret: secret('plain-secret') }
    const { context, asked } = vendorThatAnswers(answerOf(JSON.stringify(answer)))
    await refreshGrant(context, using({ tokenRequest }), by, grant)
    assert.deepEqual(
      ['content-type', 'x-client', 'accept'].map((name) => asked[0]?.headers.get(name)),
      ['application/json', 'plain-secret', 'application/vnd.v1+json'],
    )
    assert.equal(JSON.parse(asked[0]?.body ?? '').action, 'requesttoken')
  })

  test('goes to its own address, with its own parameters over those of the standard', async () => {
    const own = renewing(
      {
        endpoint: 'https://api.vendor.example/refresh',
        parameters: { grant_type: 'renew', response_type: 'refresh_token' },
      },
      { tokenRequest: { ...plainVendor.tokenRequest, parameters: { action: 'requesttoken' } } },
    )
    const { asked, refreshed } = refresh(answer, own)
    await refreshed
    assert.equal(asked[0]?.url, 'https://api.vendor.example/refresh')
    const body = new URLSearchParams(asked[0]?.body)
    assert.deepEqual(
      [body.getAll('grant_type'), body.get('response_type'), body.has('action'), body.get('refresh_token')],
      [['renew'], 'refresh_token', false, 'refresh-1'],
    )
  })

  test('repeats the scopes that were granted, not those that were asked for, where the vendor wants them', async () => {
    const repeating = using({ tokenRequest: { ...plainVendor.tokenRequest, sendsScope: true } })
    const granted = refresh(answer, repeating, { ...grant, grantedScopes: ['sleep:read'] })
    await granted.refreshed
    assert.equal(new URLSearchParams(granted.asked[0]?.body).get('scope'), 'sleep:read')
    const unknown = refresh(answer, repeating)
    await unknown.refreshed
    assert.equal(new URLSearchParams(unknown.asked[0]?.body).has('scope'), false)
  })
})

describe('a refreshed grant', () => {
  for (const mode of ['rotating', 'stable', 'mayRotate'] as const) {
    test(`${mode}: has the new pair when one comes`, async () => {
      assert.deepEqual(await shown(refresh(answer, renewing({ mode }))), {
        access: 'access-2',
        refresh: 'refresh-2',
        accessExpiresAt: NOW + 3_600_000,
        refreshExpiresAt: null,
        grantedScopes: null,
      })
    })

    test(`${mode}: keeps the old refresh token when no other comes`, async () => {
      const { refresh: kept, access } = await shown(
        refresh({ ...answer, refresh_token: undefined }, renewing({ mode })),
      )
      assert.deepEqual([access, kept], ['access-2', 'refresh-1'])
    })
  }

  test('knows when its refresh token dies: from the answer, from the definition, from before', async () => {
    const telling = { lifetimeSeconds: 60, lifetimePath: 'refresh_token_expires_in' }
    const expiry = async (members: object, by: RefreshableGrant, how: Partial<Authorization['refresh']>) =>
      (await refresh(members, renewing(how), by).refreshed).refreshExpiresAt
    const known = { ...grant, refreshExpiresAt: NOW + DAY_MS }
    const silent = { ...answer, refresh_token: undefined }
    assert.equal(await expiry({ ...answer, refresh_token_expires_in: 120 }, known, telling), NOW + 120_000)
    assert.equal(await expiry(answer, known, telling), NOW + 60_000)
    assert.equal(await expiry(silent, known, {}), NOW + DAY_MS)
    assert.equal(await expiry(answer, known, {}), null, 'a new one has a life of its own')
  })

  test('says what is granted from now on, when told', async () => {
    const { grantedScopes } = await refresh({ ...answer, scope: 'sleep:read profile' }).refreshed
    assert.deepEqual(grantedScopes, ['sleep:read', 'profile'])
  })

  test('prints without its tokens', async () => {
    const refreshed = await refresh(answer).refreshed
    assert.doesNotMatch(inspect(refreshed, { depth: 9 }) + JSON.stringify(refreshed), /access-|refresh-/)
  })
})

describe('a refresh that only makes the tokens live longer', () => {
  const envelope = {
    statusPath: 'result',
    successStatus: '0000',
    temporaryStatuses: ['5001'],
    invalidGrantStatuses: ['5006'],
    dataPath: null,
  }
  const extending = renewing(
    { mode: 'extending', lifetimeSeconds: 30 * 86_400 },
    { tokenResponse: { envelope, errorPath: 'error' } },
  )

  test('keeps both, with a new end', async () => {
    assert.deepEqual(await shown(refresh({ result: '0000', message: 'OK' }, extending)), {
      access: 'access-1',
      refresh: 'refresh-1',
      accessExpiresAt: NOW + 30 * DAY_MS,
      refreshExpiresAt: NOW + 30 * DAY_MS,
      grantedScopes: null,
    })
  })

  test('ends when the answer or the definition says so, before the life of the refresh token', async () => {
    const end = async (members: object, authorization: Authorization) =>
      (await refresh(members, authorization).refreshed).accessExpiresAt
    assert.equal(await end({ result: '0000', expires_in: 60 }, extending), NOW + 60_000)
    const tokenResponse = { ...extending.tokenResponse, lifetimeSecondsWhenSilent: 120 }
    assert.equal(await end({ result: '0000' }, { ...extending, tokenResponse }), NOW + 120_000)
  })

  test('is refused for good, or for a while, by the word in the envelope', async () => {
    await assert.rejects(refresh({ result: '5006' }, extending).refreshed, {
      cause: 'invalid_grant',
      endsGrant: true,
    })
    await assert.rejects(refresh({ result: '5001' }, extending).refreshed, {
      kind: 'unavailable',
      endsGrant: false,
    })
    await assert.rejects(refresh({ result: '9' }, extending).refreshed, {
      cause: 'envelope_status',
      endsGrant: false,
    })
  })

  test('is not taken for done because nothing was said', async () => {
    await assert.rejects(refresh({ message: 'OK' }, extending).refreshed, { kind: 'malformed' })
  })
})

describe('a refresh that fails', () => {
  const cases: readonly [what: string, answer: Response, kind: string, cause: string, endsGrant: boolean][] =
    [
      ['the grant is dead', answerOf('{"error":"invalid_grant"}', 400), 'rejected', 'invalid_grant', true],
      [
        'the grant is dead, by 401',
        answerOf('{"error":"invalid_grant"}', 401),
        'rejected',
        'invalid_grant',
        true,
      ],
      [
        'our client is unknown',
        answerOf('{"error":"invalid_client"}', 401),
        'rejected',
        'invalid_client',
        false,
      ],
      ['too many requests', answerOf('{"error":"invalid_grant"}', 429), 'unavailable', 'http_status', false],
      [
        'the vendor is in trouble',
        answerOf('{"error":"invalid_grant"}', 503),
        'unavailable',
        'http_status',
        false,
      ],
      ['a page', answerOf('<html>', 200, 'text/html'), 'malformed', 'content_type', false],
      ['a refusal that is a page', answerOf('<html>', 400, 'text/html'), 'rejected', 'http_status', false],
      ['half an answer', answerOf('{"access_token":"a'), 'malformed', 'not_json', false],
      [
        'no access token',
        answerOf('{"token_type":"bearer","expires_in":1}'),
        'malformed',
        'not_conform',
        false,
      ],
    ]
  for (const [what, failing, kind, cause, endsGrant] of cases)
    test(`${what}: ${kind}, ${endsGrant ? 'and the grant is over' : 'and the grant stays'}`, async () => {
      const { context, asked } = vendorThatAnswers(failing)
      await assert.rejects(refreshGrant(context, plainVendor, client, grant), (error) => {
        assert.ok(error instanceof VendorError)
        assert.deepEqual([error.kind, error.cause, error.endsGrant], [kind, cause, endsGrant])
        assert.doesNotMatch(inspect(error), /refresh-1|access-1|s3cret/)
        return true
      })
      assert.equal(asked.length, 1, 'asked once, never again')
    })

  test('without anything to refresh with, nobody is asked', async () => {
    const { context, asked } = vendorThatAnswers()
    const tokens = { ...grant.tokens, refreshToken: null }
    const dead = { kind: 'rejected', cause: 'no_refresh_token', endsGrant: true }
    await assert.rejects(refreshGrant(context, plainVendor, client, { tokens }), dead)
    await assert.rejects(refreshGrant(context, renewing({ mode: 'none' }), client, grant), dead)
    assert.equal(asked.length, 0)
  })
})
