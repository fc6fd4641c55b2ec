/**
 * The session token: 16 decimal digits to look the session up, `X`, 39 decimal digits that nobody can guess
 * (39 digits hold 129.5 bits). All 55 are uniformly random: a clock in the first half would let one token tell
 * about its neighbours. The shape is free of every character that a URL would encode, because clients cut the
 * token out of the widget's URL with `split`.
 */

const LOOKUP_DIGITS = 16
const SECRET_DIGITS = 39
const TOKEN_CHARACTERS = LOOKUP_DIGITS + 1 + SECRET_DIGITS
const TOKEN_PATTERN = new RegExp(`^[0-9]{${LOOKUP_DIGITS}}X[0-9]{${SECRET_DIGITS}}$`)

const DIGITS_PER_WORD = 9
const WORD_RANGE = 10 ** DIGITS_PER_WORD
/** The largest multiple of 10^9 in 32 bits; a word at or above it is drawn again, so that no digit is favoured. */
const WORD_CEILING = 4 * WORD_RANGE
const WORD_BYTES = 4
/** Seven words make 63 digits; with three to spare, a second draw is needed about once in 300 tokens. */
const WORDS_PER_DRAW = 10
/** A working source needs a third draw less than once in a billion; this many in vain mean that it is broken. */
const MAX_DRAWS = 32

/** The two halves of a session token. */
export interface SessionToken {
  /** 16 digits, stored in the clear, by which the session is found. */
  readonly lookup: string
  /** 39 digits, never stored: of the token only a keyed hash is. */
  readonly secret: string
}

/**
 * A new session token from a cryptographic source of random bytes. Two tokens may draw the same lookup (once in
 * 10^16), so the insert that stores it must be able to fail and be tried again.
 * Throws a RangeError when the source gives fewer bytes than asked for, or no usable ones.
 */
export function newSessionToken(random: (byteLength: number) => Uint8Array): SessionToken {
  const digits = randomDigits(LOOKUP_DIGITS + SECRET_DIGITS, random)
  return { lookup: digits.slice(0, LOOKUP_DIGITS), secret: digits.slice(LOOKUP_DIGITS) }
}

/** The token as it travels: `<lookup>X<secret>`. */
export const formatSessionToken = (token: SessionToken): string => `${token.lookup}X${token.secret}`

/** Whether a string has the form of a token's first half, a session's id. */
export const isSessionLookup = (value: string): boolean => /^[0-9]{16}$/.test(value)

/** Reads a token from outside. Null for everything that is not exactly of its shape, whatever its type. */
export function parseSessionToken(value: unknown): SessionToken | null {
  if (typeof value !== 'string' || value.length !== TOKEN_CHARACTERS || !TOKEN_PATTERN.test(value))
    return null
  return { lookup: value.slice(0, LOOKUP_DIGITS), secret: value.slice(LOOKUP_DIGITS + 1) }
}

function randomDigits(count: number, random: (byteLength: number) => Uint8Array): string {
  let digits = ''
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const bytes = random(WORDS_PER_DRAW * WORD_BYTES)
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let i = 0; i < WORDS_PER_DRAW; i++) {
      const word = words.getUint32(i * WORD_BYTES)
      if (word >= WORD_CEILING) continue
      digits += String(word % WORD_RANGE).padStart(DIGITS_PER_WORD, '0')
      if (digits.length >= count) return digits.slice(0, count)
    }
  }
  throw new RangeError('The random source gives no usable bytes')
}
