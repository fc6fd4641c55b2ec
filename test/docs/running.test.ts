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

  it('has rules for alerts that watch what is exposed before anything has happened', async () => {
    const metrics = createMetrics({ withProcess: false })
    metrics.watchConfigured(() => ({ sources: ['strava'], vendors: ['strava'] }))
    metrics.watchWebhooks(async () => ({ pending: 0, oldestSeconds: 0, disabled: new Map([['failing', 0]]) }))
    metrics.watchCircuits(() => ['strava'])
    const exposed = (await metrics.expose()).split('\n').filter((line) => !line.startsWith('#'))
    const [rules = ''] = /```yaml\n(groups:[\s\S]*?)```/.exec(page)?.slice(1) ?? []
    const selectors = [...rules.matchAll(/(springbar_\w+)(?:\{([^}]*)\})?/g)]
    assert.ok(selectors.length > 7)
    for (const [selector, name = '', wanted = ''] of selectors) {
      const found = exposed.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      const matchers = [...wanted.matchAll(/(\w+)(=~|!=|=)"([^"]*)"/g)].map(
        ([, label = '', by, value = '']) => {
          const words = new RegExp(`[{,]${label}="(?:${value})"[,}]`)
          return (line: string) => line.includes(`${label}=`) && words.test(line) === (by !== '!=')
        },
      )
      assert.ok(
        found.some((line) => matchers.every((matches) => matches(line))),
        selector,
      )
    }
    for (const [, labels = ''] of rules.matchAll(/by \((\w+)\)/g))
      assert.ok(
        exposed.some((line) => line.includes(`${labels}="`)),
        labels,
      )
  })
})
