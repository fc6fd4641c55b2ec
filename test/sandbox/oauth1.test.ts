// Goal: the sandbox's vendors with OAuth 1.0a are as strict as the protocol. Method: signed requests made by hand, each
// wrong in one thing; the whole trip; the exchange and what it leaves.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { redirectUriOf, START_SECONDS } from './harness.ts'
import {
  ACCESS_TOKEN,
  AUTHORIZE,
  CALLBACK,
  connect,
  createVendors,
  GARMIN,
  membersOf,
  REQUEST_TOKEN,
  type Signing,
  send,
  temporary,
} from './oauth1-caller.ts'

describe('a signed request', () => {
  test('is taken with its parameters in the header, the body or the query', async () => {
    const sandbox = createVendors()
    for (const place of ['header', 'body', 'query'] as const) {
      const members = await temporary(sandbox, { place })
      assert.equal(members['oauth_callback_confirmed'], 'true', place)
      assert.ok(members['oauth_token'] && members['oauth_token_secret'])
    }
  })

  test('is taken when it is signed for the address at the sandbox', async () => {
    const sandbox = createVendors()
    assert.equal(
      (await temporary(sandbox, { origin: 'http://localhost' }))['oauth_callback_confirmed'],
      'true',
    )
  })

  for (const [what, signing, problem] of [
    ['no consumer key', { protocol: { oauth_consumer_key: '' } }, 'parameter_absent'],
    ['no nonce', { protocol: { oauth_nonce: '' } }, 'parameter_absent'],
    ['no timestamp', { protocol: { oauth_timestamp: '' } }, 'parameter_absent'],
    ['another version', { protocol: { oauth_version: '2.0' } }, 'version_rejected'],
    ['another method', { protocol: { oauth_signature_method: 'PLAINTEXT' } }, 'signature_method_rejected'],
    ['an unknown key', { protocol: { oauth_consumer_key: 'nobody' } }, 'consumer_key_unknown'],
    ['an old timestamp', { protocol: { oauth_timestamp: String(START_SECONDS - 301) } }, 'timestamp_refused'],
    [
      'a timestamp of tomorrow',
      { protocol: { oauth_timestamp: String(START_SECONDS + 301) } },
      'timestamp_refused',
    ],
    ['a timestamp that is none', { protocol: { oauth_timestamp: '0x10' } }, 'timestamp_refused'],
    [
      'another signature',
      { protocol: { oauth_signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' } },
      'signature_invalid',
    ],
    ['another secret', { clientSecret: 'guess' }, 'signature_invalid'],
    ['a token’s secret where there is no token', { tokenSecret: 'x' }, 'signature_invalid'],
    ['another address signed', { origin: 'https://evil.example' }, 'signature_invalid'],
    ['a token that nobody gave', { token: 'x' }, 'parameter_rejected'],
  ] as const)
    test(`is refused with ${what}`, async () => {
      const sandbox = createVendors()
      const { protocol = {}, ...rest }: Signing = signing
      const response = await send(sandbox, REQUEST_TOKEN, {
        ...rest,
        protocol: { oauth_callback: CALLBACK, ...protocol },
      })
      assert.equal(response.status, 401)
      assert.deepEqual(await membersOf(response), { oauth_problem: problem })
    })

  test('is refused when it comes a second time', async () => {
    const sandbox = createVendors()
    const protocol = { oauth_callback: CALLBACK, oauth_nonce: 'the-same' }
    assert.equal((await send(sandbox, REQUEST_TOKEN, { protocol })).status, 200)
    const again = await send(sandbox, REQUEST_TOKEN, { protocol })
    assert.deepEqual([again.status, await membersOf(again)], [401, { oauth_problem: 'nonce_used' }])
  })

  test('does not use its nonce up when its signature is wrong', async () => {
    const sandbox = createVendors()
    const protocol = { oauth_callback: CALLBACK, oauth_nonce: 'the-same' }
    assert.equal((await send(sandbox, REQUEST_TOKEN, { protocol, clientSecret: 'guess' })).status, 401)
    assert.equal((await send(sandbox, REQUEST_TOKEN, { protocol })).status, 200)
  })
})

describe('the trip', () => {
  test('leads to a token that opens what it should, until the person ends it', async () => {
    const sandbox = createVendors()
    const { exchange, location } = await connect(sandbox)
    assert.equal(new URL(location ?? '').searchParams.get('state'), 'abc')
    const { oauth_token: token = '', oauth_token_secret: tokenSecret = '' } = await membersOf(
      await exchange(),
    )
    const read = () =>
      send(sandbox, 'platform.fatsecret.com/rest/profile/v1', { method: 'GET', token, tokenSecret })
    assert.equal((await read()).status, 200)
    const [grant] = sandbox.control.grants()
    assert.deepEqual([grant?.vendor, grant?.account], ['fatsecret', 'kim'])
    assert.ok(grant && sandbox.control.revokeGrant(grant.id))
    assert.equal((await read()).status, 401)
  })

  test('takes a verifier once', async () => {
    const { exchange } = await connect(createVendors())
    assert.equal((await exchange()).status, 200)
    assert.deepEqual(await membersOf(await exchange()), { oauth_problem: 'token_used' })
  })

  test('is over after a wrong verifier', async () => {
    const { exchange } = await connect(createVendors())
    assert.deepEqual(await membersOf(await exchange('wrong')), { oauth_problem: 'verifier_invalid' })
    assert.deepEqual(await membersOf(await exchange()), { oauth_problem: 'token_used' })
  })

  test('is over after a quarter of an hour', async () => {
    const sandbox = createVendors()
    const { oauth_token: token = '' } = await temporary(sandbox)
    sandbox.control.advance(15 * 60_000)
    const page = await sandbox.control.consent(`https://${AUTHORIZE}?oauth_token=${token}`)
    assert.deepEqual([page.status, page.location], [400, null])
  })

  test('takes one decision', async () => {
    const sandbox = createVendors()
    const { token } = await connect(sandbox)
    const page = await sandbox.control.consent(`https://${AUTHORIZE}?oauth_token=${token}`)
    assert.deepEqual([page.status, page.location], [400, null])
  })

  test('says no as each vendor does, and gives nothing then', async () => {
    const sandbox = createVendors()
    const { oauth_token: token = '', oauth_token_secret: tokenSecret = '' } = await temporary(sandbox)
    const no = await sandbox.control.consent(`https://${AUTHORIZE}?oauth_token=${token}`, {
      decision: 'cancel',
    })
    assert.deepEqual([...new URL(no.location ?? '').searchParams.keys()], ['state', 'oauth_token'])
    const refused = await send(sandbox, ACCESS_TOKEN, {
      token,
      tokenSecret,
      protocol: { oauth_verifier: 'null' },
    })
    assert.equal(refused.status, 401)
    const atGarmin = await membersOf(await send(sandbox, `${GARMIN}/request_token`))
    const url = new URL('https://connect.garmin.com/oauthConfirm')
    url.searchParams.set('oauth_token', atGarmin['oauth_token'] ?? '')
    url.searchParams.set('oauth_callback', redirectUriOf('garmin-oauth1'))
    const { location } = await sandbox.control.consent(url.href, { decision: 'cancel' })
    assert.equal(new URL(location ?? '').searchParams.get('oauth_verifier'), 'null')
    assert.deepEqual(sandbox.control.grants(), [])
  })

  test('stops at an address that is not registered', async () => {
    const sandbox = createVendors()
    const { oauth_token: token = '' } = await temporary(sandbox, {
      protocol: { oauth_callback: 'https://evil.example/callback' },
    })
    const page = await sandbox.control.consent(`https://${AUTHORIZE}?oauth_token=${token}`)
    assert.deepEqual([page.status, page.location], [400, null])
  })

  test('begins anew after a reset', async () => {
    const sandbox = createVendors()
    const { exchange } = await connect(sandbox)
    sandbox.control.reset()
    assert.deepEqual(await membersOf(await exchange()), { oauth_problem: 'token_rejected' })
  })
})

test('what carries no signature of OAuth 1.0a is for the other generation at the same address', async () => {
  const sandbox = createVendors()
  await sandbox.app.request('/apis.garmin.com/wellness-api/rest/user/id', {
    headers: { authorization: 'Bearer x' },
  })
  assert.deepEqual(sandbox.control.calls({ vendor: 'garmin-oauth1' }), [])
})

test('the consent page names who asks, for what, and where the way leads', async () => {
  const sandbox = createVendors()
  const { oauth_token: token = '' } = await temporary(sandbox)
  const response = await sandbox.app.request(`/${AUTHORIZE}?oauth_token=${token}`)
  const page = await response.text()
  assert.equal(response.status, 200)
  for (const words of ['not the real FatSecret', 'key &amp;1', 'localhost:8080', 'Kim Aster'])
    assert.ok(page.includes(words), words)
})
