// Goal: whatever goes wrong becomes one typed error that tells enough and betrays nothing; nothing crashes.
// Method: refusals, network failures and silence, by an in-process fetch; secrets are looked for in every form of the error.
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import type { SpringbarClient, SpringbarError } from '@springbar/sdk'
import { CREDENTIALS, clientAnswering, END_USER_ID, failure, TOKEN } from './stand-in.ts'

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
