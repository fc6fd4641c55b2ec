import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { isJsonObject, valueAt } from './json.ts'
import { readJsonObject, requireAvailable, type VendorContext } from './vendor-answer.ts'
import { VendorError } from './vendor-error.ts'

/** Public keys of a vendor, by their ids. */
export type PublishedKeys = ReadonlyMap<number, KeyObject>

/** A signature apart from what it is over: Tink's form, one byte, the id of the key in four, and the signature itself. */
export interface DetachedSignature {
  readonly keyId: number
  /** DER (RFC 3279 §2.2.3). */
  readonly signature: Uint8Array
}

/** Tink's mark of a signature that names its key. */
const TINK = 0x01
const PREFIX_BYTES = 5
/** A P-256 signature in DER has 72 bytes at most. */
const SIGNATURE = /^[A-Za-z0-9+/_-]{12,120}={0,2}$/
const COORDINATE_BYTES = 32

/** Reads a header in base64; null when it cannot be one. */
export function readDetachedSignature(text: string): DetachedSignature | null {
  if (!SIGNATURE.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length <= PREFIX_BYTES || bytes[0] !== TINK) return null
  return { keyId: bytes.readUInt32BE(1), signature: bytes.subarray(PREFIX_BYTES) }
}

/** Whether a key signed these very bytes: ECDSA on P-256 with SHA-256 (FIPS 186-5). */
export const isSignedBy = (key: KeyObject, { signature }: DetachedSignature, body: Uint8Array): boolean =>
  verify('sha256', body, { key, dsaEncoding: 'der' }, signature)

/** Fetches what a vendor publishes. Throws a {@link VendorError}; `malformed` when no key of it can be used. */
export async function fetchPublishedKeys(
  { fetch, now }: VendorContext,
  vendor: string,
  url: string,
): Promise<PublishedKeys> {
  const response = await fetch(url, { vendor, method: 'GET', headers: { accept: 'application/json' } })
  requireAvailable(response, now())
  if (response.status !== 200) throw new VendorError('rejected', 'http_status', { status: response.status })
  const listed = valueAt(await readJsonObject(response), 'key')
  const keys = new Map((Array.isArray(listed) ? listed : []).flatMap(readKey))
  if (keys.size === 0) throw new VendorError('malformed', 'not_conform')
  return keys
}

/** One of a Tink key set in JSON: none when it is switched off, or of a kind that is not expected here. */
function readKey(entry: unknown): readonly (readonly [number, KeyObject])[] {
  const keyId = valueAt(entry, 'keyId')
  const value = valueAt(entry, 'keyData.value')
  if (!isJsonObject(entry) || entry['status'] !== 'ENABLED' || typeof keyId !== 'number') return []
  if (typeof value !== 'string' || !String(valueAt(entry, 'keyData.typeUrl')).endsWith('.EcdsaPublicKey'))
    return []
  const fields = readFields(Buffer.from(value, 'base64'))
  const [x, y] = [coordinateOf(fields.get(3)), coordinateOf(fields.get(4))]
  if (x === null || y === null) return []
  try {
    return [[keyId, createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })]]
  } catch {
    // Not a point of the curve.
    return []
  }
}

/** A number as a JWK wants it (RFC 7518 §6.2.1.2); Tink may write a zero before it. */
function coordinateOf(bytes: Buffer | undefined): string | null {
  if (bytes === undefined) return null
  const start = Math.max(0, bytes.length - COORDINATE_BYTES)
  if (bytes.subarray(0, start).some((byte) => byte !== 0)) return null
  const padded = Buffer.alloc(COORDINATE_BYTES)
  bytes.copy(padded, COORDINATE_BYTES - (bytes.length - start), start)
  return padded.toString('base64url')
}

/** The length-delimited fields of a small Protocol Buffers message (encoding guide, "Message Structure"). */
function readFields(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>()
  // Tags and lengths of this message are below 128, so each is one byte.
  for (let at = 0; at + 1 < bytes.length; ) {
    const [tag = 0, size = 0] = bytes.subarray(at, at + 2)
    if ((tag & 7) === 2) fields.set(tag >> 3, bytes.subarray(at + 2, at + 2 + size))
    at += (tag & 7) === 2 ? 2 + size : 2
  }
  return fields
}
