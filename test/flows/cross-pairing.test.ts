// The log-in of one account beside the secret of another's application: refused, and written down [T018].
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { verifyAudit } from '../../src/broker/audit/verify-audit.ts'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { query } from '../support/rows.ts'

const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

onBothDatabases('a cross pairing of credentials', (world) => {
  const mint = (password: string, applicationSecret: string) =>
    world().app.request('/widget/v6/connection', {
      method: 'POST',
      headers: {
        Authorization: basic('a', password),
        AppAuthorization: basic('app-b', applicationSecret),
        'content-type': 'application/json',
      },
      body: '{}',
    })
  const lines = () =>
    query(world(), `select * from audit_entries where action = 'credentials.cross-pairing' order by sequence`)

  it('makes no session and leaves a line with the id of the request; wrong secrets leave none', async () => {
    for (const [password, secret] of [
      ['a-password', 'wrong'],
      ['wrong', 'app-b-secret'],
    ] as const)
      assert.equal((await mint(password, secret)).status, 401)
    assert.deepEqual(await lines(), [])
    const response = await mint('a-password', 'app-b-secret')
    const problem = (await response.json()) as Record<string, unknown> // our own problem
    assert.deepEqual([response.status, problem['header']], [401, 'AppAuthorization'])
    assert.deepEqual(
      (await lines()).map((line) => [
        line['application_id'],
        line['object'],
        line['result'],
        line['request_id'],
      ]),
      [['app-b', 'app-b', 'refused', problem['requestId']]],
    )
    assert.deepEqual(await query(world(), 'select lookup from sessions'), [])
  })

  it('leaves a few lines, however often it is tried', async () => {
    for (let i = 0; i < 20; i++) assert.equal((await mint('a-password', 'app-b-secret')).status, 401)
    assert.equal((await lines()).length, limits.crossPairingsAudited.burst)
    for (const { problems } of await verifyAudit(world().context)) assert.deepEqual(problems, [])
  })
})
