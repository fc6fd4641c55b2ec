// Goal: whatever goes wrong becomes one typed error that tells enough and betrays nothing; nothing crashes.
// Method: refusals, hostile and broken answers, network failures and wrong arguments, by an in-process fetch.
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import { createSpringbarClient, type SpringbarClient, SpringbarError } from '@springbar/sdk'
import fc from 'fast-check'
import { CREDENTIALS, clientAnswering, END_USER_ID, TOKEN, WIDGET_URL } from './stand-in.ts'

async function failure(call: Promise<unknown>): Promise<SpringbarError> {
  const error = await call.then(
    () => assert.fail('the call must fail'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof SpringbarError, inspect(error))
  return error
}

const problem = (status: number, code: string, detail: string) =>
  Response.json({ title: 'No', status, code, detail, requestId: 'req-1' }, { status })

describe('a refusal', () => {
  it('carries code, status, request id and the sentence of the service', async () => {
    const { client } = clientAnswering([problem(400, 'invalid_request', 'locale is malformed')])
    const error = await failure(client.createConnectionSession({ endUserId: END_USER_ID }))
    assert.equal(error.code, 'invalid_request')
    assert.equal(error.status, 400)
    assert.equal(error.requestId, 'req-1')
    assert.equal(error.detail, 'locale is malformed')
    assert.equal(error.header, null)
    assert.equal(
      error.message,
      'Springbar refused to create a connection session (status 400, request req-1).',
    )
  })

  for (const header of ['Authorization', 'AppAuthorization'] as const) {
    it(`names ${header} on a 401 about it`, async () => {
      const { client } = clientAnswering([
        problem(401, 'invalid_credentials', `The ${header} header is wrong`),
      ])
      const error = await failure(client.createEndUser())
      assert.equal(error.code, 'invalid_credentials')
      assert.equal(error.header, header)
      assert.match(error.message, new RegExp(`credentials in the ${header} header \\(status 401`))
    })
  }

  it('names no header when the answer does not', async () => {
    const { client } = clientAnswering([new Response('Unauthorized', { status: 401 })])
    const error = await failure(client.createEndUser())
    assert.equal(error.header, null)
    assert.equal(error.code, 'invalid_credentials')
  })

  it('knows a foreign end user by its status, also without a code', async () => {
    const body = 'AuthenticationToken is invalid for given appID'
    const { client } = clientAnswering([new Response(body, { status: 403 })])
    const error = await failure(client.readEndUsers([END_USER_ID]))
    assert.equal(error.code, 'invalid_end_user')
    assert.equal(error.status, 403)
  })

  it('tells how long to wait after too many requests', async () => {
    const { client } = clientAnswering([
      new Response('', { status: 429, headers: { 'retry-after': '17', 'x-request-id': 'edge-9' } }),
    ])
    const error = await failure(client.createEndUser())
    assert.equal(error.code, 'rate_limited')
    assert.equal(error.retryAfterSeconds, 17)
    assert.equal(error.requestId, 'edge-9')
  })

  const byStatus = {
    400: 'invalid_request',
    404: 'not_found',
    405: 'method_not_allowed',
    410: 'session_expired',
    413: 'payload_too_large',
    415: 'unsupported_media_type',
    422: 'invalid_request',
    500: 'server_error',
    503: 'server_error',
  }
  for (const [status, code] of Object.entries(byStatus)) {
    it(`has the code ${code} for a bare ${status}`, async () => {
      const { client } = clientAnswering([new Response('<h1>no</h1>', { status: Number(status) })])
      assert.equal((await failure(client.createEndUser())).code, code)
    })
  }

  it('does not follow a redirect, since the credentials would travel along', async () => {
    const { client, seen } = clientAnswering([
      new Response(null, { status: 307, headers: { location: 'https://evil.example/' } }),
    ])
    const error = await failure(client.createEndUser())
    assert.equal(error.code, 'unexpected_answer')
    assert.equal(error.status, 307)
    assert.equal(seen.length, 1)
  })
})

describe('secrets', () => {
  const secrets = [
    'pa:ss wörd',
    'demo-secret',
    CREDENTIALS.authorization.slice(6),
    CREDENTIALS.appauthorization.slice(6),
    TOKEN,
  ]
  const assertSilent = (error: SpringbarError) => {
    const everything = `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${error.stack}`
    for (const secret of secrets) assert.ok(!everything.includes(secret), `${secret} stands in the error`)
  }

  for (const secret of secrets) {
    it(`are dropped with the sentence that repeats them (${secret.length} characters)`, async () => {
      const { client } = clientAnswering([
        problem(401, 'invalid_credentials', `wrong: ${secret}`),
        problem(410, 'session_expired', `expired: ${secret}`),
      ])
      if (secret !== TOKEN) assertSilent(await failure(client.createEndUser()))
      else await failure(client.createEndUser())
      assertSilent(await failure(client.disconnectInBackground({ token: TOKEN, dataSource: 11 })))
    })
  }

  it('do not come through from a failure of the platform that repeats the URL', async () => {
    const cause = Object.assign(new Error(`connect to …?token=${TOKEN}`), { code: 'ECONNREFUSED' })
    const { client } = clientAnswering([
      new TypeError(`error sending request for url (…${TOKEN})`, { cause }),
    ])
    const error = await failure(client.disconnectInBackground({ token: TOKEN, dataSource: 11 }))
    assert.equal(error.message, 'Springbar could not be reached (ECONNREFUSED).')
    assertSilent(error)
  })

  it('do not stand in the complaint about an argument', async () => {
    const { client, seen } = clientAnswering([])
    const error = await failure(client.disconnectInBackground({ token: `${TOKEN}&x`, dataSource: 11 }))
    assert.equal(error.code, 'invalid_argument')
    assertSilent(error)
    assert.equal(seen.length, 0)
  })

  it('cannot be read back from the client', () => {
    const { client } = clientAnswering([])
    const printed = `${inspect(client, { depth: 9, showHidden: true })} ${JSON.stringify(client)}`
    for (const secret of secrets) assert.ok(!printed.includes(secret))
  })
})

describe('a missing answer', () => {
  const silent = (options: { timeoutMs?: number } = {}) =>
    clientAnswering([], {
      ...options,
      fetch: (_url, init) =>
        new Promise((_resolve, reject) => {
          init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
          if (init.signal?.aborted) reject(init.signal.reason)
        }),
    }).client

  const afterTicking = async (t: TestContext, client: SpringbarClient, milliseconds: number) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const call = failure(client.createEndUser())
    t.mock.timers.tick(milliseconds)
    return call
  }

  it('is a timeout after 10 s', async (t) => {
    const error = await afterTicking(t, silent(), 10_000)
    assert.equal(error.code, 'timeout')
    assert.equal(error.status, null)
    assert.equal(error.message, 'Springbar did not answer in 10000 ms.')
  })

  it('is a timeout after the given time', async (t) => {
    assert.equal((await afterTicking(t, silent({ timeoutMs: 25 }), 25)).code, 'timeout')
  })

  it('counts the body too: one that never ends is a timeout', async (t) => {
    const { client } = clientAnswering([], {
      fetch: async (_url, init) =>
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('0f'))
              init.signal?.addEventListener('abort', () => controller.error(init.signal?.reason))
            },
          }),
        ),
    })
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const call = failure(client.createEndUser())
    // The answer's head has arrived before the time is over: the body is what is waited for.
    await new Promise((resolve) => setImmediate(resolve))
    t.mock.timers.tick(10_000)
    assert.equal((await call).code, 'timeout')
  })

  it('is cancelled by the signal of the caller, before and during the call', async () => {
    const early = await failure(silent().createEndUser({}, { signal: AbortSignal.abort() }))
    assert.equal(early.code, 'aborted')
    const controller = new AbortController()
    const call = failure(silent().createEndUser({}, { signal: controller.signal }))
    controller.abort()
    assert.equal((await call).code, 'aborted')
  })

  it('is unreachable otherwise, with no more than a well-formed reason', async () => {
    const odd = new TypeError('fetch failed', { cause: { code: 'no such <b>reason</b>' } })
    const { client } = clientAnswering([odd])
    const error = await failure(client.createEndUser())
    assert.equal(error.code, 'unreachable')
    assert.equal(error.message, 'Springbar could not be reached.')
  })
})

