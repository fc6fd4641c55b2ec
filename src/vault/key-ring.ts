import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'

/** One key of the ring: AES-256, named by a short id that stands in every sealed value. */
export interface RingKey {
  readonly id: string
  readonly key: Uint8Array
}

/** Where a sealed value lives. Moved to any other place, it does not open. */
export interface Place {
  readonly applicationId: string
  /** The row: a connection's id, or `service` for the service's own values. */
  readonly object: string
  readonly field: string
}

/** A sealed value that cannot be opened. `reason` tells an operator why; it holds nothing of the value. */
export class VaultError extends Error {
  readonly reason: 'unknown_key' | 'malformed' | 'integrity'

  constructor(reason: 'unknown_key' | 'malformed' | 'integrity') {
    super(`vault: ${reason}`)
    this.name = 'VaultError'
    this.reason = reason
  }
}

/** Seals and opens short texts. */
export interface KeyRing {
  /** The id of the primary key, which seals. */
  readonly primary: string
  readonly seal: (plaintext: string, place: Place) => string
  /** Throws a {@link VaultError} for a value that was altered, moved, or sealed by a key that is gone. */
  readonly open: (sealed: string, place: Place) => string
  /** The id of the key that a sealed value is wrapped by. Throws a {@link VaultError} for what is none. */
  readonly keyOf: (sealed: string) => string
  /** Whether a sealed value is wrapped by the primary key; `rewrap` makes it so without touching the ciphertext. */
  readonly isCurrent: (sealed: string) => boolean
  readonly rewrap: (sealed: string, place: Place) => string
}

const VERSION = 'v1'
const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/**
 * A ring of keys, the first of which is primary. Format: `v1.<key id>.<wrapped data key>.<nonce>.<ciphertext>`,
 * the parts in base64url. AES-256-GCM with 96-bit random nonces (NIST SP 800-38D §8.2.2) and a data key of its own
 * for each sealed value, so that rotation re-wraps 32 bytes and no key ever nears its bound of 2^32 uses.
 */
export function createKeyRing(keys: readonly RingKey[], random: (byteLength: number) => Uint8Array): KeyRing {
  const primary = keys[0]
  if (primary === undefined) throw new VaultError('unknown_key')
  // As key objects: Node takes one several times faster than the bytes.
  const byId = new Map(keys.map(({ id, key }) => [id, createSecretKey(key)]))
  const primaryKey = createSecretKey(primary.key)

  const unwrap = (parts: SealedParts, place: Place): Uint8Array => {
    const key = byId.get(parts.keyId)
    if (key === undefined) throw new VaultError('unknown_key')
    return decrypt(key, parts.wrappedKey, additionalData('wrap', parts.keyId, place))
  }
  const wrap = (dataKey: Uint8Array, place: Place): string =>
    encrypt(primaryKey, dataKey, additionalData('wrap', primary.id, place), random).toString('base64url')

  return Object.freeze({
    primary: primary.id,
    seal: (plaintext: string, place: Place) => {
      const dataKey = random(KEY_BYTES)
      const box = encrypt(
        createSecretKey(dataKey),
        Buffer.from(plaintext),
        additionalData('data', '', place),
        random,
      )
      const nonce = box.subarray(0, NONCE_BYTES).toString('base64url')
      const ciphertext = box.subarray(NONCE_BYTES).toString('base64url')
      return [VERSION, primary.id, wrap(dataKey, place), nonce, ciphertext].join('.')
    },
    open: (sealed: string, place: Place) => {
      const parts = split(sealed)
      const box = Buffer.concat([parts.nonce, parts.ciphertext])
      return decrypt(createSecretKey(unwrap(parts, place)), box, additionalData('data', '', place)).toString(
        'utf8',
      )
    },
    keyOf: (sealed: string) => split(sealed).keyId,
    isCurrent: (sealed: string) => split(sealed).keyId === primary.id,
    rewrap: (sealed: string, place: Place) => {
      const parts = split(sealed)
      const rest = [parts.nonce.toString('base64url'), parts.ciphertext.toString('base64url')]
      return [VERSION, primary.id, wrap(unwrap(parts, place), place), ...rest].join('.')
    },
  })
}

interface SealedParts {
  readonly keyId: string
  readonly wrappedKey: Buffer
  readonly nonce: Buffer
  readonly ciphertext: Buffer
}

function split(sealed: string): SealedParts {
  const [version, keyId, wrappedKey, nonce, ciphertext, ...more] = sealed.split('.')
  if (version !== VERSION || !keyId || !wrappedKey || !nonce || ciphertext === undefined || more.length > 0)
    throw new VaultError('malformed')
  return {
    keyId,
    wrappedKey: Buffer.from(wrappedKey, 'base64url'),
    nonce: Buffer.from(nonce, 'base64url'),
    ciphertext: Buffer.from(ciphertext, 'base64url'),
  }
}

/** Each part with its length in front, so that no two different places give the same bytes. */
function additionalData(purpose: 'wrap' | 'data', keyId: string, place: Place): Buffer {
  const parts = [VERSION, purpose, keyId, place.applicationId, place.object, place.field]
  return Buffer.from(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''))
}

/** Nonce, ciphertext and tag in one buffer. */
function encrypt(
  key: KeyObject,
  plaintext: Uint8Array,
  aad: Buffer,
  random: (byteLength: number) => Uint8Array,
): Buffer {
  const nonce = random(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad)
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: KeyObject, box: Buffer, aad: Buffer): Buffer {
  if (box.length < NONCE_BYTES + TAG_BYTES) throw new VaultError('malformed')
  const nonce = box.subarray(0, NONCE_BYTES)
  const tag = box.subarray(box.length - TAG_BYTES)
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(aad)
    .setAuthTag(tag)
  try {
    const ciphertext = box.subarray(NONCE_BYTES, box.length - TAG_BYTES)
    return Buffer.concat([decipher.update(ciphertext), decipher.final()])
  } catch {
    throw new VaultError('integrity')
  }
}
