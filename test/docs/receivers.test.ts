// Goal: the receivers and the loop that the documentation shows work as they stand, character for character.
// Method: each block becomes a program of its own, on a free port, and gets requests that the service's own code signs: right
// ones, one signed with two secrets, a changed body, an old timestamp, another secret, none. The loop reads a real service.
// A machine without an interpreter says which receiver it did not try; where CI is set that is a failure.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { createAdaptorServer } from '@hono/node-server'
import { secret } from '../../src/model/secret.ts'
import { signedHeaders } from '../../src/webhooks/sign.ts'
import { freePorts } from '../main/support.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { openWorld } from '../support/world.ts'
import { ROOT, readPage } from './markdown.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const NEWER = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const NODE_TS = ['--conditions=springbar-source', '--disable-warning=ExperimentalWarning']
const folder = mkdtempSync(path.join(tmpdir(), 'springbar-receivers-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** The only block of a page in a language. */
function blockOf(file: string, language: string): string {
  const blocks = readPage(file).code.filter((one) => one.language === language)
  assert.equal(blocks.length, 1, `${file} has one block in ${language}, and this test runs it`)
  return blocks[0]?.text ?? ''
}

interface Receiver {
  readonly language: string
  readonly name: string
  /** The port on the page. */
  readonly port: number
  /** Answers with success where the machine can run it. */
  readonly interpreter: readonly [command: string, ...args: string[]]
  readonly commandFor: (program: string) => readonly [command: string, ...args: string[]]
}

const file = (name: string, text: string): string => {
  const target = path.join(folder, name)
  writeFileSync(target, text)
  return target
}

const RECEIVERS: readonly Receiver[] = [
  {
    language: 'ts',
    name: 'TypeScript',
    port: 9000,
    interpreter: [process.execPath, '--version'],
    commandFor: (program) => [
      process.execPath,
      ...NODE_TS,
      '--input-type=module-typescript',
      '--eval',
      program,
    ],
  },
  {
    language: 'python',
    name: 'Python',
    port: 9001,
    interpreter: ['python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 9))'],
    commandFor: (program) => ['python3', file('receiver.py', program)],
  },
  {
    language: 'java',
    name: 'Java',
    port: 9002,
    interpreter: ['java', '--version'],
    commandFor: (program) => ['java', file('Receiver.java', program)],
  },
]

const BODY = JSON.stringify({
  endUserId: '0f3c9a5e7b1d42868ac0e4f2b6d8135a',
  timestampType: 'unix',
  type: 'notification.source.connect',
  data: { timestamp: 1_770_110_142_991, dataSourceId: 8 },
})

/** Resolves when something listens at the port; rejects when the program ends before. */
async function listens(child: ChildProcess, port: number, complaint: () => string): Promise<void> {
  for (;;) {
    assert.equal(child.exitCode, null, complaint())
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (isThere) return
  }
}

describe('docs/receiving-webhooks.md', () => {
  it('has no program that is not tried here', () => {
    const languages = readPage('docs/receiving-webhooks.md').code.flatMap(({ language }) => language ?? [])
    assert.deepEqual(
      languages,
      RECEIVERS.map(({ language }) => language),
    )
  })

  for (const { language, name, port, interpreter, commandFor } of RECEIVERS) {
    const [probe, ...probing] = interpreter
    if (spawnSync(probe, probing).status !== 0) {
      it(`the receiver in ${name} is NOT tried: ${probe} is not on this machine`, () => {
        assert.ok(!process.env['CI'], `${probe} is missing`)
        process.stderr.write(`The receiver in ${name} was not tried: ${probe} is not on this machine.\n`)
      })
      continue
    }
    it(`the receiver in ${name} takes what is signed now with its secret, and nothing else`, async (t) => {
      const [ownPort = 0] = await freePorts(1)
      const text = blockOf('docs/receiving-webhooks.md', language)
      assert.equal(text.split(String(port)).length, 2, 'its port stands in it once')
      const [command, ...args] = commandFor(text.replace(String(port), String(ownPort)))
      const child = spawn(command, args, {
        cwd: ROOT,
        env: { ...process.env, SPRINGBAR_WEBHOOK_SECRET: SECRET, PYTHONDONTWRITEBYTECODE: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      t.after(() => child.kill('SIGKILL'))
      let [out, err] = ['', '']
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        out += part
      })
      child.stderr.setEncoding('utf8').on('data', (part: string) => {
        err += part
      })
      await listens(child, ownPort, () => err)
      const send = async (id: string, body: string, headers: Readonly<Record<string, string>>) => {
        const response = await fetch(`http://127.0.0.1:${ownPort}/`, { method: 'POST', body, headers })
        return [id, response.status]
      }
      const sign = (id: string, keys: readonly string[], ageMs = 0) =>
        signedHeaders({ id, body: BODY, now: Date.now() - ageMs }, keys.map(secret))
      const { 'webhook-signature': _, ...unsigned } = sign('none', [SECRET])
      assert.deepEqual(
        [
          await send('right', BODY, sign('right', [SECRET])),
          await send('two', BODY, sign('two', [NEWER, SECRET])),
          await send('changed', BODY.replace('8}}', '9}}'), sign('changed', [SECRET])),
          await send('other id', BODY, { ...sign('other', [SECRET]), 'webhook-id': 'another' }),
          await send('old', BODY, sign('old', [SECRET], 400_000)),
          await send('future', BODY, sign('future', [SECRET], -400_000)),
          await send('other secret', BODY, sign('foreign', [NEWER])),
          await send('none', BODY, unsigned),
          await send('again', BODY, sign('right', [SECRET])),
        ],
        [
          ['right', 204],
          ['two', 204],
          ['changed', 401],
          ['other id', 401],
          ['old', 401],
          ['future', 401],
          ['other secret', 401],
          ['none', 401],
          ['again', 204],
        ],
      )
      // The answer may overtake what the program prints.
      while (out.split('\n').length <= 3) await once(child.stdout, 'data')
      const told = out.trim().split('\n')
      assert.equal(told.length, 3, out)
      for (const [i, id] of ['right', 'two', 'right'].entries()) {
        assert.ok(told[i]?.startsWith(id), out)
        assert.ok(
          told[i]?.includes('notification.source.connect') && told[i]?.includes('0f3c9a5e7b1d4286'),
          out,
        )
      }
    })
  }
})

describe('docs/events.md', () => {
  it('the loop of the page handles what happened and keeps its cursor', async (t) => {
    const world = await openWorld()
    // The adaptor makes a plain HTTP server unless it is told to make another kind.
    const server = createAdaptorServer({ fetch: world.app.fetch }) as Server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(async () => {
      server.closeAllConnections()
      server.close()
      await world.close()
    })
    const { endUserId, token } = await backendOf(world).newSession()
    await newPerson(world).connect(link('Connection', token, 11))
    // A listening TCP server has an address of this form.
    const { port } = server.address() as AddressInfo
    const program = `
      import { createSpringbarClient } from '@springbar/sdk'
      const springbar = createSpringbarClient({
        apiUrl: 'http://127.0.0.1:${port}',
        username: 'a', password: 'a-password', applicationId: 'app-a', applicationSecret: 'app-a-secret',
      })
      const keptCursor: string | undefined = undefined
      const handle = async (event: { type: string; endUserId: string | null }) => console.log(event.type, event.endUserId)
      const keep = async (cursor: string) => {
        console.log(cursor)
        process.exit(0)
      }
      ${blockOf('docs/events.md', 'ts')}`
    const child = spawn(process.execPath, [...NODE_TS, '--input-type=module-typescript', '--eval', program], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => child.kill('SIGKILL'))
    let out = ''
    for await (const part of child.stdout.setEncoding('utf8')) out += part
    const [event, cursor = ''] = out.trim().split('\n')
    assert.equal(event, `notification.source.connect ${endUserId}`)
    const next = await backendOf(world).api('GET', `/events?after=${cursor}`)
    assert.deepEqual(await next.json(), { data: [], nextCursor: cursor, hasMore: false })
  })
})
