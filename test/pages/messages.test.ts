// Goal: every language says everything that English says, with the same names in it, and every text is shown somewhere.
// Method: the message files are compared key by key; then every page is rendered with texts that are their own keys.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { en, type MessageKey, type Messages } from '../../src/pages/messages/en.ts'
import { languages } from '../../src/pages/messages/index.ts'
import { longestOf, placeholdersOf } from '../../src/pages/text-overrides.ts'
import { everyPage, NONCE } from './every-page.ts'

// The keys of the object are those of its type: it is declared with them in full.
const keys = Object.keys(en) as MessageKey[]

for (const { tag, messages } of Object.values(languages)) {
  test(`${tag} has each text of the original and no other`, () => {
    assert.deepEqual(Object.keys(messages).sort(), [...keys].sort())
  })

  test(`${tag} keeps the placeholders of each text`, () => {
    for (const key of keys) {
      assert.deepEqual(placeholdersOf(messages[key]), placeholdersOf(en[key]), key)
      assert.doesNotMatch(messages[key].replace(/\{[a-z]+\}/g, ''), /[{}]/, key)
    }
  })

  test(`${tag} writes plain, tidy texts that fit where English fits`, () => {
    for (const key of keys) {
      const text = messages[key]
      assert.equal(text, text.trim(), key)
      assert.notEqual(text, '', key)
      assert.doesNotMatch(text, /[<>&"'\n\t]| {2}/, `${key}: no markup, no straight quotes, no double spaces`)
      assert.ok(text.length <= longestOf(key), `${key} has ${text.length} characters, ${longestOf(key)} fit`)
      if (key.includes('.title')) assert.doesNotMatch(text, /[.。।]$/, `${key}: a heading has no full stop`)
    }
  })

  if (tag !== 'en') {
    test(`${tag} is translated`, () => {
      const same = keys.filter((key) => messages[key] === en[key])
      assert.deepEqual(same, [])
    })
  }
}

/** What is put into texts, and whether it is a number. A noun beside a number changes with it in most languages. */
const FILLED_IN: Readonly<Record<string, 'name' | 'number' | 'formatted'>> = {
  '{source}': 'name',
  '{application}': 'name',
  '{account}': 'name',
  '{label}': 'name',
  '{springbar}': 'name',
  '{reference}': 'name',
  '{address}': 'name',
  '{count}': 'number',
  // Whole phrases that `Intl` makes, with the noun in the form that the language wants.
  '{date}': 'formatted',
  '{duration}': 'formatted',
  '{countries}': 'formatted',
}

/** A number that no noun has to agree with: at the end, behind a colon or in brackets. */
const APART = /[:：(（]\s?\{count\}[)）]?$/

test('a number stands apart from nouns, where a language has forms for them that the text would have to choose from', () => {
  for (const [key, text] of Object.entries(en))
    for (const name of placeholdersOf(text)) assert.ok(name in FILLED_IN, `${key}: ${name} is new here`)
  let numbers = 0
  for (const { tag, messages } of Object.values(languages)) {
    const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories
    if (forms.length === 1) continue
    for (const key of keys) {
      const hasNumber = placeholdersOf(messages[key]).some((name) => FILLED_IN[name] === 'number')
      if (!hasNumber) continue
      numbers++
      assert.match(messages[key], APART, `${tag} ${key}: ${forms.join(', ')} would each need a text`)
    }
  }
  assert.ok(numbers > 0)
  for (const wrong of ['{count} sources', 'Sources found: {count} of them', 'There are {count}'])
    assert.doesNotMatch(wrong, APART)
})

test('every text is shown on some page', () => {
  // Built from all keys just here.
  const marked = Object.fromEntries(
    keys.map((key) => [key, `⟦${key}⟧${placeholdersOf(en[key]).join(' ')}`]),
  ) as Messages
  const language = { tag: 'en', dir: 'ltr', messages: marked } as const
  const shown = new Set<string>()
  for (const { render } of everyPage()) {
    for (const [, key] of String(render({ language, nonce: NONCE })).matchAll(/⟦([^⟧]+)⟧/g)) {
      if (key !== undefined) shown.add(key)
    }
  }
  assert.deepEqual(
    keys.filter((key) => !shown.has(key)),
    [],
  )
})
