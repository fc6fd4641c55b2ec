// `springbar try`, what `npm start` runs: it prints where to look, everything answers, the documentation's examples work, and
// Ctrl-C ends all of it. One real process group, as in a terminal.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { before, describe, it } from 'node:test'
import { codeIn } from '../support/phones.ts'
import { apiOf, startTrip } from './at-try-out.ts'
import { createShell, examplesIn, timeless } from './shell-examples.ts'
import { connectTo, freePorts, type Running, run, start, temporaryFolder } from './support.ts'

const DOCS = path.resolve(import.meta.dirname, '../../docs')

/** A data folder and three ports, and the environment that names them. */
async function newTryOut() {
  const folder = path.join(temporaryFolder(), 'data')
  const [service = 0, sandbox = 0, demo = 0] = await freePorts(3)
  const env = {
    PORT: String(service),
    SANDBOX_PORT: String(sandbox),
    DEMO_PORT: String(demo),
    SPRINGBAR_DATA: folder,
  }
  return { folder, service, sandbox, demo, env }
}

/** Occupies a port until the test is over. */
async function occupy(port: number, work: () => Promise<void>): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  try {
    await work()
  } finally {
    server.close()
  }
}

const isRefused = (port: number) =>
  connectTo(port).then(
    ({ socket }) => {
      socket.destroy()
      return false
    },
    () => true,
  )

/** Connects Health Connect, as a person at the demo and an app on their phone do. */
async function pairPhone(service: string): Promise<void> {
  const { endUserId, location, cookie } = await startTrip(service, 44, 'feed-tour')
  const shown = await fetch(new URL(location, service), { headers: { cookie } })
  const permissions = { granted: ['READ_STEPS'], missing: [] }
  const code = codeIn(await shown.text())
  await apiOf(service)('/pairings/redeem', { applicationId: 'demo-app', code, endUserId, permissions })
}

