// Goal: the rehearsal of docs/rehearsing-in-ci.md runs as it stands there. Method: its program in a file of its own, against a
// try-out at free ports.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { freePorts, start, temporaryFolder } from '../main/support.ts'
import { ROOT } from './markdown.ts'

describe('docs/rehearsing-in-ci.md', () => {
  const page = readFileSync(path.join(ROOT, 'docs/rehearsing-in-ci.md'), 'utf8')

  it('has a program whose tests all pass', async () => {
    const [program = '', ...more] = [...page.matchAll(/```js\n(.*?)```/gs)].map(([, text = '']) => text)
    assert.deepEqual(more, [])
    const [service = 0, sandbox = 0, demo = 0] = await freePorts(3)
    const ports = { PORT: String(service), SANDBOX_PORT: String(sandbox), DEMO_PORT: String(demo) }
    const folder = temporaryFolder()
    const tryOut = start(['try'], {
      env: { ...ports, SPRINGBAR_DATA: path.join(folder, 'data') },
      group: true,
    })
    await tryOut.says(/Ctrl-C/)
    const file = path.join(folder, 'rehearsal.test.mjs')
    writeFileSync(file, program)
    const addresses = { SERVICE: `http://localhost:${service}`, SANDBOX: `http://localhost:${sandbox}` }
    const rehearsal = start([], { program: file, env: addresses })
    const { code } = await rehearsal.ended
    assert.equal(code, 0, rehearsal.out())
    assert.match(rehearsal.out(), /^# pass 5$|^ℹ pass 5$/m)
    tryOut.signal('SIGINT')
    await tryOut.ended
  })

  it('names the settings that start it', () => {
    for (const word of [
      'PORT=8080',
      'SANDBOX_PORT=8081',
      'SPRINGBAR_DATA=',
      'bin/springbar.js try',
      '/readyz',
    ])
      assert.ok(page.includes(word), word)
  })
})
