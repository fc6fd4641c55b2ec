// Goal: an application is told what happened, in the documented words, once and in order. Method: people connect and
// disconnect at sandbox vendors through the real app; a real receiver listens, and every signature is checked by code
// that is not ours.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { type Received, type Receiver, type Reply, startReceiver } from '../support/receiver.ts'
import { connectSomebody, newEndpoint } from '../support/webhook-endpoint.ts'
import { APP_A } from '../support/world.ts'
import { documentedSignatureHolds, standardSignatureHolds } from '../webhooks/support.ts'

const HOUR = 3_600_000

onBothDatabases('webhooks', (world) => {
  let receiver: Receiver
  let reply: (request: Received) => Reply = () => 200
  before(async () => {
    receiver = await startReceiver((request) => reply(request))
  })
  after(() => receiver.close())

  const endpointWith = (settings: Readonly<Record<string, unknown>> = {}) =>
    newEndpoint(world(), receiver, settings)
  const connect = (source = 11) => connectSomebody(world(), source)

  it('tell of connecting and disconnecting, signed in both schemes over the very bytes [T107, T114]', async () => {
    const endpoint = await endpointWith()
    const { endUserId, disconnect } = await connect()
    await world().deliver()
    await disconnect()
    await world().deliver()
    const [connected, disconnected] = endpoint.arrived()
    assert.ok(connected && disconnected)
    const text = (type: string) =>
      `{"endUserId":"${endUserId}","timestampType":"unix","type":"notification.source.${type}","data":{"timestamp":${world().now()},"dataSourceId":11}}`
    assert.equal(connected.body.toString(), text('connect'))
    assert.equal(disconnected.body.toString(), text('disconnect'))
    for (const { headers, body } of [connected, disconnected]) {
      assert.equal(headers['content-type'], 'application/json')
      assert.equal(headers['x-hmac-timestamp'], String(world().now()))
      assert.ok(documentedSignatureHolds(headers, body, endpoint.secret))
      assert.ok(standardSignatureHolds(headers, body, endpoint.secret))
    }
    assert.notEqual(connected.headers['webhook-id'], disconnected.headers['webhook-id'])
    await endpoint.remove()
  })

  it('tell nothing of what happened before the endpoint was there, and nothing twice', async () => {
    const { disconnect } = await connect()
    const endpoint = await endpointWith()
    await disconnect()
    await world().deliver()
    await world().deliver()
    assert.deepEqual(endpoint.types(), ['notification.source.disconnect'])
    await endpoint.remove()
  })

  it('of a displacement tell the loss first, also when that takes more than one try', async () => {
    const endpoint = await endpointWith({
      types: ['notification.source.connect', 'notification.source.disconnect'],
    })
    const person = newPerson(world())
    const backend = backendOf(world())
    const [first, second] = [await backend.newSession(), await backend.newSession()]
    await person.connect(link('Connection', first.token, 11))
    await world().deliver()
    let fails = 2
    reply = ({ json }) => (json['endUserId'] === first.endUserId && fails-- > 0 ? 500 : 200)
    await person.connect(link('Connection', second.token, 11))
    const other = await connect(8)
    await world().deliver()
    const told = () =>
      endpoint.arrived().map(({ json }) => `${json['type']} ${String(json['endUserId']).slice(0, 4)}`)
    const name = (endUserId: string) => endUserId.slice(0, 4)
    const loss = `notification.source.disconnect ${name(first.endUserId)}`
    // The failing lane holds back its own next event, and nobody else's.
    assert.deepEqual(
      new Set(told().slice(1)),
      new Set([loss, `notification.source.connect ${name(other.endUserId)}`]),
    )
    for (let round = 0; round < 3; round++) {
      world().advance(HOUR)
      await world().deliver()
    }
    assert.deepEqual(told().slice(-2), [loss, `notification.source.connect ${name(second.endUserId)}`])
    const ids = endpoint
      .arrived()
      .filter(
        ({ json }) =>
          json['endUserId'] === first.endUserId && json['type'] === 'notification.source.disconnect',
      )
      .map(({ headers }) => headers['webhook-id'])
    assert.equal(ids.length, 3)
    assert.equal(new Set(ids).size, 1, 'each try has the same id')
    reply = () => 200
    await endpoint.remove()
  })

  it('are in the older format, with an instant in ISO 8601, or of some types alone, as was asked for', async () => {
    const older = await endpointWith({ format: 'older' })
    const iso = await endpointWith({ timestampType: 'iso', types: ['notification.source.disconnect'] })
    const { endUserId, disconnect } = await connect()
    await disconnect()
    await world().sweep()
    await world().deliver()
    const update = (connectionStatus: string) =>
      `{"sourceUpdate":{"authenticationToken":"${endUserId}","partnerUserID":null,"dataSource":11,"connectionStatus":"${connectionStatus}"}}`
    assert.deepEqual(
      older.arrived().map(({ body }) => body.toString()),
      [update('NEW'), update('DELETED')],
    )
    assert.deepEqual(
      iso.arrived().map(({ json }) => json['data']),
      [{ timestamp: new Date(world().now()).toISOString(), dataSourceId: 11 }],
    )
    await older.remove()
    await iso.remove()
  })

  it('tell of failed and abandoned attempts, ended grants and erased people too', async () => {
    const endpoint = await endpointWith()
    const backend = backendOf(world())
    const person = newPerson(world())
    const { token, endUserId } = await backend.newSession()
    await person.connect(link('Connection', token, 11), { decision: 'cancel' })
    const failedAt = world().now()
    await person.get(link('Connection', token, 8))
    world().advance(limits.attemptLifetimeMs + 1)
    await world().sweep()
    await person.connect(link('Connection', token, 11))
    await person.get(link('Revoke', token, 11, { direct: 'true' }))
    await world().sweep()
    await world().deliver()
    assert.deepEqual(endpoint.types().toSorted(), [
      'attempt.abandoned',
      'attempt.failed',
      'connection.revocation_finished',
      'notification.source.connect',
      'notification.source.disconnect',
    ])
    const failed = endpoint.arrived().find(({ json }) => json['type'] === 'attempt.failed')
    assert.ok(failed)
    const { reference, ...data } = failed.json['data'] as { reference: string } // looked at below
    assert.match(reference, /^[0-9A-Z]{5}-[0-9A-Z]{5}$/)
    assert.deepEqual(
      { ...failed.json, data },
      {
        endUserId,
        timestampType: 'unix',
        type: 'attempt.failed',
        data: { timestamp: failedAt, dataSourceId: 11, error: 'access_denied' },
      },
    )
    await person.connect(link('Connection', token, 11))
    const at = new Date(world().now()).toISOString()
    await backend.api('DELETE', `/users/${endUserId}?deletionDate=${at}`)
    await world().sweep()
    await world().deliver()
    // What was not told yet of somebody who is erased is not told any more; what it all came to is.
    assert.deepEqual(endpoint.types().slice(5).toSorted(), ['notification.source.disconnect', 'user.deleted'])
    await endpoint.remove()
  })

  it('tell of a link that could not be followed, and of permissions that changed with a repair', async () => {
    const endpoint = await endpointWith()
    const person = newPerson(world())
    const { token, endUserId } = await backendOf(world()).newSession()
    await person.get(link('Connection', token, 43, { redirect_uri: APP_A }))
    await person.connect(link('Connection', token, 11), { scopes: ['read', 'activity:read'] })
    await person.connect(link('Connection', token, 11))
    await person.connect(link('Connection', token, 11))
    for (let i = 0; i < 2; i++) await world().deliver()
    const told = endpoint.arrived().map(({ json }) => {
      const data = json['data'] as Readonly<Record<string, unknown>> // our own events
      return [json['type'], data['error'] ?? data['missingScopes'] ?? null]
    })
    // The attempt stands in a lane of its own, so it may come before or after the others.
    const isAttempt = ([type]: readonly unknown[]) => type === 'attempt.failed'
    assert.deepEqual(told.filter(isAttempt), [['attempt.failed', 'source_not_available']])
    assert.deepEqual(
      told.filter((one) => !isAttempt(one)),
      [
        ['notification.source.connect', null],
        ['connection.repaired', null],
        ['connection.scopes_changed', []],
        ['connection.repaired', null],
      ],
    )
    assert.ok(endpoint.arrived().every(({ json }) => json['endUserId'] === endUserId))
    await endpoint.remove()
  })
})
