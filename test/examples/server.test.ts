// Goal: the demo starts from its environment, says in one sentence what is wrong, and ends cleanly.
// Method: the settings as a function; the real program as a process, on a free port and on a taken one.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readSettings } from '../../examples/custom-screen/server.ts'

const PROGRAM = fileURLToPath(new URL('../../examples/custom-screen/server.ts', import.meta.url))

function run(t: TestContext, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--conditions=springbar-source', PROGRAM], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  const words = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    words.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words.err += text
  })
  return { child, words, end: once(child, 'close') }
}

describe('the settings', () => {
  it('are the try-out’s where the environment says nothing', () => {
    assert.deepEqual(readSettings({}), {
      apiUrl: 'http://localhost:8080',
      widgetUrl: 'http://localhost:8080',
      directUrl: 'http://localhost:8080',
      username: 'demo',
      password: 'demo',
      applicationId: 'demo-app',
      applicationSecret: 'demo-secret',
      apiKey: 'sbk_demo',
      webhookSecret: 'whsec_dGlkZXdlbGwtdHJ5LW91dC13ZWJob29rLXNlY3JldA==',
      confirming: null,
      publicUrl: null,
      host: '127.0.0.1',
      port: 8082,
    })
  })

  it('come from the environment, each on its own', () => {
    const env = {
      SPRINGBAR_API_URL: 'https://api.example.org',
      SPRINGBAR_WIDGET_URL: 'https://widget.example.org',
      SPRINGBAR_DIRECT_URL: 'https://service.example.org',
      SPRINGBAR_USERNAME: 'u',
      SPRINGBAR_PASSWORD: 'p',
      SPRINGBAR_APPLICATION_ID: 'a',
      SPRINGBAR_APPLICATION_SECRET: 's',
      SPRINGBAR_API_KEY: 'k',
      SPRINGBAR_WEBHOOK_SECRET: 'w',
      SPRINGBAR_CONFIRM_APPLICATION_ID: 'c',
      SPRINGBAR_CONFIRM_APPLICATION_SECRET: 'cs',
      SPRINGBAR_CONFIRM_API_KEY: 'ck',
      SPRINGBAR_CONFIRM_WEBHOOK_SECRET: 'cw',
      DEMO_PORT: '9000',
      DEMO_HOST: '0.0.0.0',
      DEMO_PUBLIC_URL: 'https://tidewell.example',
    }
    assert.deepEqual(readSettings(env), {
      apiUrl: 'https://api.example.org',
      widgetUrl: 'https://widget.example.org',
      directUrl: 'https://service.example.org',
      username: 'u',
      password: 'p',
      applicationId: 'a',
      applicationSecret: 's',
      apiKey: 'k',
      webhookSecret: 'w',
      confirming: { applicationId: 'c', applicationSecret: 'cs', apiKey: 'ck', webhookSecret: 'cw' },
      publicUrl: 'https://tidewell.example',
      host: '0.0.0.0',
      port: 9000,
    })
  })

  it('have no API key by themselves where the service is another one: it gets documented calls alone', () => {
    assert.equal(readSettings({ SPRINGBAR_API_URL: 'https://api.example.org' }).apiKey, null)
  })

  const wrong = [
    { DEMO_PORT: 'x' },
    { DEMO_PORT: '70000' },
    { DEMO_PORT: '80.5' },
    { DEMO_PUBLIC_URL: 'tidewell.example' },
    { DEMO_PUBLIC_URL: 'https://tidewell.example/app' },
    { DEMO_PUBLIC_URL: 'https://a@tidewell.example' },
    { DEMO_PUBLIC_URL: 'javascript:alert(1)' },
  ]
  for (const env of wrong) {
    it(`are refused in one sentence: ${JSON.stringify(env)}`, () => {
      assert.throws(() => readSettings(env), /^Error: DEMO_(PORT|PUBLIC_URL) must be [^\n]*\.$/)
    })
  }
})

describe('the program', () => {
  const taken = createServer()
  before(() => new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve)))
  after(() => taken.close())

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`says where it is, and ends cleanly on ${signal}`, async (t) => {
      const { child, words, end } = run(t, { DEMO_PORT: '0', SPRINGBAR_API_URL: 'http://localhost:9' })
      await once(child.stdout, 'data')
      const url = /^Tidewell, the custom-screen demo: (http:\/\/localhost:\d+)\n$/.exec(words.out)?.[1]
      assert.ok(url, words.out)
      assert.match(await (await fetch(url)).text(), /Who is there\?/)
      child.kill(signal)
      assert.deepEqual(await end, [0, null])
      assert.equal(words.err, '')
    })
  }

  it('says in one sentence that its port is taken', async (t) => {
    // A listening TCP server has an address of this form.
    const { port } = taken.address() as AddressInfo
    const { words, end } = run(t, { DEMO_PORT: String(port) })
    assert.deepEqual(await end, [1, null])
    assert.equal(words.err, `Port ${port} is taken: set DEMO_PORT to another one.\n`)
  })

  it('says in one sentence which setting cannot be used, without a credential', async (t) => {
    const { words, end } = run(t, {
      DEMO_PORT: '0',
      SPRINGBAR_API_URL: 'https://demo:hunter2@api.example.org',
    })
    assert.deepEqual(await end, [1, null])
    assert.equal(words.err, 'apiUrl must be an http or https URL without user name, query or fragment.\n')
  })
})
