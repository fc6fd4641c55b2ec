// Goal: whoever knows a secret can tell that a body is ours, in either scheme. Method: checks written independently of
// the service, and one value of each scheme that was computed by hand with another program.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { secret } from '../../src/model/secret.ts'
import { newWebhookSecret, standardKey } from '../../src/model/webhook-secret.ts'
import { signedHeaders } from '../../src/webhooks/sign.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { documentedSignatureHolds, standardSignatureHolds } from './support.ts'

const NOW = 1770110142991
const random = seededRandom('secrets')
const [older, newer] = [newWebhookSecret(random), newWebhookSecret(random)]
const body = '{"endUserAlias":"Zoë"}'
const bytes = Buffer.from(body)
const headersWith = (...secrets: readonly string[]) =>
  signedHeaders({ id: 'msg', body, now: NOW }, secrets.map(secret))

describe('the headers of a webhook', () => {
  it('hold in both schemes, over the very bytes of the body [T107]', () => {
    const headers = headersWith(older)
    assert.ok(documentedSignatureHolds(headers, bytes, older))
    assert.ok(standardSignatureHolds(headers, bytes, older))
    for (const changed of [Buffer.from(`${body} `), Buffer.from(body.replace('Z', 'z'))]) {
      assert.ok(!documentedSignatureHolds(headers, changed, older))
      assert.ok(!standardSignatureHolds(headers, changed, older))
    }
    const late = { ...headers, 'x-hmac-timestamp': String(NOW + 1), 'webhook-timestamp': '1770110143' }
    assert.ok(!documentedSignatureHolds(late, bytes, older) && !standardSignatureHolds(late, bytes, older))
  })

  it('are these for a known secret', () => {
    assert.deepEqual(
      signedHeaders({ id: 'msg_1', body: '{}', now: NOW }, [
        secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
      ]),
      {
        'content-type': 'application/json',
        'x-hmac-signature': '8aa344c8d4c181bbc2bcd86a4269e99026735f5ba67ef75c75884bae07c7c604',
        'x-hmac-timestamp': '1770110142991',
        'x-hmac-algorithm': 'hmac-sha256',
        'webhook-id': 'msg_1',
        'webhook-timestamp': '1770110142',
        'webhook-signature': 'v1,1abnOR37wWGtlrjrQ4GuTdualphAl5lkwwORZRuLfPI=',
      },
    )
  })

  it('hold for both of two live secrets in the standard scheme, for the older one in the documented [T108]', () => {
    const headers = headersWith(older, newer)
    assert.match(headers['webhook-signature'] ?? '', /^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/)
    for (const one of [older, newer]) assert.ok(standardSignatureHolds(headers, bytes, one))
    assert.ok(documentedSignatureHolds(headers, bytes, older))
    assert.ok(!documentedSignatureHolds(headers, bytes, newer))
  })

  it('are of the documented scheme alone with a secret of another form', () => {
    const legacy = 'Wt7-vKx2_mQz9-rLb4_hNd6'
    assert.equal(standardKey(legacy), null)
    const headers = headersWith(legacy)
    assert.ok(documentedSignatureHolds(headers, bytes, legacy))
    assert.equal(headers['webhook-signature'], undefined)
  })
})

describe('a secret', () => {
  it('has 256 random bits in the form of the standard', () => {
    assert.match(older, /^whsec_[A-Za-z0-9+/]{43}=$/)
    assert.notEqual(older, newer)
    assert.equal(standardKey(older)?.length, 32)
    assert.equal(standardKey('whsec_c2hvcnQ='), null)
    assert.equal(standardKey('whsec_not base64, however long it is'), null)
  })
})
