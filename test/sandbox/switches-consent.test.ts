// Goal: each switch of the consent page does what it says. Method: the same vendor with one switch changed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleSandbox } from './example-vendor.ts'
import { CHALLENGE } from './harness.ts'

test('condition: a vendor that is down answers 503 everywhere, until it is back to normal', async () => {
  const { authorize, exchange, control } = exampleSandbox({ switches: { condition: 'down' } })
  assert.equal((await authorize()).status, 503)
  assert.equal((await exchange()).status, 503)
  control.backToNormal('example')
  assert.equal((await authorize()).status, 200)
})

test('condition: a slow vendor takes five seconds to answer the application, and none to ask the person', async () => {
  const waits: number[] = []
  const delay = async (delayMs: number) => void waits.push(delayMs)
  const { authorize, exchange } = exampleSandbox({ switches: { condition: 'slow' }, sandbox: { delay } })
  await authorize()
  assert.deepEqual(waits, [])
  assert.equal((await exchange()).status, 200)
  assert.deepEqual(waits, [5_000])
})

test('condition: rubbish comes where tokens should', async () => {
  const { exchange } = exampleSandbox({ switches: { condition: 'rubbish' } })
  const { status, headers } = await exchange()
  assert.equal(status, 200)
  assert.match(headers.get('content-type') ?? '', /^text\/html/)
})

for (const [consent, expected] of [
  ['allow', { code: true, scopes: ['profile', 'sleep'] }],
  ['untick-one', { code: true, scopes: ['profile'] }],
  ['untick-all', { code: false, scopes: undefined }],
  ['cancel', { code: false, scopes: undefined }],
] as const) {
  test(`consent: with ${consent}, the person decides without looking`, async () => {
    const { authorize, control } = exampleSandbox({ switches: { consent } })
    const { status, headers } = await authorize()
    assert.equal(status, 302)
    const back = new URL(headers.get('location') ?? '').searchParams
    assert.equal(back.has('code'), expected.code)
    assert.equal(back.get('error'), expected.code ? null : 'access_denied')
    assert.deepEqual(control.grants()[0]?.scopes, expected.scopes)
  })
}

test('consent: with problem, the person stays on a page of the vendor', async () => {
  const { authorize } = exampleSandbox({ switches: { consent: 'problem' } })
  const { status, headers } = await authorize()
  assert.equal(status, 400)
  assert.equal(headers.get('location'), null)
})

test('consentAccount: somebody else decides without looking', async () => {
  const { authorize, control } = exampleSandbox({ switches: { consent: 'allow', consentAccount: 'noor' } })
  await authorize()
  assert.equal(control.grants()[0]?.account, 'noor')
})

test('cancelDescription: a cancel comes with a description or without', async () => {
  const { consent, set } = exampleSandbox({ switches: { cancelDescription: 'with' } })
  assert.ok((await consent({}, { decision: 'cancel' }))?.get('error_description'))
  set({ cancelDescription: 'without' })
  assert.equal((await consent({}, { decision: 'cancel' }))?.get('error_description'), null)
})

test('untickedAll: an empty grant instead of a cancel', async () => {
  const { exchange, set } = exampleSandbox({ switches: { untickedAll: 'empty' } })
  assert.equal((await exchange({}, {}, { scopes: [] })).status, 200)
  set({ untickedAll: 'cancel' })
  assert.equal((await exchange({}, {}, { scopes: [] })).status, 400, 'there is no code')
})

test('issuer: iss in the callback, its own, another one or none', async () => {
  const { consent, set } = exampleSandbox({ switches: { issuer: 'own' } })
  assert.equal((await consent())?.get('iss'), 'https://id.example.org')
  set({ issuer: 'wrong' })
  assert.equal((await consent())?.get('iss'), 'https://another-issuer.example')
  set({ issuer: 'none' })
  assert.equal((await consent())?.get('iss'), null)
})

test('callbackAppend: parameters put naively behind a redirect URI that has a query', async () => {
  const clients = [
    { vendor: 'example', clientId: 'c', clientSecret: 's', redirectUris: ['http://localhost:8080/cb?a=1'] },
  ]
  const { authorize, set } = exampleSandbox({
    switches: { consent: 'allow', callbackAppend: 'naive' },
    sandbox: { clients },
  })
  const uri = { redirect_uri: 'http://localhost:8080/cb?a=1' }
  assert.match((await authorize(uri)).headers.get('location') ?? '', /\?a=1\?code=/)
  set({ callbackAppend: 'standard' })
  assert.match((await authorize(uri)).headers.get('location') ?? '', /\?a=1&code=/)
})

test('stateMinCharacters: a shorter state is refused on the page', async () => {
  const { authorize } = exampleSandbox({ switches: { stateMinCharacters: 8 } })
  assert.equal((await authorize({ state: '1234567' })).status, 400)
  assert.equal((await authorize({ state: '12345678' })).status, 200)
})

test('allowLocalhost: off, at a vendor that takes no localhost', async () => {
  const registration = {
    url: 'https://example.org',
    redirectUri: { match: 'exact', loopback: 'refused' },
  } as const
  const { authorize, set } = exampleSandbox({ definition: { registration } })
  assert.equal((await authorize()).status, 400, 'off is the default there')
  set({ allowLocalhost: true })
  assert.equal((await authorize()).status, 200)
})

test('a vendor that takes the name of this machine takes no address of it', async () => {
  const uri = 'http://127.0.0.1:8080/cb'
  const { authorize } = exampleSandbox({
    oddities: { redirectUri: { noIpAddress: true }, switches: { allowLocalhost: false } },
    sandbox: { clients: [{ vendor: 'example', clientId: 'c', clientSecret: 's', redirectUris: [uri] }] },
  })
  const { status, text } = await authorize({ redirect_uri: uri })
  assert.equal(status, 400)
  assert.ok(text.includes('localhost or an IP address'))
})

test('redirectUriMatch: the host alone or to the letter', async () => {
  const { authorize, set } = exampleSandbox({ switches: { redirectUriMatch: 'host' } })
  const other = { redirect_uri: 'http://localhost:8080/elsewhere' }
  assert.equal((await authorize(other)).status, 200)
  set({ redirectUriMatch: 'exact' })
  assert.equal((await authorize(other)).status, 400)
})

test('pkce: demanded, with S256', async () => {
  const { authorize, set } = exampleSandbox({ switches: { pkce: 'required' } })
  const challenge = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }
  assert.equal((await authorize()).status, 400)
  assert.equal((await authorize({ ...challenge, code_challenge_method: 'plain' })).status, 400)
  assert.equal((await authorize(challenge)).status, 200)
  set({ pkce: 'ignored' })
  assert.equal((await authorize()).status, 200)
})

for (const [refreshTokenAgain, prompt, again] of [
  ['always', '', true],
  ['first-consent-only', '', false],
  ['with-prompt-consent', '', false],
  ['with-prompt-consent', 'consent', true],
] as const) {
  test(`refreshTokenAgain: ${refreshTokenAgain}, prompt=${prompt}: ${again}`, async () => {
    const { exchange, consent } = exampleSandbox({ switches: { refreshTokenAgain } })
    assert.ok((await exchange()).json.refresh_token, 'the first consent gives one')
    const code = (await consent({ prompt }))?.get('code') ?? ''
    assert.equal('refresh_token' in (await exchange({ code })).json, again)
  })
}

test('the way back can be a link, to open late or twice', async () => {
  const { sandbox, codeOf } = exampleSandbox()
  assert.equal(await codeOf({ trouble: 'callback-by-hand' }), '')
  assert.equal(sandbox.control.grants().length, 1, 'and the person did allow it')
})
