import { ar } from './ar.ts'
import { bg } from './bg.ts'
import { bn } from './bn.ts'
import { cs } from './cs.ts'
import { da } from './da.ts'
import { de } from './de.ts'
import { el } from './el.ts'
import { en, type Messages } from './en.ts'
import { es } from './es.ts'
import { et } from './et.ts'
import { fa } from './fa.ts'
import { fi } from './fi.ts'
import { fr } from './fr.ts'
import { ga } from './ga.ts'
import { he } from './he.ts'
import { hi } from './hi.ts'
import { hr } from './hr.ts'
import { hu } from './hu.ts'
import { id } from './id.ts'
import { is } from './is.ts'
import { it } from './it.ts'
import { ja } from './ja.ts'
import { ko } from './ko.ts'
import { lt } from './lt.ts'
import { lv } from './lv.ts'
import { mt } from './mt.ts'
import { nb } from './nb.ts'
import { nl } from './nl.ts'
import { pl } from './pl.ts'
import { pt } from './pt.ts'
import { ro } from './ro.ts'
import { ru } from './ru.ts'
import { sk } from './sk.ts'
import { sl } from './sl.ts'
import { sv } from './sv.ts'
import { th } from './th.ts'
import { tr } from './tr.ts'
import { uk } from './uk.ts'
import { vi } from './vi.ts'
import { zh } from './zh.ts'
import { zhHant } from './zh-hant.ts'

const language = <Direction extends 'ltr' | 'rtl'>(tag: string, dir: Direction, messages: Messages) =>
  Object.freeze({ tag, dir, messages: Object.freeze(messages) })

/**
 * Every language of our pages, by its tag in lower case. Loaded at the start: the files are few and small, and the
 * first page that a person sees must not wait for one.
 */
export const languages = Object.freeze({
  ar: language('ar', 'rtl', ar),
  bg: language('bg', 'ltr', bg),
  bn: language('bn', 'ltr', bn),
  cs: language('cs', 'ltr', cs),
  da: language('da', 'ltr', da),
  de: language('de', 'ltr', de),
  el: language('el', 'ltr', el),
  en: language('en', 'ltr', en),
  es: language('es', 'ltr', es),
  et: language('et', 'ltr', et),
  fa: language('fa', 'rtl', fa),
  fi: language('fi', 'ltr', fi),
  fr: language('fr', 'ltr', fr),
  ga: language('ga', 'ltr', ga),
  he: language('he', 'rtl', he),
  hi: language('hi', 'ltr', hi),
  hr: language('hr', 'ltr', hr),
  hu: language('hu', 'ltr', hu),
  id: language('id', 'ltr', id),
  is: language('is', 'ltr', is),
  it: language('it', 'ltr', it),
  ja: language('ja', 'ltr', ja),
  ko: language('ko', 'ltr', ko),
  lt: language('lt', 'ltr', lt),
  lv: language('lv', 'ltr', lv),
  mt: language('mt', 'ltr', mt),
  nb: language('nb', 'ltr', nb),
  nl: language('nl', 'ltr', nl),
  pl: language('pl', 'ltr', pl),
  pt: language('pt', 'ltr', pt),
  ro: language('ro', 'ltr', ro),
  ru: language('ru', 'ltr', ru),
  sk: language('sk', 'ltr', sk),
  sl: language('sl', 'ltr', sl),
  sv: language('sv', 'ltr', sv),
  th: language('th', 'ltr', th),
  tr: language('tr', 'ltr', tr),
  uk: language('uk', 'ltr', uk),
  vi: language('vi', 'ltr', vi),
  zh: language('zh', 'ltr', zh),
  'zh-hant': language('zh-Hant', 'ltr', zhHant),
})
