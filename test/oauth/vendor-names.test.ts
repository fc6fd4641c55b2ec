// Goal: the engine never names a source: what differs between vendors is data. Method: read the code of the protocol and
// of the use cases, and look for every key and vendor of the registry.
import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { sources } from '../../src/sources/index.ts'

const SRC = new URL('../../src/', import.meta.url)

test('no file of oauth/ and broker/ names a source or a vendor', async () => {
  const names = [...sources.values()].flatMap((source) => [
    source.key,
    source.name.toLowerCase(),
    ...(source.kind === 'oauth2' ? source.authorizations.map((one) => one.vendor) : []),
  ])
  const pattern = new RegExp(`\\b(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})\\b`, 'i')
  const found: string[] = []
  let files = 0
  for await (const path of glob('{oauth,broker}/**/*.ts', { cwd: SRC })) {
    files += 1
    const lines = (await readFile(new URL(path, SRC), 'utf8')).split('\n')
    for (const [i, line] of lines.entries())
      if (pattern.test(line)) found.push(`${path}:${i + 1} ${line.trim()}`)
  }
  assert.ok(files > 10, 'the files were found')
  assert.deepEqual(found, [])
})
