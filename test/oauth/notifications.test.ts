// Goal: a notification is read as its definition says and believed as far as it proves itself. Method: requests with
// signatures of our own over the vectors' bodies, and bodies in the vendors' shapes, read by the definitions.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { limits } from '../../src/limits.ts'
import type { Client } from '../../src/model/application.ts'
import { secret } from '../../src/model/secret.ts'
import {
  judgeAuthenticity,
  notificationSecret,
  parseNotification,
  readVendorEvents,
} from '../../src/oauth/index.ts'
import { tellingOf } from '../support/telling.ts'

const NOW = Date.UTC(2026, 10, 22, 9, 0, 0)
const KEY = Buffer.from('a subscriber’s secret').toString('base64')

const client: Client = {
  vendor: 'any',
  clientId: 'client',
  clientSecret: secret('client-secret'),
  scopes: null,
  extras: new Map([['subscriberSecret', secret(KEY)]]),
  managedBy: 'configuration',
}
const secrets = { verifyToken: 'word', signingSecret: null }

function judge(
  vendor: string,
  body: string,
  headers: Record<string, string>,
  known: Partial<Parameters<typeof judgeAuthenticity>[3]> = {},
) {
  const { notifications } = tellingOf(vendor)
  const request = {
    method: 'POST',
    query: new URLSearchParams(),
    header: (name: string) => headers[name],
    body: Buffer.from(body),
  }
  const content = parseNotification(notifications, body)
  return judgeAuthenticity(notifications, request, content, { client, secrets, now: NOW, ...known })
}

const read = (vendor: string, body: string) => {
  const { notifications } = tellingOf(vendor)
  return readVendorEvents(notifications, parseNotification(notifications, body)).map(
    ({ item: _, ...event }) => event,
  )
}

describe('authenticity', () => {
  it('of a signature over members: they, in their order, with a key that is base64', () => {
    const body = JSON.stringify({ openId: 'o', eventType: 'USER_EVENT$REVOKE_ALL', eventTime: 12 })
    const sign = (text: string) => createHmac('sha256', 'a subscriber’s secret').update(text).digest('base64')
    const signed = (text: string) => judge('huawei-health', body, { 'x-notification-signature': sign(text) })
    assert.equal(signed('o_USER_EVENT$REVOKE_ALL_12'), 'authentic')
    assert.equal(signed('o_12_USER_EVENT$REVOKE_ALL'), 'refused')
    assert.equal(judge('huawei-health', body, {}), 'unproven')
  })

  it('is unproven while the key is not known, whatever the header says', () => {
    const headers = { 'polar-webhook-signature': 'x' }
    assert.equal(judge('polar', '{}', headers), 'unproven')
    assert.equal(judge('polar', '{}', headers, { secrets: { ...secrets, signingSecret: 'k' } }), 'refused')
  })

  it('of a header that others know too is never more than unproven, and a wrong one is refused', () => {
    assert.equal(judge('garmin', '{}', { 'garmin-client-id': 'client' }), 'unproven')
    assert.equal(judge('garmin', '{}', {}), 'unproven')
    assert.equal(judge('garmin', '{}', { 'garmin-client-id': 'other' }), 'refused')
  })

  it('of a word in the body: the right one, also where the word of the operator is missing', () => {
    const extras = new Map([['webhookToken', secret('w')]])
    const known = { client: { ...client, extras } }
    assert.equal(judge('wahoo', '{"webhook_token":"w"}', {}, known), 'authentic')
    assert.equal(judge('wahoo', '{"webhook_token":"x"}', {}, known), 'refused')
    assert.equal(judge('wahoo', '{}', {}, known), 'refused')
    assert.equal(judge('wahoo', '{"webhook_token":"w"}', {}), 'unproven')
  })

  it('finds one of several signatures, and takes none without its time', () => {
    const time = String(NOW / 1_000)
    const right = createHmac('sha256', 'client-secret').update(`${time}.{}`).digest('hex')
    const header = (value: string) => judge('strava', '{}', { 'x-strava-signature': value })
    assert.equal(header(`t=${time},v1=00,v1=${right}`), 'authentic')
    assert.equal(header(`v1=${right}`), 'refused')
    assert.equal(header(`t=${time}`), 'refused')
    assert.equal(header(`t=1e9,v1=${right}`), 'refused')
  })
})

