/**
 * Keeps vendor tokens unreadable and other secrets unrecoverable.
 *
 * @module vault — owns the sealed format, the key ring and the keyed digests. It does not own where sealed values are
 * stored, nor where keys come from (`config.ts`).
 */
import { createDigests, type Digests } from './digests.ts'
import { createKeyRing, type KeyRing, type Place, type RingKey, VaultError } from './key-ring.ts'

export { createDigests, type DigestPurpose, type Digests, sameDigest } from './digests.ts'
export { createKeyRing, type KeyRing, type Place, type RingKey, VaultError } from './key-ring.ts'

/** A key ring and the digests under its pepper. */
export interface Vault extends KeyRing, Digests {}

/** Where the pepper lives, which everything that is recognised by a digest hangs on. */
export const PEPPER_PLACE: Place = Object.freeze({ applicationId: '', object: 'service', field: 'pepper' })
const PEPPER_BYTES = 32

/**
 * Unlocks the vault of a database. `keepPepper` stores a sealed pepper unless there is one, and returns the stored one,
 * so that replicas that start together agree. Throws a {@link VaultError} when the ring cannot open the stored pepper:
 * the wrong key was configured, and nothing may be written under it.
 */
export async function unlockVault(
  keys: readonly RingKey[],
  random: (byteLength: number) => Uint8Array,
  keepPepper: (sealed: string) => Promise<string>,
): Promise<Vault> {
  const ring = createKeyRing(keys, random)
  const fresh = Buffer.from(random(PEPPER_BYTES)).toString('base64url')
  const sealed = await keepPepper(ring.seal(fresh, PEPPER_PLACE))
  const pepper = Buffer.from(ring.open(sealed, PEPPER_PLACE), 'base64url')
  if (pepper.length !== PEPPER_BYTES) throw new VaultError('malformed')
  return Object.freeze({ ...ring, ...createDigests(pepper) })
}