describe('springbar try', () => {
  let place: Awaited<ReturnType<typeof newTryOut>>
  let tryOut: Running
  before(async () => {
    place = await newTryOut()
    tryOut = start(['try'], { env: place.env, group: true })
    await tryOut.says(/Ctrl-C/)
  })

  it('prints the three addresses and the credentials, once everything answers', async () => {
    const { service, sandbox, demo } = place
    for (const port of [service, sandbox, demo]) {
      assert.ok(tryOut.out().includes(`http://localhost:${port}\n`))
      const response = await fetch(`http://localhost:${port}/${port === service ? 'readyz' : ''}`)
      assert.equal(response.status, 200, String(port))
    }
    for (const word of [
      'username demo',
      'password demo',
      'application demo-app',
      'secret demo-secret',
      'API key sbk_demo',
    ])
      assert.ok(tryOut.out().includes(word), word)
    assert.equal(tryOut.err(), '')
  })

  it('keeps its key and its database where only their owner reads them [T104]', () => {
    const modeOf = (file: string) => statSync(path.join(place.folder, file)).mode & 0o777
    assert.equal(modeOf('try-out.key'), 0o600)
    assert.equal(modeOf(''), 0o700)
    assert.equal(
      Buffer.from(readFileSync(path.join(place.folder, 'try-out.key'), 'utf8'), 'base64').length,
      32,
    )
    assert.ok(existsSync(path.join(place.folder, 'try-out.db')))
  })

  // The feed first: its page shows a feed with one event.
  for (const page of ['events.md', 'compatible-api.md', 'api.md', 'webhooks.md'])
    it(`every example of docs/${page} runs from top to bottom, and answers what the page shows`, async () => {
      const examples = examplesIn(readFileSync(path.join(DOCS, page), 'utf8'))
      assert.ok(examples.filter(({ shown }) => shown !== undefined).length >= 1)
      if (page === 'events.md') await pairPhone(`http://localhost:${place.service}`)
      const here = (text: string) =>
        text
          .replaceAll('localhost:8080', `localhost:${place.service}`)
          .replaceAll('localhost:8082', `localhost:${place.demo}`)
      const shell = createShell(fetch)
      for (const { command, shown } of examples) {
        const response = await shell(here(command))
        if (response === null) continue
        const text = await response.text()
        const isRefusal = JSON.stringify(shown)?.includes('"status":4') ?? false
        assert.equal(response.ok, !isRefusal, `${command}\n${text}`)
        if (shown !== undefined) assert.deepEqual(timeless(JSON.parse(text)), timeless(shown), command)
      }
    })

  for (const key of ['sbk_demo', 'sbk_demo_confirm'])
    it(`the demo hears of the events of the application of ${key}: its endpoint takes a delivery, and its feed can be read`, async () => {
      const ask = async (target: string, method = 'GET'): Promise<unknown> => {
        const headers = { authorization: `Bearer ${key}` }
        const response = await fetch(`http://localhost:${place.service}/v1${target}`, { method, headers })
        assert.equal(response.status, 200, target)
        return response.json()
      }
      const { data } = (await ask('/webhooks')) as { data: { id: string; managedBy: string }[] } // our own API's answer
      const [endpoint] = data.filter(({ managedBy }) => managedBy === 'configuration')
      const test = await ask(`/webhooks/${endpoint?.id}/test`, 'POST')
      assert.equal((test as { succeeded: boolean }).succeeded, true, JSON.stringify(test)) // our own API's answer
      await ask('/events')
    })

  it('every source that can be connected has a client but the one that the documentation gives one to', async () => {
    const response = await fetch(`http://localhost:${place.service}/v1/data-sources`, {
      headers: { authorization: 'Bearer sbk_demo' },
    })
    // our own API's answer
    const { data } = (await response.json()) as {
      data: { authorizations: { vendor: string; client: string | null }[] }[]
    }
    const others = data
      .flatMap(({ authorizations }) => authorizations)
      .filter(({ client }) => client !== 'configuration')
    // By now the page has given it one.
    assert.deepEqual(
      others.map(({ vendor, client }) => [vendor, client]),
      [['hammerhead', 'api']],
    )
  })

  it('Ctrl-C ends the service, the sandbox and the demo, and frees the three ports', async () => {
    tryOut.signal('SIGINT')
    assert.deepEqual(await tryOut.ended, { code: 0, signal: null })
    for (const port of [place.service, place.sandbox, place.demo])
      assert.ok(await isRefused(port), String(port))
    assert.equal(tryOut.err(), '')
  })

  it('starts again on what it kept', async () => {
    const createUser = async () => {
      const response = await fetch(`http://localhost:${place.service}/v1/users`, {
        method: 'POST',
        headers: { Authorization: 'Bearer sbk_demo', 'content-type': 'application/json' },
        body: '{"partnerUserId":"api-tour"}',
      })
      return response.json()
    }
    const again = start(['try'], { env: place.env, group: true })
    await again.says(/Ctrl-C/)
    const { height } = (await createUser()) as { height: number } // our own API's answer
    assert.equal(height, 178, 'what the documentation stored')
    again.signal('SIGTERM')
    assert.deepEqual(await again.ended, { code: 0, signal: null })
  })
})

describe('springbar try says in one sentence', () => {
  const assertRefused = async (env: Readonly<Record<string, string>>, sentence: RegExp) => {
    const { code, out, err } = await run(['try'], env)
    assert.deepEqual([code, out], [1, ''], err)
    assert.match(err, sentence)
    assert.equal(err.trim().split('\n').length, 1, err)
  }

  for (const which of ['service', 'sandbox', 'demo'] as const)
    it(`that the port of the ${which} is taken, and leaves the others free`, async () => {
      const place = await newTryOut()
      await occupy(place[which], () => assertRefused(place.env, new RegExp(`^Port ${place[which]} is taken`)))
      for (const port of [place.service, place.sandbox, place.demo]) assert.ok(await isRefused(port))
    })

  it('that a port is no number', async () => {
    const { env } = await newTryOut()
    for (const name of ['PORT', 'SANDBOX_PORT', 'DEMO_PORT'])
      await assertRefused(
        { ...env, [name]: 'http' },
        new RegExp(`^${name} must be a port number from 1 to 65535\\.$`, 'm'),
      )
  })

  it('that the data folder cannot be written', async () => {
    const { env } = await newTryOut()
    const file = path.join(temporaryFolder(), 'a-file')
    writeFileSync(file, '')
    await assertRefused(
      { ...env, SPRINGBAR_DATA: path.join(file, 'data') },
      /^The data folder .+ cannot be written\. Set SPRINGBAR_DATA to one that can\.$/m,
    )
  })
})
