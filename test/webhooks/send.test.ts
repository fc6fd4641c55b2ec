// Goal: nothing but an allowed address is ever connected to, whatever a URL, a name or an answer says; and no receiver
// can hold a worker longer, or make it read more, than the bounds. Method: the real sender, real sockets on this machine,
// and a resolver that lies. Whether a socket was opened is what a listening server saw.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as http } from 'node:http'
import { createServer as createTlsServer, request as https } from 'node:https'
import { createServer, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { mayConnect, parseNetwork, targetProblem } from '../../src/model/webhook-target.ts'
import { createSender, type Lookup, type Request } from '../../src/webhooks/send.ts'
import { type Receiver, type Reply, startReceiver } from '../support/receiver.ts'
import { cert, key } from './untrusted-certificate.ts'

const LOOPBACK = ['127.0.0.0/8', '::1'].map(parseNetwork)

/** Addresses that nobody on the Internet can be reached at, or that stand for another one. */
const FORBIDDEN = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:0:8.8.8.8',
  '64:ff9b::808:808',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2001:10::1',
  '2001:20::1',
  '2002:7f00:1::1',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '4000::1',
]
/** Ways to write 127.0.0.1 and its like in a URL. */
const DISGUISED = [
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0x7f.1',
  '017700000001',
  '127.0.0.1.',
  '%31%32%37.0.0.1',
  '①②⑦.0.0.1',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '0',
  '[fe80::1]',
]

