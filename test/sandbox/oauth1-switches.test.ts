// Goal: each switch and each button of a vendor with OAuth 1.0a does what it says, and what does nothing there says why.
// Method: signed requests made by hand, before and after; the vendor's page as a browser reads it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sandbox, Switches } from '../../src/sandbox/index.ts'
import { redirectUriOf } from './harness.ts'
import { connect, createVendors, GARMIN, membersOf, REQUEST_TOKEN, send, temporary } from './oauth1-caller.ts'

const GARMIN_API = 'apis.garmin.com/wellness-api/rest/user'

function withSwitches(change: Partial<Switches>, vendor = 'fatsecret'): Sandbox {
  const sandbox = createVendors()
  sandbox.control.setSwitches(vendor, change)
  return sandbox
}

const parametersOf = (location: string | null) => new URL(location ?? '').searchParams

/** From nothing to a token of the vendor whose permissions can be chosen. */
async function connectGarmin(sandbox: Sandbox, callback = redirectUriOf('garmin-oauth1')) {
  const given = await membersOf(await send(sandbox, `${GARMIN}/request_token`))
  const { oauth_token: token = '', oauth_token_secret: tokenSecret = '' } = given
  const url = `/connect.garmin.com/oauthConfirm?${new URLSearchParams({ oauth_token: token, oauth_callback: callback })}`
  const consent = await sandbox.app.request(url)
  const location = consent.headers.get('location')
  if (location === null) return { status: consent.status, location, read: null }
  const verifier = parametersOf(location).get('oauth_verifier') ?? ''
  const exchanged = await send(sandbox, `${GARMIN}/access_token`, {
    token,
    tokenSecret,
    protocol: { oauth_verifier: verifier },
  })
  const access = await membersOf(exchanged)
  const read = (path: string, method = 'GET') =>
    send(sandbox, `${GARMIN_API}/${path}`, {
      method,
      token: access['oauth_token'] ?? '',
      tokenSecret: access['oauth_token_secret'] ?? '',
    })
  return { status: exchanged.status, location, read }
}

for (const [value, confirmed] of [
  ['vendor', 'true'],
  ['false', 'false'],
  ['absent', undefined],
] as const)
  test(`callbackConfirmed: ${value}`, async () => {
    const sandbox = withSwitches({ callbackConfirmed: value })
    assert.equal((await temporary(sandbox))['oauth_callback_confirmed'], confirmed)
  })

test('requestTokenLifetimeSeconds and requestTokenLost: the trip is not known any more', async () => {
  const lost = withSwitches({ requestTokenLost: 'before-consent' })
  const page = await connect(lost)
  assert.equal(page.location, null)
  const later = withSwitches({ requestTokenLost: 'after-consent' })
  const { exchange, location } = await connect(later)
  assert.ok(location)
  assert.deepEqual(await membersOf(await exchange()), { oauth_problem: 'token_rejected' })
  const short = withSwitches({ requestTokenLifetimeSeconds: 10 })
  const trip = await connect(short)
  short.control.advance(10_000)
  assert.deepEqual(await membersOf(await trip.exchange()), { oauth_problem: 'token_expired' })
})

for (const [denial, said] of [
  ['no-verifier', ['state', 'oauth_token']],
  ['null-verifier', ['state', 'oauth_token', 'oauth_verifier']],
  ['oauth-problem', ['state', 'oauth_token', 'oauth_problem']],
  ['denied', ['state', 'denied']],
] as const)
  test(`denial: ${denial}`, async () => {
    const sandbox = withSwitches({ denial, consent: 'cancel' })
    const { oauth_token: token = '' } = await temporary(sandbox)
    const answer = await sandbox.app.request(
      `/authentication.fatsecret.com/oauth/authorize?oauth_token=${token}`,
    )
    assert.deepEqual([...parametersOf(answer.headers.get('location')).keys()], said)
  })

