// Goal: vendors tell what happened as they do it, to allowed addresses only, and as wrongly, late and often as one
// wants. Method: an application within the process that hears every request; signatures computed anew.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import type { EventRules } from '../../src/sandbox/vendor.ts'
import { type ExampleOptions, exampleSandbox } from './example-vendor.ts'
import { START_MS, START_SECONDS } from './harness.ts'

const HOOK = 'http://localhost:9000/hook'

const EVENTS: EventRules = {
  format: 'json',
  batch: 'single',
  signature: { header: 'X-Signature', algorithm: 'sha256', encoding: 'hex', key: 'client', over: 'body' },
  handshake: 'none',
  echoesRevocation: false,
  kinds: {
    revoked: { item: { user: '{subject}', event: 'revoked' } },
    'account-deleted': { item: { user: '{subject}', event: 'deleted' } },
    'permissions-changed': { item: { user: '{subject}', scopes: '{scopes}' } },
    data: { item: { user: '{subject}', at: '{timeSeconds}' } },
  },
}

interface Heard {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: string
}

/** The example, and an application that is told. `answer` is what the application says. */
async function listening(
  options: ExampleOptions = {},
  events: Partial<EventRules> = {},
  answer: (heard: Heard) => Response | Promise<Response> = () => new Response(null, { status: 204 }),
) {
  const heard: Heard[] = []
  const fetch = async (url: string, init: RequestInit) => {
    const one = {
      method: init.method ?? 'GET',
      url: new URL(url),
      headers: new Headers(init.headers),
      body: String(init.body ?? ''),
    }
    heard.push(one)
    return answer(one)
  }
  const example = exampleSandbox({
    ...options,
    oddities: { ...options.oddities, events: { ...EVENTS, ...events } },
    sandbox: { ...options.sandbox, fetch },
  })
  return { ...example, heard }
}

const registered = async (...given: Parameters<typeof listening>) => {
  const example = await listening(...given)
  assert.equal((await example.control.registerNotifications('example', { url: HOOK })).accepted, true)
  example.heard.length = 0
  await example.exchange()
  return example
}

test('a person who revokes at the vendor is told of, and the refresh token is dead', async () => {
  const { control, heard, exchange, refresh } = await registered()
  const { refresh_token } = (await exchange()).json
  control.revokeGrant(control.grants()[0]?.id ?? '')
  await control.idle()
  assert.deepEqual(
    heard.map(({ body }) => JSON.parse(body).event),
    ['revoked'],
  )
  assert.equal((await refresh(refresh_token)).json.error, 'invalid_grant')
})

test('events: off, nobody is told', async () => {
  const { control, heard } = await registered({ switches: { events: 'off' } })
  control.revokeGrant(control.grants()[0]?.id ?? '')
  await control.idle()
  assert.deepEqual(heard, [])
})

test('events: hold, they come late, and in another order', async () => {
  const { control, heard } = await registered({ switches: { events: 'hold' } })
  await control.tellEvent({ vendor: 'example', kind: 'data' })
  control.advance(60_000)
  await control.tellEvent({ vendor: 'example', kind: 'data' })
  assert.deepEqual(heard, [])
  await control.releaseEvents('reversed')
  assert.deepEqual(
    heard.map(({ body }) => JSON.parse(body).at),
    [START_SECONDS + 60, START_SECONDS],
  )
  assert.deepEqual(await control.releaseEvents(), [], 'each is sent once')
})

test('eventCopies: the same event twice', async () => {
  const { control, heard } = await registered({ switches: { eventCopies: 2 } })
  await control.tellEvent({ vendor: 'example', kind: 'data' })
  assert.equal(heard.length, 2)
  assert.equal(heard[0]?.body, heard[1]?.body)
})

test('eventEcho: what the application ended is told too', async () => {
  const { control, heard, exchange, revoke, set } = await registered()
  await revoke((await exchange()).json.access_token)
  await control.idle()
  assert.equal(heard.length, 0)
  set({ eventEcho: 'on' })
  await revoke((await exchange()).json.access_token)
  await control.idle()
  assert.equal(heard.length, 1)
})

