import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 8_192

/**
 * Cryptographically random bytes, drawn from the system in larger portions: one call into OpenSSL costs as much for a
 * whole pool as for 32 bytes. Every byte is handed out once and wiped from the pool.
 */
export function createRandom(): (byteLength: number) => Uint8Array {
  const pool = new Uint8Array(POOL_BYTES)
  let used = POOL_BYTES
  return (byteLength) => {
    if (byteLength > POOL_BYTES) return randomFillSync(new Uint8Array(byteLength))
    if (used + byteLength > POOL_BYTES) {
      randomFillSync(pool)
      used = 0
    }
    const bytes = pool.slice(used, used + byteLength)
    pool.fill(0, used, used + byteLength)
    used += byteLength
    return bytes
  }
}
