// Goal: the page about browsers names tests that there are. Method: each name in quotes is looked for in the file before it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const DOCS = path.resolve(import.meta.dirname, '../../docs')

test('each test that is named is in the file that is linked', () => {
  const rows = readFileSync(path.join(DOCS, 'browsers.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|') && line.includes(']('))
  assert.ok(rows.length > 20)
  for (const row of rows) {
    const [, , , shownBy = ''] = row.split('|')
    let file = ''
    let named = 0
    for (const [, link, name] of shownBy.matchAll(/\]\(([^)]+)\)|“([^”]+)”/g)) {
      if (link !== undefined) file = readFileSync(path.join(DOCS, link), 'utf8')
      else {
        assert.ok(file.includes(name ?? ''), `${name}: no test of ${shownBy} is called so`)
        named++
      }
    }
    assert.ok(named > 0, row)
  }
})
