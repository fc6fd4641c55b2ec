// Goal: each fault spoils exactly the calls it was ordered for. Method: orders by the control, requests to the app.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FaultOrder, Sandbox } from '../../src/sandbox/index.ts'
import {
  authorizationUrl,
  codeOf,
  createTestSandbox,
  get,
  partOf,
  post,
  redirectUriOf,
  textOf,
} from './harness.ts'

const TOKEN = 'www.strava.com/oauth/token'
const ATHLETE = 'www.strava.com/api/v3/athlete'
const URL_TEXT = authorizationUrl('strava', 'www.strava.com/oauth/authorize', 'read')
const CREDENTIALS = { client_id: 'sandbox-strava', client_secret: 'sandbox-strava-secret' }

const exchange = (sandbox: Sandbox, code: string) =>
  post(sandbox, TOKEN, { ...CREDENTIALS, grant_type: 'authorization_code', code })

const refresh = (sandbox: Sandbox, refreshToken: string) =>
  post(sandbox, TOKEN, { ...CREDENTIALS, grant_type: 'refresh_token', refresh_token: refreshToken })

/** The token answer while one fault waits. */
async function spoilt(fault: FaultOrder['fault'], more: Partial<FaultOrder> = {}) {
  const sandbox = createTestSandbox()
  const code = await codeOf(sandbox, URL_TEXT)
  sandbox.control.addFault({ vendor: 'strava', operation: 'token', fault, ...more })
  return { sandbox, code, answer: await exchange(sandbox, code) }
}

for (const [name, fault, status] of [
  ['a status', { kind: 'status', status: 503 }, 503],
  ['an HTML page', { kind: 'html' }, 502],
  ['invalid JSON', { kind: 'invalidJson' }, 200],
  ['a redirect', { kind: 'redirect', location: 'https://elsewhere.example/', status: 307 }, 307],
  ['silence', { kind: 'noAnswer' }, 504],
] as const) {
  test(`${name} strikes once, does nothing else, and the next call is good`, async () => {
    const { sandbox, code, answer } = await spoilt(fault)
    assert.equal(answer.status, status)
    assert.deepEqual(sandbox.control.faults(), [])
    assert.equal((await exchange(sandbox, code)).status, 200, 'the code was not touched')
  })
}

test('a status can come with Retry-After', async () => {
  const { answer } = await spoilt({ kind: 'status', status: 429, retryAfterSeconds: 30 })
  assert.equal(answer.status, 429)
  assert.equal(answer.headers.get('retry-after'), '30')
})

test('a redirect names its target', async () => {
  const { answer } = await spoilt({ kind: 'redirect', location: 'http://192.0.2.1/internal' })
  assert.equal(answer.status, 302)
  assert.equal(answer.headers.get('location'), 'http://192.0.2.1/internal')
})

test('invalid JSON says that it is JSON', async () => {
  const { answer } = await spoilt({ kind: 'invalidJson' })
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
  assert.throws(() => JSON.parse(answer.text))
})

test('truncated JSON is the first half of the real answer', async () => {
  const { answer } = await spoilt({ kind: 'truncatedJson' })
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
  assert.ok(answer.text.startsWith('{"token_type":"Bearer"'))
  assert.throws(() => JSON.parse(answer.text))
})

test('a large body is the real answer with padding: it would be good if it were not so large', async () => {
  const { answer } = await spoilt({ kind: 'largeBody' })
  assert.equal(answer.status, 200)
  assert.ok(answer.text.length > 2 * 1024 * 1024)
  assert.ok(answer.json.access_token)
})

test('fields are set to wrong types and removed, wherever they stand', async () => {
  const { answer } = await spoilt({
    kind: 'fields',
    set: { access_token: ['a', 'b'], expires_in: '-1', id: null },
    remove: ['refresh_token'],
  })
  assert.deepEqual(answer.json.access_token, ['a', 'b'])
  assert.equal(answer.json.expires_in, '-1')
  assert.equal(partOf(answer.json, 'athlete').id, null)
  assert.equal('refresh_token' in answer.json, false)
})

