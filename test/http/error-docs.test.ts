// docs/errors.md has every error of the service and no other, where `type` links lead to. The page is read as text and
// held against the tables of the code.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { ERRORS, SpringbarError } from '../../src/errors.ts'
import { problemOf } from '../../src/http/problem.ts'
import { limits } from '../../src/limits.ts'
import { OUTCOME_ERRORS } from '../../src/model/result.ts'
import { FOREIGN } from './support.ts'

const PAGE = readFileSync(path.join(import.meta.dirname, '../../docs/errors.md'), 'utf8')
/** The same without line ends inside paragraphs. */
const TEXT = PAGE.replace(/\s+/g, ' ')
const KINDS = Object.entries(ERRORS)

describe('docs/errors.md', () => {
  it('has a section for every code, so that the anchor of its type is there, and no other', () => {
    const headings = [...PAGE.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
    assert.deepEqual(headings.toSorted(), KINDS.map(([code]) => code).toSorted())
    for (const [section = ''] of PAGE.matchAll(/^### .+\n\n[^#]*/gm)) assert.ok(section.length > 60, section)
  })

  it('lists every code with its status and whether to try again, in the order of the statuses', () => {
    const rows = [...PAGE.matchAll(/^\| \[`(\w+)`\]\(#(\w+)\) \| (\d+) \| (yes|no) \|$/gm)].map(
      ([, ...cells]) => cells,
    )
    const expected = KINDS.map(([code, { status, retryable }]) => [
      code,
      code,
      String(status),
      retryable ? 'yes' : 'no',
    ])
    assert.deepEqual(rows.toSorted(), expected.toSorted())
    const statuses = rows.map(([, , status]) => Number(status))
    assert.deepEqual(statuses, statuses.toSorted())
  })

  it('explains every word that can stand in a redirect, and no other', () => {
    const [, table = ''] = PAGE.split('## Words in the redirect')
    const words = [...table.matchAll(/^\| `(\w+)` \| .{10,} \| .{10,} \|$/gm)].map(([, word]) => word)
    assert.deepEqual(words, OUTCOME_ERRORS)
  })

  it('its example is what the service answers', () => {
    const [, text = ''] = /```json\n(.*?)```/s.exec(PAGE) ?? []
    const answer = problemOf(new SpringbarError('invalid_request', 'endUserId is missing.'), '1NG6F-Q7MCS')
    assert.deepEqual(JSON.parse(text), answer)
  })

  it('its numbers and its phrase are those of the service', () => {
    assert.ok(TEXT.includes(`at most ${limits.requestBodyBytes / 1024} KiB`))
    assert.ok(TEXT.includes(`headers of a request have at most ${limits.requestHeaderBytes / 1024} KiB`))
    assert.deepEqual([limits.requestHeadersTimeoutMs, limits.requestTimeoutMs], [10_000, 30_000])
    assert.ok(TEXT.includes(`longer than ${limits.attemptLifetimeMs / 60_000} minutes`))
    assert.equal(limits.resultRedeemMs, 600_000, 'ten minutes')
    assert.ok(TEXT.includes(FOREIGN))
  })
})
