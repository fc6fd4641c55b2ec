// The key ring: what it seals opens in its own place under its own key, and nowhere else, never after a change of a
// single bit. Method: every bit of a sealed value is turned, every part of its place exchanged.
import assert from 'node:assert/strict'
import { createDecipheriv, randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { createKeyRing, type Place, VaultError } from '../../src/vault/index.ts'
import { seededRandom } from '../support/world.ts'

const random = seededRandom('key ring')
const key = (byte: number) => Buffer.alloc(32, byte)
const ring = createKeyRing([{ id: 'k1', key: key(1) }], random)
const place: Place = { applicationId: 'app-a', object: 'connection-1', field: 'tokens' }
const PLAINTEXT = '{"accessToken":"a-token-of-a-vendor","refreshToken":null}'

const refusedWith = (reason: VaultError['reason'] | null, act: () => unknown, about = '') =>
  assert.throws(
    act,
    (error) => error instanceof VaultError && (reason === null || error.reason === reason),
    about,
  )

describe('a sealed value', () => {
  it('opens to what was sealed, also when that is empty or not ASCII', () => {
    for (const text of [PLAINTEXT, '', 'ø'.repeat(1000), '\u0000'])
      assert.equal(ring.open(ring.seal(text, place), place), text)
  })

  it('names its version, its key, a wrapped data key, a nonce of 12 bytes and a ciphertext with a tag [T098]', () => {
    const [version, keyId, wrapped, nonce, ciphertext, ...more] = ring.seal(PLAINTEXT, place).split('.')
    assert.deepEqual([version, keyId, more.length], ['v1', 'k1', 0])
    assert.equal(Buffer.from(wrapped ?? '', 'base64url').length, 12 + 32 + 16)
    assert.equal(Buffer.from(nonce ?? '', 'base64url').length, 12)
    assert.equal(Buffer.from(ciphertext ?? '', 'base64url').length, PLAINTEXT.length + 16)
  })

  it('holds nothing of the plaintext and is different each time [T098]', () => {
    const [one, other] = [ring.seal(PLAINTEXT, place), ring.seal(PLAINTEXT, place)]
    assert.notEqual(one, other)
    const parts = one.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    for (const part of parts) assert.doesNotMatch(part, /token|vendor/)
  })

  it('does not open at any other place: other application, row or field, also when their texts run together [T099]', () => {
    const sealed = ring.seal(PLAINTEXT, place)
    const places: Place[] = [
      { ...place, applicationId: 'app-b' },
      { ...place, object: 'connection-2' },
      { ...place, field: 'code' },
      { applicationId: 'app-', object: 'aconnection-1', field: 'tokens' },
      { applicationId: 'app-a', object: 'connection-1tokens', field: '' },
      { applicationId: 'connection-1', object: 'app-a', field: 'tokens' },
      { applicationId: '', object: '', field: '' },
    ]
    for (const other of places)
      refusedWith('integrity', () => ring.open(sealed, other), JSON.stringify(other))
  })

  it('does not open with any single bit turned, in any part [T100]', () => {
    const parts = ring.seal(PLAINTEXT, place).split('.')
    for (const index of [2, 3, 4]) {
      const bytes = Buffer.from(parts[index] ?? '', 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const turned = Buffer.from(bytes)
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const changed = parts.with(index, turned.toString('base64url')).join('.')
        refusedWith('integrity', () => ring.open(changed, place), `part ${index}, bit ${bit}`)
      }
    }
  })

  it('does not open with another version, an unknown key, a missing or an additional part [T100]', () => {
    const sealed = ring.seal(PLAINTEXT, place)
    const parts = sealed.split('.')
    refusedWith('unknown_key', () => ring.open(parts.with(1, 'k2').join('.'), place))
    for (const changed of [
      '',
      'v1',
      parts.with(0, 'v2').join('.'),
      parts.with(0, 'V1').join('.'),
      parts.slice(0, 4).join('.'),
      `${sealed}.`,
      `${sealed}.${parts[4]}`,
      parts.with(1, '').join('.'),
      parts.with(2, '').join('.'),
      parts.with(3, '').join('.'),
    ])
      refusedWith('malformed', () => ring.open(changed, place), changed.slice(0, 20))
    for (const changed of [
      parts.with(4, '').join('.'),
      parts.with(4, 'AAAA').join('.'),
      parts.with(2, 'AAAA').join('.'),
    ])
      refusedWith(null, () => ring.open(changed, place))
  })

  it('does not open with parts of another one, of the same place either [T099]', () => {
    const [one, other] = [
      ring.seal(PLAINTEXT, place).split('.'),
      ring.seal('something else', place).split('.'),
    ]
    for (const index of [2, 3, 4])
      refusedWith('integrity', () => ring.open(one.with(index, other[index] ?? '').join('.'), place))
  })

  it('does not open under another key of the same id [T103]', () => {
    const sealed = ring.seal(PLAINTEXT, place)
    const impostor = createKeyRing([{ id: 'k1', key: key(2) }], random)
    refusedWith('integrity', () => impostor.open(sealed, place))
  })

  it('is AES-256-GCM under a data key of its own, as an independent reader finds', () => {
    const [, keyId = '', wrapped = '', nonce = '', ciphertext = ''] = ring.seal(PLAINTEXT, place).split('.')
    const bound = (purpose: string, id: string) =>
      ['v1', purpose, id, place.applicationId, place.object, place.field]
        .map((part) => `${part.length}:${part}`)
        .join('')
    const decrypt = (with_: Uint8Array, box: Buffer, aad: string) => {
      const decipher = createDecipheriv('aes-256-gcm', with_, box.subarray(0, 12))
        .setAAD(Buffer.from(aad))
        .setAuthTag(box.subarray(-16))
      return Buffer.concat([decipher.update(box.subarray(12, -16)), decipher.final()])
    }
    const dataKey = decrypt(key(1), Buffer.from(wrapped, 'base64url'), bound('wrap', keyId))
    const box = Buffer.concat([nonce, ciphertext].map((part) => Buffer.from(part, 'base64url')))
    assert.equal(decrypt(dataKey, box, bound('data', '')).toString(), PLAINTEXT)
  })

  it('says in its error why it did not open, and nothing of what it holds', () => {
    const sealed = ring.seal(PLAINTEXT, place)
    try {
      ring.open(sealed, { ...place, object: 'other' })
      assert.fail('it opened')
    } catch (error) {
      assert.ok(error instanceof VaultError)
      assert.equal(error.message, 'vault: integrity')
      assert.equal(error.cause, undefined)
    }
  })
})

describe('nonces and data keys', () => {
  it('are drawn anew for every encryption, 12 and 32 bytes long, and never repeat [T101]', () => {
    const drawn: number[] = []
    const counting = createKeyRing([{ id: 'k1', key: key(1) }], (length) => {
      drawn.push(length)
      return new Uint8Array(randomBytes(length))
    })
    const seen = new Set<string>()
    const count = 20_000
    for (let i = 0; i < count; i++) {
      const [, , wrapped = '', nonce = ''] = counting.seal('x', place).split('.')
      // Of the wrapped data key the first 12 bytes are its nonce: 16 characters of base64url.
      seen.add(nonce).add(wrapped.slice(0, 16))
    }
    assert.equal(seen.size, 2 * count)
    assert.deepEqual(
      drawn.slice(0, 3).toSorted((a, b) => a - b),
      [12, 12, 32],
    )
    assert.equal(drawn.length, 3 * count)
  })
})

describe('rotating keys', () => {
  const before = createKeyRing([{ id: 'k1', key: key(1) }], random)
  const both = createKeyRing(
    [
      { id: 'k2', key: key(2) },
      { id: 'k1', key: key(1) },
    ],
    random,
  )
  const after = createKeyRing([{ id: 'k2', key: key(2) }], random)

  it('the first key seals, all open [T102]', () => {
    assert.equal(both.open(before.seal(PLAINTEXT, place), place), PLAINTEXT)
    assert.equal(both.seal(PLAINTEXT, place).split('.')[1], 'k2')
    refusedWith('unknown_key', () => after.open(before.seal(PLAINTEXT, place), place))
  })

  it('re-wrapping touches the data key alone, and the former key is needed no more [T102]', () => {
    const sealed = before.seal(PLAINTEXT, place)
    assert.ok(!both.isCurrent(sealed))
    const rewrapped = both.rewrap(sealed, place)
    assert.ok(both.isCurrent(rewrapped))
    assert.deepEqual(rewrapped.split('.').slice(3), sealed.split('.').slice(3))
    assert.equal(after.open(rewrapped, place), PLAINTEXT)
    refusedWith('unknown_key', () => before.open(rewrapped, place))
  })

  it('re-wrapping is bound to the place too: it moves nothing [T099]', () => {
    refusedWith('integrity', () => both.rewrap(before.seal(PLAINTEXT, place), { ...place, object: 'other' }))
  })

  it('needs at least one key', () => refusedWith('unknown_key', () => createKeyRing([], random)))
})
