// /v1/data-sources/{id}/client: an application's own client at a vendor (contract §6). The whole service on both
// databases; the vendors are sandboxes, so a client that was given wrongly does not get through.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Storage } from '../../../src/storage/storage.ts'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf, link, locationOf, newPerson } from '../../support/person.ts'
import { query, storedAmong } from '../../support/rows.ts'
import { SERVICE } from '../../support/world.ts'
import { assertProblem, jsonOf } from '../support.ts'

/** Has a client for Fitbit's former interface alone, so that every other is free to give. */
const FREE = 'app-a-legacy'
const GIVEN = { clientId: 'strava-client', clientSecret: 'strava-client-secret' }
const STRAVA = '/data-sources/strava/client'
const FITBIT = '/data-sources/1/client?vendor=fitbit'

let reads = 0
/** Counts how often the database is asked for clients. */
const counting = (storage: Storage): Storage => ({
  ...storage,
  read: {
    ...storage.read,
    clients: {
      ...storage.read.clients,
      find: (...place) => {
        reads++
        return storage.read.clients.find(...place)
      },
      listOf: (applications) => {
        reads++
        return storage.read.clients.listOf(applications)
      },
    },
  },
})

onBothDatabases(
  'an application’s own client',
  (world) => {
    const api = (...call: Parameters<ReturnType<typeof backendOf>['api']>) =>
      backendOf(world(), FREE).api(...call)
    const put = (body: unknown) => api('PUT', STRAVA, body)
    const sourceOf = async (id: number, application = FREE) =>
      jsonOf(await backendOf(world(), application).api('GET', `/data-sources/${id}`))
    const connect = async (source = 11, application = FREE) => {
      const backend = backendOf(world(), application)
      const { token, endUserId } = await backend.newSession()
      await newPerson(world()).connect(link('Connection', token, source))
      return (await backend.connectedSources(endUserId)).includes(source)
    }
    const audit = async () =>
      (
        await query(
          world(),
          "select actor, application_id, action, object, result from audit_entries where action like 'client.%' order by sequence",
        )
      ).map((row) => Object.values(row))

    it('is used by the next connect, and by none after it is removed; both are audited', async () => {
      assert.deepEqual((await sourceOf(11))['connectable'], false)
      await assertProblem(await api('GET', STRAVA), 'not_found', '/v1')
      const answer = await put(GIVEN)
      assert.equal(answer.status, 200)
      const client = await jsonOf(answer)
      const at = new Date(world().now()).toISOString()
      assert.deepEqual(client, {
        dataSource: 11,
        vendor: 'strava',
        environment: 'production',
        clientId: 'strava-client',
        scopes: null,
        extras: [],
        managedBy: 'api',
        callbackUri: `${SERVICE}/callback/strava`,
        createdAt: at,
        updatedAt: at,
      })
      assert.deepEqual(await jsonOf(await api('GET', STRAVA)), client)
      const listed = await sourceOf(11)
      assert.deepEqual([listed['connectable'], listed['missing']], [true, null])
      assert.equal(await connect(), true)
      const removed = await api('DELETE', STRAVA)
      assert.deepEqual([removed.status, await removed.text()], [204, ''])
      assert.equal((await sourceOf(11))['connectable'], false)
      const { token } = await backendOf(world(), FREE).newSession()
      const departure = await newPerson(world()).get(link('Connection', token, 11))
      assert.equal(departure.status, 409)
      await assertProblem(await api('DELETE', STRAVA), 'not_found', '/v1')
      assert.deepEqual(await audit(), [
        ['application', FREE, 'client.put', 'strava', 'ok'],
        ['application', FREE, 'client.remove', 'strava', 'ok'],
      ])
    })

    it('is replaced as a whole, keeps its first date, and the secret counts to the letter', async () => {
      await put({ ...GIVEN, scopes: ['read'], extras: { key: 'value' } })
      const { createdAt } = await jsonOf(await api('GET', STRAVA))
      world().advance(60_000)
      const replaced = await jsonOf(await put({ ...GIVEN, clientSecret: 'Strava-client-secret' }))
      assert.deepEqual([replaced['scopes'], replaced['extras']], [null, []])
      assert.deepEqual(
        [replaced['createdAt'], replaced['updatedAt']],
        [createdAt, new Date(world().now()).toISOString()],
      )
      assert.equal(await connect(), false)
      await put(GIVEN)
      assert.equal(await connect(), true)
    })

    it('asks for its own scopes', async () => {
      await put({ ...GIVEN, scopes: ['activity:read', 'read'] })
      const { token } = await backendOf(world(), FREE).newSession()
      const departure = await newPerson(world()).get(link('Connection', token, 11))
      assert.equal(locationOf(departure).searchParams.get('scope'), 'activity:read,read')
    })

    it('is the one of its application: another sees nothing of it, and changes nothing', async () => {
      const given = { vendor: 'fitbit', clientId: 'fitbit-client', clientSecret: 'fitbit-client-secret' }
      await backendOf(world(), 'app-a').api('PUT', '/data-sources/1/client', given)
      for (const other of ['app-a-staging', 'app-b']) {
        await assertProblem(await backendOf(world(), other).api('GET', FITBIT), 'not_found', '/v1')
        await assertProblem(await backendOf(world(), other).api('DELETE', FITBIT), 'not_found', '/v1')
        const authorizations = JSON.stringify((await sourceOf(1, other))['authorizations'])
        assert.ok(!authorizations.includes('"client":"api"'), other)
      }
      assert.equal((await backendOf(world(), 'app-a').api('GET', FITBIT)).status, 200)
    })

    it('of the configuration is read-only, and shown without its secret', async () => {
      const before = await audit()
      const configured = await api('GET', FITBIT)
      const { clientId, managedBy, createdAt, updatedAt } = await jsonOf(configured)
      assert.deepEqual(
        [clientId, managedBy, createdAt, updatedAt],
        ['fitbit-client', 'configuration', null, null],
      )
      const change = await api('PUT', '/data-sources/fitbit/client', { ...GIVEN, vendor: 'fitbit' })
      await assertProblem(change, 'managed_by_configuration', '/v1')
      await assertProblem(await api('DELETE', FITBIT), 'managed_by_configuration', '/v1')
      assert.deepEqual(await audit(), before)
      assert.equal(await connect(1), true)
    })

    it('can only be given for a source that takes one, and for one authorization', async () => {
      await assertProblem(await api('PUT', '/data-sources/4/client', GIVEN), 'unknown_source', '/v1')
      await assertProblem(await api('PUT', '/data-sources/5/client', GIVEN), 'source_not_available', '/v1')
      await assertProblem(await api('GET', '/data-sources/12/client'), 'source_not_available', '/v1')
      const vague = await assertProblem(
        await api('PUT', '/data-sources/1/client', GIVEN),
        'invalid_request',
        '/v1',
      )
      assert.match(vague.detail, /google-health \(production\), fitbit \(production\)/)
      for (const choice of [{ vendor: 'withings' }, { vendor: 'Strava' }, { environment: 'sandbox' }])
        await assertProblem(await put({ ...GIVEN, ...choice }), 'invalid_request', '/v1')
    })

    it('given badly changes nothing, and the complaint names the field and repeats no value', async () => {
      await put(GIVEN)
      const before = await jsonOf(await api('GET', STRAVA))
      const lines = world().log.length
      const canary = 'CANARY-9d1f'
      for (const [field, body] of [
        ['clientId', { clientSecret: canary }],
        ['clientSecret', { clientId: canary }],
        ['clientId', { ...GIVEN, clientId: '' }],
        ['clientId', { ...GIVEN, clientId: 7 }],
        ['clientId', { ...GIVEN, clientId: `${canary}\n` }],
        ['clientId', { ...GIVEN, clientId: `${canary}\u0000` }],
        ['clientId', { ...GIVEN, clientId: 'x'.repeat(501) }],
        ['clientSecret', { ...GIVEN, clientSecret: ` ${canary}` }],
        ['clientSecret', { ...GIVEN, clientSecret: `${canary}é` }],
        ['clientSecret', { ...GIVEN, clientSecret: 'x'.repeat(1_001) }],
        ['clientSecret', { ...GIVEN, clientSecret: [canary] }],
        ['scopes', { ...GIVEN, scopes: [] }],
        ['scopes.1', { ...GIVEN, scopes: ['read', canary] }],
        ['scopes', { ...GIVEN, scopes: 'read' }],
        ['environment', { ...GIVEN, environment: 'staging' }],
        ['extras', { ...GIVEN, extras: { [`${canary}!`]: 'x' } }],
        ['extras', { ...GIVEN, extras: { ['x'.repeat(41)]: 'x' } }],
        ['extras.key', { ...GIVEN, extras: { key: `${canary}\t` } }],
        ['extras.key', { ...GIVEN, extras: { key: 'x'.repeat(1_001) } }],
        [
          'extras',
          { ...GIVEN, extras: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, 'x'])) },
        ],
        ['The body', [GIVEN]],
      ] as const) {
        const { detail, text } = await assertProblem(await put(body), 'invalid_request', '/v1')
        assert.ok(detail.startsWith(`${field} `) || detail.startsWith(`${field}:`), `${field}: ${detail}`)
        assert.ok(!text.includes(canary), text)
      }
      assert.deepEqual(await jsonOf(await api('GET', STRAVA)), before)
      assert.ok(!JSON.stringify(world().log.slice(lines)).includes(canary))
      for (const path of [`${STRAVA}?vendor=`, `${STRAVA}?vendor=a&vendor=b`, `${STRAVA}?environment=x`])
        await assertProblem(await api('GET', path), 'invalid_request', '/v1')
    })

    it('has what its vendor wants beside it, where the definition says what that is', async () => {
      const decathlon = '/data-sources/decathlon/client'
      const missing = await assertProblem(await api('PUT', decathlon, GIVEN), 'invalid_request', '/v1')
      assert.match(missing.detail, /^extras\.apiKey is missing: /)
      const more = { ...GIVEN, extras: { apiKey: 'k', another: 'x' } }
      await assertProblem(await api('PUT', decathlon, more), 'invalid_request', '/v1')
      const given = await api('PUT', decathlon, { ...GIVEN, extras: { apiKey: 'an api key' } })
      assert.deepEqual((await jsonOf(given))['extras'], ['apiKey'])
      const clients = world().context.applications.values()
      const kept = [...clients].find(({ id }) => id === FREE)?.clients.get('decathlon')
      assert.equal(kept?.extras.get('apiKey')?.reveal(), 'an api key')
      assert.equal(JSON.stringify(kept).includes('an api key'), false)
    })

    it('tells nobody its secrets: no answer, no log line, no byte of the database [T002, T125]', async () => {
      const secrets = ['CANARY-secret-71c0', 'CANARY-extra-5b2e']
      const body = { ...GIVEN, clientSecret: secrets[0], extras: { key: secrets[1] } }
      const answers = [await put(body), await api('GET', STRAVA), await api('GET', '/data-sources')]
      for (const answer of answers) {
        const text = await answer.text()
        assert.equal(answer.status, 200, text)
        assert.deepEqual(
          secrets.filter((secret) => text.includes(secret)),
          [],
        )
      }
      await connect()
      assert.deepEqual(
        secrets.filter((secret) => JSON.stringify(world().log).includes(secret)),
        [],
      )
      assert.deepEqual(await storedAmong(world(), secrets), [])
    })

    it('costs a connect no question to the database', async () => {
      await put(GIVEN)
      const before = reads
      assert.equal(await connect(), true)
      assert.equal(reads, before)
    })

    it('is as the last of many changes at the same time left it', async () => {
      const changes = Array.from({ length: 40 }, async (_, i) =>
        i % 4 === 3 ? api('DELETE', STRAVA) : put({ ...GIVEN, clientId: `client-${i}` }),
      )
      for (const { status } of await Promise.all(changes)) assert.ok([200, 204, 404].includes(status))
      const stored = await api('GET', STRAVA)
      const { clientId } = await jsonOf(stored)
      const known = [...world().context.applications.values()]
        .find(({ id }) => id === FREE)
        ?.clients.get('strava')
      assert.equal(known?.clientId ?? null, stored.status === 404 ? null : clientId)
    })

    it('outlives a restart; when its key is lost it is as good as none, which the log says once', async () => {
      await put(GIVEN)
      await world().restart()
      assert.equal(await connect(), true)
      // The key that sealed it is not among these, though the pepper's is.
      await query(
        world(),
        "update clients set sealed_secrets = 'v1.gone.' || substr(sealed_secrets, 7) where vendor = ? returning vendor",
        ['strava'],
      )
      await new Promise((resolve) => setImmediate(resolve))
      const lines = world().log.length
      await world().context.refreshClients()
      await world().context.refreshClients()
      const said = world()
        .log.slice(lines)
        .filter(({ level }) => level === 'error')
      assert.deepEqual(
        said.map(({ message, fields }) => [message, fields]),
        [
          [
            'a client given over the API cannot be opened',
            { application: FREE, vendor: 'strava', reason: 'unknown_key' },
          ],
        ],
      )
      assert.equal((await sourceOf(11))['connectable'], false)
      const { detail } = await assertProblem(await api('GET', STRAVA), 'not_found', '/v1')
      assert.match(detail, /give it again/)
      await put(GIVEN)
      assert.equal(await connect(), true)
    })
  },
  { wrapStorage: counting },
)
