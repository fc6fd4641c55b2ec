// How `springbar serve` ends [T134]: an open request is finished, no new one is taken, a second signal ends at once. A request
// is held open by a body that is not sent to its end; each step waits for something that can be seen.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { API_KEY, newPlace, type Place } from './serving.ts'
import { connectTo, type Raw, refuses } from './support.ts'

const BODY = JSON.stringify({ partnerUserId: 'unhurried' })

/** A request whose headers the service has read and whose body is on its way. */
async function holdOpen({ port }: Place): Promise<Raw> {
  const raw = await connectTo(port)
  raw.socket.write(
    [
      'POST /v1/users HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${API_KEY}`,
      'Content-Type: application/json',
      `Content-Length: ${BODY.length}`,
      'Expect: 100-continue',
      '',
      '',
    ].join('\r\n'),
  )
  await raw.hears(/^HTTP\/1\.1 100 Continue\r\n\r\n/)
  raw.socket.write(BODY.slice(0, 5))
  return raw
}

describe('the end of springbar serve', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`${signal}: new connections are refused, the open request gets its answer, the end is clean`, async () => {
      const place = await newPlace()
      const service = await place.serve()
      const open = await holdOpen(place)
      service.signal(signal)
      await refuses(place.port)
      open.socket.write(BODY.slice(5))
      await open.hears(/HTTP\/1\.1 200 OK[\s\S]+"partnerUserId":"unhurried"[\s\S]+\}/)
      await open.closed
      assert.deepEqual(await service.ended, { code: 0, signal: null })
      assert.equal(service.err(), '')
      const database = new DatabaseSync(place.databaseFile, { readOnly: true })
      assert.deepEqual(
        database
          .prepare('select alias from end_users')
          .all()
          .map((row) => ({ ...row })),
        [{ alias: 'unhurried' }],
      )
      database.close()
    })

  it('a connection that is still open hears from readyz that the service is shutting down', async () => {
    const place = await newPlace()
    const service = await place.serve()
    const open = await holdOpen(place)
    service.signal('SIGTERM')
    await refuses(place.port)
    open.socket.write(`${BODY.slice(5)}GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await open.closed
    const answers = [...open.heard().matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)
    assert.deepEqual(answers, ['100', '200', '503'], open.heard())
    assert.match(open.heard(), /shutting down$/)
    assert.deepEqual(await service.ended, { code: 0, signal: null })
  })

  it('a second signal ends it at once, with the request open', async () => {
    const place = await newPlace()
    const service = await place.serve()
    const open = await holdOpen(place)
    service.signal('SIGTERM')
    await refuses(place.port)
    // Two signals within a moment count as one, so somebody impatient goes on until it helps.
    const impatience = setInterval(() => service.signal('SIGTERM'), 50)
    const end = await service.ended
    clearInterval(impatience)
    assert.deepEqual(end, { code: 1, signal: null })
    await open.closed
    assert.ok(!open.heard().includes('200 OK'))

    const again = await place.serve()
    again.signal('SIGTERM')
    assert.deepEqual(await again.ended, { code: 0, signal: null }, 'what was cut off left nothing behind')
  })

  it('an idle connection does not hold it up', async () => {
    const place = await newPlace()
    const service = await place.serve()
    const idle = await connectTo(place.port)
    idle.socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await idle.hears(/ok$/)
    const silent = await connectTo(place.port)
    const since = performance.now()
    service.signal('SIGTERM')
    assert.deepEqual(await service.ended, { code: 0, signal: null })
    await Promise.all([idle.closed, silent.closed])
    assert.ok(performance.now() - since < limits.shutdownMs, 'not by being cut')
  })
})