test('eventBatch and eventFormat: several people in one array, or forms', async () => {
  const { control, heard, exchange, set } = await registered({ switches: { eventBatch: 'array' } })
  await exchange({}, {}, { account: 'kim' })
  await control.tellEvent({ vendor: 'example', kind: 'data', unknownPerson: true })
  assert.equal(heard.length, 1)
  assert.equal(JSON.parse(heard[0]?.body ?? '').length, 3, 'two people, and one whom nobody connected')
  set({ eventBatch: 'single', eventFormat: 'form' })
  await control.tellEvent({ vendor: 'example', kind: 'data', accounts: ['kim'] })
  assert.match(heard[1]?.headers.get('content-type') ?? '', /^application\/x-www-form-urlencoded/)
  assert.deepEqual([...new URLSearchParams(heard[1]?.body).keys()], ['user', 'at'])
})

const hmac = (algorithm: string, key: string, over: string, encoding: 'hex' | 'base64') =>
  createHmac(algorithm, key).update(over).digest(encoding)

for (const [eventSignature, expected] of [
  ['sha1-base64-amp', (body: string) => hmac('sha1', 's&', body, 'base64')],
  ['sha256-hex', (body: string) => hmac('sha256', 's', body, 'hex')],
  ['sha256-HEX', (body: string) => hmac('sha256', 's', `${START_SECONDS}${body}`, 'hex').toUpperCase()],
  ['sha256-base64', (body: string) => hmac('sha256', 's', `${START_MS}${body}`, 'base64')],
  [
    'timed',
    (body: string) => `t=${START_SECONDS},v1=${hmac('sha256', 's', `${START_SECONDS}.${body}`, 'hex')}`,
  ],
  ['none', () => null],
] as const) {
  test(`eventSignature: ${eventSignature}`, async () => {
    const { control, heard } = await registered({ switches: { eventSignature } })
    await control.tellEvent({ vendor: 'example', kind: 'data' })
    assert.equal(heard[0]?.headers.get('x-signature'), expected(heard[0]?.body ?? ''))
  })
}

test('eventSignatureWrong and eventAgeSeconds: a signature that does not fit, and one of long ago', async () => {
  const { control, heard, set } = await registered({ switches: { eventSignatureWrong: true } })
  await control.tellEvent({ vendor: 'example', kind: 'data' })
  assert.match(heard[0]?.headers.get('x-signature') ?? '', /^[0-9a-f]{64}$/)
  assert.notEqual(heard[0]?.headers.get('x-signature'), hmac('sha256', 's', heard[0]?.body ?? '', 'hex'))
  set({ eventSignatureWrong: false, eventSignature: 'timed', eventAgeSeconds: 600 })
  await control.tellEvent({ vendor: 'example', kind: 'data' })
  assert.match(heard[1]?.headers.get('x-signature') ?? '', new RegExp(`^t=${START_SECONDS - 600},`))
})

const json = (value: unknown) => Response.json(value)

