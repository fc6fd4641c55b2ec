// Goal: what docs/sources says about a source is what its definition does.
// Method: each page is what `npm run docs` would write, and nothing else stands there.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { sources } from '../../src/sources/index.ts'
import { sourcePages } from '../../tools/source-pages.ts'
import { ROOT } from './markdown.ts'

const FOLDER = path.join(ROOT, 'docs/sources')
const pages = sourcePages()
const namesIn = (pattern: string) =>
  globSync(pattern, { cwd: FOLDER }).map((file) => path.basename(file, '.md'))

describe('the pages about sources', () => {
  for (const page of pages)
    it(`${path.basename(page.path)} is as its definition and notes make it (npm run docs)`, () => {
      assert.equal(readFileSync(page.path, 'utf8'), page.text)
    })

  it('are there for every source that can be connected', () => {
    const described = [...sources.values()].filter(({ kind }) => kind !== 'listed').map(({ key }) => key)
    const made = pages.map((page) => path.basename(page.path, '.md')).filter((name) => name !== 'README')
    assert.deepEqual(made.toSorted(), described.toSorted())
  })

  it('have notes written by hand, each for a source that there is', () => {
    const keys = [...sources.values()].filter(({ kind }) => kind !== 'listed').map(({ key }) => key)
    assert.deepEqual(namesIn('notes/*.md').toSorted(), keys.toSorted())
  })
})