test('denial: no-way-back leaves the person on a page', async () => {
  const sandbox = withSwitches({ denial: 'no-way-back' })
  const { oauth_token: token = '' } = await temporary(sandbox)
  const url = `https://authentication.fatsecret.com/oauth/authorize?oauth_token=${token}`
  assert.deepEqual(await sandbox.control.consent(url, { decision: 'cancel' }), {
    status: 200,
    location: null,
  })
  assert.equal((await sandbox.control.consent(url)).status, 400, 'the decision was taken')
})

test('verifier and callbackToken: what the way back carries', async () => {
  const wrong = await connect(withSwitches({ verifier: 'wrong' }))
  assert.deepEqual(await membersOf(await wrong.exchange()), { oauth_problem: 'verifier_invalid' })
  const absent = await connect(withSwitches({ verifier: 'absent' }))
  assert.equal(parametersOf(absent.location).has('oauth_verifier'), false)
  const other = await connect(withSwitches({ callbackToken: 'other' }))
  assert.notEqual(parametersOf(other.location).get('oauth_token'), other.token)
  const none = await connect(withSwitches({ callbackToken: 'absent' }))
  assert.equal(parametersOf(none.location).has('oauth_token'), false)
})

for (const signedRequests of [
  'signature_invalid',
  'timestamp_refused',
  'nonce_used',
  'consumer_key_unknown',
  'token_rejected',
] as const)
  test(`signedRequests: ${signedRequests}`, async () => {
    const answer = await send(withSwitches({ signedRequests }), REQUEST_TOKEN)
    assert.deepEqual([answer.status, await membersOf(answer)], [401, { oauth_problem: signedRequests }])
  })

test('consent and untickedAll: decided without a page', async () => {
  const scopesAfter = async (change: Partial<Switches>) => {
    const sandbox = withSwitches(change, 'garmin-oauth1')
    const { status } = await connectGarmin(sandbox)
    return [status, sandbox.control.grants()[0]?.scopes]
  }
  assert.deepEqual(await scopesAfter({ consent: 'untick-one' }), [200, ['ACTIVITY_EXPORT', 'HEALTH_EXPORT']])
  assert.deepEqual(await scopesAfter({ consent: 'untick-all' }), [200, []])
  assert.deepEqual(await scopesAfter({ consent: 'untick-all', untickedAll: 'cancel' }), [401, undefined])
  assert.deepEqual(await scopesAfter({ consent: 'problem' }), [400, undefined])
})

test('consentAccount, userIdAs, stalePermissionReads: what the vendor says of the person', async () => {
  const sandbox = withSwitches(
    { consent: 'allow', consentAccount: 'kim', userIdAs: 'beyond-2^53', stalePermissionReads: 1 },
    'garmin-oauth1',
  )
  const { read } = await connectGarmin(sandbox)
  assert.equal(sandbox.control.grants()[0]?.account, 'kim')
  assert.match((await (await read?.('id'))?.text()) ?? '', /^\{"userId":9007199254740\d{3}\}$/)
  assert.equal(await (await read?.('permissions'))?.text(), '{"permissions":[]}')
  assert.match((await (await read?.('permissions'))?.text()) ?? '', /ACTIVITY_EXPORT/)
})

test('revocation, revocationStatus, revocationGoneStatus: how a grant ends', async () => {
  const odd = { consent: 'allow', revocationStatus: 200, revocationGoneStatus: 404 } as const
  const { read } = await connectGarmin(withSwitches(odd, 'garmin-oauth1'))
  assert.equal((await read?.('registration', 'DELETE'))?.status, 200)
  assert.equal((await read?.('registration', 'DELETE'))?.status, 404)
  const missing = withSwitches({ consent: 'allow', revocation: 'missing' }, 'garmin-oauth1')
  const second = await connectGarmin(missing)
  assert.equal((await second.read?.('registration', 'DELETE'))?.status, 404)
  assert.equal(missing.control.grants()[0]?.ended, null)
})

