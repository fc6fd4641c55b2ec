// `/v1/webhooks`: endpoints and secrets by self-service beside those of the configuration, tests, deliveries and replays.
// In process, with a real receiver on this machine.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { limits } from '../../../src/limits.ts'
import type { Lookup } from '../../../src/webhooks/index.ts'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf } from '../../support/person.ts'
import { type Receiver, type Reply, startReceiver } from '../../support/receiver.ts'
import { query } from '../../support/rows.ts'
import { connectSomebody, newEndpoint } from '../../support/webhook-endpoint.ts'
import { documentedSignatureHolds, standardSignatureHolds } from '../../webhooks/support.ts'

/** Names of hosts inside, which resolve to what only this machine can reach. */
const lookup: Lookup = (name, done) =>
  done(null, [{ address: name.startsWith('inside') ? '10.0.0.7' : '1.1.1.1', family: 4 }])

type Json = Readonly<Record<string, unknown>>
const SETTINGS = {
  url: 'https://app.example.com/hooks',
  types: null,
  timestampType: 'unix',
  format: 'current',
}

onBothDatabases(
  'webhooks over our own API, /v1/webhooks',
  (world) => {
    let receiver: Receiver
    let reply: Reply = 200
    let takesMs = 0
    before(async () => {
      receiver = await startReceiver(() => {
        world().advance(takesMs)
        return reply
      })
    })
    after(() => receiver.close())
    const backend = (application = 'app-a') => backendOf(world(), application)
    const json = async (response: Response, status = 200): Promise<Json> => {
      assert.equal(response.status, status, await response.clone().text())
      return (await response.json()) as Json // looked at member by member
    }
    const code = async (response: Response) => [response.status, ((await response.json()) as Json)['code']]

    it('adds, lists, changes and removes endpoints; a secret is told once', async () => {
      const { api } = backend()
      const { secret, ...made } = await json(await api('POST', '/webhooks', { url: SETTINGS.url }), 201)
      assert.match(String(secret), /^whsec_[A-Za-z0-9+/]{43}=$/)
      const { id, secrets, ...rest } = made
      const createdAt = new Date(world().now()).toISOString()
      assert.deepEqual(rest, {
        ...SETTINGS,
        managedBy: 'api',
        enabled: true,
        disabledReason: null,
        failingSince: null,
        pausedUntil: null,
        createdAt,
        updatedAt: createdAt,
      })
      assert.equal((secrets as unknown[]).length, 1)
      assert.deepEqual(await json(await api('GET', '/webhooks')), { data: [made], nextCursor: null })
      assert.deepEqual(await json(await api('GET', `/webhooks/${id}`)), made)

      world().advance(1_000)
      const change = { types: ['user.deleted'], timestampType: 'iso', enabled: false }
      const changed = await json(await api('PATCH', `/webhooks/${id}`, change))
      const updatedAt = new Date(world().now()).toISOString()
      assert.deepEqual(changed, { ...made, ...change, disabledReason: 'application', updatedAt })
      assert.equal((await api('DELETE', `/webhooks/${id}`)).status, 204)
      assert.deepEqual(await code(await api('DELETE', `/webhooks/${id}`)), [404, 'not_found'])
      const audit = await query(
        world(),
        'select action from audit_entries where object = ? order by sequence',
        [String(id)],
      )
      assert.deepEqual(
        audit.map(({ action }) => action),
        ['webhook.add', 'webhook.update', 'webhook.remove'],
      )
    })

    it('refuses what can be no target, by its text and by what its name resolves to [T109]', async () => {
      const { api } = backend()
      for (const url of [
        'http://app.example.com/',
        'https://inside.example.com/',
        'https://10.0.0.7/',
        'https://[::ffff:10.0.0.7]/',
        'https://0x0a000007/',
        'https://user@app.example.com/',
        'https://app.example.com/#a',
        'javascript:alert(1)',
        'nonsense',
        '',
      ])
        assert.deepEqual(await code(await api('POST', '/webhooks', { url })), [400, 'invalid_request'], url)
      const { id } = await json(await api('POST', '/webhooks', { url: SETTINGS.url }), 201)
      const change = { url: 'https://inside.example.com/' }
      assert.deepEqual(await code(await api('PATCH', `/webhooks/${id}`, change)), [400, 'invalid_request'])
      await api('DELETE', `/webhooks/${id}`)
      assert.deepEqual((await json(await api('GET', '/webhooks')))['data'], [])
    })

    it('refuses what it does not understand, and changes nothing', async () => {
      const { api } = backend()
      const { id, ...made } = await json(await api('POST', '/webhooks', SETTINGS), 201)
      for (const body of [
        {},
        { url: SETTINGS.url, types: [] },
        { url: SETTINGS.url, types: ['nonsense'] },
        { url: SETTINGS.url, format: 'newest' },
        { url: SETTINGS.url, timestampType: 'seconds' },
        { url: SETTINGS.url, secret: 'mine' },
        { url: 7 },
      ])
        assert.equal((await api('POST', '/webhooks', body)).status, 400, JSON.stringify(body))
      for (const body of [{ types: [] }, { enabled: 'no' }, { nonsense: true }])
        assert.equal((await api('PATCH', `/webhooks/${id}`, body)).status, 400, JSON.stringify(body))
      for (const body of [{}, { eventId: 7 }, { from: 'yesterday' }, { eventId: 'a', from: '2026-01-01' }])
        assert.equal((await api('POST', `/webhooks/${id}/replay`, body)).status, 400, JSON.stringify(body))
      for (const rest of ['?limit=0', '?limit=101', '?cursor=x', '?cursor=0', '?status=lost'])
        assert.equal((await api('GET', `/webhooks/${id}/deliveries${rest}`)).status, 400, rest)
      assert.deepEqual(await code(await api('POST', '/webhooks', SETTINGS)), [409, 'conflict'])
      const { secret, ...shown } = made
      assert.deepEqual(await json(await api('GET', `/webhooks/${id}`)), { id, ...shown })
      await api('DELETE', `/webhooks/${id}`)
    })

    it('holds as many endpoints as are allowed', async () => {
      const { api } = backend('app-a-staging')
      const add = (n: number) => api('POST', '/webhooks', { url: `https://app.example.com/${n}` })
      for (let n = 0; n < limits.webhookEndpointsPerApplication; n++) assert.equal((await add(n)).status, 201)
      assert.deepEqual(await code(await add(99)), [409, 'limit_reached'])
    })

    it('keeps applications apart', async () => {
      const endpoint = await newEndpoint(world(), receiver)
      const foreign = backend('app-b')
      const [secret] = (await endpoint.get())['secrets'] as { id: string }[] // our own API's answer
      const own = `/webhooks/${endpoint.id}`
      for (const [method, path, body] of [
        ['GET', own],
        ['PATCH', own, { enabled: false }],
        ['DELETE', own],
        ['POST', `${own}/secrets`],
        ['DELETE', `${own}/secrets/${secret?.id}`],
        ['POST', `${own}/test`],
        ['GET', `${own}/deliveries`],
        ['POST', `${own}/replay`, { from: '2026-01-01' }],
      ] as const)
        assert.deepEqual(await code(await foreign.api(method, path, body)), [404, 'not_found'], path)
      await foreign.newSession()
      await connectSomebody(world())
      await world().deliver()
      assert.equal(endpoint.arrived().length, 1)
      assert.deepEqual((await json(await foreign.api('GET', '/webhooks')))['data'], [])
      assert.deepEqual(await code(await endpoint.backend.api('GET', '/webhooks/%00')), [404, 'not_found'])
      await endpoint.remove()
    })

    it('sends a test at once and tells how that went, also while the endpoint is off', async () => {
      const endpoint = await newEndpoint(world(), receiver, { timestampType: 'iso' })
      const send = async () => json(await endpoint.backend.api('POST', `/webhooks/${endpoint.id}/test`))
      const at = new Date(world().now()).toISOString()
      const attempt = { at, status: 200, cause: null, durationMs: 0, answer: '' }
      assert.deepEqual(await send(), { succeeded: true, attempt })
      const [one] = endpoint.arrived()
      assert.ok(one)
      assert.deepEqual(one.json, {
        timestampType: 'iso',
        type: 'webhook.test',
        data: { timestamp: at, endpointId: endpoint.id },
      })
      assert.ok(documentedSignatureHolds(one.headers, one.body, endpoint.secret))
      assert.ok(standardSignatureHolds(one.headers, one.body, endpoint.secret))
      await endpoint.backend.api('PATCH', `/webhooks/${endpoint.id}`, { enabled: false })
      reply = { status: 404, body: 'not here' }
      const failed = { ...attempt, status: 404, answer: 'not here' }
      assert.deepEqual(await send(), { succeeded: false, attempt: failed })
      reply = 200
      assert.deepEqual(await endpoint.deliveries(), [], 'it stands in no feed')
      await endpoint.remove()
    })

    it('shows every delivery with its tries, in pages and by status', async () => {
      const endpoint = await newEndpoint(world(), receiver)
      reply = { status: 500, body: 'oh' }
      await connectSomebody(world())
      await world().deliver()
      reply = 200
      await connectSomebody(world(), 8)
      await world().deliver()
      const all = await endpoint.deliveries()
      const at = new Date(world().now()).toISOString()
      const tried = (status: number, answer: string) => [{ at, status, cause: null, durationMs: 0, answer }]
      assert.deepEqual(
        all.map(({ eventId, ...rest }) => rest),
        [
          { status: 'delivered', tries: 1, attempts: tried(200, ''), createdAt: at, finishedAt: at },
          { status: 'pending', tries: 1, attempts: tried(500, 'oh'), createdAt: at, finishedAt: null },
        ],
      )
      assert.equal(all[0]?.eventId, endpoint.arrived().at(-1)?.headers['webhook-id'])
      assert.deepEqual(await endpoint.deliveries('?status=pending'), all.slice(1))
      const first = await endpoint.get('/deliveries?limit=1')
      assert.deepEqual(first['data'], all.slice(0, 1))
      const second = await endpoint.get(`/deliveries?limit=1&cursor=${first['nextCursor']}`)
      assert.deepEqual(second, { data: all.slice(1), nextCursor: null })
      await endpoint.remove()
    })

    it('tells of each try how long it took', async () => {
      const endpoint = await newEndpoint(world(), receiver)
      await connectSomebody(world())
      takesMs = 250
      await world().deliver()
      takesMs = 40
      const { attempt } = await json(await endpoint.backend.api('POST', `/webhooks/${endpoint.id}/test`))
      takesMs = 0
      assert.equal(Object(attempt).durationMs, 40)
      const [delivery] = await endpoint.deliveries()
      assert.deepEqual(
        delivery?.attempts.map(({ durationMs }) => durationMs),
        [250],
      )
      await endpoint.remove()
    })

    it('answers a repeated request once, except where a secret is told', async () => {
      const endpoint = await newEndpoint(world(), receiver)
      const key = { 'Idempotency-Key': 'once' }
      const { api } = endpoint.backend
      const test = () => api('POST', `/webhooks/${endpoint.id}/test`, undefined, key)
      assert.deepEqual(await json(await test()), await json(await test()))
      assert.equal(endpoint.arrived().length, 1)
      const url = 'https://app.example.com/once'
      const made = await json(await api('POST', '/webhooks', { url }, { 'Idempotency-Key': 'secret' }), 201)
      assert.equal((await api('POST', '/webhooks', { url }, { 'Idempotency-Key': 'secret' })).status, 409)
      const added = await json(
        await api('POST', `/webhooks/${made['id']}/secrets`, undefined, { 'Idempotency-Key': 'another' }),
        201,
      )
      const kept = JSON.stringify(await query(world(), 'select * from idempotency_keys'))
      for (const { secret } of [made, added]) assert.ok(!kept.includes(String(secret)))
      await api('DELETE', `/webhooks/${made['id']}`)
      await endpoint.remove()
    })

    it('goes on where it stopped when an endpoint is switched on again', async () => {
      const endpoint = await newEndpoint(world(), receiver)
      const enable = (enabled: boolean) =>
        endpoint.backend.api('PATCH', `/webhooks/${endpoint.id}`, { enabled })
      await enable(false)
      await connectSomebody(world())
      await world().deliver()
      assert.equal(endpoint.arrived().length, 0)
      await enable(true)
      await world().deliver()
      assert.equal(endpoint.arrived().length, 1)
      await endpoint.remove()
    })
  },
  { lookup },
)
