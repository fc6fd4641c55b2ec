// What only bytes on a real socket can say: bodies that lie about their length, requests inside requests, doubled and
// oddly written headers [T023, T024]. The service listening on a port of its own, raw sockets against it.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { LogFields } from '../../src/broker/context.ts'
import { parseConfig } from '../../src/config/index.ts'
import { limits } from '../../src/limits.ts'
import { type RunningService, startService } from '../../src/main/service.ts'
import { basic } from './support.ts'

const ACCOUNT = `Authorization: ${basic('a', 'a-password')}`
const APPLICATION = `AppAuthorization: ${basic('app-a', 'app-a-secret')}`
const FORM_TYPE = 'Content-Type: application/x-www-form-urlencoded'
const MIB = 1024 * 1024

describe('over a socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'springbar-socket-'))
  let service: RunningService
  /** Told of every line of the log: its level, its path and its code. */
  let onLogged = (_line: readonly unknown[]) => {}
  const write =
    (level: string) =>
    (_message: string, fields: LogFields = {}) =>
      onLogged([level, fields['path'], fields['code']])
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
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
    service = await startService(config, { log, sandboxOrigin: null })
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

  /** The one error shape in what came back, checked; its code. */
  const codeIn = (answer: string) => {
    const [start = '', body = ''] = answer.split(/\r\n\r\n/)
    const problem = JSON.parse(body) as Record<string, unknown> // looked at member by member
    assert.match(start, /^content-type: application\/(problem\+)?json\r?$/im)
    assert.match(start, /^cache-control: no-store\r?$/im)
    assert.match(start, /^connection: close\r?$/im)
    assert.deepEqual(statuses(answer), [problem['status']])
    assert.match(String(problem['detail']), /^[A-Z].{20,}\.$/)
    assert.match(String(problem['requestId']), /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
    return problem['code']
  }
  const get = (target: string, host = 'Host: x\r\n') =>
    exchange(`GET ${target} HTTP/1.1\r\n${host}Connection: close\r\nAuthorization: Bearer sbk_a\r\n\r\n`)

  it('an address or a host that is none gets an error of ours, in the one shape', async () => {
    for (const target of [
      '/v1/connections/0123456789abcdef0123456789abcdef/proxy/a\\b',
      '/v5/a\\b',
      '/\\evil.example',
      'http://[::1/v5',
      '*',
    ])
      assert.equal(codeIn(await get(target)), 'invalid_request', target)
    for (const host of ['', 'Host: \r\n', 'Host: a b\r\n', 'Host: a/b\r\n', 'Host: a@b\r\n', 'Host: [\r\n'])
      assert.equal(codeIn(await get('/v1/users/x', host)), 'invalid_request', host)
    assert.match(await get('/v5/a\\b'), /^content-type: application\/json\r$/im)
    assert.match(await get('/v1/a\\b'), /^content-type: application\/problem\+json\r$/im)
    assert.ok(await isAlive())
  })

  it('bytes that are no request get one too, and headers that are too large a 431', async () => {
    for (const bytes of [
      'nothing of HTTP\r\n\r\n',
      'FOO /v1/users/x HTTP/1.1\r\nHost: x\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET /?a=\x01 HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n',
    ])
      assert.equal(codeIn(await exchange(Buffer.from(bytes, 'latin1'))), 'invalid_request', bytes)
    const large = `X: ${'a'.repeat(limits.requestHeaderBytes)}\r\n`
    assert.equal(codeIn(await get('/', `Host: x\r\n${large}`)), 'headers_too_large')
    assert.ok(await isAlive())
  })

  it('an expectation that nobody knows is passed over', async () => {
    const lines = [ACCOUNT, APPLICATION, FORM_TYPE, 'Content-Length: 0', 'Expect: a-miracle']
    assert.deepEqual(statuses(await exchange(head('/v5/accessToken', ...lines))), [200])
  })

  it('a body that breaks off or has a false chunk is the fault of whoever sent it, not a failure of ours', async () => {
    const chunked = head('/v5/accessToken', ACCOUNT, APPLICATION, FORM_TYPE, 'Transfer-Encoding: chunked')
    assert.equal(codeIn(await exchange(chunked, 'ZZ\r\n')), 'invalid_request')
    const refused = new Promise<readonly unknown[]>((resolve) => {
      onLogged = (line) => (line[1] === '/v5/accessToken' ? resolve(line) : undefined)
    })
    const lines = [ACCOUNT, APPLICATION, FORM_TYPE, 'Content-Length: 1000', 'Expect: 100-continue']
    const socket = connect(service.port, '127.0.0.1')
    socket.write(head('/v5/accessToken', ...lines))
    // It is asked for its body, so the service is waiting for it.
    socket.once('data', () => socket.write('language=de', () => socket.destroy()))
    assert.deepEqual(await refused, ['info', '/v5/accessToken', 'invalid_request'])
  })

  it('a body that is not UTF-8 is refused, in JSON as in a form', async () => {
    for (const [path, type, bytes] of [
      ['/v1/users', 'application/json', '{"partnerUserId":"\xff"}'],
      ['/v1/users', 'application/json', '{"partnerUserId":"a","\xc0\x80":1}'],
      ['/widget/v6/connection', 'application/json', '{"locale":"\xed\xa0\x80"}'],
      ['/v5/accessToken', 'application/x-www-form-urlencoded', 'partnerUserID=\xe4'],
    ] as const) {
      const lines = [ACCOUNT, APPLICATION, `Content-Type: ${type}`, `Content-Length: ${bytes.length}`]
      const answer = await exchange(head(path, ...lines), Buffer.from(bytes, 'latin1'))
      assert.equal(codeIn(answer), 'invalid_request', path)
      assert.match(answer, /The body is not valid UTF-8\./)
    }
  })

  it('no answer names the software or its version [T093]', async () => {
    for (const path of ['/v5/accessToken', '/v1/users', '/nothing', '/v1/openapi.json'])
      assert.doesNotMatch(await exchange(head(path)), /^(server|x-powered-by):/im)
  })
})
