// Goal: the token request has the shape that a vendor wants, with nothing lost on the way. Method: one definition for each
// shape, and the request as it would have left.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { secret } from '../../src/model/secret.ts'
import type { Authorization } from '../../src/model/source.ts'
import { buildAuthorizationUrl, exchangeCode } from '../../src/oauth/index.ts'
import { type Asked, answering, client, exchange, goodAnswer, plainVendor, using } from './support.ts'

const requestOf = async (
  tokenRequest: Partial<Authorization['tokenRequest']>,
  more: Partial<Authorization> = {},
  by = client,
): Promise<Asked> => {
  const { context, asked } = answering(goodAnswer)
  const authorization = using({ tokenRequest: { ...plainVendor.tokenRequest, ...tokenRequest }, ...more })
  await exchangeCode(context, authorization, by, exchange)
  const [request] = asked
  assert.ok(request !== undefined && asked.length === 1)
  return request
}

const MEMBERS = {
  client_id: 'our id',
  client_secret: 's3cret:+/ &é',
  code: 'the-code',
  code_verifier: 'v'.repeat(43),
  grant_type: 'authorization_code',
  redirect_uri: 'https://connect.example.org/callback/plain',
}

describe('the token request in the shape of the vendor', () => {
  test('is a JSON object of the same members', async () => {
    const request = await requestOf({ format: 'json' })
    assert.equal(request.method, 'POST')
    assert.equal(request.headers.get('content-type'), 'application/json')
    assert.deepEqual(JSON.parse(request.body), MEMBERS)
  })

  test('is a GET with the same members in its query, behind a query that is there', async () => {
    const request = await requestOf({ format: 'query', endpoint: 'https://api.vendor.example/token?v=2' })
    const { origin, pathname, searchParams } = new URL(request.url)
    assert.deepEqual(
      [request.method, request.body, origin + pathname],
      ['GET', '', 'https://api.vendor.example/token'],
    )
    assert.equal(request.headers.get('content-type'), null)
    assert.deepEqual(Object.fromEntries(searchParams), { v: '2', ...MEMBERS })
  })

  test('has our credentials in the header also as JSON and as a query', async () => {
    for (const format of ['json', 'query'] as const) {
      const request = await requestOf({ format, clientAuthentication: 'client_secret_basic' })
      assert.match(request.headers.get('authorization') ?? '', /^Basic /)
      assert.doesNotMatch(request.url + request.body, /s3cret|client_secret/)
    }
  })

  test('has the headers of the definition, filled in from our registration', async () => {
    const extended = { ...client, clientId: 'id-1', extras: new Map([['key', secret('key-1')]]) }
    const headers = {
      Accept: 'application/vnd.v1+json',
      'Api-Key': '{clientId}',
      'X-Subscription': '{client.key}',
    }
    const request = await requestOf({ headers }, {}, extended)
    assert.deepEqual(
      ['accept', 'api-key', 'x-subscription'].map((name) => request.headers.get(name)),
      ['application/vnd.v1+json', 'id-1', 'key-1'],
    )
  })

  test('repeats the scopes where the vendor wants them again, under its name for them', async () => {
    const commas = { scopeSeparator: ',' } as const
    const scopes = 'sleep:read,steps:read,profile'
    // The answer's own scopes are separated like those of the request.
    const { context, asked } = answering({ ...goodAnswer, scope: scopes })
    const repeating = using({ ...commas, tokenRequest: { ...plainVendor.tokenRequest, sendsScope: true } })
    await exchangeCode(context, repeating, client, exchange)
    assert.equal(new URLSearchParams(asked[0]?.body).get('scope'), scopes)

    const authorizationRequest = { ...plainVendor.authorizationRequest, scopeParameter: 'APIName' }
    const renamed = new URLSearchParams(
      (await requestOf({ sendsScope: true }, { authorizationRequest })).body,
    )
    assert.deepEqual([renamed.get('APIName'), renamed.has('scope')], ['sleep:read steps:read profile', false])
  })

  test('carries no scopes where the vendor takes none', async () => {
    const authorizationRequest = { ...plainVendor.authorizationRequest, scopeParameter: null }
    const { body } = await requestOf({ sendsScope: true }, { authorizationRequest })
    assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), MEMBERS)
  })
})

describe('the scopes on the authorization URL', () => {
  const urlWith = (scopeParameter: string | null) =>
    new URL(
      buildAuthorizationUrl(
        using({ authorizationRequest: { ...plainVendor.authorizationRequest, scopeParameter } }),
        client,
        { ...exchange, state: 'state-1', codeChallenge: 'challenge-1', scopes: ['sleep:read'] },
      ),
    ).searchParams

  test('stand under the name that the vendor gives them', () => {
    const parameters = urlWith('API Name')
    assert.deepEqual([parameters.get('API Name'), parameters.has('scope')], ['sleep:read', false])
  })

  test('are not sent where the vendor takes none', () => {
    assert.doesNotMatch(urlWith(null).toString(), /sleep|scope/)
  })
})

test('a vendor without scopes gives a grant without scopes, and nothing is missing', async () => {
  const { context } = answering({ ...goodAnswer, scope: undefined })
  const grant = await exchangeCode(context, using({ scopes: [] }), client, exchange)
  assert.deepEqual([grant.grantedScopes, grant.missingScopes], [[], []])
})
