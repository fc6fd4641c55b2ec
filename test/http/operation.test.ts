// /healthz, /readyz and /metrics: what an operator's machines ask. In process.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createVendorHealth } from '../../src/broker/attempts/vendor-health.ts'
import { createAuthenticators } from '../../src/broker/authenticate.ts'
import { connectableNow } from '../../src/broker/catalogue/find-source.ts'
import type { Context } from '../../src/broker/context.ts'
import { createApp } from '../../src/http/app.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { createRateLimiter } from '../../src/http/rate-limiter.ts'
import { OUTCOME_ERRORS } from '../../src/model/result.ts'
import { createPresentation } from '../../src/sources/index.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { openWorld, type World } from '../support/world.ts'
import { NOBODY, sendForm } from './support.ts'

describe('operation', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  const appOf = ({ isReady = true, withProcess = false, storage = world.context.storage }) => {
    const context: Context = { ...world.context, storage }
    return createApp({
      context,
      presentation: createPresentation(new Map()),
      receivers: world.receivers,
      vendorHealth: createVendorHealth(context, null),
      authenticators: createAuthenticators([], context.applications, context.vault),
      limiter: createRateLimiter(context.now),
      metrics: createMetrics({ withProcess }),
      addressOf: () => 'local',
      isReady: () => isReady,
    })
  }
  const asked = async (app: { request: World['app']['request'] }, path: string) => {
    const response = await app.request(path)
    return [response.status, await response.text()]
  }

  it('healthz answers while the process does, readyz while it takes work and the database answers', async () => {
    assert.deepEqual(await asked(world.app, '/healthz'), [200, 'ok'])
    assert.deepEqual(await asked(world.app, '/readyz'), [200, 'ok'])
  })

  it('after SIGTERM readyz is 503 at once, and healthz is not [T134]', async () => {
    const app = appOf({ isReady: false })
    assert.deepEqual(await asked(app, '/readyz'), [503, 'shutting down'])
    assert.deepEqual(await asked(app, '/healthz'), [200, 'ok'])
  })

  it('without its database readyz is 503, in words that hold nothing of the fault', async () => {
    const ping = () => Promise.reject(new Error('connection to 10.0.0.7 refused'))
    const app = appOf({ storage: { ...world.context.storage, ping } })
    assert.deepEqual(await asked(app, '/readyz'), [503, 'the database does not answer'])
  })

  it('metrics count answers by route and status, each once, with no label of a person or a token [T127]', async () => {
    const counted = await openWorld()
    try {
      const backend = backendOf(counted)
      const { token } = await backend.newSession()
      await newPerson(counted).get(link('Connection', token, 11))
      await backend.api('GET', '/data-sources/11')
      await backend.api('GET', `/users/${NOBODY}`)
      await sendForm(counted.app, '/v5/accessToken', {})
      await counted.app.request(`/nothing/${token}`)
      const response = await counted.app.request('/metrics')
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=/)
      const lines = (await response.text())
        .split('\n')
        .filter((line) => line.startsWith('springbar_http') && !line.endsWith(' 0'))
      assert.deepEqual(lines.toSorted(), [
        'springbar_http_requests_total{route="/dataSourceDirectConnection.html",status="303"} 1',
        'springbar_http_requests_total{route="/v1/data-sources/:id",status="200"} 1',
        'springbar_http_requests_total{route="/v5/accessToken",status="200"} 1',
        'springbar_http_requests_total{route="/widget/v6/connection",status="200"} 1',
        'springbar_http_requests_total{route="error api",status="401"} 1',
        'springbar_http_requests_total{route="error api",status="403"} 1',
        'springbar_http_requests_total{route="error page",status="404"} 1',
      ])
    } finally {
      await counted.close()
    }
  })

  it('metrics have a 0 for whatever may come to be counted, so that a rate sees the first of it', async () => {
    const metrics = createMetrics({ withProcess: false })
    const [model] = world.context.applications.values()
    assert.ok(model)
    const one = { ...model, unofficialLogIns: new Set<string>(), phoneApp: null }
    const strava: typeof one.clients = new Map([...one.clients].filter(([vendor]) => vendor === 'strava'))
    const applications = new Map([[one.id, { ...one, clients: strava }]])
    const zeros = async () => {
      metrics.watchConfigured(() => connectableNow({ ...world.context, applications }))
      return (await metrics.expose()).split('\n').filter((line) => line.endsWith(' 0'))
    }
    const attempts = (source: string) => [
      `springbar_attempts_total{action="disconnect",source="${source}",outcome="done"} 0`,
      ...['done', ...OUTCOME_ERRORS].map(
        (outcome) => `springbar_attempts_total{action="connect",source="${source}",outcome="${outcome}"} 0`,
      ),
    ]
    const found = await zeros()
    for (const line of [
      ...attempts('strava'),
      'springbar_renewals_total{vendor="strava",outcome="refused"} 0',
      'springbar_webhook_tries_total{outcome="failed"} 0',
      'springbar_http_requests_total{route="error page",status="500"} 0',
    ])
      assert.ok(found.includes(line), line)
    assert.ok(!found.some((line) => line.includes('withings')), 'nobody can connect it here')
    applications.set(one.id, { ...one, clients: one.clients })
    const later = await zeros()
    for (const line of attempts('withings')) assert.ok(later.includes(line), line)
  })

  it('metrics of the process tell no version of the runtime [T093]', async () => {
    const [, text] = await asked(appOf({ withProcess: true }), '/metrics')
    assert.match(String(text), /process_resident_memory_bytes/)
    assert.ok(!String(text).includes(process.versions.node))
  })

  it('they take GET and HEAD alone', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      assert.equal((await world.app.request(path, { method: 'HEAD' })).status, 200)
      const response = await world.app.request(path, { method: 'POST' })
      assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD'])
    }
  })
})
