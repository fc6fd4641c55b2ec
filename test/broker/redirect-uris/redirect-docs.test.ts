// Goal: docs/redirect-uris.md promises what the code does.
// Method: its tables are read from the page, and each address in them is presented or listed.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { decideRedirectUriValue } from '../../../src/broker/redirect-uris/redirect-uri.ts'
import { validateRedirectUriEntry } from '../../../src/broker/redirect-uris/redirect-uri-entry.ts'
import { findRedirectQueryProblem } from '../../../src/broker/redirect-uris/redirect-uri-query.ts'

const page = readFileSync(new URL('../../../docs/redirect-uris.md', import.meta.url), 'utf8')
const sectionOf = (heading: string) => page.split(/^#+ /m).find((part) => part.startsWith(heading)) ?? ''
const codesOf = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

/** Rows of a section whose first cell holds addresses: those addresses and the second cell. */
const rowsOf = (heading: string) =>
  [...sectionOf(heading).matchAll(/^\| (`[^|]*?) \| ([^|]+?) \|/gm)].map(
    ([, cell = '', answer = '']) => [codesOf(cell), answer] as const,
  )

describe('the page on redirect URIs', () => {
  it('says truly what can be listed', () => {
    const rows = rowsOf('What you can list')
    assert.ok(rows.length >= 18, `${rows.length} rows`)
    for (const [values, answer] of rows) {
      for (const value of values.filter((text) => !text.endsWith('…'))) {
        const check = validateRedirectUriEntry(value, [])
        assert.equal(check.ok, answer.startsWith('yes'), value)
        if (check.ok) assert.equal(check.warnings.length > 0, answer.includes('warning'), value)
      }
      for (const value of values.filter((text) => text.endsWith('…'))) {
        const check = validateRedirectUriEntry(value.replace('…', value.includes('-') ? 'x:/y' : '/y'), [])
        assert.ok(!check.ok && check.code === 'forbidden_scheme', value)
      }
    }
  })

  it('says truly what a link may ask for, and which rule refuses the rest', () => {
    const rows = rowsOf('What a link may ask for')
    const allowed = {
      entries: ['https://app.example/connected'],
      resultPageUrl: 'https://own.example/r.html',
    }
    assert.ok(rows.length >= 16, `${rows.length} rows`)
    for (const [[value = ''], answer] of rows) {
      const decision = decideRedirectUriValue(value, allowed)
      assert.equal(decision.kind === 'refused' ? `no, ${decision.rule}` : 'yes', answer, value)
    }
  })

  it('lists the reserved names, and names that are free', () => {
    const [taken = '', rest = ''] = sectionOf('Names that are taken').split('A name counts')
    const names = codesOf(taken)
    assert.equal(names.length, 14)
    for (const name of names)
      assert.equal(findRedirectQueryProblem(name) === null, name === 'dataSource', name)
    const free = codesOf(rest.slice(rest.indexOf('are free')))
    assert.equal(free.length, 4)
    for (const name of free) assert.equal(findRedirectQueryProblem(name), null, name)
  })
})
