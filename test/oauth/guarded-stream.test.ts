// Goal: answers that are passed on stream, and no vendor can hold a place or fill the memory. Method: a real server on
// this machine that is slow, huge, silent or cut off.
import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createGuardedStream } from '../../src/oauth/index.ts'

type Answer = (response: ServerResponse) => void

describe('a stream from a vendor', () => {
  let answer: Answer = (response) => response.end()
  const server = createServer((_, response) => answer(response))
  let origin = ''
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a port, as was asked for
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const open = (options: Partial<Parameters<typeof createGuardedStream>[0]> = {}) => {
    const stream = createGuardedStream({ fetch: (url, init) => fetch(url, init), ...options })
    return (url = origin) => stream(url, { vendor: 'acme' })
  }

  test('comes as it is sent, with its status and headers', async () => {
    answer = (response) => {
      response.writeHead(206, { 'content-type': 'text/plain', 'x-ratelimit-limit': '7' })
      response.write('one ')
      response.end('two')
    }
    const got = await open()()
    assert.deepEqual(
      [got.status, got.headers.get('x-ratelimit-limit'), await got.text()],
      [206, '7', 'one two'],
    )
  })

  test('is given on while it comes', async () => {
    let end = () => {}
    answer = (response) => {
      response.write('first')
      end = () => response.end('last')
    }
    const reader = (await open()()).body?.getReader()
    assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'first')
    end()
    assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'last')
  })

  test('that grows too large is cut off', async () => {
    answer = (response) => response.end('x'.repeat(5_000))
    const got = await open({ responseBytes: 4_999 })()
    await assert.rejects(got.text(), { name: 'VendorError', cause: 'too_large' })
  })

  test('that falls silent is cut off', async () => {
    answer = (response) => response.write('x')
    const got = await open({ idleMs: 50 })()
    await assert.rejects(got.text(), { name: 'VendorError', cause: 'connection_cut' })
  })

  test('that never begins is given up', async () => {
    answer = () => undefined
    await assert.rejects(open({ timeoutMs: 50 })(), {
      name: 'VendorError',
      kind: 'unavailable',
      cause: 'timeout',
    })
  })

  test('follows no redirect and gives it to the caller', async () => {
    answer = (response) => response.writeHead(302, { location: 'https://elsewhere.example/' }).end()
    const got = await open()()
    assert.deepEqual([got.status, got.headers.get('location')], [302, 'https://elsewhere.example/'])
  })

  test('gives its place back when it ends, when it breaks, and when nobody reads on', async () => {
    const call = open({ concurrency: 1, timeoutMs: 60_000 })
    answer = (response) => response.end('done')
    await (await call()).text()
    answer = (response) => response.writeHead(204).end()
    await call()
    answer = (response) => response.write('endless')
    await (await call()).body?.cancel()
    answer = (response) => response.destroy()
    await assert.rejects(call(), { kind: 'unavailable' })
    answer = (response) => response.end('still here')
    assert.equal(await (await call()).text(), 'still here')
  })

  test('goes to no address that is not allowed', async () => {
    for (const url of ['http://vendor.example/', 'file:///etc/passwd', 'https://user:pass@vendor.example/'])
      await assert.rejects(open()(url), { cause: 'insecure_url' })
  })
})
