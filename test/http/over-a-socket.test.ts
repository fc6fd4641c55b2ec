// What only bytes on a real socket can say: bodies that lie about their length, requests inside requests, doubled and
// oddly written headers [T023, T024]. The service listening on a port of its own, raw sockets against it.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parseConfig } from '../../src/config/index.ts'
import { limits } from '../../src/limits.ts'
import { type RunningService, startService } from '../../src/main/service.ts'
import { basic } from './support.ts'

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const ACCOUNT = `Authorization: ${basic('a', 'a-password')}`
const APPLICATION = `AppAuthorization: ${basic('app-a', 'app-a-secret')}`
const FORM_TYPE = 'Content-Type: application/x-www-form-urlencoded'
const MIB = 1024 * 1024

describe('over a socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'springbar-socket-'))
  let service: RunningService
  before(async () => {
    const application = { id: 'app-a', name: 'A', secrets: ['app-a-secret'], apiKeys: ['sbk_a'] }
    const config = parseConfig(
      {
        publicUrl: 'https://connect.example.org',
        listen: { port: 0 },
        database: `sqlite:${join(folder, 'springbar.db')}`,
        keys: [{ id: 'k1', key: Buffer.alloc(32, 1).toString('base64') }],
        accounts: [{ username: 'a', passwords: ['a-password'], applications: [application] }],
      },
      { vendors: new Set(), tryOut: true },
    )
    service = await startService(config, { log: SILENT, sandboxOrigin: null })
  })
  after(async () => {
    await service.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Sends bytes and gives everything that comes back until the service closes; a write after that is no fault. */
  const exchange = (...parts: readonly (string | Buffer)[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(service.port, '127.0.0.1')
      let answer = ''
      socket.setEncoding('utf8').on('data', (text: string) => {
        answer += text
      })
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EPIPE' || error.code === 'ECONNRESET') resolve(answer)
        else reject(error)
      })
      socket.on('close', () => resolve(answer))
      socket.on('connect', () => {
        for (const part of parts) socket.write(part)
      })
    })
  const head = (path: string, ...lines: readonly string[]) =>
    [`POST ${path} HTTP/1.1`, 'Host: connect.example.org', 'Connection: close', ...lines, '', ''].join('\r\n')
  const statuses = (answer: string) =>
    [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
  const isAlive = async () =>
    (await exchange('GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).includes(' 200 ')

  it('header names may be written in any case', async () => {
    const lines = [
      ACCOUNT.replace('Authorization', 'AUTHORIZATION'),
      APPLICATION.replace('AppAuthorization', 'appauthorization'),
    ]
    const answer = await exchange(head('/v5/accessToken', ...lines, FORM_TYPE, 'Content-Length: 0'))
    assert.deepEqual(statuses(answer), [200])
    assert.match(answer, /\r\n\r\n[0-9a-f]{32}$/, 'the bare id is all of the body')
  })

  it('a post that announces no body has none, and what follows it is a request of its own', async () => {
    const first = head('/v5/accessToken', ACCOUNT, APPLICATION).replace('Connection: close\r\n', '')
    const answer = await exchange(first, head('/v5/accessToken', ACCOUNT, APPLICATION, 'Content-Length: 0'))
    assert.equal(answer.match(/HTTP\/1\.1 200 /g)?.length, 2)
  })

  it('a body of more than the limit is refused with 413 before it has all arrived, however it announces itself', async () => {
    const chunk = Buffer.from(`10000\r\n${'a'.repeat(0x10000)}\r\n`)
    const chunked = [
      head('/v5/accessToken', ACCOUNT, APPLICATION, FORM_TYPE, 'Transfer-Encoding: chunked'),
      ...Array(80).fill(chunk),
    ]
    assert.deepEqual(statuses(await exchange(...chunked)), [413])
    const announced = head('/v5/accessToken', ACCOUNT, APPLICATION, FORM_TYPE, `Content-Length: ${5 * MIB}`)
    assert.deepEqual(statuses(await exchange(announced)), [413], 'nothing of it was sent')
    const own = head(
      '/v1/users',
      'Authorization: Bearer sbk_a',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    )
    assert.deepEqual(statuses(await exchange(own, ...Array(80).fill(chunk))), [413])
    assert.ok(await isAlive())
  })

  it('a chunked body of exactly the limit is read', async () => {
    const body = `language=de&x=${'a'.repeat(limits.requestBodyBytes - 14)}`
    const start = head('/v5/accessToken', ACCOUNT, APPLICATION, FORM_TYPE, 'Transfer-Encoding: chunked')
    const answer = await exchange(start, `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`)
    assert.deepEqual(statuses(answer), [200])
  })

  it('a compressed body is refused with 415, not unpacked', async () => {
    const zipped = gzipSync(Buffer.alloc(5 * MIB, 'a'))
    const lines = [
      ACCOUNT,
      APPLICATION,
      FORM_TYPE,
      'Content-Encoding: gzip',
      `Content-Length: ${zipped.length}`,
    ]
    assert.deepEqual(statuses(await exchange(head('/v5/accessToken', ...lines), zipped)), [415])
  })

  it('what goes beyond a false Content-Length is no part of the body, nor a request of its own', async () => {
    const start = head('/v5/accessToken', ACCOUNT, APPLICATION, FORM_TYPE, 'Content-Length: 11')
    const answer = await exchange(
      start,
      `language=dePOST /v5/accessToken HTTP/1.1\r\n${ACCOUNT}\r\n${APPLICATION}\r\n\r\n`,
    )
    assert.ok(
      statuses(answer).filter((status) => status === 200).length <= 1,
      'one end user at most, not two',
    )
    assert.ok(statuses(answer).every((status) => status === 200 || status === 400))
    assert.ok(await isAlive())
  })

  it('two lengths, or a length and chunks, are refused with 400', async () => {
    for (const lines of [
      ['Content-Length: 3', 'Content-Length: 4'],
      ['Content-Length: 3', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked, identity'],
      ['Content-Length: -1'],
      ['Content-Length: 0x3'],
    ])
      assert.deepEqual(
        statuses(await exchange(head('/v5/accessToken', ACCOUNT, APPLICATION, FORM_TYPE, ...lines), 'a=b')),
        [400],
        lines.join(),
      )
  })

  it("a doubled credential is nobody's", async () => {
    const answer = await exchange(
      head('/v5/accessToken', ACCOUNT, APPLICATION, APPLICATION, FORM_TYPE, 'Content-Length: 0'),
    )
    assert.deepEqual(statuses(answer), [401])
    assert.match(answer, /"header":"AppAuthorization"/)
  })

  it('a doubled content type is none of those that are read, or the first alone', async () => {
    const types = [FORM_TYPE, 'Content-Type: application/json']
    for (const lines of [types, types.toReversed()]) {
      const answer = await exchange(
        head('/v5/accessToken', ACCOUNT, APPLICATION, ...lines, 'Content-Length: 0'),
      )
      assert.ok([[200], [415]].some((expected) => expected[0] === statuses(answer)[0]))
    }
    const other = await exchange(
      head('/v5/accessToken', ACCOUNT, APPLICATION, ...types.toReversed(), 'Content-Length: 11'),
      'language=de',
    )
    assert.deepEqual(statuses(other), [415])
  })

  it('the public URL is the configured one, whatever Host and forwarded headers say [T056]', async () => {
    const created = await exchange(
      head('/v5/accessToken', ACCOUNT, APPLICATION, FORM_TYPE, 'Content-Length: 0'),
    )
    const id = created.slice(-32)
    const lines = [
      ACCOUNT,
      APPLICATION,
      FORM_TYPE,
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-Proto: http',
      'Forwarded: host=evil.example',
      'Content-Length: 52',
    ]
    const start = head('/v5/dataSourceURL', ...lines).replace(
      'Host: connect.example.org',
      'Host: evil.example',
    )
    const answer = await exchange(start, `authenticationToken=${id}`)
    assert.match(answer, /\r\n\r\nhttps:\/\/connect\.example\.org\/\?connectionSessionToken=/)
    assert.ok(!answer.includes('evil'))
  })

  it('a target in absolute form, or that climbs, is the path that it names and no other host [T097]', async () => {
    const lines = [ACCOUNT, APPLICATION, FORM_TYPE, 'Content-Length: 0']
    for (const target of [
      '//evil.example/v5/accessToken',
      '/v5/../../v5/accessToken/',
      '/\\evil.example',
      '/v5/accessToken%00',
      '/v5/accessToken%2f',
      '/v5/accessToken;x',
    ]) {
      const answer = await exchange(head(target, ...lines))
      assert.ok([400, 404].includes(statuses(answer)[0] ?? 0), `${target}: ${answer}`)
      assert.ok(!/\nlocation:/i.test(answer), target)
    }
    const absolute = await exchange(head('http://evil.example/v5/accessToken', ...lines))
    assert.ok(!/\nlocation:/i.test(absolute))
  })

  it('no answer names the software or its version [T093]', async () => {
    for (const path of ['/v5/accessToken', '/v1/users', '/nothing', '/v1/openapi.json'])
      assert.doesNotMatch(await exchange(head(path)), /^(server|x-powered-by):/im)
  })
})