describe('a wrong answer', () => {
  const user = (fields: object) => [{ authenticationToken: END_USER_ID, ...fields }]
  const session = (url: unknown) => JSON.stringify({ data: { url } })
  type Case = readonly [name: string, call: (client: SpringbarClient) => Promise<unknown>, body: BodyInit]
  const cases: readonly Case[] = [
    ['no id', (client) => client.createEndUser(), ''],
    ['an id in quotes', (client) => client.createEndUser(), `"${END_USER_ID}"`],
    ['an id with a newline', (client) => client.createEndUser(), `${END_USER_ID}\n`],
    ['a page instead of an id', (client) => client.createEndUser(), '<!doctype html><title>Sign in</title>'],
    ['bytes that are not UTF-8', (client) => client.createEndUser(), new Uint8Array([0x30, 0xff, 0xfe])],
    ['more than 1 MiB', (client) => client.createEndUser(), 'a'.repeat(1024 * 1024 + 1)],
    ['no JSON', (client) => client.readEndUsers([END_USER_ID]), '[{'],
    ['no list', (client) => client.readEndUsers([END_USER_ID]), '{"length":1}'],
    ['nobody', (client) => client.readEndUsers([END_USER_ID]), '[]'],
    ['null', (client) => client.readEndUsers([END_USER_ID]), '[null]'],
    ['an end user without id', (client) => client.readEndUsers([END_USER_ID]), '[{}]'],
    [
      'somebody else',
      (client) => client.readEndUsers([END_USER_ID]),
      JSON.stringify([{ authenticationToken: 'b'.repeat(32), connectedSources: [] }]),
    ],
    [
      'somebody else beside',
      (client) => client.readEndUsers([END_USER_ID]),
      JSON.stringify([...user({}), { authenticationToken: 'b'.repeat(32) }]),
    ],
    ...[
      { connectedSources: {} },
      { connectedSources: [null] },
      { connectedSources: [{ dataSource: '11', connectedAt: '2026-02-03T08:15:42Z', dataScopes: [] }] },
      { connectedSources: [{ dataSource: 1.5, connectedAt: '2026-02-03T08:15:42Z', dataScopes: [] }] },
      { connectedSources: [{ dataSource: 11, connectedAt: 'yesterday', dataScopes: [] }] },
      { connectedSources: [{ dataSource: 11, connectedAt: 1_770_110_142_991, dataScopes: [] }] },
      { connectedSources: [{ dataSource: 11, connectedAt: '2026-02-03T08:15:42Z', dataScopes: [1] }] },
      { height: '172' },
      { gender: 'other' },
      { partnerUserID: 7 },
      { devices: 'none' },
    ].map(
      (fields) =>
        [
          `an end user with ${JSON.stringify(fields)}`,
          (client: SpringbarClient) => client.readEndUsers([END_USER_ID]),
          JSON.stringify(user(fields)),
        ] as const,
    ),
    ...[
      undefined,
      7,
      'not a URL',
      `javascript:alert(1)//?connectionSessionToken=${TOKEN}`,
      'https://connect.example.org/',
      'https://connect.example.org/?connectionSessionToken=',
      'https://connect.example.org/?connectionSessionToken=1X2%26redirect_uri%3Devil',
      `${WIDGET_URL}&connectionSessionToken=${TOKEN}`,
    ].map(
      (url) =>
        [
          `the session URL ${url}`,
          (client: SpringbarClient) => client.createConnectionSession({ endUserId: END_USER_ID }),
          session(url),
        ] as const,
    ),
    [
      'a session that is a list',
      (client) => client.createConnectionSession({ endUserId: END_USER_ID }),
      '[]',
    ],
    [
      'a widget URL in quotes',
      (client) => client.createWidgetUrl({ endUserId: END_USER_ID }),
      `"${WIDGET_URL}"`,
    ],
  ]
  for (const [name, call, body] of cases) {
    it(`is refused: ${name}`, async () => {
      const { client } = clientAnswering([new Response(body)])
      const error = await failure(call(client))
      assert.equal(error.code, 'unexpected_answer')
    })
  }

  it('is refused: success with another status', async () => {
    const { client } = clientAnswering([
      new Response(END_USER_ID, { status: 201 }),
      new Response(null, { status: 200 }),
    ])
    assert.equal((await failure(client.createEndUser())).code, 'unexpected_answer')
    assert.equal((await failure(client.deleteEndUser({ endUserId: END_USER_ID }))).code, 'unexpected_answer')
  })

  it('never gives anything but a SpringbarError, whatever the body and status are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json({ maxDepth: 9 }).map((json) => `[${json}]`),
        ),
        fc.constantFrom(200, 301, 400, 401, 403, 429, 500),
        async (body, status) => {
          const { client } = clientAnswering([1, 2, 3, 4].map(() => new Response(body, { status })))
          await failure(client.readEndUsers([END_USER_ID]))
          await failure(client.createConnectionSession({ endUserId: END_USER_ID }))
          await failure(client.updateEndUser({ endUserId: END_USER_ID, heightCm: 170 }))
          await failure(client.disconnectInBackground({ token: TOKEN, dataSource: 11 }))
        },
      ),
    )
  })
})

