// Goal: a copy of the database is looked at without telling anybody: `serve --drill` sends no webhook, renews no token, ends no
// grant. Method: a database in which all three are due, copied as docs/running.md says, served as a drill and then in earnest.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { it } from 'node:test'
import { parseConfig } from '../../src/config/index.ts'
import { configRulesOf } from '../../src/main/config-rules.ts'
import { startService } from '../../src/main/service.ts'
import { sources } from '../../src/sources/index.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { startReceiver } from '../support/receiver.ts'
import { newEndpoint } from '../support/webhook-endpoint.ts'
import { openWorld, SANDBOX, SERVICE } from '../support/world.ts'

const HOUR = 3_600_000
const API_KEY = 'sbk_app-a'

it('a drill answers from the copy and sends nothing; in earnest all that was due is sent', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'springbar-drill-'))
  const receiver = await startReceiver()
  const world = await openWorld()
  try {
    await newEndpoint(world, receiver)
    const users = await Promise.all([1, 2].map(() => backendOf(world).newSession()))
    for (const { token } of users) await newPerson(world).connect(link('Connection', token, 11))
    const [kept, gone] = users
    assert.ok(kept && gone)
    await newPerson(world).get(link('Revoke', gone.token, 11, { direct: 'true' }))
    world.advance(6 * HOUR)
    const asked: string[] = []
    const askedBoth = Promise.withResolvers<void>()
    const isToken = (url: string) => url.includes('/oauth/token')
    const isEnd = (url: string) => url.includes('/oauth/deauthorize') || url.includes('/revoke')
    const serveCopy = async (name: string, isDrill: boolean) => {
      const copy = path.join(folder, name)
      const original = new DatabaseSync(world.databaseUrl.slice('sqlite:'.length))
      original.exec(`vacuum into '${copy}'`)
      original.close()
      const application = {
        id: 'app-a',
        name: 'A',
        secrets: ['app-a-secret'],
        apiKeys: [API_KEY],
        clients: { strava: { clientId: 'strava-client', clientSecret: 'strava-client-secret' } },
      }
      const config = parseConfig(
        {
          publicUrl: SERVICE,
          listen: { port: 0 },
          database: `sqlite:${copy}`,
          keys: [{ id: 'k1', key: Buffer.alloc(32, 7).toString('base64') }],
          webhooks: { networks: ['127.0.0.0/8'] },
          accounts: [{ username: 'a', passwords: ['a-password'], applications: [application] }],
        },
        { ...configRulesOf(sources), tryOut: true },
      )
      const quiet = () => undefined
      return startService(config, {
        log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
        sandboxOrigin: SANDBOX,
        now: world.now,
        isDrill,
        fetch: async (url, init) => {
          asked.push(url)
          if (asked.some(isToken) && asked.some(isEnd)) askedBoth.resolve()
          return world.network.fetch(url, init)
        },
      })
    }
    const drill = await serveCopy('drill.db', true)
    const call = async (method: string, url: string) => {
      const answer = await fetch(`http://127.0.0.1:${drill.port}/v1${url}`, {
        method,
        headers: { Authorization: `Bearer ${API_KEY}` },
      })
      return { status: answer.status, body: Object(await answer.json()) }
    }
    const { body } = await call('GET', `/users/${kept.endUserId}/connections`)
    assert.equal(body.data[0].status, 'active')
    assert.equal((await call('POST', `/connections/${body.data[0].id}/token`)).status, 503)
    assert.equal((await call('GET', `/users/${kept.endUserId}/connections`)).body.data[0].status, 'active')
    await drill.stop()
    assert.deepEqual([asked, receiver.received.length], [[], 0])

    const earnest = await serveCopy('earnest.db', false)
    await receiver.arrived(3)
    await askedBoth.promise
    await earnest.stop()
  } finally {
    await world.close()
    await receiver.close()
    rmSync(folder, { recursive: true })
  }
})