test('dataStatus: what data calls answer', async () => {
  const sandbox = withSwitches({ dataStatus: 412 })
  const { exchange } = await connect(sandbox)
  const { oauth_token: token = '', oauth_token_secret: tokenSecret = '' } = await membersOf(await exchange())
  const url = 'platform.fatsecret.com/rest/profile/v1'
  assert.equal((await send(sandbox, url, { method: 'GET', token, tokenSecret })).status, 412)
})

test('allowLocalhost, redirectUriMatch, callbackAppend: the way back', async () => {
  const at = (change: Partial<Switches>, callback?: string) =>
    connectGarmin(withSwitches({ consent: 'allow', ...change }, 'garmin-oauth1'), callback)
  assert.equal((await at({ allowLocalhost: false })).location, null)
  assert.equal((await at({}, 'http://localhost:8080/elsewhere')).location, null)
  assert.ok((await at({ redirectUriMatch: 'host' }, 'http://localhost:8080/elsewhere')).location)
  const naive = await at({ callbackAppend: 'naive' }, `${redirectUriOf('garmin-oauth1')}?state=a`)
  assert.match(naive.location ?? '', /\?state=a\?oauth_token=/)
})

test('condition: a vendor that is down, and one whose token calls answer rubbish', async () => {
  assert.equal((await send(withSwitches({ condition: 'down' }), REQUEST_TOKEN)).status, 503)
  const rubbish = await send(withSwitches({ condition: 'rubbish' }), REQUEST_TOKEN)
  assert.equal(rubbish.headers.get('content-type'), 'text/html; charset=utf-8')
})

test('a fault changes the members of a form, cuts it off, and makes it huge', async () => {
  const sandbox = createVendors()
  const answerTo = async (fault: Parameters<Sandbox['control']['addFault']>[0]['fault']) => {
    sandbox.control.addFault({ vendor: 'fatsecret', operation: 'request_token', fault })
    return (await send(sandbox, REQUEST_TOKEN, { protocol: { oauth_callback: 'https://x.example/' } })).text()
  }
  const changed = await answerTo({
    kind: 'fields',
    set: { oauth_token: ['a', 'b'] },
    remove: ['oauth_token_secret'],
  })
  const members = new URLSearchParams(changed)
  assert.deepEqual(members.getAll('oauth_token'), ['a', 'b'])
  assert.equal(members.has('oauth_token_secret'), false)
  assert.ok((await answerTo({ kind: 'largeBody', bytes: 3_000 })).length > 3_000)
  assert.match(await answerTo({ kind: 'truncatedJson' }), /^oauth_token=[^&]+&oauth_token_sec[^&]*$/)
})

const REFUSED: readonly (readonly [vendor: string, change: Partial<Switches>, reason: RegExp])[] = [
  ['fatsecret', { pkce: 'required' }, /^pkce does nothing at FatSecret: a trip is bound by the secret/],
  ['fatsecret', { refresh: 'rotating' }, /tokens do not expire/],
  ['fatsecret', { tokenFormat: 'json' }, /signed forms/],
  ['fatsecret', { logIn: 'terms' }, /log-in of the person’s own/],
  ['garmin-oauth1', { callbackConfirmed: 'absent' }, /the callback on the address of its consent page/],
  ['freestyle-libre', { consent: 'cancel' }, /a log-in is one call/],
  ['strava', { verifier: 'wrong' }, /it is for OAuth 1\.0a/],
  ['strava', { logIn: 'terms' }, /log-in of the person’s own/],
]
for (const [vendor, change, reason] of REFUSED)
  test(`${Object.keys(change).join()} is refused at ${vendor}, with the reason`, () => {
    assert.throws(() => createVendors().control.setSwitches(vendor, change), {
      name: 'RangeError',
      message: reason,
    })
  })

