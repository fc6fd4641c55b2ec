/** Words that people put into what they call a secret; they add nothing to it. */
const WORDS =
  /pass(?:wor[dt]|phrase)?|secret|change[-_ ]?me|let[-_ ]?me[-_ ]?in|welcome|admin(?:istrator)?|springbar|example|sample|default|production|staging|test|demo|token|login|root/y

/** Rows of characters that fingers and counting follow, forwards and backwards. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
].flatMap((row) => [row, [...row].toReversed().join('')])

/** Printed in documentation, ours or others': whoever guesses begins with these. */
const PUBLISHED: ReadonlySet<string> = new Set(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])

/** A piece as long as this that follows a row, or was there before, is no chance. */
const PIECE_CHARACTERS = 5
/** What is longer holds enough in its beginning, or is no secret. */
const READ_CHARACTERS = 200
/** What was measured of random texts of 128 bits is never less, whatever chance put into them. */
const LEAST_BITS = 112
const LEAST_CHARACTERS = 22
const LEAST_DIFFERENT = 8
/** Runs of letters of one case are short where chance chose them, and have fewer vowels. */
const WORD_CHARACTERS = 5.5
const WORD_VOWELS = 0.3
/** How much of a text is letters when it is words. */
const WORD_LETTERS = 0.6
/** Of a word out of a list of some thousand. */
const WORD_BITS = 13

/**
 * Whether a text can hold 128 random bits. It cannot be known, only refuted: too short, too few characters, words, rows of the
 * keyboard, repetitions, something that stands in a manual. It never refuses what `springbar secret new` prints.
 */
export function mayHoldRandomBits(value: string): boolean {
  if (PUBLISHED.has(value) || new Set(value).size < LEAST_DIFFERENT) return false
  const own = value.slice(0, READ_CHARACTERS).replace(/^whsec_/, '')
  return own.length >= LEAST_CHARACTERS && bitsOf(withoutPatterns(own)) >= LEAST_BITS && !isProse(own)
}

/** Each piece that somebody could go on with by themselves is worth one character. */
function withoutPatterns(value: string): string {
  let rest = ''
  for (let i = 0; i < value.length; ) {
    rest += value.charAt(i)
    i += Math.max(1, patternAt(value.toLowerCase(), i))
  }
  return rest
}

/** The length of the word, row, repetition or single character over and over that begins at a place; 0 for none. */
function patternAt(value: string, at: number): number {
  WORDS.lastIndex = at
  const word = WORDS.exec(value)
  if (word !== null) return word[0].length
  let length = 0
  for (let next = PIECE_CHARACTERS; at + next <= value.length; next++) {
    const piece = value.slice(at, at + next)
    const before = value.slice(0, at + next - 1)
    if (!ROWS.some((row) => row.includes(piece)) && !before.includes(piece)) break
    length = next
  }
  return length
}

/** The most that a text of these kinds of characters can hold. */
function bitsOf(value: string): number {
  const kinds =
    [/[a-z]/, /[A-Z]/].filter((kind) => kind.test(value)).length * 26 + (/[^a-zA-Z]/.test(value) ? 12 : 0)
  const size = /^[0-9a-f]*$/i.test(value) ? 16 : kinds
  return value.length * Math.log2(Math.max(/^[0-9]*$/.test(value) ? 10 : size, 2))
}

/** Whether it reads as words one after the other, and too few of them. */
function isProse(value: string): boolean {
  const runs = value.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? []
  const letters = runs.join('')
  const vowels = letters.replace(/[^aeiou]/gi, '').length
  return (
    runs.length > 1 &&
    runs.length * WORD_BITS < LEAST_BITS &&
    letters.length >= value.length * WORD_LETTERS &&
    letters.length >= runs.length * WORD_CHARACTERS &&
    vowels >= letters.length * WORD_VOWELS
  )
}
