// Goal: what an operator defines in a file can be tried before a vendor knows anything of it. Method: `springbar try` and
// `springbar sandbox` with definitions in both protocols, and one person's whole way to a connection.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { sources } from '../../src/sources/index.ts'
import { startTrip } from './at-try-out.ts'
import { freePorts, run, start, temporaryFolder } from './support.ts'

/** A built-in definition under an id, a key and vendors of its own, in a file. */
function fileOf(name: string, id: number, builtIn: number): string {
  const source = JSON.parse(JSON.stringify(sources.get(builtIn)).replaceAll('.com', '.example'))
  source.authorizations = source.authorizations.slice(-1)
  const [authorization] = source.authorizations
  Object.assign(source, { id, key: name, name })
  Object.assign(authorization, { vendor: name, status: 'live' })
  Reflect.deleteProperty(authorization, 'exchange')
  const file = path.join(temporaryFolder(), `${name}.json`)
  writeFileSync(file, JSON.stringify(source))
  return file
}

const FILES = [fileOf('old-acme', 10_001, 2), fileOf('new-acme', 10_002, 1009)].join(',')

/** Connects as a person does: to the vendor, Allow, and back. The address of the page at the end. */
async function connect(service: string, dataSource: number): Promise<string> {
  const { location: consent, cookie } = await startTrip(service, dataSource, `person-${dataSource}`)
  const page = await (await fetch(consent)).text()
  const boxes = [...page.matchAll(/name="scope" value="([^"]+)"/g)].map(([, value = '']) => ['scope', value])
  const body = new URLSearchParams([['decision', 'allow'], ['account', 'robin'], ...boxes])
  const decided = await fetch(consent, { method: 'POST', body, redirect: 'manual' })
  const back = decided.headers.get('location') ?? ''
  return (await fetch(back, { headers: { cookie }, redirect: 'manual' })).headers.get('location') ?? ''
}

describe('sources of an operator’s files', () => {
  it('are connected in the try-out, by OAuth 1.0a and OAuth 2.0', async () => {
    const [service = 0, sandbox = 0, demo = 0] = await freePorts(3)
    const env = {
      PORT: String(service),
      SANDBOX_PORT: String(sandbox),
      DEMO_PORT: String(demo),
      SPRINGBAR_DATA: path.join(temporaryFolder(), 'data'),
      SPRINGBAR_SOURCE_FILES: FILES,
    }
    const tryOut = start(['try'], { env, group: true })
    await tryOut.says(/Ctrl-C/)
    for (const id of [10_001, 10_002])
      assert.match(await connect(`http://localhost:${service}`, id), /[?&]connected=true/, String(id))
    tryOut.signal('SIGINT')
    await tryOut.ended
  })

  it('are played by the sandbox alone', async () => {
    const [port = 0] = await freePorts(1)
    const env = { SANDBOX_PORT: String(port), SPRINGBAR_SOURCE_FILES: FILES }
    const sandbox = start(['sandbox'], { env })
    await sandbox.says(/Ctrl-C/)
    const answer = await fetch(`http://localhost:${port}/_sandbox/vendors`)
    const { vendors } = (await answer.json()) as { vendors: { key: string; protocol: string }[] } // our own API's answer
    assert.deepEqual(
      vendors.filter(({ key }) => key.endsWith('acme')).map(({ key, protocol }) => [key, protocol]),
      [
        ['new-acme', 'oauth2'],
        ['old-acme', 'oauth1'],
      ],
    )
    sandbox.signal('SIGINT')
    await sandbox.ended
  })

  it('that are wrong are named, with every field, before anything starts', async () => {
    const file = path.join(temporaryFolder(), 'broken.json')
    writeFileSync(file, JSON.stringify({ ...JSON.parse(JSON.stringify(sources.get(1009))), name: '', id: 0 }))
    for (const verb of ['try', 'sandbox']) {
      const { code, out, err } = await run([verb], { SPRINGBAR_SOURCE_FILES: file })
      assert.deepEqual([code, out], [1, ''], err)
      for (const field of ['id', 'name']) assert.ok(err.includes(`${file}: ${field}: `), err)
    }
  })
})