test('every vendor’s list names the switches that do something there', async () => {
  const { app } = createVendors()
  // As the control API answers.
  const { vendors } = (await (await app.request('/_sandbox/vendors')).json()) as {
    readonly vendors: readonly {
      readonly key: string
      readonly protocol: string
      readonly switches: object
    }[]
  }
  const of = (key: string) => vendors.find((vendor) => vendor.key === key)
  assert.equal(of('fatsecret')?.protocol, 'oauth1')
  assert.ok('denial' in (of('fatsecret')?.switches ?? {}))
  assert.ok(!('pkce' in (of('fatsecret')?.switches ?? {})))
  assert.deepEqual(of('freestyle-libre')?.switches, { condition: 'normal', logIn: 'vendor' })
  assert.ok(!('denial' in (of('strava')?.switches ?? {})))
})

test('the home page links each vendor’s own page, whatever it speaks', async () => {
  const { app } = createVendors()
  const home = await (await app.request('/')).text()
  for (const key of ['strava', 'fatsecret', 'garmin-oauth1', 'freestyle-libre']) {
    assert.ok(home.includes(`href="/vendors/${key}"`), key)
    assert.equal((await app.request(`/vendors/${key}`)).status, 200)
  }
  assert.ok(home.includes('A phone'))
})

test('the buttons of OAuth 1.0a do what they say, until “Back to normal”', async () => {
  const sandbox = createVendors()
  const press = (button: string) =>
    sandbox.app.request('/vendors/fatsecret', { method: 'POST', body: new URLSearchParams({ button }) })
  const page = async () => (await sandbox.app.request('/vendors/fatsecret')).text()
  for (const [button, change, sentence] of [
    ['unconfirmed', { callbackConfirmed: 'absent' }, 'It does not confirm callbacks.'],
    ['lost-before', { requestTokenLost: 'before-consent' }, 'It loses request tokens.'],
    ['lost-after', { requestTokenLost: 'after-consent' }, 'It loses request tokens.'],
    ['wrong-verifier', { verifier: 'wrong' }, 'The verifiers that it sends back are not good.'],
    ['no-way-back', { denial: 'no-way-back' }, 'It says no in another way than usual.'],
    ['refuse-signatures', { signedRequests: 'signature_invalid' }, 'It refuses every signed call.'],
    ['cancel', { consent: 'cancel' }, 'The next people cancel.'],
  ] as const) {
    assert.equal((await press(button)).status, 303, button)
    assert.partialDeepStrictEqual(sandbox.control.switches('fatsecret'), change)
    assert.ok((await page()).includes(sentence), button)
    await press('normal')
    assert.ok((await page()).includes('Everything is normal.'))
  }
})

test('a button that makes no sense is not there, and the page says why', async () => {
  const sandbox = createVendors()
  const page = await (await sandbox.app.request('/vendors/fatsecret')).text()
  for (const reason of [
    'there are no boxes, it is all or nothing',
    'its tokens do not expire, so there are no refresh tokens',
  ])
    assert.ok(page.includes(reason), reason)
  assert.ok(!page.includes('value="untick"'))
  const answer = await sandbox.app.request('/vendors/fatsecret', {
    method: 'POST',
    body: new URLSearchParams({ button: 'untick' }),
  })
  assert.equal(answer.status, 404)
  await assert.rejects(sandbox.control.press('fatsecret', 'untick'), /does nothing at FatSecret/)
  await assert.rejects(sandbox.control.press('garmin-oauth1', 'unconfirmed'), /does nothing at Garmin/)
  await assert.rejects(sandbox.control.press('fatsecret', 'explode'), /has no such button/)
})

test('a person ends a grant of OAuth 1.0a on the vendor’s page', async () => {
  const sandbox = createVendors()
  await (await connect(sandbox)).exchange()
  const page = await (await sandbox.app.request('/vendors/fatsecret')).text()
  assert.ok(page.includes('value="revoke"'))
  await sandbox.control.press('fatsecret', 'revoke', 'kim')
  assert.equal(sandbox.control.grants()[0]?.ended?.by, 'person')
})