describe('a secret', () => {
  it('is whole or not there', () => {
    assert.equal(notificationSecret('{clientSecret}&', client, secrets), 'client-secret&')
    assert.equal(notificationSecret('{verifyToken}', client, secrets), 'word')
    assert.equal(notificationSecret('{signingSecret}', client, secrets), null)
    assert.equal(notificationSecret('{client.missing}', client, secrets), null)
  })
})

describe('events', () => {
  it('of new data carry when it is of, where the vendor says so', () => {
    const garmin = JSON.stringify({
      epochs: [{ userId: 'u', startTimeInSeconds: 100, durationInSeconds: 60 }],
      dailies: [{ userId: 'u', calendarDate: '2026-11-22' }],
      bodyComps: [{ userId: 'u' }],
      unknown: [{ userId: 'u' }],
    })
    const spans = read('garmin', garmin).map(({ means, span }) => [means, span])
    assert.deepEqual(spans, [
      ['data', { kind: 'daily', startDay: '2026-11-22', endDay: '2026-11-22' }],
      ['data', { kind: 'epoch', startTimestamp: 100_000, endTimestamp: 160_000 }],
      ['data', null],
    ])
    const interval = { startTime: '2026-11-22T09:00:00Z', endTime: '2026-11-22T09:01:00Z' }
    const google = { healthUserId: 'h', dataType: 'steps', intervals: [{ physicalTimeInterval: interval }] }
    assert.deepEqual(read('google-health', JSON.stringify([{ data: google }]))[0]?.span, {
      kind: 'epoch',
      startTimestamp: NOW,
      endTimestamp: NOW + 60_000,
    })
  })

  it('of times that are none, or run backwards, carry none', () => {
    const span = (start: unknown, end: unknown) =>
      read('withings', `userid=1&appli=4&startdate=${start}&enddate=${end}`)[0]?.span
    assert.equal(span(2, 1), null)
    assert.equal(span('', 1), null)
    assert.equal(span('1e3', 2_000), null)
    assert.equal(span(1, '9999999999999999'), null)
    assert.equal(read('fitbit', '[{"collectionType":"sleep","ownerId":"a","date":"today"}]')[0]?.span, null)
  })

  it('that name nobody, or that no rule fits, are left out, and so are those beyond the bound', () => {
    const fitbit = (ownerId: unknown, collectionType: unknown = 'sleep') => ({ collectionType, ownerId })
    const items = [fitbit(''), fitbit(0), fitbit({}), fitbit('a', 'gossip'), fitbit('a', ['sleep']), null, 1]
    assert.deepEqual(read('fitbit', JSON.stringify(items)), [])
    const many = Array.from({ length: limits.inboundEvents + 1 }, (_, i) => fitbit(`a${i}`))
    assert.equal(read('fitbit', JSON.stringify(many)).length, limits.inboundEvents)
  })

  it('are told apart by text and number alike: a removal at a vendor that writes false as a text', () => {
    const strava = (authorized: unknown) =>
      read(
        'strava',
        JSON.stringify({
          object_type: 'athlete',
          aspect_type: 'update',
          owner_id: 7,
          updates: { authorized },
        }),
      ).map(({ means, accountId }) => [means, accountId])
    assert.deepEqual(strava('false'), [['removed', '7']])
    assert.deepEqual(strava(false), [['removed', '7']])
    assert.deepEqual(strava('true'), [])
  })

  it('keep an account’s number that no number holds', () => {
    assert.deepEqual(
      read('strava', '{"object_type":"activity","owner_id":9007199254740993}').map(
        ({ accountId }) => accountId,
      ),
      ['9007199254740993'],
    )
  })
})
