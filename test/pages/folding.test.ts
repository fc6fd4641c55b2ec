// Goal: a search finds a word as people type it, in every script, and the same with and without script.
// Method: pairs of words through the service's function and through the one of the page.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { FOLDING, folded } from '../../src/pages/folding.ts'
import { languages } from '../../src/pages/messages/index.ts'

// The page's function takes a text and gives one: `FOLDING` says so.
const inPage = runInNewContext(`(function (text) { ${FOLDING} })`) as (text: string) => string

const SAME = [
  ['Sueño', 'sueno'],
  ['Điện thoại', 'dien thoai'],
  ['Ćwiczenie z wózkiem, łóżko', 'cwiczenie z wozkiem, lozko'],
  ['ISI', 'isi'],
  ['Işık', 'isik'],
  ['فعالیت‌ها', 'فعاليتها'],
  ['کالری', 'كالري'],
  ['برنامهٔ', 'برنامه'],
  ['أنشطة', 'انشطة'],
  ['साइकिल फ़िटनेस', 'साइकिल फिटनेस'],
  ['ज़ोन', '\u095bोन'],
  ['পাওয়ার', 'পাও\u09dfার'],
  ['น้ำหนัก', 'น้\u0e4dาหนัก'],
  ['수면', '수면'.normalize('NFD')],
] as const

const DIFFERENT = [
  ['दल', 'दिल'],
  ['কল', 'কাল'],
  ['นก', 'นัก'],
] as const

test('a word is found without its accents, in another normal form and from another keyboard', () => {
  for (const [shown, typed] of SAME) assert.equal(folded(shown), folded(typed), shown)
})

test('words that differ in a vowel sign are not the same', () => {
  for (const [one, other] of DIFFERENT) assert.notEqual(folded(one), folded(other), one)
})

test('the page’s script compares as the service does, in every language', () => {
  const texts = Object.values(languages).flatMap(({ messages }) => Object.values(messages))
  for (const text of [...texts, ...SAME.flat(), ...DIFFERENT.flat()]) assert.equal(inPage(text), folded(text))
})
