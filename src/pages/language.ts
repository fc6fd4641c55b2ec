import type { Messages } from './messages/en.ts'
import { languages } from './messages/index.ts'

/** A language of our pages: its tag (BCP 47) and direction for the document, and its texts. */
export interface Language {
  readonly tag: string
  readonly dir: 'ltr' | 'rtl'
  readonly messages: Messages
}

/** What is known about the language that somebody wants. Each may be anything, or absent. */
export interface LanguageWish {
  /** What the application asked for when it made the session. */
  readonly asked: string | null
  /** The browser's `Accept-Language` header (RFC 9110 §12.5.4). */
  readonly acceptLanguage: string | null
  /** What the application's configuration names for everybody else. */
  readonly fallback: string | null
}

/** Browsers send a handful of languages in about a hundred characters; what is beyond these bounds is not read. */
const ACCEPT_LANGUAGE_CHARACTERS = 500
const ACCEPT_LANGUAGE_ENTRIES = 20

const LANGUAGE_TAG = /^[a-z]{2}(?:-(?:[a-z]{4}|[a-z]{2}|[0-9]{3}))?$/i
const ENTRY =
  /^\s*([a-z]{2,8}(?:-[a-z0-9]{1,8}){0,4}|\*)\s*(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?\s*$/i
const TRADITIONAL = /-(?:hant|tw|hk|mo)\b/i
const SIMPLIFIED = /-hans\b/i

/** Whether a `locale` has the form of the contract (§2): two letters, optionally with a script or a region. */
export const isLanguageTag = (value: string): boolean => LANGUAGE_TAG.test(value)

/**
 * Other tags under which people ask for a language of ours: replaced ones, which some devices still send (`in`, `iw`:
 * IANA Language Subtag Registry), and those of Norwegian, whose readers of Nynorsk read Bokmål too.
 */
const OTHER_TAGS: ReadonlyMap<string, string> = new Map([
  ['in', 'id'],
  ['iw', 'he'],
  ['nn', 'nb'],
  ['no', 'nb'],
])

const isOurs = (key: string): key is keyof typeof languages => Object.hasOwn(languages, key)

/** Our nearest language for a tag: `de-AT` gives German, `zh-TW` traditional Chinese; null when there is none. */
function find(tag: string): Language | null {
  const primary = tag.toLowerCase().split('-')[0] ?? ''
  const isTraditional = primary === 'zh' && TRADITIONAL.test(tag) && !SIMPLIFIED.test(tag)
  const ours = OTHER_TAGS.get(primary) ?? primary
  const key = isTraditional ? 'zh-hant' : ours
  return isOurs(key) ? languages[key] : null
}

/** Whether the pages have a language for a tag, of its own or the nearest one. */
export const hasLanguage = (tag: string): boolean => find(tag) !== null

/** The tags of an `Accept-Language` header by falling weight, equal ones in their order; malformed ones are left out. */
function acceptedTags(header: string): string[] {
  const weighted: { tag: string; weight: number }[] = []
  const entries = header.slice(0, ACCEPT_LANGUAGE_CHARACTERS).split(',', ACCEPT_LANGUAGE_ENTRIES)
  for (const entry of entries) {
    const [, tag, weight] = ENTRY.exec(entry) ?? []
    if (tag !== undefined && tag !== '*') weighted.push({ tag, weight: Number(weight ?? 1) })
  }
  return weighted
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}

/**
 * The language of a page. What the application asked for decides; a language that we lack is then English
 * (`contract.md` §2). When nobody asked, or not for a language at all, the browser decides, then the
 * application's own default, then English.
 */
export function chooseLanguage({ asked, acceptLanguage, fallback }: LanguageWish): Language {
  if (asked !== null && isLanguageTag(asked)) return find(asked) ?? languages.en
  for (const tag of acceptedTags(acceptLanguage ?? '')) {
    const language = find(tag)
    if (language !== null) return language
  }
  return (fallback === null ? null : find(fallback)) ?? languages.en
}
