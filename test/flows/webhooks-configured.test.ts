// Goal: endpoints of the configuration and of the API are one list, and what the file lists is the operator's. Method: the
// service is started again with other files on the same database.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf } from '../support/person.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { query } from '../support/rows.ts'
import { connectSomebody } from '../support/webhook-endpoint.ts'
import { documentedSignatureHolds, standardSignatureHolds } from '../webhooks/support.ts'

const [OLD, NEW] = ['Wt7-vKx2_mQz9-rLb4_hNd6', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']

interface Told {
  readonly id: string
  readonly url: string
  readonly managedBy: string
  readonly enabled: boolean
  readonly timestampType: string
  readonly secrets: readonly { readonly id: string }[]
}

onBothDatabases('a configured webhook endpoint', (world) => {
  let receiver: Receiver
  before(async () => {
    receiver = await startReceiver()
  })
  after(() => receiver.close())
  const api = (...call: Parameters<ReturnType<typeof backendOf>['api']>) => backendOf(world()).api(...call)
  const list = async () => ((await (await api('GET', '/webhooks')).json()) as { data: readonly Told[] }).data // ours
  const configured = (given: Readonly<Record<string, unknown>> = {}) => ({
    url: receiver.url,
    secrets: [OLD],
    ...given,
  })

  it('is told what happens from its first start on, signed with a secret of any form', async () => {
    await connectSomebody(world())
    await world().restart({ webhooks: [configured()] })
    await connectSomebody(world())
    await world().restart({ webhooks: [configured()] })
    await world().deliver()
    assert.equal(receiver.received.length, 1)
    const [one] = receiver.received
    assert.ok(one)
    assert.ok(documentedSignatureHolds(one.headers, one.body, OLD))
    assert.equal(one.headers['webhook-signature'], undefined, 'the secret has not the form for it')
    assert.deepEqual(
      (await list()).map(({ url, managedBy }) => [url, managedBy]),
      [[receiver.url, 'configuration']],
    )
  })

  it('is read-only over the API, but can be switched off and on, sent a test and replayed', async () => {
    const [endpoint] = await list()
    assert.ok(endpoint)
    const path = `/webhooks/${endpoint.id}`
    for (const [method, rest, body] of [
      ['PATCH', '', { timestampType: 'iso' }],
      ['PATCH', '', { enabled: false, format: 'older' }],
      ['DELETE', ''],
      ['POST', '/secrets'],
      ['DELETE', `/secrets/${endpoint.secrets[0]?.id}`],
    ] as const) {
      const answer = await api(method, path + rest, body)
      assert.equal(answer.status, 409)
      assert.equal(((await answer.json()) as { code: string }).code, 'managed_by_configuration')
    }
    assert.deepEqual(await list(), [endpoint])
    assert.equal((await api('PATCH', path, { enabled: false })).status, 200)
    await world().restart({ webhooks: [configured()] })
    assert.equal((await list())[0]?.enabled, false, 'also after a restart')
    assert.equal((await api('PATCH', path, { enabled: true })).status, 200)
    assert.equal((await api('POST', `${path}/test`)).status, 200)
    assert.equal((await api('POST', `${path}/replay`, { from: '2026-01-01' })).status, 202)
    await world().deliver()
  })

  it('changes with the file: settings, and a second secret while one is replaced', async () => {
    const [before] = await list()
    await world().restart({ webhooks: [configured({ secrets: [OLD, NEW], timestampType: 'iso' })] })
    const [changed] = await list()
    assert.deepEqual([changed?.id, changed?.timestampType, changed?.secrets.length], [before?.id, 'iso', 2])
    await connectSomebody(world())
    await world().deliver()
    const both = receiver.received.at(-1)
    assert.ok(both)
    assert.ok(documentedSignatureHolds(both.headers, both.body, OLD))
    assert.ok(standardSignatureHolds(both.headers, both.body, NEW))
    await world().restart({ webhooks: [configured({ secrets: [OLD, NEW], timestampType: 'iso' })] })
    assert.deepEqual(await list(), [changed], 'a start without a change changes nothing')
  })

  it('takes over what the application had added, and goes with an audit line when it leaves the file', async () => {
    const url = `${receiver.url}/own`
    assert.equal((await api('POST', '/webhooks', { url })).status, 201)
    await world().restart({ webhooks: [{ url, secrets: [NEW] }] })
    const found = await list()
    assert.deepEqual(
      found.map((one) => [one.url, one.managedBy]),
      [[url, 'configuration']],
    )
    const gone = await query(
      world(),
      `select object from audit_entries where action = 'webhook.remove-from-configuration'`,
    )
    assert.deepEqual(
      gone.map(({ object }) => object),
      [receiver.url],
    )
    await world().restart()
    assert.deepEqual(await list(), [])
  })

  it('is sealed in the database, and opened anew when the vault has another key', async () => {
    await world().restart({ webhooks: [configured({ secrets: [NEW] })] })
    const rows = JSON.stringify(await query(world(), 'select * from webhook_secrets'))
    assert.ok(rows.includes('v1.k1.') && !rows.includes(NEW.slice(6)))
  })
})
