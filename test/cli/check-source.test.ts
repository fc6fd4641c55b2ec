// Goal: an operator learns whether a definition is whole, before anybody connects with it. Method: the command as it is
// called, with a built-in source, a file, a spoiled file and nonsense;
// what it does, for each way to connect.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { checkSourceNamed } from '../../src/cli/check-source.ts'
import { openPairingService } from '../../src/main/check-service.ts'
import { sources } from '../../src/sources/index.ts'

const MAIN = join(import.meta.dirname, '../../src/main.ts')

function check(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'source', 'check', ...words], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--conditions=springbar-source' },
  })
  return { status, lines: stdout.split('\n'), stderr }
}

/** The same without a process of its own, which costs more than what it does. */
async function checkHere(named: string) {
  const lines: string[] = []
  const isWell = await checkSourceNamed(named, (line) => lines.push(line), openPairingService)
  return { isWell, lines }
}

function file(
  spoil: (authorization: Record<string, unknown>) => void,
  id = 1009,
  isWanted: (authorization: Record<string, unknown>) => boolean = () => true,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'springbar-check-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const source = JSON.parse(JSON.stringify(sources.get(id)))
  Object.assign(source, { id: 10_001, key: 'acme', name: 'Acme' })
  source.authorizations = source.authorizations.filter(isWanted)
  source.authorizations[0].vendor = 'acme'
  spoil(source.authorizations[0])
  const path = join(folder, 'acme.json')
  writeFileSync(path, JSON.stringify(source))
  return path
}

describe('springbar source check', () => {
  for (const named of ['smashrun', '1009'])
    test(`plays the built-in source ${named}`, () => {
      const { status, lines } = check(named)
      assert.equal(status, 0, lines.join('\n'))
      assert.ok(lines.includes('ok   smashrun: approve: a whole grant of the right account'))
      assert.ok(lines.includes('Everything is as the definition says.'))
    })

  for (const [named, line] of [
    ['fatsecret', 'ok   fatsecret: the authorization URL, to the letter'],
    ['garmin-oauth1', 'ok   garmin-oauth1: disconnect: the grant ends at the vendor'],
    ['freestyle-libre', 'ok   freestyle-libre: a wrong password, and then the right one'],
    ['apple-health', 'ok   apple-health: a code that has expired connects nothing'],
  ] as const)
    test(`plays ${named}, whatever it speaks, and nothing beside it, and says what its marks mean`, async () => {
      const { isWell, lines } = await checkHere(named)
      assert.ok(isWell, lines.join('\n'))
      assert.ok(lines.includes(line))
      assert.match(lines[0] ?? '', /^ok: .* FAIL: .* -: does not apply/)
      const played = lines.slice(1, -2)
      assert.ok(played.every((one) => one.slice(5).startsWith(`${named}: `)))
      assert.ok(
        played.every((one) => !one.startsWith('-') || /: .+: .+/.test(one)),
        'a – without a reason',
      )
      assert.match(lines.at(-2) ?? '', /^\d+ ok, 0 wrong, \d+ do not apply\.$/)
    })

  test('plays a file with OAuth 1.0a, out of its definition', async () => {
    const path = file(
      (authorization) => Reflect.deleteProperty(authorization, 'exchange'),
      2,
      ({ protocol }) => protocol === 'oauth1',
    )
    const { isWell, lines } = await checkHere(path)
    assert.ok(isWell, lines.join('\n'))
    assert.ok(lines.includes('ok   acme: one scope unticked: known as missing'))
  })

  test('says in one sentence that there is no such source', () => {
    const { status, lines } = check('nope')
    assert.equal(status, 1)
    assert.match(lines[0] ?? '', /^There is no data source and no file "nope"\. Name a key/)
    assert.deepEqual(lines.slice(1), [''])
  })

  test('plays a file', () => {
    const { status, lines } = check(file(() => undefined))
    assert.equal(status, 0, lines.join('\n'))
    assert.ok(lines.includes('ok   acme: cancel: nothing is granted'))
  })

  test('says which field of a file is wrong, and ends with 1', () => {
    const { status, lines } = check(file((authorization) => Reflect.deleteProperty(authorization, 'account')))
    assert.equal(status, 1)
    assert.match(lines[0] ?? '', /acme\.json: authorizations\.0\.account: is missing\.$/)
  })

  test('says that a source without a definition has nothing to play', () => {
    const { status, lines } = check('runkeeper')
    assert.equal(status, 1)
    assert.match(lines[0] ?? '', /nothing to play/)
  })

  test('of nothing, or of two things, is told how it is meant', () => {
    for (const words of [[], ['strava', 'polar']]) {
      const { status, stderr } = check(...words)
      assert.equal(status, 2)
      assert.match(stderr, /springbar source check FILE \| KEY/)
    }
  })
})
