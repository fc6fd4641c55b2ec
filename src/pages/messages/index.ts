import { createRequire } from 'node:module'
import { en, type Messages } from './en.ts'

const require = createRequire(import.meta.url)

/** Texts are read when somebody first wants the language, and kept: a service speaks few of them, and each takes memory. */
function language<Direction extends 'ltr' | 'rtl'>(tag: string, dir: Direction) {
  let texts: Messages | null = tag === 'en' ? en : null
  return Object.freeze({
    tag,
    dir,
    get messages(): Messages {
      texts ??= read(tag)
      return texts
    },
  })
}

function read(tag: string): Messages {
  // What every file here but this one and English exports: the compiler sees to that in the file, a test to the files.
  const { messages } = require(`./${tag.toLowerCase()}.ts`) as { readonly messages: Messages }
  return Object.freeze(messages)
}

/** Every language of our pages, by its tag in lower case, which is the name of its file. */
export const languages = Object.freeze({
  ar: language('ar', 'rtl'),
  bg: language('bg', 'ltr'),
  bn: language('bn', 'ltr'),
  cs: language('cs', 'ltr'),
  da: language('da', 'ltr'),
  de: language('de', 'ltr'),
  el: language('el', 'ltr'),
  en: language('en', 'ltr'),
  es: language('es', 'ltr'),
  et: language('et', 'ltr'),
  fa: language('fa', 'rtl'),
  fi: language('fi', 'ltr'),
  fr: language('fr', 'ltr'),
  ga: language('ga', 'ltr'),
  he: language('he', 'rtl'),
  hi: language('hi', 'ltr'),
  hr: language('hr', 'ltr'),
  hu: language('hu', 'ltr'),
  id: language('id', 'ltr'),
  is: language('is', 'ltr'),
  it: language('it', 'ltr'),
  ja: language('ja', 'ltr'),
  ko: language('ko', 'ltr'),
  lt: language('lt', 'ltr'),
  lv: language('lv', 'ltr'),
  mt: language('mt', 'ltr'),
  nb: language('nb', 'ltr'),
  nl: language('nl', 'ltr'),
  pl: language('pl', 'ltr'),
  pt: language('pt', 'ltr'),
  ro: language('ro', 'ltr'),
  ru: language('ru', 'ltr'),
  sk: language('sk', 'ltr'),
  sl: language('sl', 'ltr'),
  sv: language('sv', 'ltr'),
  th: language('th', 'ltr'),
  tr: language('tr', 'ltr'),
  uk: language('uk', 'ltr'),
  vi: language('vi', 'ltr'),
  zh: language('zh', 'ltr'),
  'zh-hant': language('zh-Hant', 'ltr'),
})