for (const [eventHandshake, right, requests] of [
  ['hub-challenge', ({ url }: Heard) => json({ 'hub.challenge': url.searchParams.get('hub.challenge') }), 1],
  [
    'verify-code',
    ({ url }: Heard) =>
      new Response(null, { status: url.searchParams.get('verify') === 'the-code' ? 204 : 404 }),
    2,
  ],
  [
    'two-probes',
    ({ headers }: Heard) => new Response(null, { status: headers.has('authorization') ? 200 : 401 }),
    2,
  ],
  ['challenge-json', ({ url }: Heard) => json({ challenge: url.searchParams.get('challenge') }), 1],
  ['ping', ({ body }: Heard) => new Response(null, { status: body.includes('PING') ? 200 : 400 }), 1],
  ['head', ({ method }: Heard) => new Response(null, { status: method === 'HEAD' ? 200 : 405 }), 1],
] as const) {
  test(`eventHandshake: ${eventHandshake} is passed by who answers it, and by nobody else`, async () => {
    const registration = { url: HOOK, verifyToken: 'the-code' }
    const good = await listening({ switches: { eventHandshake } }, {}, right)
    assert.equal((await good.control.registerNotifications('example', registration)).accepted, true)
    assert.equal(good.heard.length, requests)
    const bad = await listening({ switches: { eventHandshake } }, {}, () => json({ ok: 'always' }))
    const always = eventHandshake === 'ping' || eventHandshake === 'head'
    assert.equal((await bad.control.registerNotifications('example', registration)).accepted, always)
    const broken = await listening({ switches: { eventHandshake } }, {}, () =>
      Promise.reject(new Error('down')),
    )
    assert.equal((await broken.control.registerNotifications('example', registration)).accepted, false)
    await broken.exchange()
    assert.deepEqual(await broken.control.tellEvent({ vendor: 'example', kind: 'data' }), [])
  })
}

test('eventHandshake: verify-code wants a wrong code to be refused', async () => {
  const { control } = await listening({ switches: { eventHandshake: 'verify-code' } })
  assert.equal((await control.registerNotifications('example', { url: HOOK })).accepted, false)
})

for (const url of [
  'http://192.0.2.1/hook',
  'http://metadata.internal/',
  'https://user:password@localhost/',
  'file:///etc/passwd',
  'http://localhost.example.org/',
]) {
  test(`nothing is ever sent to ${url}`, async () => {
    const { control, heard } = await listening()
    await assert.rejects(control.registerNotifications('example', { url }), RangeError)
    assert.deepEqual(heard, [])
  })
}

test('an origin that the sandbox was given is sent to', async () => {
  const options = { sandbox: { notificationOrigins: ['http://application:8080'] } }
  const { control } = await listening(options)
  const url = 'http://application:8080/hook'
  assert.equal((await control.registerNotifications('example', { url })).accepted, true)
  await assert.rejects(control.registerNotifications('example', { url: 'http://application:8081/' }))
})

test('a redirect is not followed, and an application that is down is noted', async () => {
  const { control, heard } = await registered({}, {}, () =>
    Response.redirect('http://192.0.2.1/internal', 302),
  )
  const [delivery] = await control.tellEvent({ vendor: 'example', kind: 'data' })
  assert.equal(delivery?.status, 302)
  assert.equal(heard.length, 1)
})

test('the vendor’s own call registers too, after its handshake', async () => {
  const subscription = {
    url: 'api.example.org/subscriptions',
    method: 'POST',
    authentication: 'client_secret_post',
    urlParameter: 'callback_url',
    verifyTokenParameter: 'verify_token',
    answer: { status: 201, body: { id: '{subscriptionId}', secret: '{notificationSecret}' } },
  } as const
  const echo = ({ url }: Heard) => json({ 'hub.challenge': url.searchParams.get('hub.challenge') })
  const { form, control, exchange, heard } = await listening(
    { oddities: { subscription } },
    { handshake: 'hub-challenge' },
    echo,
  )
  const fields = { client_id: 'c', client_secret: 's', callback_url: HOOK, verify_token: 'w' }
  assert.equal((await form('/api.example.org/subscriptions', { ...fields, client_secret: 'x' })).status, 401)
  const elsewhere = { ...fields, callback_url: 'http://192.0.2.1/' }
  assert.equal((await form('/api.example.org/subscriptions', elsewhere)).status, 400)
  assert.equal((await form('/api.example.org/subscriptions', fields)).status, 201)
  assert.equal(heard[0]?.url.searchParams.get('hub.verify_token'), 'w')
  await exchange()
  assert.equal((await control.tellEvent({ vendor: 'example', kind: 'data' })).length, 1)
  control.reset()
  assert.deepEqual(control.deliveries(), [])
  assert.deepEqual(await control.tellEvent({ vendor: 'example', kind: 'data' }), [], 'nobody is registered')
})
