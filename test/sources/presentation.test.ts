// Goal: what sources say about themselves is there in every language of our pages, made from the words that the
// definitions have now, and nothing in the files is for nothing. Method: the files against the registry, the labels
// and the schema.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, test } from 'node:test'
import { languages } from '../../src/pages/messages/index.ts'
import { createPresentation, sources } from '../../src/sources/index.ts'
import { partsOfLabel, textsSchema } from '../../src/sources/presentation.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../catalogue')
const TAGS = Object.values(languages).map(({ tag }) => tag)
const TRANSLATED = TAGS.filter((tag) => tag !== 'en')

const all = [...sources.values()]
const byKey = new Map(all.map((source) => [source.key, source]))
const labels = [
  ...new Set(
    all.flatMap((source) =>
      source.kind === 'oauth2'
        ? source.authorizations.flatMap(({ scopes }) => scopes.map(({ label }) => label))
        : [],
    ),
  ),
]
const textsOf = (tag: string) =>
  textsSchema.parse(JSON.parse(readFileSync(path.join(FOLDER, 'texts', `${tag.toLowerCase()}.json`), 'utf8')))
const presentation = createPresentation(new Map())

/** Names in Latin letters, which no language translates: brands, with what stands for a model. */
const namesIn = (text: string): readonly string[] =>
  text
    .split(/[\s,.]+/)
    .slice(1)
    .filter((word) => /[A-Z]/.test(word))

describe('the texts of the catalogue', () => {
  test('there is one file for each language of our pages, in the form of the schema', () => {
    const files = readdirSync(path.join(FOLDER, 'texts'))
    assert.deepEqual(files.toSorted(), TAGS.map((tag) => `${tag.toLowerCase()}.json`).toSorted())
    for (const tag of TAGS) assert.doesNotThrow(() => textsOf(tag), tag)
  })

  test('a translation was made from what the definition says now: else en.json and every language need it anew', () => {
    const { descriptions } = textsOf('en')
    const now = Object.fromEntries(Object.keys(descriptions).map((key) => [key, byKey.get(key)?.description]))
    assert.deepEqual(descriptions, now)
  })

  for (const tag of TRANSLATED) {
    test(`${tag}: a description for each source of the catalogue, and for nothing else`, () => {
      const { descriptions } = textsOf(tag)
      assert.deepEqual(Object.keys(descriptions).toSorted(), [...byKey.keys()].toSorted())
      for (const source of all)
        assert.deepEqual(presentation.description(source, tag), {
          text: descriptions[source.key],
          language: tag,
        })
    })

    test(`${tag}: a sentence with the stop of its language (Thai has none), which keeps every name as it is written`, () => {
      for (const [key, text] of Object.entries(textsOf(tag).descriptions)) {
        assert.match(text, tag === 'th' ? /^\S.*[^.\s]$/u : /^\S.*[.。।]$/u, key)
        for (const name of namesIn(byKey.get(key)?.description ?? ''))
          assert.ok(text.includes(name), `${key}: ${name} in ${text}`)
      }
    })

    test(`${tag}: the same words for scopes as every other language, each of them in use`, () => {
      const words = Object.keys(textsOf(tag).words)
      assert.deepEqual(words, Object.keys(textsOf('de').words))
      const used = new Set(labels.flatMap(partsOfLabel))
      assert.deepEqual(
        words.filter((word) => !used.has(word)),
        [],
      )
    })
  }

  test('no line or paragraph is left as English, markup or a placeholder', () => {
    for (const tag of TRANSLATED) {
      const { categories, statuses, words, descriptions } = textsOf(tag)
      const texts = [categories, statuses, words, descriptions].flatMap((part) => Object.values(part))
      for (const text of texts) assert.doesNotMatch(text, /[<>{}]|\s$|^\s| {2}/u, `${tag}: ${text}`)
      const english = new Set(Object.values(textsOf('en').descriptions))
      assert.deepEqual(
        Object.values(descriptions).filter((text) => english.has(text)),
        [],
      )
    }
  })
})

describe('a label of a scope', () => {
  const label = (text: string, tag: string) => presentation.scopeLabel(text, tag)

  test('is put together from its parts, as the language joins a list', () => {
    assert.deepEqual(label('Activity and sleep', 'de'), { text: 'Aktivität und Schlaf', language: 'de' })
    assert.equal(
      label('Activity, sleep and heart rate', 'fr').text,
      'Activité, sommeil et fréquence cardiaque',
    )
    assert.equal(label('Sleep', 'ja').text, '睡眠')
  })

  test('stays English as a whole when one part is unknown, also one that objects have', () => {
    for (const text of ['Activity and moon phases', 'Constructor', '__proto__ and sleep'])
      assert.deepEqual(label(text, 'de'), { text, language: 'en' })
  })

  test('is translated as a whole in every language, whatever definition it is of', () => {
    for (const tag of TRANSLATED)
      assert.deepEqual(
        labels.filter((text) => label(text, tag).language !== tag),
        [],
        tag,
      )
  })

  test('is English in English, letter by letter', () => {
    for (const text of labels) assert.deepEqual(label(text, 'en'), { text, language: 'en' })
  })
})

describe('what an operator adds', () => {
  const [source] = all
  assert.ok(source)

  test('a definition with other words than ours is described by its own', () => {
    const own = { ...source, description: 'Something else.' }
    assert.deepEqual(presentation.description(own, 'de'), { text: 'Something else.', language: 'en' })
    assert.equal(presentation.description({ ...own, key: 'constructor' }, 'de').language, 'en')
  })

  test('a logo of theirs is shown instead of ours', () => {
    const logo = { mediaType: 'image/png', bytes: new Uint8Array([1]) } as const
    assert.equal(createPresentation(new Map([['strava', logo]])).logo('strava'), logo)
  })
})

describe('the built-in logos', () => {
  const files = readdirSync(path.join(FOLDER, 'logos'))

  test('each belongs to a source, is small, and is nothing but a picture', () => {
    assert.ok(files.length > 0)
    for (const file of files) {
      const key = file.replace(/\.svg$/, '')
      assert.ok(byKey.has(key), file)
      const text = Buffer.from(presentation.logo(key)?.bytes ?? []).toString('utf8')
      assert.ok(text.length < 8_000, file)
      assert.match(text, /^<!-- simple-icons [\d.]+ \(CC0-1\.0\)/, file)
      assert.deepEqual([...text.matchAll(/<([a-z]+)/g)].map(([, name]) => name).toSorted(), [
        'path',
        'rect',
        'rect',
        'svg',
        'title',
      ])
    }
  })

  test('there is none for a source without one, and none for what is no key', () => {
    for (const key of ['withings', '', '..', '../texts/de', 'constructor'])
      assert.equal(presentation.logo(key), null, key)
  })
})
