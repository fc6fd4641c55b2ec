// Goal: a receiver believes what Springbar signed, and nothing else, whatever its framework. Method: deliveries signed by the
// service's own code and by the Standard Webhooks library, one vector worked out by another program, and a real Node server.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { type SpringbarError, verifyWebhook, type WebhookCheck } from '@springbar/sdk'
import { Webhook } from 'standardwebhooks'
import { secret as secretOf } from '../../src/model/secret.ts'
import { newWebhookSecret } from '../../src/model/webhook-secret.ts'
import { signedHeaders } from '../../src/webhooks/sign.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { failure } from './stand-in.ts'

const NOW = 1770110142991
const random = seededRandom('receiver')
const [older, newer] = [newWebhookSecret(random), newWebhookSecret(random)]
const BODY =
  '{"endUserId":"0f3c9a5e7b1d42868ac0e4f2b6d8135a","endUserAlias":"Zoë","timestampType":"unix","type":"notification.source.connect","data":{"timestamp":1770110142991,"dataSourceId":8}}'
const EVENT = {
  id: 'a'.repeat(32),
  type: 'notification.source.connect',
  endUserId: '0f3c9a5e7b1d42868ac0e4f2b6d8135a',
  endUserAlias: 'Zoë',
  timestampType: 'unix',
  data: { timestamp: 1770110142991, dataSourceId: 8 },
}
const SCHEMES = ['standard', 'documented'] as const

const delivered = (body = BODY, secrets = [older]) => ({
  headers: { ...signedHeaders({ id: EVENT.id, body, now: NOW }, secrets.map(secretOf)) } as Record<
    string,
    string
  >, // every header is there with a secret of this form
  body,
})
const check = (given: Partial<WebhookCheck> = {}): WebhookCheck => ({
  secret: older,
  now: () => NOW,
  ...given,
})
const codeOf = async (verifying: Promise<unknown>): Promise<SpringbarError['code']> =>
  (await failure(verifying)).code

