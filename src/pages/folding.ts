/**
 * What a search leaves out of account: accents and the marks of Hebrew and Arabic vowels, the dots of Hindi and Bengali
 * that many leave out, and characters without width, as Persian has between the parts of a word. Vowel signs of Hindi,
 * Bengali and Thai are kept: without them words would be found in others.
 */
const IGNORED = '[\\u0300-\\u036f\\u0591-\\u05c7\\u064b-\\u065f\\u0670\\u093c\\u09bc\\u200b-\\u200d]'

/** Letters that no normal form takes apart, and at the same places what people type for them; two are of Arabic keyboards. */
const SPECIAL = 'đıłøيك'
const TYPED = 'diloیک'

/** The body of a function of `text`, for the page's script: a text as it is compared in a search. */
export const FOLDING = `
  return text.normalize('NFKD').replace(/${IGNORED}/g, '').toLowerCase()
    .replace(/[${SPECIAL}]/g, function (letter) { return '${TYPED}'.charAt('${SPECIAL}'.indexOf(letter)) })
`

const ignored = new RegExp(IGNORED, 'g')
const special = new RegExp(`[${SPECIAL}]`, 'g')

/** A text as it is compared in a search; the same as in the page's script. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(ignored, '')
    .toLowerCase()
    .replace(special, (letter) => TYPED.charAt(SPECIAL.indexOf(letter)))
