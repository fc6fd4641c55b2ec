// Goal: docs/threat-model.md can be believed. Every threat has its row, every row that names a test of flows, security
// or vault is right, and no test claims a threat that the page calls open.
// Method: the page's tables are compared with the names of the tests.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'

const ROOT = path.resolve(import.meta.dirname, '../..')
const LAST = 135
/** Ids that the list of threats skips. */
const NEVER_GIVEN = [41]

interface Row {
  readonly id: string
  readonly tests: readonly string[]
  readonly isOpen: boolean
}

function readRows(): readonly Row[] {
  const text = readFileSync(path.join(ROOT, 'docs/threat-model.md'), 'utf8')
  return [...text.matchAll(/^\| (T\d{3}) \| (.+) \| (.+) \|$/gm)].map(([, id = '', , where = '']) => ({
    id,
    tests: [...where.matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, file = '']) => file),
    isOpen: /^\*later/.test(where),
  }))
}

/** The threats that tests name in brackets, by file. */
function readClaims(): ReadonlyMap<string, ReadonlySet<string>> {
  const files = globSync(['test/**/*.ts'], { cwd: ROOT }).map((file) => file.split(path.sep).join('/'))
  return new Map(
    files.map((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8')
      const brackets = [...text.matchAll(/\[([^\][\n]*\bT\d{3}\b[^\][\n]*)\]/g)]
      return [file, new Set(brackets.flatMap(([, inside = '']) => inside.match(/\bT\d{3}\b/g) ?? []))]
    }),
  )
}

describe('the page of threats', () => {
  const rows = readRows()
  const claims = readClaims()

  it('has a row for each threat, in order', () => {
    const all = Array.from({ length: LAST }, (_, i) => i + 1).filter(
      (number) => !NEVER_GIVEN.includes(number),
    )
    assert.deepEqual(
      rows.map(({ id }) => id),
      all.map((number) => `T${String(number).padStart(3, '0')}`),
    )
  })

  it('names a test for each, or says that it is open', () => {
    for (const { id, tests, isOpen } of rows) assert.ok(isOpen !== tests.length > 0, id)
  })

  it('names only tests that there are, and of ours only those that name the threat', () => {
    for (const { id, tests } of rows)
      for (const file of tests) {
        const named = claims.get(file)
        assert.ok(named, `${id}: ${file} does not exist`)
        if (/^test\/(flows|security|vault)\//.test(file))
          assert.ok(named.has(id), `${file} does not name ${id}`)
      }
  })

  it('calls nothing open that a test claims to check', () => {
    const open = new Set(rows.filter(({ isOpen }) => isOpen).map(({ id }) => id))
    for (const [file, ids] of claims)
      for (const id of ids) assert.ok(!open.has(id), `${file} names ${id}, which the page calls open`)
  })
})
