// Goal: the definitions with OAuth 1.0a fit the rest of the registry. Method: every such authorization beside its source,
// and the addresses to the letter.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findExchange } from '../../src/broker/connections/exchange-generation.ts'
import { secret } from '../../src/model/secret.ts'
import { isOAuth2 } from '../../src/model/source.ts'
import { oauth1AuthorizationUrl } from '../../src/oauth/index.ts'
import { OAUTH1_VENDORS } from '../../src/sandbox/index.ts'
import { sources } from '../../src/sources/index.ts'

const authorizations = [...sources.values()].flatMap((source) =>
  source.kind === 'oauth2' ? source.authorizations : [],
)
const oauth1 = authorizations.filter((one) => !isOAuth2(one))

test('no vendor key is given twice, whatever the protocol', () => {
  const keys = authorizations.map(({ vendor }) => vendor)
  assert.deepEqual(keys.toSorted(), [...new Set(keys)].toSorted())
})

test('the sandbox plays every vendor with OAuth 1.0a, at its addresses', () => {
  assert.deepEqual(
    OAUTH1_VENDORS.map((one) => [one.key, one.temporaryCredentialUrl, one.authorizationUrl, one.tokenUrl]),
    oauth1
      .map((one) => [
        one.vendor,
        ...[one.temporaryCredentialEndpoint, one.authorizationEndpoint, one.tokenEndpoint].map((url) =>
          url.replace('https://', ''),
        ),
      ])
      .toSorted(),
  )
})

test('people are sent to each vendor with what its documentation asks for', () => {
  const requestToken = { token: secret('the token'), tokenSecret: secret('-') }
  const callback = 'https://connect.example.org/callback/x?state=s'
  assert.deepEqual(
    Object.fromEntries(
      oauth1.map((one) => [one.vendor, oauth1AuthorizationUrl(one, requestToken, callback)]),
    ),
    {
      'garmin-oauth1':
        'https://connect.garmin.com/oauthConfirm?oauth_token=the%20token' +
        '&oauth_callback=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fx%3Fstate%3Ds',
      fatsecret: 'https://authentication.fatsecret.com/oauth/authorize?oauth_token=the%20token',
    },
  )
})

test('an exchange leads to a newer generation of the same source that knows accounts and permissions alike', () => {
  const exchanged = oauth1.filter((one) => one.exchange !== undefined)
  assert.deepEqual(
    exchanged.map(({ vendor }) => vendor),
    ['garmin-oauth1'],
  )
  for (const one of exchanged) {
    const plan = findExchange(sources, one.vendor)
    assert.ok(plan)
    assert.equal(plan.to.status, 'live')
    assert.deepEqual(plan.from.account, plan.to.account)
    assert.deepEqual(plan.from.permissions, plan.to.permissions)
    assert.deepEqual(plan.from.scopes, plan.to.scopes)
  }
})

test('the newer generation is the default, and the one that ends says until when', () => {
  const garmin = sources.get(2)
  assert.ok(garmin?.kind === 'oauth2')
  assert.deepEqual(
    garmin.authorizations.map(({ vendor, status }) => [vendor, status]),
    [
      ['garmin', 'live'],
      ['garmin-oauth1', 'ended'],
    ],
  )
  assert.match(garmin.authorizations[1]?.statusNote ?? '', /2026-12-31/)
})