const post = { headers: { 'content-type': 'application/json' }, body: '{"a":"ü"}' }
const resolvesTo =
  (...addresses: readonly string[]): Lookup =>
  (_, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
const never: Request = () => assert.fail('a request was made')

describe('where a webhook may lead [T109]', () => {
  it('is to public addresses over https, at port 443 or 8443', () => {
    for (const url of [
      'https://app.example.com/hooks?a=b',
      'https://1.1.1.1/',
      'https://app.example.com:8443/',
      'https://[2606:4700::1111]/',
    ])
      assert.equal(targetProblem(url, []), null, url)
    for (const url of [
      'http://app.example.com/',
      'ftp://a.example/',
      'https://a:b@a.example/',
      'https://a.example/#x',
      'https://a.example:22/',
      '/hooks',
      'https://a.example/ü',
      'https://a.example/a b',
      `https://a.example/${'a'.repeat(2_048)}`,
      '',
    ])
      assert.notEqual(targetProblem(url, []), null, url)
  })

  it('is into a network that the operator allowed, over http and at any port as well', () => {
    assert.equal(targetProblem('http://127.0.0.1:9000/hooks', LOOPBACK), null)
    assert.equal(targetProblem('http://localhost:9000/hooks', LOOPBACK), null)
    assert.notEqual(targetProblem('http://10.0.0.1:9000/hooks', LOOPBACK), null)
    assert.notEqual(targetProblem('http://1.1.1.1/hooks', LOOPBACK), null)
    assert.equal(mayConnect(new URL('http://a.example/'), '1.1.1.1', LOOPBACK), false)
    assert.equal(mayConnect(new URL('http://a.example:9/'), '::ffff:127.0.0.1', LOOPBACK), true)
  })

  for (const address of FORBIDDEN)
    it(`is never ${address}, written so or behind a name`, async () => {
      const literal = `https://${address.includes(':') ? `[${address}]` : address}/`
      assert.notEqual(targetProblem(literal, []), null)
      const sendLiteral = createSender({
        http: never,
        https: never,
        lookup: resolvesTo('1.1.1.1'),
        networks: [],
        timeoutMs: 500,
      })
      assert.equal((await sendLiteral({ ...post, url: literal })).cause, 'target_not_allowed')
      for (const answer of [[address], ['1.1.1.1', address]]) {
        const send = createSender({
          http,
          https,
          lookup: resolvesTo(...answer),
          networks: [],
          timeoutMs: 500,
        })
        assert.equal((await send({ ...post, url: 'https://app.example.com/' })).cause, 'target_not_allowed')
      }
    })

  for (const host of DISGUISED)
    it(`is not ${host}, which is another way to write such an address`, async () => {
      const url = `https://${host}/`
      assert.notEqual(targetProblem(url, []), null)
      const send = createSender({
        http: never,
        https: never,
        lookup: resolvesTo('1.1.1.1'),
        networks: [],
        timeoutMs: 500,
      })
      assert.equal((await send({ ...post, url })).cause, 'target_not_allowed')
    })

  it('is decided on the address that is connected to: a name that resolves to another one a moment later gains nothing', async () => {
    let connections = 0
    const server = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    server.listen(8443, '127.0.0.1')
    await once(server, 'listening')
    try {
      // Good at the registration, bad at the delivery; and good for the first look-up, bad for each after it.
      let asked = 0
      const rebinding: Lookup = (name, done) =>
        resolvesTo(asked++ === 0 ? '1.1.1.1' : '127.0.0.1')(name, done)
      rebinding('app.example.com', () => undefined)
      const send = createSender({ http, https, lookup: rebinding, networks: [], timeoutMs: 20_000 })
      const answer = await send({ ...post, url: 'https://app.example.com:8443/' })
      assert.deepEqual([answer.cause, asked, connections], ['target_not_allowed', 2, 0])
    } finally {
      server.close()
      await once(server, 'close')
    }
  })
})

describe('a webhook on its way [T110]', () => {
  let receiver: Receiver
  let reply: Reply = 200
  const sender = (timeoutMs = 20_000) =>
    createSender({ http, https, lookup: resolvesTo('127.0.0.1'), networks: LOOPBACK, timeoutMs })
  const send = () => sender()({ ...post, url: receiver.url })
  before(async () => {
    receiver = await startReceiver(() => reply)
  })
  after(() => receiver.close())

  it('arrives as it was signed, byte for byte', async () => {
    assert.deepEqual(await send(), { status: 200, cause: null, start: '', retryAfter: null })
    const [one] = receiver.received
    assert.equal(one?.body.toString('utf8'), post.body)
    assert.equal(one?.headers['content-type'], 'application/json')
    assert.equal(one?.headers['content-length'], '10')
    assert.equal(one?.headers['user-agent'], 'Springbar')
  })

  it('is not sent on to where an answer leads', async () => {
    const before = receiver.received.length
    for (const status of [301, 302, 303, 307, 308]) {
      reply = { status, headers: { location: receiver.url } }
      assert.equal((await send()).status, status)
    }
    assert.equal(receiver.received.length, before + 5)
  })

  it('brings back the beginning of the answer as text, and what it says of waiting', async () => {
    reply = { status: 503, headers: { 'retry-after': '17' }, body: `bad\0 \u001b[31m${'x'.repeat(9_000)}` }
    const { status, start, retryAfter } = await send()
    assert.deepEqual([status, retryAfter, start.length], [503, '17', 500])
    assert.ok(start.startsWith('bad� �[31mxxx'))
  })

  it('waits no longer than its time, for an answer, for its end, for a name', async () => {
    reply = 'silence'
    assert.equal((await sender(50)({ ...post, url: receiver.url })).cause, 'timeout')
    const sockets = new Set<Socket>()
    const dripping = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\na'))
    })
    dripping.listen(0, '127.0.0.1')
    await once(dripping, 'listening')
    const address = dripping.address()
    assert.ok(typeof address === 'object' && address !== null)
    const url = `http://127.0.0.1:${address.port}/`
    assert.equal((await sender(50)({ ...post, url })).cause, 'timeout')
    for (const socket of sockets) socket.destroy()
    dripping.close()
    const deaf = createSender({ http, https, lookup: () => undefined, networks: [], timeoutMs: 50 })
    assert.equal((await deaf({ ...post, url: 'https://app.example.com/' })).cause, 'timeout')
  })

  it('reads no more of an answer than 64 KiB, and believes its status', async () => {
    let written = 0
    const endless = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        const pour = () => {
          while (!socket.destroyed && written < 50_000_000) {
            written += 65_536
            if (!socket.write(Buffer.alloc(65_536, 'a'))) break
          }
        }
        socket.on('drain', pour)
        pour()
      })
    })
    endless.listen(0, '127.0.0.1')
    await once(endless, 'listening')
    const address = endless.address()
    assert.ok(typeof address === 'object' && address !== null)
    const answer = await sender()({ ...post, url: `http://127.0.0.1:${address.port}/` })
    assert.deepEqual([answer.status, answer.start.length], [200, 500])
    assert.ok(written < 40_000_000, `the receiver got rid of ${written} bytes`)
    endless.close()
  })

  it('tells a refused, a cut and a lost way apart, and never rejects', async () => {
    reply = 'cut'
    assert.equal((await send()).cause, 'connection_cut')
    assert.equal((await sender()({ ...post, url: 'http://127.0.0.1:1/' })).cause, 'connection_refused')
    const lost: Lookup = (_, done) => done(Object.assign(new Error('lost'), { code: 'ENOTFOUND' }), [])
    const nowhere = createSender({ http, https, lookup: lost, networks: [], timeoutMs: 20_000 })
    assert.equal((await nowhere({ ...post, url: 'https://app.example.com/' })).cause, 'name_not_found')
    assert.equal((await sender()({ ...post, url: 'nonsense' })).cause, 'target_not_allowed')
    const headers = { 'x-bad': 'a\nb' }
    assert.equal((await sender()({ url: receiver.url, headers, body: '' })).cause, 'network')
  })

  it('believes no certificate that nobody vouches for', async () => {
    let requests = 0
    const server = createTlsServer({ key, cert }, (_, response) => {
      requests += 1
      response.end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    const answer = await sender()({ ...post, url: `https://localhost:${address.port}/` })
    assert.deepEqual([answer.cause, requests], ['tls', 0])
    server.close()
  })
})
