// Unlocking the vault of a database, and the keyed digests under its pepper.
import assert from 'node:assert/strict'
import { createHmac, hkdfSync } from 'node:crypto'
import { describe, it } from 'node:test'
import {
  createDigests,
  type DigestPurpose,
  sameDigest,
  unlockVault,
  VaultError,
} from '../../src/vault/index.ts'
import { seededRandom } from '../support/world.ts'

const random = seededRandom('unlock')
const keys = (...bytes: number[]) => bytes.map((byte) => ({ id: `k${byte}`, key: Buffer.alloc(32, byte) }))

/** Where a pepper is kept, as the database does it: the first one stays. */
function newPlaceForPepper() {
  const place: { pepper: string | null; writes: number } = { pepper: null, writes: 0 }
  const keep = async (sealed: string) => {
    if (place.pepper === null) {
      place.pepper = sealed
      place.writes += 1
    }
    return place.pepper
  }
  return { place, keep }
}

describe('unlocking', () => {
  it('makes a pepper once and finds it again, in every process and after every restart', async () => {
    const { place, keep } = newPlaceForPepper()
    const vaults = [await unlockVault(keys(1), random, keep), await unlockVault(keys(1), random, keep)]
    assert.equal(place.writes, 1)
    assert.equal(new Set(vaults.map(({ ofAny }) => ofAny('state', 'x'))).size, 1)
  })

  it('with a wrong key fails and writes nothing, whatever its name [T103]', async () => {
    const { place, keep } = newPlaceForPepper()
    await unlockVault(keys(1), random, keep)
    const before = { ...place }
    for (const wrong of [keys(2), [{ id: 'k1', key: Buffer.alloc(32, 2) }]])
      await assert.rejects(unlockVault(wrong, random, keep), VaultError)
    assert.deepEqual(place, before)
  })

  it('goes on with the same digests when a new primary key is put before the former one [T102]', async () => {
    const { keep } = newPlaceForPepper()
    const before = await unlockVault(keys(1), random, keep)
    const after = await unlockVault(keys(2, 1), random, keep)
    assert.equal(after.ofRandom('session-token', 'x'), before.ofRandom('session-token', 'x'))
  })

  it('refuses a pepper that is not one', async () => {
    const { keep } = newPlaceForPepper()
    const vault = await unlockVault(keys(1), random, keep)
    const short = vault.seal('c2hvcnQ', { applicationId: '', object: 'service', field: 'pepper' })
    await assert.rejects(
      unlockVault(keys(1), random, async () => short),
      VaultError,
    )
  })
})

describe('digests', () => {
  const Purposes: readonly DigestPurpose[] = [
    'session-token',
    'state',
    'browser',
    'result-code',
    'form-token',
    'code-verifier',
    'credential',
    'log-id',
  ]
  const pepper = Buffer.alloc(32, 9)
  const digests = createDigests(pepper)

  it('of one value are different for each purpose, in both kinds [T008]', () => {
    const all = Purposes.flatMap((purpose) => [digests.ofAny(purpose, 'x'), digests.ofRandom(purpose, 'x')])
    assert.equal(new Set(all).size, 2 * Purposes.length)
  })

  it('are 43 characters of base64url and depend on every character of the value and on the pepper', () => {
    const others = createDigests(Buffer.alloc(32, 8))
    for (const kind of ['ofAny', 'ofRandom'] as const) {
      const digest = digests[kind]('state', 'value')
      assert.match(digest, /^[A-Za-z0-9_-]{43}$/)
      for (const value of ['', 'valuf', 'Value', 'value ', 'avalue'])
        assert.notEqual(digests[kind]('state', value), digest)
      assert.notEqual(others[kind]('state', 'value'), digest)
    }
  })

  it('of any value are HMAC-SHA-256 under a key that HKDF derives from the pepper', () => {
    const key = Buffer.from(hkdfSync('sha256', pepper, '', 'springbar digest credential', 32)).toString('hex')
    assert.equal(
      digests.ofAny('credential', 'sbk_demo'),
      createHmac('sha256', key).update('sbk_demo').digest('base64url'),
    )
  })

  it('are compared whole, and those of other lengths are unequal rather than an error [T020]', () => {
    const digest = digests.ofAny('credential', 'x')
    assert.ok(sameDigest(digest, digest))
    for (const other of ['', digest.slice(1), `${digest}A`, digest.toLowerCase(), 'é'.repeat(43)])
      assert.ok(!sameDigest(digest, other))
  })
})
