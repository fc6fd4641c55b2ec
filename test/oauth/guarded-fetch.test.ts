// Goal: whatever a vendor's server does, we get a whole answer or a VendorError within the time limit. Method: a real
// HTTP server on loopback that misbehaves by path, the platform's own fetch, short limits.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { limits } from '../../src/limits.ts'
import { createGuardedFetch, VendorError, type VendorErrorCause } from '../../src/oauth/index.ts'

/** For what is to be given up. */
const SHORT_MS = 250
/** For what must be answered, however busy the machine is. */
const GENEROUS_MS = 60_000
const MEBIBYTE = 1024 * 1024

const PATHS: Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>> = {
  '/fine': (response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'set-cookie': 'a=b',
      'x-other': '1',
      'retry-after': '7',
    })
    response.end('{"fine":true}')
  },
  '/echo': (response, request) => {
    const { headers, method } = request
    let body = ''
    request.on('data', (chunk) => {
      body += String(chunk)
    })
    request.on('end', () => response.end(JSON.stringify({ headers, method, body })))
  },
  '/empty': (response) => response.writeHead(204).end(),
  '/no-headers': () => {},
  '/no-end': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"half":')
  },
  '/reset': (_response, request) => request.socket.destroy(),
  '/reset-in-body': (response, request) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{')
    setImmediate(() => request.socket.destroy())
  },
  '/two-mebibytes': (response) => response.end(Buffer.alloc(2 * MEBIBYTE, 0x20)),
  '/packed': (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(gzipSync(Buffer.alloc(2 * MEBIBYTE, 0x20)))
  },
  '/packed-badly': (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end('this is not gzip')
  },
  '/moved': (response) => response.writeHead(307, { location: '/fine' }).end(),
  '/not-modified': (response) => response.writeHead(304).end(),
  '/strange-status': (response) => response.writeHead(999).end(),
}

let server: Server
let origin: string
const seen: string[] = []

