import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What a stored digest stands for. Equal values of two purposes never have equal digests. */
export type DigestPurpose =
  | 'session-token'
  | 'state'
  | 'browser'
  | 'result-code'
  | 'form-token'
  | 'ticket'
  | 'ticket-proof'
  | 'move-proof'
  | 'code-verifier'
  | 'credential'
  | 'log-id'
  | 'event-lane'
  | 'feed-cursor'
  | 'pairing-code'
  | 'pairing'
  | 'device-token'
  | 'deletion'
  | 'inbound-address'
  | 'inbound-verify'
  | 'inbound-body'
  | 'preview-key'
  | 'audit-line'
  | 'audit-chain'
  | 'ended-account'

/** Keyed digests of values that we must recognise but not keep. All are 43 characters of base64url. */
export interface Digests {
  /**
   * For random values of one fixed length (tokens, states, codes), and for what never leaves memory: a one-shot hash over a key that fills one
   * block of SHA-256. Length extension gives nothing where every value of a purpose has the same length and at
   * least 128 random bits, and this costs a third of an HMAC on the paths that people wait for.
   */
  readonly ofRandom: (purpose: DigestPurpose, value: string) => string
  /** HMAC-SHA-256, for values of any length and origin. */
  readonly ofAny: (purpose: DigestPurpose, value: string) => string
}

/** Compares two digests in constant time. */
export function sameDigest(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const PURPOSES: readonly DigestPurpose[] = [
  'session-token',
  'state',
  'browser',
  'result-code',
  'form-token',
  'ticket',
  'ticket-proof',
  'move-proof',
  'code-verifier',
  'credential',
  'log-id',
  'event-lane',
  'feed-cursor',
  'pairing-code',
  'pairing',
  'device-token',
  'deletion',
  'inbound-address',
  'inbound-verify',
  'inbound-body',
  'preview-key',
  'audit-line',
  'audit-chain',
  'ended-account',
]

/**
 * Digests under keys derived from one 32-byte pepper (HKDF, RFC 5869), one key for each purpose.
 * The pepper itself is stored sealed, so that the ring's keys can be rotated without losing what was hashed.
 */
export function createDigests(pepper: Uint8Array): Digests {
  const keys = Object.fromEntries(
    PURPOSES.map((purpose) => [
      purpose,
      // 64 hex characters: 256 bits that fill one block of SHA-256 exactly.
      Buffer.from(hkdfSync('sha256', pepper, '', `springbar digest ${purpose}`, 32)).toString('hex'),
    ]),
  ) as Record<DigestPurpose, string> // fromEntries forgets the keys; PURPOSES lists every one
  return Object.freeze({
    ofRandom: (purpose: DigestPurpose, value: string) => hash('sha256', keys[purpose] + value, 'base64url'),
    ofAny: (purpose: DigestPurpose, value: string) =>
      createHmac('sha256', keys[purpose]).update(value).digest('base64url'),
  })
}