describe('a wrong argument', () => {
  /** What a caller without types may pass: the cast hides from the compiler what the check has to find. */
  const untyped = <Type>(value: unknown) => value as Type
  const { client, seen } = clientAnswering([])
  const calls: readonly [name: string, call: () => Promise<unknown>][] = [
    ['an empty alias', () => client.createEndUser({ partnerUserId: '' })],
    ['an alias of 81 characters', () => client.createEndUser({ partnerUserId: 'a'.repeat(81) })],
    ['an alias with a space', () => client.createEndUser({ partnerUserId: 'a b' })],
    ['a language of one letter', () => client.createEndUser({ language: 'd' })],
    ['an id with a comma', () => client.readEndUsers(['a,b'])],
    ['an id with a line break', () => client.updateEndUser({ endUserId: 'a\r\nx: y' })],
    ['a number as id', () => client.createConnectionSession({ endUserId: untyped(7) })],
    ['a height of zero', () => client.updateEndUser({ endUserId: END_USER_ID, heightCm: 0 })],
    ['a weight that is not a number', () => client.updateEndUser({ endUserId: END_USER_ID, weightKg: NaN })],
    ['a birthdate with dots', () => client.updateEndUser({ endUserId: END_USER_ID, birthdate: '1.2.1990' })],
    ['an unknown gender', () => client.updateEndUser({ endUserId: END_USER_ID, gender: untyped('other') })],
    [
      'a deletion date in words',
      () => client.deleteEndUser({ endUserId: END_USER_ID, deletionDate: 'tomorrow' }),
    ],
    ['a source of zero', () => client.disconnectInBackground({ token: TOKEN, dataSource: 0 })],
    ['a source with a query', () => client.disconnectInBackground({ token: TOKEN, dataSource: '1&x=y' })],
  ]
  for (const [name, call] of calls) {
    it(`is refused before anything is sent: ${name}`, async () => {
      assert.equal((await failure(call())).code, 'invalid_argument')
      assert.equal(seen.length, 0)
    })
  }

  const options = {
    apiUrl: 'https://api.example.org',
    username: 'demo',
    password: 'demo',
    applicationId: 'demo-app',
    applicationSecret: 'demo-secret',
  }
  const refused: readonly Partial<typeof options & { directUrl: string; timeoutMs: number }>[] = [
    { apiUrl: 'api.example.org' },
    { apiUrl: 'ftp://api.example.org' },
    { apiUrl: 'https://demo:hunter2@api.example.org' },
    { directUrl: 'https://api.example.org/?x=y' },
    { directUrl: 'https://api.example.org/#x' },
    { username: 'de:mo' },
    { password: '' },
    { password: 'hunter2\n' },
    { applicationSecret: 'hunter2\u0000' },
    { timeoutMs: 0 },
    { timeoutMs: Number.POSITIVE_INFINITY },
  ]
  for (const wrong of refused) {
    it(`makes no client: ${JSON.stringify(wrong)}`, () => {
      assert.throws(
        () => createSpringbarClient({ ...options, ...wrong }),
        (error) =>
          error instanceof SpringbarError &&
          error.code === 'invalid_argument' &&
          !error.message.includes('hunter2'),
      )
    })
  }
})