before(async () => {
  server = createServer((request, response) => {
    seen.push(request.url ?? '')
    PATHS[request.url ?? '']?.(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has one
  origin = `http://127.0.0.1:${port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const guarded = (timeoutMs = GENEROUS_MS) =>
  createGuardedFetch({
    fetch: (url, init) => fetch(url, init),
    timeoutMs,
    responseBytes: MEBIBYTE,
  })

/** Lets everything run that waits for nothing outside. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

async function failure(promise: Promise<unknown>): Promise<VendorError> {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof VendorError, `a VendorError, not ${error}`)
    return error
  }
  return assert.fail('it did not fail')
}

test('the time limit is the published one, on the timer that is given', async () => {
  const timers: { readonly delayMs: number; readonly act: () => void }[] = []
  const asked = Promise.withResolvers<void>()
  const deaf = createGuardedFetch({
    fetch: () => {
      asked.resolve()
      return new Promise(() => {})
    },
    after: (delayMs, act) => {
      const timer = { delayMs, act }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
  })
  const answer = deaf('https://vendor.example/', { vendor: 'vendor' })
  const refused = assert.rejects(answer, { message: 'unavailable: timeout' })
  await asked.promise
  const [timer] = timers
  assert.equal(timer?.delayMs, limits.vendorTimeoutMs)
  timer.act()
  await refused
  assert.deepEqual(timers, [])
})

describe('a guarded fetch', () => {
  test('gives the whole answer, with the few headers that are read', async () => {
    const response = await guarded()(`${origin}/fine`, { vendor: 'v' })
    assert.equal(response.status, 200)
    assert.deepEqual([...response.headers.keys()], ['content-type', 'retry-after'])
    assert.equal(await response.text(), '{"fine":true}')
  })

  test('gives an answer without a body', async () => {
    const response = await guarded()(`${origin}/empty`, { vendor: 'v' })
    assert.equal(response.status, 204)
    assert.equal(await response.text(), '')
  })

  test('sends what it is given, under a name without a version, and no cookie', async () => {
    const fetched = guarded()
    await fetched(`${origin}/fine`, { vendor: 'v' }) // sets a cookie
    const response = await fetched(`${origin}/echo`, {
      vendor: 'v',
      method: 'POST',
      headers: { 'user-agent': 'library/1.2.3', authorization: 'Bearer t' },
      body: new URLSearchParams({ a: '1 2' }),
    })
    const echo = await response.json()
    assert.equal(echo.method, 'POST')
    assert.equal(echo.body, 'a=1+2')
    assert.equal(echo.headers.authorization, 'Bearer t')
    assert.equal(echo.headers['user-agent'], 'Springbar')
    assert.equal(echo.headers.cookie, undefined)
  })

  const failures: readonly [path: string, kind: VendorError['kind'], cause: VendorErrorCause][] = [
    ['/no-headers', 'unavailable', 'timeout'],
    ['/no-end', 'unavailable', 'timeout'],
    ['/reset', 'unavailable', 'connection_cut'],
    ['/reset-in-body', 'unavailable', 'connection_cut'],
    ['/packed-badly', 'unavailable', 'connection_cut'],
    ['/two-mebibytes', 'malformed', 'too_large'],
    ['/packed', 'malformed', 'too_large'],
    ['/moved', 'malformed', 'redirect'],
    ['/not-modified', 'malformed', 'redirect'],
    ['/strange-status', 'malformed', 'http_status'],
  ]
  for (const [path, kind, cause] of failures) {
    test(`${path} is ${kind}: ${cause}`, async () => {
      const fetched = guarded(cause === 'timeout' ? SHORT_MS : GENEROUS_MS)
      const error = await failure(fetched(`${origin}${path}`, { vendor: 'v' }))
      assert.deepEqual([error.kind, error.cause], [kind, cause])
    })
  }

  test('follows no redirect: the other address sees nothing', async () => {
    seen.length = 0
    await failure(guarded()(`${origin}/moved`, { vendor: 'v', method: 'POST', body: 'client_secret=x' }))
    assert.deepEqual(seen, ['/moved'])
  })

  test('a server that is not there is unavailable', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo // a TCP server has one
    await new Promise((resolve) => closed.close(resolve))
    const error = await failure(guarded()(`http://127.0.0.1:${port}/`, { vendor: 'v' }))
    assert.deepEqual(
      [error.kind, error.cause, error.outcome],
      ['unavailable', 'connection_refused', 'vendor_unavailable'],
    )
  })

  test('a fetch that heeds no signal is given up all the same', async () => {
    const deaf = createGuardedFetch({ fetch: () => new Promise(() => {}), timeoutMs: 20 })
    const error = await failure(deaf('https://vendor.example/', { vendor: 'v' }))
    assert.equal(error.cause, 'timeout')
  })
})

describe('the addresses of a guarded fetch', () => {
  const calls: string[] = []
  const recording = createGuardedFetch({
    fetch: async (url) => {
      calls.push(url)
      return new Response('{}')
    },
  })

  for (const url of [
    'https://vendor.example/token',
    'http://localhost:8081/www.vendor.example/token',
    'http://vendor.localhost:8081/token',
    'http://127.0.0.1/token',
    'http://127.9.9.9/token',
    'http://[::1]:8081/token',
  ]) {
    test(`${url} is allowed`, async () => {
      await recording(url, { vendor: 'v' })
      assert.equal(calls.pop(), url)
    })
  }

  for (const url of [
    'http://vendor.example/token',
    'http://localhost.example/token',
    'http://127.0.0.1.example/token',
    'http://10.0.0.1/token',
    'http://user@localhost/token',
    'https://user:password@vendor.example/token',
    'ftp://vendor.example/token',
    'file:///etc/passwd',
    'data:application/json,{}',
    '/token',
    '',
  ]) {
    test(`${url || 'nothing'} is refused and not called`, async () => {
      const error = await failure(recording(url, { vendor: 'v' }))
      assert.deepEqual([error.kind, error.cause, calls], ['rejected', 'insecure_url', []])
    })
  }
})

describe('the places of a guarded fetch', () => {
  function slowVendor() {
    const answers: PromiseWithResolvers<Response>[] = []
    const calls: string[] = []
    const fetched = createGuardedFetch({
      fetch: (url) => {
        const answer = Promise.withResolvers<Response>()
        answers.push(answer)
        calls.push(new URL(url).pathname)
        return answer.promise
      },
      concurrency: 2,
      queueLength: 2,
      timeoutMs: 60_000,
    })
    const ask = (vendor: string, path: string) => fetched(`https://vendor.example/${path}`, { vendor })
    return { ask, answers, calls }
  }
  test('so many requests to one vendor go at once, the next wait in their order, more are told at once', async () => {
    const { ask, answers, calls } = slowVendor()
    const all = ['1', '2', '3', '4'].map((path) => ask('slow', path))
    const refused = await failure(ask('slow', '5'))
    assert.deepEqual([refused.kind, refused.cause], ['unavailable', 'busy'])
    await settle()
    assert.deepEqual(calls, ['/1', '/2'])
    answers[0]?.resolve(new Response('one'))
    await all[0]
    await settle()
    const sixth = ask('slow', '6')
    await settle()
    assert.deepEqual(calls, ['/1', '/2', '/3'])
    answers[1]?.reject(new Error('a failure gives its place back too'))
    await failure(all[1] ?? Promise.resolve())
    await settle()
    assert.deepEqual(calls, ['/1', '/2', '/3', '/4'])
    answers[2]?.resolve(new Response('three'))
    answers[3]?.resolve(new Response('four'))
    assert.equal(await (await all[3])?.text(), 'four')
    await settle()
    answers[4]?.resolve(new Response('six'))
    assert.equal(await (await sixth).text(), 'six')
  })

  test('a vendor that is slow takes no place of another', async () => {
    const { ask, answers, calls } = slowVendor()
    const slow = ['1', '2', '3', '4'].map((path) => ask('slow', path))
    const other = ask('quick', 'q')
    await settle()
    assert.deepEqual(calls, ['/1', '/2', '/q'])
    answers[2]?.resolve(new Response('at once'))
    assert.equal(await (await other).text(), 'at once')
    for (const answer of answers) answer.resolve(new Response())
    await slow[0]
    await slow[1]
    await settle()
    for (const answer of answers) answer.resolve(new Response())
    await Promise.all(slow)
  })

  test('whoever waits in vain for a place is told so in time, and has sent nothing', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const calls: string[] = []
    const fetched = createGuardedFetch({
      fetch: (url) => {
        calls.push(new URL(url).pathname)
        return new Promise(() => {})
      },
      concurrency: 1,
      queueLength: 2,
      timeoutMs: 20,
    })
    const ask = (path: string) => failure(fetched(`https://vendor.example/${path}`, { vendor: 'v' }))
    const first = ask('1')
    await settle()
    t.mock.timers.tick(5)
    const second = ask('2')
    const third = ask('3')
    t.mock.timers.tick(15)
    assert.equal((await first).cause, 'timeout')
    await settle()
    assert.deepEqual(calls, ['/1', '/2'], 'the place went on to the second')
    t.mock.timers.tick(5)
    assert.equal((await third).cause, 'busy')
    t.mock.timers.tick(15)
    assert.equal((await second).cause, 'timeout')
    const fourth = ask('4')
    await settle()
    assert.deepEqual(calls, ['/1', '/2', '/4'], 'the place is free again')
    t.mock.timers.tick(20)
    assert.equal((await fourth).cause, 'timeout')
  })
})
