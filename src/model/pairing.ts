import type { ApplicationId, AttemptId, ConnectionId, EndUserId } from './ids.ts'

/** An open offer to connect a phone. Instants are epoch milliseconds. */
export interface Pairing {
  readonly applicationId: ApplicationId
  /** The first half of the code, by which it is found. */
  readonly handle: string
  /** Keyed digest of the whole code. */
  readonly codeHash: string
  readonly attemptId: AttemptId
  /** Wrong second halves so far. */
  readonly tries: number
  readonly createdAt: number
  readonly expiresAt: number
}

/** The right of one app on one phone to report on one connection. */
export interface Device {
  /** Keyed digest of the token that the app holds. */
  readonly tokenHash: string
  readonly applicationId: ApplicationId
  readonly endUserId: EndUserId
  readonly connectionId: ConnectionId
  readonly createdAt: number
  /** When it reported for the last time. */
  readonly reportedAt: number
}

/** No vowels, so that no word appears, and no letter that is taken for another or for a digit (RFC 8628 §6.1). */
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'
const HANDLE_CHARACTERS = 4
const CODE_CHARACTERS = 10
const CODE_PATTERN = new RegExp(`^[${ALPHABET}]{${CODE_CHARACTERS}}$`)

/**
 * The code that stands for a digest: 4 letters that find it and 6 that prove it (26 bits, for a handful of tries). `digest` is
 * base64url of at least 128 bits.
 */
export function pairingCodeFrom(digest: string): string {
  let rest = BigInt(`0x${Buffer.from(digest, 'base64url').toString('hex')}`)
  let code = ''
  for (let i = 0; i < CODE_CHARACTERS; i++) {
    code += ALPHABET.charAt(Number(rest % 20n))
    rest /= 20n
  }
  return code
}

/** The half of a code by which it is found. */
export const handleOf = (code: string): string => code.slice(0, HANDLE_CHARACTERS)

/** A code as people read it: `BCDFG-HJKLM`. */
export const formatPairingCode = (code: string): string => `${code.slice(0, 5)}-${code.slice(5)}`

/** Reads a code as typed, scanned or dictated: any case, with or without the dash. Null when it has not the form of one. */
export function parsePairingCode(value: string): string | null {
  const plain = value.toUpperCase().replace(/[\s-]/g, '')
  return CODE_PATTERN.test(plain) ? plain : null
}
