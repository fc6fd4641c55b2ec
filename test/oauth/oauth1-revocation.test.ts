// Goal: a grant of OAuth 1.0a is ended by the vendor's own call, signed with the grant's token and never as a bearer
// token. Method: definitions of each shape against a vendor in process.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { secret } from '../../src/model/secret.ts'
import type { OAuth1Authorization } from '../../src/model/source.ts'
import { revokeOAuth1Grant, VendorError } from '../../src/oauth/index.ts'
import { signHmacSha1 } from '../../src/oauth/oauth1-signature.ts'
import { type Asked, answerOf, client, vendorThatAnswers } from './support.ts'

type Revocation = OAuth1Authorization['revocation']

const request: Extract<Revocation, { kind: 'request' }> = {
  kind: 'request',
  reach: 'account',
  method: 'DELETE',
  url: 'https://api.vendor.example/people/{accountId}/registration',
  authentication: 'bearer',
  successStatuses: [204],
  goneStatuses: [401, 404],
  needsFreshToken: false,
}

const definition = (revocation: Revocation): OAuth1Authorization => ({
  protocol: 'oauth1',
  vendor: 'plain',
  name: 'Plain',
  status: 'live',
  statusNote: null,
  scopes: [],
  scopeSeparator: ' ',
  temporaryCredentialEndpoint: 'https://api.vendor.example/request_token',
  authorizationEndpoint: 'https://login.vendor.example/authorize',
  tokenEndpoint: 'https://api.vendor.example/access_token',
  callbackIn: 'authorization_url',
  account: { from: 'tokenDigest' },
  revocation,
  documentation: { url: 'https://vendor.example/docs', checkedOn: '2026-11-22', doubts: [] },
})

const grant = {
  accountId: 'person/7',
  tokens: {
    accessToken: secret('access-1'),
    tokenSecret: secret('access-secret'),
    refreshToken: null,
    tokenType: 'oauth1',
  },
} as const

function revoke(revocation: Revocation, ...answers: Response[]) {
  const { context, asked } = vendorThatAnswers(...answers)
  const random = (length: number) => new Uint8Array(length)
  return { ended: revokeOAuth1Grant({ ...context, random }, definition(revocation), client, grant), asked }
}

/** The signature of a request, and what it should be with these fields of a form. */
function signaturesOf(
  request: Asked | undefined,
  fields: readonly (readonly [string, string])[],
): [actual: string | undefined, expected: string] {
  assert.ok(request)
  const header = [...(request.headers.get('authorization') ?? '').matchAll(/([a-z_]+)="([^"]*)"/g)]
  const { oauth_signature: actual, ...protocol } = Object.fromEntries(
    header.map(([, name = '', value = '']) => [name, decodeURIComponent(value)]),
  )
  const parameters = [...Object.entries(protocol), ...fields]
  const signed = { method: request.method, url: request.url, parameters }
  return [actual, signHmacSha1(signed, client.clientSecret.reveal(), 'access-secret')]
}

describe('ending a grant of OAuth 1.0a', () => {
  test('is one signed call to the address of the account', async () => {
    const { ended, asked } = revoke(request, new Response(null, { status: 204 }))
    assert.equal(await ended, 'revoked')
    assert.deepEqual(
      asked.map(({ method, url, body }) => [method, url, body]),
      [['DELETE', 'https://api.vendor.example/people/person%2F7/registration', '']],
    )
    const header = asked[0]?.headers.get('authorization') ?? ''
    assert.match(header, /^OAuth .*oauth_token="access-1".*oauth_signature="[^"]+"$/)
    assert.ok(!/bearer/i.test(header) && !header.includes('access-secret'))
  })

  test('sends a form, which is signed, or JSON, and the headers of the definition', async () => {
    const members = { user: '{accountId}' }
    const headers = { 'x-client': '{clientId}' }
    const asForm = revoke(
      { ...request, method: 'POST', headers, body: { format: 'form', members } },
      new Response(null, { status: 204 }),
    )
    assert.equal(await asForm.ended, 'revoked')
    assert.equal(asForm.asked[0]?.body, 'user=person%2F7')
    assert.equal(...signaturesOf(asForm.asked[0], [['user', 'person/7']]))
    assert.equal(asForm.asked[0]?.headers.get('x-client'), 'our id')
    const asJson = revoke(
      { ...request, method: 'POST', body: { format: 'json', members } },
      new Response(null, { status: 204 }),
    )
    assert.equal(await asJson.ended, 'revoked')
    assert.equal(asJson.asked[0]?.body, '{"user":"person/7"}')
    assert.equal(...signaturesOf(asJson.asked[0], []))
    assert.equal(asJson.asked[0]?.headers.get('content-type'), 'application/json')
  })

  test('knows what had ended before, and what the vendor has no call for', async () => {
    for (const status of [401, 404])
      assert.equal(await revoke(request, answerOf('', status, null)).ended, 'gone')
    const unsupported = revoke({ kind: 'unsupported' })
    assert.equal(await unsupported.ended, 'unsupported')
    assert.deepEqual(unsupported.asked, [])
  })

  test('says whether another try may help', async () => {
    for (const [status, kind] of [
      [500, 'unavailable'],
      [429, 'unavailable'],
      [403, 'rejected'],
      [200, 'rejected'],
    ] as const)
      await assert.rejects(
        revoke(request, answerOf('', status, null)).ended,
        (error) => error instanceof VendorError && error.kind === kind && error.status === status,
      )
  })
})