test('fields are found inside an envelope, and a new one stands at the top', async () => {
  const sandbox = createTestSandbox()
  const code = await codeOf(
    sandbox,
    authorizationUrl('withings', 'account.withings.com/oauth2_user/authorize2', 'user.info'),
  )
  sandbox.control.addFault({
    vendor: 'withings',
    operation: 'token',
    fault: { kind: 'fields', set: { userid: [1], error: 'odd' }, remove: ['access_token'] },
  })
  const { json } = await post(sandbox, 'wbsapi.withings.net/v2/oauth2', {
    action: 'requesttoken',
    grant_type: 'authorization_code',
    client_id: 'sandbox-withings',
    client_secret: 'sandbox-withings-secret',
    redirect_uri: redirectUriOf('withings'),
    code,
  })
  const body = partOf(json, 'body')
  assert.deepEqual(body.userid, [1])
  assert.equal('access_token' in body, false)
  assert.equal(json.error, 'odd')
})

test('the content type can be wrong while the answer is right', async () => {
  const { answer } = await spoilt({ kind: 'contentType', contentType: 'text/html' })
  assert.equal(answer.headers.get('content-type'), 'text/html')
  assert.ok(JSON.parse(answer.text).access_token)
})

test('a delay waits on the injected timer and gives the real answer', async () => {
  const waits: number[] = []
  const delay = async (delayMs: number) => {
    waits.push(delayMs)
  }
  const sandbox = createTestSandbox({ delay })
  const code = await codeOf(sandbox, URL_TEXT)
  sandbox.control.addFault({ vendor: 'strava', operation: 'token', fault: { kind: 'delay', delayMs: 2_500 } })
  assert.equal((await exchange(sandbox, code)).status, 200)
  assert.deepEqual(waits, [2_500])
})

test('silence lasts a minute at most, on the injected timer', async () => {
  const waits: number[] = []
  const sandbox = createTestSandbox({ delay: async (delayMs) => void waits.push(delayMs) })
  sandbox.control.addFault({ vendor: 'strava', operation: 'data', fault: { kind: 'noAnswer' } })
  await get(sandbox, ATHLETE, 'abc')
  assert.deepEqual(waits, [60_000])
})

test('closing the sandbox lets go of a call that waits', async () => {
  const entered = Promise.withResolvers<void>()
  const delay = (_: number, signal: AbortSignal) => {
    entered.resolve()
    return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  }
  const sandbox = createTestSandbox({ delay })
  sandbox.control.addFault({ vendor: 'strava', operation: 'data', fault: { kind: 'noAnswer' } })
  const waiting = get(sandbox, ATHLETE, 'abc')
  await entered.promise
  sandbox.close()
  assert.equal((await waiting).status, 504)
})

test('a refusal without reason heals: the same refresh token works afterwards', async () => {
  const sandbox = createTestSandbox()
  const { json } = await exchange(sandbox, await codeOf(sandbox, URL_TEXT))
  sandbox.control.addFault({
    vendor: 'strava',
    operation: 'refresh',
    fault: { kind: 'refusal', refusal: 'refresh_token.ended' },
  })
  const refused = await refresh(sandbox, textOf(json, 'refresh_token'))
  assert.equal(refused.status, 400)
  assert.deepEqual(refused.json.errors, [
    { resource: 'RefreshToken', field: 'refresh_token', code: 'invalid' },
  ])
  assert.equal((await refresh(sandbox, textOf(json, 'refresh_token'))).status, 200)
})

test('too many requests are said in the words of each vendor', async () => {
  const sandbox = createTestSandbox()
  const fault = { kind: 'refusal', refusal: 'rate.exceeded' } as const
  sandbox.control.addFault({ vendor: 'withings', operation: 'data', fault })
  sandbox.control.addFault({ vendor: 'strava', operation: 'data', fault })
  const withings = await get(sandbox, 'wbsapi.withings.net/measure?action=getmeas', 'abc')
  assert.equal(withings.status, 200)
  assert.equal(withings.json.status, 601)
  assert.equal((await get(sandbox, ATHLETE, 'abc')).status, 429)
})

