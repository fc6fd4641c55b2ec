// Goal: receivers that use the Standard Webhooks project's own library need nothing else. Method: that library, unchanged,
// verifies what the service signs, with its clock set to the instant of the delivery.
import assert from 'node:assert/strict'
import { beforeEach, describe, it, mock } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { secret } from '../../src/model/secret.ts'
import { newWebhookSecret } from '../../src/model/webhook-secret.ts'
import { signedHeaders } from '../../src/webhooks/sign.ts'
import { seededRandom } from '../support/seeded-random.ts'

const NOW = 1770110142991
const random = seededRandom('standard')
const [older, newer] = [newWebhookSecret(random), newWebhookSecret(random)]
const body = '{"endUserAlias":"Zoë","type":"notification.source.connect"}'
const message = { id: 'a'.repeat(32), body, now: NOW }

describe('the Standard Webhooks library', () => {
  beforeEach((t) => {
    mock.timers.enable({ apis: ['Date'], now: NOW })
    if ('after' in t) t.after(() => mock.timers.reset())
  })

  it('believes a delivery, with either of two live secrets [T107, T108]', () => {
    const headers = { ...signedHeaders(message, [older, newer].map(secret)) }
    for (const one of [older, newer])
      assert.deepEqual(new Webhook(one).verify(Buffer.from(body), headers), JSON.parse(body))
  })

  it('believes none that was changed, or was signed with a retired secret, or is old', () => {
    const headers = { ...signedHeaders(message, [secret(newer)]) }
    const refuses = (key: string, text: string, given: Record<string, string>) =>
      assert.throws(
        () => new Webhook(key).verify(text, given),
        /WebhookVerificationError|No matching|too old/,
      )
    refuses(newer, `${body} `, headers)
    refuses(older, body, headers)
    refuses(newer, body, { ...headers, 'webhook-id': 'b'.repeat(32) })
    mock.timers.tick(6 * 60_000)
    refuses(newer, body, headers)
  })
})
