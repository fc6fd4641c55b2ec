// Goal: what `keys verify` and `keys rewrap` print adds up for whoever reads it: every value stands under its key and has a name.
// Method: a service with connections and an endpoint on real databases, before, while and after its key is replaced.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { rewrapKeys, verifyKeys } from '../../src/cli/vault-keys.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'

const keyOf = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte).toString('base64') })

onBothDatabases('what the key commands print', (world) => {
  const printed = async (act: typeof verifyKeys) => {
    const lines: string[] = []
    const code = await act(world().context, (line) => void lines.push(line))
    return { code, lines }
  }

  it('each key with its values by name, and what was wrapped anew, to the last one', async () => {
    for (let i = 0; i < 2; i++) {
      const { token } = await backendOf(world()).newSession()
      await newPerson(world()).connect(link('Connection', token, 11))
    }
    const values = ['  tokens of connections: 2', '  the pepper of the digests, wrapped last: 1']
    const before = { code: 0, lines: ['k1 wraps 3 in all', ...values] }
    assert.deepEqual(await printed(verifyKeys), before)
    const page = readFileSync(new URL('../../docs/running.md', import.meta.url), 'utf8')
    assert.ok(page.includes(`\n${before.lines.join('\n')}\n`), 'the page shows it so')
    await world().restart({ keys: [keyOf('k2', 9), keyOf('k1', 7)] })
    assert.deepEqual(await printed(rewrapKeys), {
      code: 0,
      lines: [
        ...values.map((line) => `wrapped anew:${line.slice(1)}`),
        'k2 wraps 3 in all',
        ...values,
        'Everything is under the first key. The other keys can leave the configuration.',
      ],
    })
  })

  it('a grant whose key is gone has its name too, and the exit code says so', async () => {
    await world().restart({ keys: [keyOf('k3', 3), keyOf('k2', 9)] })
    const { token } = await backendOf(world()).newSession()
    await newPerson(world()).connect(link('Connection', token, 8))
    await printed(rewrapKeys)
    await world().restart({ keys: [keyOf('k4', 4), keyOf('k3', 3)] })
    const other = await backendOf(world()).newSession()
    await newPerson(world()).connect(link('Connection', other.token, 8))
    await world().restart({ keys: [keyOf('k3', 3)] })
    const { code, lines } = await printed(verifyKeys)
    assert.equal(code, 1)
    assert.deepEqual(lines.slice(-3), [
      'k4 wraps 1 in all',
      '  tokens of connections: 1',
      'cannot be opened: tokens of connections: 1. Their key is not configured, or they were altered.',
    ])
  })
})
