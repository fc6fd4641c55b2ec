// Senders that are slow or too long [T131, in small]: their sockets are closed, and nobody else waits for them. A real
// process with its real limits, many raw sockets.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { newPlace } from './serving.ts'
import { connectTo } from './support.ts'

const SLOW = 200

describe('slow and long senders', () => {
  it(`${SLOW} senders of half a header are closed when their time is over, and others are served meanwhile`, async () => {
    const place = await newPlace()
    const service = await place.serve()
    const since = performance.now()
    const slow = await Promise.all(Array.from({ length: SLOW }, () => connectTo(place.port)))
    for (const { socket } of slow) socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')

    assert.equal((await fetch(`http://localhost:${place.port}/readyz`)).status, 200)
    for (const [target, header] of [
      [`/${'a'.repeat(40 * 1024)}`, ''],
      ['/healthz', `X-Large: ${'a'.repeat(limits.requestHeaderBytes)}\r\n`],
      ['/healthz', 'X-Many: a\r\n'.repeat(3000)],
    ]) {
      const raw = await connectTo(place.port)
      raw.socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n`)
      await raw.closed
      assert.match(raw.heard(), /^HTTP\/1\.1 431 /)
    }
    assert.ok(
      slow.every(({ socket }) => !socket.destroyed),
      'they are still there',
    )

    await Promise.all(slow.map(({ closed }) => closed))
    for (const { heard } of slow) assert.match(heard(), /^HTTP\/1\.1 408 /)
    // Not the machine's speed but the limit decides: Node looks at it every 30 s unless it is told otherwise.
    assert.ok(performance.now() - since < 2.5 * limits.requestHeadersTimeoutMs)
    assert.equal((await fetch(`http://localhost:${place.port}/readyz`)).status, 200)
    service.signal('SIGTERM')
    assert.deepEqual(await service.ended, { code: 0, signal: null })
  })
})
