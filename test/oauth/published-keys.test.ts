// Goal: a signature is believed only under a key that its vendor publishes, over the very bytes. Method: a key set as it was
// published in 2026, and signatures of a key of the sandbox's, altered in every part.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  fetchPublishedKeys,
  isSignedBy,
  readDetachedSignature,
  VendorError,
  type VendorFetch,
} from '../../src/oauth/index.ts'
import { publishedKeySet, signAsPublished } from '../../src/sandbox/index.ts'

const BODY = '[{"data":{"healthUserId":"1","dataType":"steps"}}]'
const bytes = (text: string) => new TextEncoder().encode(text)
/** A public key of Google Health's key set: both numbers with a zero before them. */
const PUBLISHED =
  'EgYIAxACGAIaIQBDWg3kaiabjtrVXbSSbcn6e3QqiCLD+B4GuhC/Z1C6miIhACarm0VQv9WjNZG/AB0itXCIGFW5ddInmBFUjK/8w0v3'

const keySet = (value: string, more: object = {}) => ({
  key: [{ keyId: 7, status: 'ENABLED', keyData: { typeUrl: 'x.EcdsaPublicKey', value }, ...more }],
})

const fetchKeys = (answer: unknown, status = 200) => {
  const fetch: VendorFetch = async () =>
    new Response(JSON.stringify(answer), { status, headers: { 'content-type': 'application/json' } })
  return fetchPublishedKeys(
    { fetch, now: () => 0, wait: async () => {} },
    'acme',
    'https://acme.example/keys',
  )
}

describe('published keys', () => {
  it('as a vendor publishes them are read', async () => {
    const key = (await fetchKeys(keySet(PUBLISHED))).get(7)
    assert.equal(key?.export({ format: 'jwk' })['crv'], 'P-256')
    const x = Buffer.from(PUBLISHED, 'base64').subarray(11, 43)
    assert.equal(key?.export({ format: 'jwk' })['x'], x.toString('base64url'))
  })

  it('that are switched off, of another kind, no point of the curve or cut are none', async () => {
    const moved = Buffer.from(PUBLISHED, 'base64')
    moved.writeUInt8((moved.at(-1) ?? 0) ^ 1, moved.length - 1)
    for (const none of [
      keySet(PUBLISHED, { status: 'DISABLED' }),
      keySet(PUBLISHED, { keyData: { typeUrl: 'x.Ed25519PublicKey', value: PUBLISHED } }),
      keySet(moved.toString('base64')),
      keySet(PUBLISHED.slice(0, 40)),
      keySet(''),
      { key: {} },
      {},
    ])
      await assert.rejects(
        fetchKeys(none),
        (error) => error instanceof VendorError && error.cause === 'not_conform',
      )
    await assert.rejects(
      fetchKeys(keySet(PUBLISHED), 503),
      (error) => error instanceof VendorError && error.retryable,
    )
  })

  it('verify a signature over these bytes and no others', async () => {
    const read = readDetachedSignature(signAsPublished(BODY))
    assert.ok(read)
    const key = (await fetchKeys(publishedKeySet())).get(read.keyId)
    assert.ok(key)
    assert.equal(isSignedBy(key, read, bytes(BODY)), true)
    assert.equal(isSignedBy(key, read, bytes(`${BODY} `)), false)
    const other = readDetachedSignature(signAsPublished(BODY, true))
    assert.ok(other)
    assert.equal(isSignedBy(key, other, bytes(BODY)), false)
    const cut = { ...read, signature: read.signature.subarray(0, -1) }
    assert.equal(isSignedBy(key, cut, bytes(BODY)), false)
  })

  it('are not even asked about what is no signature', () => {
    const right = Buffer.from(signAsPublished(BODY), 'base64')
    const otherForm = Buffer.from([0, ...right.subarray(1)])
    for (const text of ['', 'x', '{}', 'AQAA', `${right.toString('base64')}\n`, otherForm.toString('base64')])
      assert.equal(readDetachedSignature(text), null, text)
    assert.ok(readDetachedSignature(right.toString('base64')))
  })
})
