// Goal: the page for operators lists every verb and every figure that there is. Method: the usage of the command, and the
// figures that a service exposes, against the tables of the page.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { createMetrics } from '../../src/http/metrics.ts'
import { run } from '../main/support.ts'
import { ROOT } from './markdown.ts'

describe('docs/running.md', () => {
  const page = readFileSync(path.join(ROOT, 'docs/running.md'), 'utf8')

  it('has a row for every verb of the command', async () => {
    const { out } = await run(['help'])
    const verbs = [...out.matchAll(/^springbar ([a-z-]+(?: [a-z]+)?)/gm)].map(([, verb = '']) => verb)
    assert.ok(verbs.length > 8)
    assert.deepEqual(
      verbs.filter((verb) => !page.includes(`| \`springbar ${verb}`)),
      [],
    )
  })

  it('names every figure of /metrics that is ours', async () => {
    const exposed = await createMetrics({ withProcess: false }).expose()
    const names = [...exposed.matchAll(/^# HELP (springbar_\w+)/gm)].map(([, name = '']) => name)
    assert.ok(names.length > 4)
    assert.deepEqual(
      names.filter((name) => !page.includes(`\`${name}\``)),
      [],
    )
  })
})
