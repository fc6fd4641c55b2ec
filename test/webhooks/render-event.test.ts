// Goal: bodies are byte for byte what the contract documents, and say nothing that they must not. Method: whole texts.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Event } from '../../src/model/event.ts'
import { asApplicationId, asConnectionId, asEndUserId } from '../../src/model/ids.ts'
import { canSay, renderBody } from '../../src/webhooks/render-event.ts'

const event: Event = {
  id: 'a'.repeat(32),
  applicationId: asApplicationId('app'),
  type: 'notification.source.connect',
  endUserId: asEndUserId('0f3c9a5e7b1d42868ac0e4f2b6d8135a'),
  endUserAlias: 'k7Qm2v',
  sourceId: 8,
  connectionId: asConnectionId('c'.repeat(32)),
  detail: { causeId: 'd'.repeat(32) },
  lane: 'lane',
  createdAt: 1770110142991,
}
const current = (given: Partial<Event>, timestampType: 'unix' | 'iso' = 'unix') =>
  renderBody({ ...event, ...given }, { format: 'current', timestampType })
const older = (given: Partial<Event>) =>
  renderBody({ ...event, ...given }, { format: 'older', timestampType: 'unix' })

describe('the body of a webhook', () => {
  it('is the documented one, key by key', () => {
    assert.equal(
      current({}),
      '{"endUserId":"0f3c9a5e7b1d42868ac0e4f2b6d8135a","endUserAlias":"k7Qm2v","timestampType":"unix","type":"notification.source.connect","data":{"timestamp":1770110142991,"dataSourceId":8}}',
    )
  })

  it('has no alias where there is none, and an instant in ISO 8601 where that is asked for', () => {
    assert.equal(
      current(
        { type: 'notification.source.disconnect', endUserAlias: null, detail: { disconnectedBy: 'person' } },
        'iso',
      ),
      '{"endUserId":"0f3c9a5e7b1d42868ac0e4f2b6d8135a","timestampType":"iso","type":"notification.source.disconnect","data":{"timestamp":"2026-02-03T09:15:42.991Z","dataSourceId":8}}',
    )
  })

  it('says more of what is not documented elsewhere', () => {
    assert.deepEqual(
      JSON.parse(current({ type: 'connection.revocation_finished', detail: { revocation: 'revoked' } })).data,
      {
        timestamp: 1770110142991,
        dataSourceId: 8,
        connectionId: 'c'.repeat(32),
        revocation: 'revoked',
      },
    )
    assert.equal(
      current({
        type: 'webhook.endpoint_disabled',
        endUserId: null,
        endUserAlias: null,
        sourceId: null,
        connectionId: null,
        detail: { endpointId: 'e', reason: 'gone' },
      }),
      '{"timestampType":"unix","type":"webhook.endpoint_disabled","data":{"timestamp":1770110142991,"endpointId":"e","reason":"gone"}}',
    )
  })

  it('is the older one on request', () => {
    assert.equal(
      older({}),
      '{"sourceUpdate":{"authenticationToken":"0f3c9a5e7b1d42868ac0e4f2b6d8135a","partnerUserID":"k7Qm2v","dataSource":8,"connectionStatus":"NEW"}}',
    )
    assert.equal(
      older({ type: 'notification.source.disconnect', endUserAlias: null }),
      '{"sourceUpdate":{"authenticationToken":"0f3c9a5e7b1d42868ac0e4f2b6d8135a","partnerUserID":null,"dataSource":8,"connectionStatus":"DELETED"}}',
    )
  })

  it('exists in the older format for the two documented types alone', () => {
    assert.equal(canSay('older', 'notification.source.disconnect'), true)
    assert.equal(canSay('older', 'user.deleted'), false)
    assert.equal(canSay('current', 'user.deleted'), true)
  })
})