describe('verifyWebhook', () => {
  for (const scheme of SCHEMES) {
    it(`gives the event of a delivery, as text, bytes and web request (${scheme})`, async () => {
      const { headers, body } = delivered()
      const bytes = Buffer.from(body)
      for (const received of [
        { headers, body },
        { headers: new Headers(headers), body: new Uint8Array(bytes) },
        new Request('https://app.example.org/hooks', { method: 'POST', headers, body }),
      ])
        assert.deepEqual(await verifyWebhook(received, check({ scheme })), EVENT)
    })

    it(`refuses every changed byte, another secret and missing headers (${scheme})`, async () => {
      const { headers, body } = delivered()
      const refuses = async (received: Parameters<typeof verifyWebhook>[0], given = {}) =>
        assert.equal(await codeOf(verifyWebhook(received, check({ scheme, ...given }))), 'invalid_signature')
      for (let at = 0; at < body.length; at += 7)
        await refuses({ headers, body: `${body.slice(0, at)}#${body.slice(at + 1)}` })
      await refuses({ headers, body: '' })
      await refuses({ headers, body }, { secret: newer })
      const used = scheme === 'standard' ? /^webhook-/ : /^x-hmac-/
      for (const name of Object.keys(headers).filter((one) => used.test(one))) {
        const { [name]: value = '', ...others } = headers
        await refuses({ headers: others, body })
        await refuses({ headers: { ...others, [name]: `${value}0` }, body })
        await refuses({ headers: { ...others, [name]: '' }, body })
        await refuses({ headers: { ...others, [name]: [value, value] }, body })
      }
    })

    it(`refuses what was signed too long ago, or too far ahead (${scheme})`, async () => {
      const at = (ms: number, toleranceSeconds?: number) =>
        verifyWebhook(
          delivered(),
          check({
            scheme,
            now: () => NOW + ms,
            ...(toleranceSeconds === undefined ? {} : { toleranceSeconds }),
          }),
        )
      for (const ms of [-299_000, 299_000]) assert.deepEqual(await at(ms), EVENT)
      for (const ms of [-302_000, 302_000]) assert.equal(await codeOf(at(ms)), 'invalid_timestamp')
      assert.equal(await codeOf(at(12_000, 10)), 'invalid_timestamp')
      assert.deepEqual(await at(86_400_000, 86_401), EVENT)
    })

    it(`reads the request of a Node server, and says so when the body was read before (${scheme})`, async () => {
      const outcomes: unknown[] = []
      const server = createServer(async (request, response) => {
        outcomes.push(await verifyWebhook(request, check({ scheme })))
        outcomes.push(await codeOf(verifyWebhook(request, check({ scheme }))))
        response.writeHead(204).end()
      })
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const { port } = server.address() as AddressInfo // it listens on a port
      const { headers, body } = delivered()
      await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body })
      server.close()
      assert.deepEqual(outcomes, [EVENT, 'invalid_argument'])
    })
  }

  it('believes either of two live secrets of the receiver, and a delivery that is signed with two', async () => {
    const both = check({ secret: [newer, older] })
    for (const secrets of [[older], [newer], [older, newer]])
      assert.deepEqual(await verifyWebhook(delivered(BODY, secrets), both), EVENT)
    assert.deepEqual(await verifyWebhook(delivered(BODY, [older, newer]), check({ secret: newer })), EVENT)
  })

  it('believes what the Standard Webhooks library signs', async () => {
    const at = new Date(NOW)
    const headers = {
      'webhook-id': EVENT.id,
      'webhook-timestamp': String(Math.floor(NOW / 1000)),
      'webhook-signature': new Webhook(older).sign(EVENT.id, at, BODY),
    }
    assert.deepEqual(await verifyWebhook({ headers, body: BODY }, check()), EVENT)
  })

  it('believes vectors that openssl made', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const body = '{"timestampType":"unix","type":"webhook.test","data":{"timestamp":1770110142991}}'
    const headers = {
      'x-hmac-signature': '234277cd974086e5890cb7a11f46eff77050e7935c54c38debea506c3c23f54c',
      'x-hmac-timestamp': '1770110142991',
      'x-hmac-algorithm': 'hmac-sha256',
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1770110142',
      'webhook-signature': 'v1,ISRflUpuF9PgaXKuuhPn+5nxyVmHIcnOVbLSP5lY+W4=',
    }
    for (const scheme of SCHEMES) {
      const event = await verifyWebhook({ headers, body }, check({ secret, scheme }))
      assert.deepEqual([event.id, event.type, event.endUserId], ['msg_1', 'webhook.test', null])
    }
  })

  it('takes a secret of another form in the documented scheme, and says that the standard one cannot', async () => {
    const legacy = 'Wt7-vKx2_mQz9-rLb4_hNd6'
    const received = delivered(BODY, [legacy])
    assert.deepEqual(await verifyWebhook(received, check({ secret: legacy, scheme: 'documented' })), EVENT)
    for (const secret of [legacy, 'whsec_', 'whsec_no base64', ''])
      assert.equal(await codeOf(verifyWebhook(received, check({ secret }))), 'invalid_argument')
    assert.equal(await codeOf(verifyWebhook(received, check({ secret: [] }))), 'invalid_argument')
  })

  it('does not take one scheme for the other', async () => {
    const { headers, body } = delivered()
    const only = (pattern: RegExp) =>
      Object.fromEntries(Object.entries(headers).filter(([name]) => pattern.test(name)))
    const documented = verifyWebhook({ headers: only(/^x-hmac-/), body }, check())
    assert.equal(await codeOf(documented), 'invalid_signature')
    const standard = verifyWebhook({ headers: only(/^webhook-/), body }, check({ scheme: 'documented' }))
    assert.equal(await codeOf(standard), 'invalid_signature')
  })

  it('says that something signed is no event, and that a parsed body is no body', async () => {
    assert.equal(await codeOf(verifyWebhook(delivered('{"sourceUpdate":{}}'), check())), 'unexpected_answer')
    assert.equal(await codeOf(verifyWebhook(delivered('not json'), check())), 'unexpected_answer')
    const parsed = { headers: delivered().headers, body: JSON.parse(BODY) }
    assert.equal(await codeOf(verifyWebhook(parsed, check())), 'invalid_argument')
  })

  it('reads no body without end', async () => {
    const { headers } = delivered()
    const init = {
      method: 'POST',
      headers,
      body: new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) }),
      duplex: 'half',
    }
    const endless = new Request('https://app.example.org/hooks', init)
    assert.equal(await codeOf(verifyWebhook(endless, check())), 'invalid_signature')
  })
})