test('carryOut: the pair is rotated and the answer is lost', async () => {
  const sandbox = createTestSandbox()
  const { json } = await exchange(sandbox, await codeOf(sandbox, URL_TEXT))
  sandbox.control.advance(6 * 3_600_000)
  sandbox.control.addFault({
    vendor: 'strava',
    operation: 'refresh',
    carryOut: true,
    fault: { kind: 'html', status: 504 },
  })
  assert.equal((await refresh(sandbox, textOf(json, 'refresh_token'))).status, 504)
  assert.equal((await refresh(sandbox, textOf(json, 'refresh_token'))).status, 400)
})

test('a fault strikes as often as ordered, in order, and only its vendor and operation', async () => {
  const sandbox = createTestSandbox()
  const order = { vendor: 'strava', operation: 'data' } as const
  sandbox.control.addFault({ ...order, times: 2, fault: { kind: 'status', status: 500 } })
  sandbox.control.addFault({ ...order, fault: { kind: 'status', status: 503 } })
  assert.equal((await get(sandbox, 'api.fitbit.com/1/user/-/profile.json', 'abc')).status, 401)
  assert.equal((await post(sandbox, TOKEN, CREDENTIALS)).status, 400)
  const statuses: number[] = []
  for (let call = 0; call < 4; call += 1) statuses.push((await get(sandbox, ATHLETE, 'abc')).status)
  assert.deepEqual(statuses, [500, 500, 503, 401])
})

test('the consent page can be down too', async () => {
  const sandbox = createTestSandbox()
  sandbox.control.addFault({ vendor: 'strava', operation: 'authorize', fault: { kind: 'html', status: 503 } })
  const address = URL_TEXT.slice('https://'.length)
  assert.equal((await get(sandbox, address)).status, 503)
  assert.equal((await get(sandbox, address)).status, 200)
})

test('within the process a connection cannot be cut, and the sandbox says so', async () => {
  const { answer } = await spoilt({ kind: 'connectionReset' })
  assert.equal(answer.status, 500)
  assert.match(answer.text, /real HTTP/)
})

test('a recorded call names the fault that struck', async () => {
  const { sandbox } = await spoilt({ kind: 'status', status: 503 })
  const [call] = sandbox.control.calls({ operation: 'token' })
  assert.equal(call?.status, 503)
  assert.equal(call?.fault, 'status')
})

for (const [name, order] of [
  ['an unknown vendor', { vendor: 'nobody', operation: 'token', fault: { kind: 'html' } }],
  ['a status of success', { vendor: 'strava', operation: 'token', fault: { kind: 'status', status: 200 } }],
  ['no times at all', { vendor: 'strava', operation: 'token', times: 0, fault: { kind: 'html' } }],
  [
    'a delay of hours',
    { vendor: 'strava', operation: 'token', fault: { kind: 'delay', delayMs: 7_200_000 } },
  ],
  [
    'a header that breaks the line',
    { vendor: 'strava', operation: 'token', fault: { kind: 'contentType', contentType: 'a\r\nb: c' } },
  ],
] as const) {
  test(`an order with ${name} is refused and nothing waits`, () => {
    const { control } = createTestSandbox()
    assert.throws(() => control.addFault(order))
    assert.deepEqual(control.faults(), [])
  })
}

test('only so many faults can wait', () => {
  const { control } = createTestSandbox()
  const order: FaultOrder = { vendor: 'strava', operation: 'token', fault: { kind: 'html' } }
  for (let count = 0; count < 100; count += 1) control.addFault(order)
  assert.throws(() => control.addFault(order), RangeError)
  control.clearFaults()
  assert.deepEqual(control.faults(), [])
})
