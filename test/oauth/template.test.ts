// Goal: what goes into a vendor's call by a template is encoded for its place, and nothing else gets in. Method: values
// that try to leave their place, and every built-in definition through the check at start.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { secret } from '../../src/model/secret.ts'
import { type Authorization, isOAuth2 } from '../../src/model/source.ts'
import { checkTemplates } from '../../src/oauth/index.ts'
import {
  fillHeader,
  fillHeaders,
  fillText,
  fillUrl,
  placeholdersOf,
  valuesOf,
} from '../../src/oauth/template.ts'
import { sources } from '../../src/sources/index.ts'
import { client, using } from './support.ts'
import '../support/fixed-seed.ts'

const values = (known: Readonly<Record<string, string>>) => (name: string) => known[name]

describe('a template', () => {
  test('knows its placeholders in order', () => {
    assert.deepEqual(placeholdersOf('{accountId}/x/{clientId}{client.subscriptionKey}'), [
      'accountId',
      'clientId',
      'client.subscriptionKey',
    ])
    assert.deepEqual(placeholdersOf('application/json'), [])
  })

  for (const wrong of [
    '{accountid}',
    '{}',
    '{ accountId }',
    '{client.}',
    '{client.a b}',
    '{a',
    'b}',
    '{{accountId}}',
  ])
    test(`${wrong} is a mistake of ours`, () => assert.throws(() => placeholdersOf(wrong), TypeError))

  test('has our registration, the further fields of it, and the grant', () => {
    const extended = { ...client, extras: new Map([['subscriptionKey', secret('key-1')]]) }
    const tokens = { accessToken: secret('access-1'), refreshToken: null, tokenType: 'bearer' } as const
    const lookup = valuesOf(extended, { accountId: 'person-7', connectionId: 'connection-1', tokens })
    assert.equal(
      fillText('{clientId} {client.subscriptionKey} {accountId} {connectionId} {accessToken}', lookup),
      'our id key-1 person-7 connection-1 access-1',
    )
    assert.equal(fillText('{clientSecret}', lookup), 's3cret:+/ &é')
    for (const missing of ['{refreshToken}', '{client.other}'])
      assert.throws(() => fillText(missing, lookup), { kind: 'rejected', cause: 'template_value' })
    assert.throws(() => fillText('{accessToken}', valuesOf(client)), { cause: 'template_value' })
  })
})

describe('a value in a URL', () => {
  const url = (accountId: string) =>
    fillUrl('https://v.example/users/{accountId}?id={accountId}', values({ accountId }))

  test('stays one segment and one parameter, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (accountId) => {
        fc.pre(accountId !== '.' && accountId !== '..')
        const { origin, pathname, searchParams, hash } = new URL(url(accountId))
        assert.deepEqual([origin, hash, [...searchParams.keys()]], ['https://v.example', '', ['id']])
        assert.equal(decodeURIComponent(pathname), `/users/${accountId}`)
        assert.equal(searchParams.get('id'), accountId)
      }),
    )
  })

  for (const [what, value] of [
    ['nothing', ''],
    ['here', '.'],
    ['up', '..'],
    ['half a character', '\ud800'],
  ] as const)
    test(`that means ${what} is refused`, () => assert.throws(() => url(value), { cause: 'template_value' }))
})

describe('a value in a header', () => {
  for (const value of ['a\r\nx: y', 'a\nb', 'a\0b', 'tab\there', 'é', '\u007f'])
    test(`${JSON.stringify(value)} is refused`, () => {
      assert.throws(() => fillHeader('key {client.key}', values({ 'client.key': value })), {
        kind: 'rejected',
        cause: 'template_value',
      })
    })

  test('stands where the definition puts it, over a header of the same name', () => {
    const headers = new Headers({ accept: 'application/json' })
    fillHeaders(
      headers,
      { Accept: 'application/vnd.v1+json', 'Api-Key': '{clientId}' },
      values({ clientId: '$& $1' }),
    )
    assert.deepEqual(
      [...headers],
      [
        ['accept', 'application/vnd.v1+json'],
        ['api-key', '$& $1'],
      ],
    )
  })
})

describe('the check at start', () => {
  const step = {
    method: 'POST',
    url: 'https://v.example/users/{accountId}',
    authentication: 'bearer',
    successStatuses: [200],
    doneStatuses: [],
    consentMissingStatuses: [],
  } as const
  const registration = {
    url: 'https://v.example',
    redirectUri: { match: 'exact', loopback: 'unknown' },
    clientFields: [{ name: 'key', label: 'Key', required: true }],
  } as const
  const withTokenHeaders = (headers: Readonly<Record<string, string>>, more: Partial<Authorization> = {}) =>
    using({ tokenRequest: { ...using({}).tokenRequest, headers }, ...more })

  const wrong: readonly [what: string, authorization: Authorization][] = [
    ['a name that nobody knows', using({ afterConnect: [{ ...step, url: 'https://v.example/{userId}' }] })],
    ['an account before it is known', withTokenHeaders({ 'X-User': '{accountId}' })],
    ['a client field that is not declared', withTokenHeaders({ 'X-Key': '{client.key}' })],
    ['an access token before there is one', withTokenHeaders({ authorization: 'Bearer {accessToken}' })],
    [
      'an account in the request for it',
      using({
        account: { from: 'request', url: 'https://v.example/me', path: 'id', headers: { id: '{accountId}' } },
      }),
    ],
    [
      'a GET with a body',
      using({ afterConnect: [{ ...step, method: 'GET', body: { format: 'form', members: {} } }] }),
    ],
    [
      'a GET with credentials in its body',
      using({ afterConnect: [{ ...step, method: 'GET', authentication: 'client_secret_post' }] }),
    ],
  ]
  for (const [what, authorization] of wrong)
    test(`refuses ${what}`, () => assert.throws(() => checkTemplates(authorization), TypeError))

  test('lets everything pass that can be filled', () => {
    checkTemplates(
      withTokenHeaders({ 'X-Key': '{client.key} {clientId}' }, { registration, afterConnect: [step] }),
    )
  })

  for (const source of sources.values())
    for (const authorization of source.kind === 'oauth2' ? source.authorizations.filter(isOAuth2) : [])
      test(`finds nothing to say about ${authorization.vendor}`, () => checkTemplates(authorization))
})
