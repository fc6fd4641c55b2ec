// Goal: the container image holds what the service needs and runs as nobody special. Method: the Dockerfile is read; what it
// copies is put into a folder, and its own commands are run there. No engine for containers is asked: there may be none.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { suite, test } from 'node:test'
import { newPlace } from '../main/serving.ts'
import { temporaryFolder } from '../main/support.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

const instructions = read('Dockerfile')
  .split('\n')
  .map((line) => /^(?<name>[A-Z]+) (?<rest>.+)$/.exec(line)?.groups)
  .flatMap((found) => (found === undefined ? [] : [{ name: found['name'] ?? '', rest: found['rest'] ?? '' }]))
const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))
const of = (name: string) => last.filter((one) => one.name === name).map(({ rest }) => rest)
/** Programs and arguments, as a list in JSON. */
const wordsOf = (text = '') => JSON.parse(text.slice(text.indexOf('['))) as readonly string[]

/** What the last stage copies out of the project: files into a folder, or a folder. */
const copies = of('COPY')
  .filter((rest) => !rest.startsWith('--from'))
  .map((rest) => {
    const words = rest.split(' ')
    return { sources: words.slice(0, -1), target: words.at(-1) ?? '' }
  })

suite('the container image', () => {
  test('copies what there is, and .dockerignore lets it in and nothing that is secret', () => {
    const sources = copies.flatMap((one) => one.sources)
    assert.deepEqual(
      sources.filter((file) => !existsSync(path.join(ROOT, file))),
      [],
    )
    const lines = read('.dockerignore').trim().split('\n')
    assert.equal(lines[0], '*')
    const letIn = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    assert.deepEqual(letIn.toSorted(), [...sources, 'package-lock.json'].toSorted())
  })

  test('runs as a user without rights, and in the example on a file system that it cannot write [T129]', () => {
    assert.match(of('USER').at(-1) ?? '', /^[1-9]\d{3,}:[1-9]\d{3,}$/)
    const compose = read('compose.yaml')
    for (const line of [/^ {4}read_only: true$/m, /^ {4}cap_drop:\n {6}- ALL$/m, /no-new-privileges:true/])
      assert.match(compose, line)
  })

  test('serves out of what it copies, is found healthy by its own check, and ends when it is told to', async (t) => {
    const folder = temporaryFolder()
    for (const { sources, target } of copies)
      for (const source of sources) {
        const name = target === './' ? source : target
        cpSync(path.join(ROOT, source), path.join(folder, name), { recursive: true })
      }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'))
    const place = await newPlace()
    const env = { ...process.env, ...place.environment(), PORT: String(place.port) }
    const [, ...command] = wordsOf(of('CMD').at(-1))
    const service = spawn(process.execPath, command, {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => service.kill('SIGKILL'))
    const ended = once(service, 'exit')
    for await (const line of createInterface(service.stdout)) if (line.includes('springbar is serving')) break
    service.stdout.resume()
    const [, ...check] = wordsOf(of('HEALTHCHECK').at(-1))
    assert.equal(spawnSync(process.execPath, check, { env }).status, 0)
    service.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
    assert.equal(
      spawnSync(process.execPath, check, { env }).status,
      1,
      'a service that is gone is not healthy',
    )
  })
})
