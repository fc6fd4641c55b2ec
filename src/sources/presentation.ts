import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { LocalText, Logo, Presentation } from '../model/presentation.ts'

/** What one language says: `catalogue/texts/*.json`. */
export const textsSchema = z.strictObject({
  categories: z.record(z.enum(['activity', 'body', 'glucose', 'platform', 'camera']), z.string().min(1)),
  statuses: z.record(z.enum(['live', 'planned', 'closed', 'ended']), z.string().min(1)),
  /** Parts of scope labels, by the English part in lower case. */
  words: z.record(z.string(), z.string().min(1)),
  /** By the key of the source. */
  descriptions: z.record(z.string(), z.string().min(1)),
})

type Texts = Readonly<z.infer<typeof textsSchema>>

const FOLDER = new URL('../../catalogue/', import.meta.url)
const ENGLISH = 'en'

/**
 * The built-in texts and logos, beside the logos of the operator, which win. Everything is read when it is first asked
 * for, and kept.
 *
 * Translations lie over the definitions: a description counts for the very English text that it was made from, which
 * `en.json` holds, so that a definition that changes, or an operator's own, is never described by an old sentence.
 */
export function createPresentation(operatorLogos: ReadonlyMap<string, Logo>): Presentation {
  const texts = remember(readTexts)
  const builtIn = remember(readLogo)
  // Making one takes longer than everything else that an answer does.
  const lists = remember((language) => new Intl.ListFormat(language, { type: 'conjunction' }))
  const logos = new Set(readdirSync(new URL('logos/', FOLDER)).map((file) => file.slice(0, -'.svg'.length)))
  const english = (text: string): LocalText => ({ text, language: ENGLISH })
  const presentation: Presentation = {
    description: ({ key, description }, language) => {
      const translated = texts(language).descriptions[key]
      const isOfThis = translated !== undefined && texts(ENGLISH).descriptions[key] === description
      return isOfThis ? { text: translated, language } : english(description)
    },
    scopeLabel: (label, language) => {
      const text = language === ENGLISH ? null : translateLabel(label, texts(language).words, lists(language))
      return text === null ? english(label) : { text, language }
    },
    category: (category, language) => texts(language).categories[category],
    status: (status, language) => texts(language).statuses[status],
    logo: (key) => operatorLogos.get(key) ?? (logos.has(key) ? builtIn(key) : null),
  }
  return Object.freeze(presentation)
}

function remember<Value>(read: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>()
  return (name) => {
    const value = known.get(name) ?? read(name)
    known.set(name, value)
    return value
  }
}

/** `language` is a tag of our pages, such as `zh-Hant`; nothing that a caller wrote. */
const readTexts = (language: string): Texts =>
  textsSchema.parse(JSON.parse(readFileSync(new URL(`texts/${language.toLowerCase()}.json`, FOLDER), 'utf8')))

const readLogo = (key: string): Logo => ({
  mediaType: 'image/svg+xml',
  bytes: new Uint8Array(readFileSync(new URL(`logos/${key}.svg`, FOLDER))),
})

/** The parts of a label that lists several kinds of data: `Activity, sleep and heart rate`. */
export const partsOfLabel = (label: string): readonly string[] =>
  label.split(/, | and /).map((part, index) => (index === 0 ? lowerFirst(part) : part))

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** A label out of its parts; null when a part has no translation. */
function translateLabel(label: string, words: Texts['words'], format: Intl.ListFormat): string | null {
  const parts = partsOfLabel(label).map((part) => (Object.hasOwn(words, part) ? words[part] : undefined))
  const known = parts.filter((part) => part !== undefined)
  if (known.length < parts.length) return null
  const list = format.format(known)
  return list.charAt(0).toLocaleUpperCase(format.resolvedOptions().locale) + list.slice(1)
}
