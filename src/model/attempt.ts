import type { ApplicationId, AttemptId, ConnectionId, EndUserId } from './ids.ts'
import type { OutcomeError } from './result.ts'

/** What an attempt is made for. */
export type Action = 'connect' | 'disconnect'

/**
 * `created` → `exchanging` → `done` | `failed`, or by way of `pending` where somebody's word is waited for (`HeldGrant`).
 * Every arrow is one compare-and-set statement, so that an attempt takes each at most once whatever number of callers
 * race for it.
 */
export type AttemptStatus = 'created' | 'exchanging' | 'pending' | 'done' | 'failed'

/** One trip of a person to connect or disconnect one source. Instants are epoch milliseconds. */
export interface Attempt {
  readonly id: AttemptId
  readonly applicationId: ApplicationId
  readonly endUserId: EndUserId
  readonly sessionLookup: string
  /** Null when the link named no source that exists. */
  readonly sourceId: number | null
  /** The vendor whose authorization was used; null for a disconnect and for an attempt that never left. */
  readonly vendor: string | null
  readonly action: Action
  /** The listed redirect URI that the outcome is forwarded to; null for our own result page. */
  readonly redirectEntry: string | null
  /** The vetted query that the caller added to it, byte for byte, without the `?`. */
  readonly redirectQuery: string | null
  readonly locale: string | null
  /** Keyed hash of `state`; null for a disconnect. */
  readonly stateHash: string | null
  /** The temporary credentials of OAuth 1.0a, sealed by the vault; null without, and once the attempt has ended. */
  readonly sealedRequestToken: string | null
  readonly status: AttemptStatus
  /** The `connected` of the contract; null while the attempt is open. */
  readonly connected: boolean | null
  readonly error: OutcomeError | null
  /** The cause, for the operator: fixed words and numbers, never a vendor's text. */
  readonly cause: string | null
  readonly connectionId: ConnectionId | null
  readonly createdAt: number
  /** After this instant a callback is refused. */
  readonly expiresAt: number
  /** When the vendor sent the browser back. */
  readonly returnedAt: number | null
  readonly finishedAt: number | null
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const REFERENCE_CHARACTERS = 10
const TIME_CHARACTERS = 7
const COOKIE_KEY_CHARACTERS = 14
const SECRET_CHARACTERS = 26
const ID_PATTERN = new RegExp(`^[${ALPHABET}]{36}$`)
const REFERENCE_PATTERN = new RegExp(`^[${ALPHABET}]{${REFERENCE_CHARACTERS}}$`)

/**
 * A new attempt id: 7 characters of seconds, 3 of milliseconds and chance — these ten are the reference that a person
 * reads out to support — and 26 random ones (130 bits), which make it unguessable. Ids sort by their millisecond, so
 * that a database appends instead of inserting all over its index; by the second alone, a busy one spreads over
 * hundreds of pages.
 */
export function newAttemptId(now: number, random: (byteLength: number) => Uint8Array): AttemptId {
  const bytes = random(1 + SECRET_CHARACTERS)
  const seconds = Math.floor(now / 1000)
  const fraction = (now - seconds * 1000) * 32 + ((bytes[0] ?? 0) & 31)
  let id = encode(seconds, TIME_CHARACTERS) + encode(fraction, REFERENCE_CHARACTERS - TIME_CHARACTERS)
  // By index: this is on the path that people wait for, and an iterator costs as much as all the rest.
  for (let i = 1; i < bytes.length; i++) id += ALPHABET.charAt((bytes[i] ?? 0) & 31)
  return id as AttemptId // built from the alphabet just above
}

/** The last characters of a whole number in our alphabet, five bits each. */
function encode(value: number, characters: number): string {
  let text = ''
  for (let i = 0, rest = value; i < characters; i++) {
    text = ALPHABET.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** Reads an attempt id from outside; null when it has not the form of one. */
export function parseAttemptId(value: string): AttemptId | null {
  return ID_PATTERN.test(value) ? (value as AttemptId) : null // checked in the same line
}

/** The short reference of an attempt, as it is looked up. */
export const referenceOf = (id: AttemptId): string => id.slice(0, REFERENCE_CHARACTERS)

/**
 * What an attempt's cookie is named after: the reference and 20 random bits, so that two tabs that start within one
 * millisecond do not overwrite each other's. It sorts by time, as the id does.
 */
export const cookieKeyOf = (id: AttemptId): string => id.slice(0, COOKIE_KEY_CHARACTERS)

/** The reference as people read it: `0D3K9-Q7M2V`. */
export const formatReference = (reference: string): string => `${reference.slice(0, 5)}-${reference.slice(5)}`

/** Reads a reference as typed or dictated: any case, with or without the dash, `O` for `0`, `I` and `L` for `1`. */
export function parseReference(value: string): string | null {
  const plain = value.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  return REFERENCE_PATTERN.test(plain) ? plain : null
}
