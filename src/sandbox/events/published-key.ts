import { createECDH, createPrivateKey, hash, type KeyObject, sign } from 'node:crypto'
import type { JsonValue } from '../template.ts'

/** Nobody's secret: whoever plays with the sandbox may sign as its vendors do. */
const LABEL = 'springbar sandbox: the key that notifications are signed with'
const WRONG_LABEL = `${LABEL}, which nobody publishes`
const KEY_ID = 1_718_000_042

function keyOf(label: string): { readonly key: KeyObject; readonly x: Buffer; readonly y: Buffer } {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(hash('sha256', label, 'buffer'))
  const point = pair.getPublicKey()
  const [x, y] = [point.subarray(1, 33), point.subarray(33)]
  const base64 = (bytes: Buffer) => bytes.toString('base64url')
  const jwk = { kty: 'EC', crv: 'P-256', x: base64(x), y: base64(y), d: base64(pair.getPrivateKey()) }
  return { key: createPrivateKey({ key: jwk, format: 'jwk' }), x, y }
}

/** A field of a Protocol Buffers message. */
const field = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])

/** What the vendor publishes: a Tink key set in JSON with one ECDSA key (P-256, SHA-256, DER). */
export function publishedKeySet(): JsonValue {
  const { x, y } = keyOf(LABEL)
  const parameters = Buffer.from([0x08, 3, 0x10, 2, 0x18, 2])
  // A number of Tink's begins with a zero byte.
  const zero = Buffer.from([0])
  const key = [field(2, parameters), field(3, Buffer.concat([zero, x])), field(4, Buffer.concat([zero, y]))]
  return {
    primaryKeyId: KEY_ID,
    key: [
      {
        keyData: {
          typeUrl: 'type.googleapis.com/google.crypto.tink.EcdsaPublicKey',
          value: Buffer.concat(key).toString('base64'),
          keyMaterialType: 'ASYMMETRIC_PUBLIC',
        },
        status: 'ENABLED',
        keyId: KEY_ID,
        outputPrefixType: 'TINK',
      },
    ],
  }
}

/** The signature over a body in Tink's form and base64; by another key than the published one where that is asked for. */
export function signAsPublished(body: string, isWrong = false): string {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt8(1)
  prefix.writeUInt32BE(KEY_ID, 1)
  const { key } = keyOf(isWrong ? WRONG_LABEL : LABEL)
  return Buffer.concat([prefix, sign('sha256', Buffer.from(body), key)]).toString('base64')
}
