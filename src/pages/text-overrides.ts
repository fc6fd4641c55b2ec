import { plainTextProblem } from '../model/appearance.ts'
import { en, type MessageKey } from './messages/en.ts'
import { languages } from './messages/index.ts'

/** Room for the longer words of other languages: a share for sentences, some characters for single words. */
const LONGEST = Object.freeze({ timesEnglish: 1.8, moreCharacters: 14 })

/** The characters that fit where the English text fits. */
export const longestOf = (key: MessageKey): number =>
  Math.floor(en[key].length * LONGEST.timesEnglish + LONGEST.moreCharacters)

/** The names in braces in a text, each once, in order. */
export const placeholdersOf = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{[^}]*\}/g)].map(([name]) => name))].sort()

const isKey = (key: string): key is MessageKey => Object.hasOwn(en, key)

const TAGS: ReadonlySet<string> = new Set(Object.values(languages).map(({ tag }) => tag))

/**
 * Why an application's own text cannot stand in place of ours, in words that complete "The text …"; null when it can.
 * It follows the rules of a translation: the same placeholders, the same room, plain words.
 */
export function textProblem(language: string, key: string, text: string): string | null {
  if (!TAGS.has(language)) return `is for a language that there is not; there are ${[...TAGS].join(', ')}`
  if (!isKey(key)) return 'has a key that there is not'
  const plain = plainTextProblem(text)
  if (plain !== null) return plain
  const longest = longestOf(key)
  if (text.length > longest) return `must have at most ${longest} characters`
  const wanted = placeholdersOf(en[key])
  const found = placeholdersOf(text)
  if (found.join() !== wanted.join())
    return wanted.length === 0
      ? 'must have no {name} in it: the original has none'
      : `must have ${wanted.join(' and ')} in it, as the original has, and no other`
  return /[{}]/.test(text.replace(/\{[a-z]+\}/g, '')) ? 'must have no brace on its own' : null
}

/** The keys of our texts with the English originals, for those who write their own. */
export const originalTexts: Readonly<Record<MessageKey, string>> = en
