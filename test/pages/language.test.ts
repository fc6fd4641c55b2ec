// Goal: the language of a page follows the application, then the browser, then the application's default, then English.
// Method: a table of wishes; hostile and random headers never do more than fall through to English.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chooseLanguage, isLanguageTag } from '../../src/pages/index.ts'
import { languages } from '../../src/pages/messages/index.ts'
import '../support/fixed-seed.ts'

const chosen = (
  asked: string | null,
  acceptLanguage: string | null,
  fallback: string | null = null,
): string => chooseLanguage({ asked, acceptLanguage, fallback }).tag

test('what the application asked for wins over the browser and the default', () => {
  assert.equal(chosen('fr', 'de', 'it'), 'fr')
  assert.equal(chosen('FR', 'de'), 'fr')
  assert.equal(chosen('pt-BR', 'de'), 'pt')
})

test('a language that we lack is English when the application asked for it', () => {
  assert.equal(chosen('xx', 'de', 'it'), 'en')
  assert.equal(chosen('xh', 'de', 'it'), 'en')
})

test('every tag of Norwegian gives Bokmål', () => {
  for (const tag of ['nb', 'no', 'nn', 'nb-NO', 'no-NO', 'NN-no']) assert.equal(chosen(tag, 'de'), 'nb', tag)
  assert.equal(chosen(null, 'nn-NO,nn;q=0.9,en;q=0.8'), 'nb')
})

test('something that is no language tag counts as not asked', () => {
  for (const asked of ['', 'x', 'deutsch', 'de_AT', '../de', 'de-', '__proto__', 'constructor']) {
    assert.equal(chosen(asked, 'sv'), 'sv', asked)
  }
})

test('Chinese goes by script, and by region where no script is named', () => {
  for (const tag of ['zh-Hant', 'zh-TW', 'zh-HK', 'zh-MO', 'ZH-hant'])
    assert.equal(chosen(tag, null), 'zh-Hant', tag)
  for (const tag of ['zh', 'zh-Hans', 'zh-CN', 'zh-SG']) assert.equal(chosen(tag, null), 'zh', tag)
  assert.equal(chosen(null, 'zh-Hans-TW'), 'zh')
  assert.equal(chosen(null, 'zh-Hant-CN'), 'zh-Hant')
})

test('the old tags of Indonesian and Hebrew give them too', () => {
  for (const tag of ['id', 'in', 'IN-id']) assert.equal(chosen(tag, null), 'id', tag)
  for (const tag of ['he', 'iw', 'iw-IL']) assert.equal(chosen(null, tag), 'he', tag)
})

test('the browser decides when nobody asked, by weight and then by order', () => {
  assert.equal(chosen(null, 'de'), 'de')
  assert.equal(chosen(null, 'de-AT,de;q=0.9,en;q=0.8'), 'de')
  assert.equal(chosen(null, 'en;q=0.5, it;q=0.9, fr;q=0.7'), 'it')
  assert.equal(chosen(null, 'nl, sv'), 'nl')
  assert.equal(chosen(null, 'nl;q=0.5, sv;q=0.50'), 'nl')
  assert.equal(chosen(null, 'xh, zu;q=0.9, tr;q=0.1'), 'tr')
  assert.equal(chosen(null, ' pl ; q=1.000 '), 'pl')
})

test('a weight of nought refuses a language, and malformed entries are left out', () => {
  assert.equal(chosen(null, 'de;q=0, uk;q=0.1'), 'uk')
  assert.equal(chosen(null, 'de;q=0.000'), 'en')
  for (const bad of [
    'de;q=2',
    'de;q=-1',
    'de;q=0.1234',
    'de;q=',
    'de;q=NaN',
    'de;x=1',
    'd',
    'de--AT',
    ';q=1',
    '*;q=1',
  ]) {
    assert.equal(chosen(null, `${bad}, es;q=0.1`), 'es', bad)
  }
})

test('the default of the application comes after the browser, and English after all', () => {
  assert.equal(chosen(null, null, 'he'), 'he')
  assert.equal(chosen(null, 'xh', 'he'), 'he')
  assert.equal(chosen(null, '*', 'he'), 'he')
  assert.equal(chosen(null, 'de', 'he'), 'de')
  assert.equal(chosen(null, null, 'xh'), 'en')
  assert.equal(chosen(null, null), 'en')
})

test('the direction belongs to the language', () => {
  const rightToLeft = Object.values(languages).filter(({ dir }) => dir === 'rtl')
  assert.deepEqual(rightToLeft.map(({ tag }) => tag).sort(), ['ar', 'fa', 'he'])
})

test('only the first 20 entries and the first 500 characters of the header are read', () => {
  assert.equal(chosen(null, `${'xh,'.repeat(19)}de`), 'de')
  assert.equal(chosen(null, `${'xh,'.repeat(20)}de`), 'en')
  assert.equal(chosen(null, `${' '.repeat(498)}de`), 'de')
  assert.equal(chosen(null, `${' '.repeat(500)}de`), 'en')
})

test('any header and any wish give one of our languages', () => {
  const ours = new Set<unknown>(Object.values(languages))
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('de', 'en', ';q=', '0.5', ',', '*', '-', 'zh-Hant', '__proto__', 'toString'),
  )
  const value = fc.option(fc.array(piece).map((pieces) => pieces.join('')))
  fc.assert(
    fc.property(value, value, value, (asked, acceptLanguage, fallback) => {
      assert.ok(ours.has(chooseLanguage({ asked, acceptLanguage, fallback })))
    }),
  )
})

test('a locale is two letters, optionally with a script or a region', () => {
  for (const good of ['de', 'DE', 'zh-Hant', 'pt-BR', 'es-419', 'zh-hant'])
    assert.ok(isLanguageTag(good), good)
  const bad = [
    '',
    'd',
    'deu',
    'de-',
    'de_AT',
    'de-A',
    'de-Latn-AT',
    'de-12',
    'de-1234',
    ' de',
    'de\n',
    'dé',
    'de;q=1',
  ]
  for (const value of bad) assert.ok(!isLanguageTag(value), JSON.stringify(value))
})
