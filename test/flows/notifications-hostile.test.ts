// Goal: nobody but the vendor moves anything, whatever is sent to an address, and what is sent is passed on to those who
// ask. Method: requests of the test's own, signed as each vendor signs, then altered in every part.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { limits } from '../../src/limits.ts'
import { asApplicationId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf } from '../support/person.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import {
  addressOf,
  applicationAt,
  connectAt,
  headersFor,
  send,
  type Telling,
  telling,
  tellingOf,
  work,
} from '../support/telling.ts'
import { newEndpoint } from '../support/webhook-endpoint.ts'
import type { World } from '../support/world.ts'

const signing = telling.filter(
  ({ vendor, notifications }) => notifications.authentication.kind === 'signature' && vendor !== 'polar',
)

/** A body of this vendor about somebody whom nobody knows, with all that its signature may be over. */
const bodyOf = (n: number): string =>
  JSON.stringify({ openId: `stranger-${n}`, eventType: 'X', eventTime: 1, user_id: `stranger-${n}`, n })

/** How many notifications of an application wait; whoever counts them takes them. */
async function waiting(world: World): Promise<number> {
  const taken = await world.context.storage.write((tables) =>
    tables.inboundNotifications.lease('counting', world.now(), world.now(), 1_000),
  )
  return taken.length
}

const strava = tellingOf('strava')
const withings = tellingOf('withings')
const fitbit = tellingOf('fitbit')

const removal = (accountId: string) =>
  JSON.stringify({
    object_type: 'athlete',
    aspect_type: 'update',
    updates: { authorized: 'false' },
    owner_id: Number(accountId),
    event_time: 1,
  })

onBothDatabases('addresses of notifications', (opened) => {
  for (const [n, one] of signing.entries())
    test(`${one.vendor}: a signature that is wrong, cut, absent or too old is refused, and nothing is kept [T116]`, async () => {
      const world = opened()
      const { uri, verifyToken } = await addressOf(world, one)
      const { authentication, refusedStatus, acceptedStatus } = one.notifications
      assert.ok(authentication.kind === 'signature')
      const body = bodyOf(n)
      const right = headersFor(one, verifyToken, body, world.now())
      const signature = right[authentication.header] ?? ''
      const { [authentication.header]: _, ...without } = right
      const before = await waiting(world)
      const tries: [string, Record<string, string>][] = [
        [body, { ...right, [authentication.header]: `${signature.slice(0, -2)}AA` }],
        [body, { ...right, [authentication.header]: signature.slice(0, -4) }],
        [body, { ...right, [authentication.header]: '' }],
        [body, { ...right, [authentication.header]: 'x'.repeat(2_000) }],
        [body.replace('stranger', 'Stranger'), right],
        ...(authentication.required ? [[body, without] as [string, Record<string, string>]] : []),
      ]
      if (authentication.timestamp !== undefined) {
        const age = (authentication.timestamp.toleranceSeconds + 1) * 1_000
        tries.push([body, headersFor(one, verifyToken, body, world.now() - age)])
        tries.push([body, headersFor(one, verifyToken, body, world.now() + age)])
      }
      for (const [text, headers] of tries)
        assert.equal((await send(world, uri, text, headers)).status, refusedStatus)
      assert.equal(await waiting(world), before)
      assert.equal((await send(world, uri, body, right)).status, acceptedStatus)
      assert.equal(await waiting(world), before + 1)
      await work(world)
    })

  for (const vendor of ['strava', 'withings', 'garmin'])
    test(`${vendor}: an unsigned removal of a person who did not remove anything ends nothing [T117]`, async () => {
      const world = opened()
      const one = tellingOf(vendor)
      const { uri } = await addressOf(world, one)
      const { accountId, status, backend, connectionId } = await connectAt(world, one)
      const bodies: Record<string, string> = {
        strava: removal(accountId),
        withings: `userid=${accountId}&appli=46&action=unlink`,
        garmin: JSON.stringify({ deregistrations: [{ userId: accountId }] }),
      }
      assert.equal((await send(world, uri, bodies[vendor] ?? '')).status, one.notifications.acceptedStatus)
      await work(world)
      assert.equal(await status(), 'active')
      assert.equal((await backend.api('POST', `/connections/${connectionId}/token`)).status, 200)
    })

  test('an address that is nobody’s, of another application or of another vendor is answered like any path where there is nothing', async () => {
    const world = opened()
    const { uri } = await addressOf(world, strava)
    const key = uri.slice(uri.lastIndexOf('.') + 1)
    const wrong = [
      `${uri.slice(0, -1)}${uri.endsWith('A') ? 'B' : 'A'}`,
      uri.replace(applicationAt('strava'), 'app-a'),
      uri.replace('.strava.', '.withings.'),
      uri.replace(/\/inbound\/.*/, `/inbound/${key}`),
      uri.replace(/\/inbound\/.*/, '/inbound/%00'),
      uri.replace(/\/inbound\/.*/, `/inbound/__proto__.constructor.${key}`),
    ]
    const saidAt = async (address: string) => {
      const response = await send(world, address, '{}')
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
      return [response.status, (await response.text()).replace(/"requestId":"[^"]+"/, '')]
    }
    const nothing = await saidAt(uri.replace(/\/inbound\/.*/, '/inbound/of/nobody'))
    assert.equal(nothing[0], 404)
    for (const each of wrong) assert.deepEqual(await saidAt(each), nothing, each)
  })

  test('handshakes are for those who know the word [T120]', async () => {
    const world = opened()
    const ask = (uri: string, query: string, method = 'GET') =>
      world.app.request(`${uri}${query}`, { method })
    const { uri, verifyToken } = await addressOf(world, strava)
    const right = await ask(uri, `?hub.mode=subscribe&hub.challenge=abc&hub.verify_token=${verifyToken}`)
    assert.equal(right.status, 200)
    assert.equal(right.headers.get('content-type'), 'application/json')
    assert.equal(right.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(await right.text(), '{"hub.challenge":"abc"}')
    for (const query of [
      '?hub.challenge=abc&hub.verify_token=wrong',
      '?hub.challenge=abc',
      `?hub.verify_token=${verifyToken}`,
      `?hub.challenge=%3Cscript%3E%20&hub.verify_token=${verifyToken}`,
      `?hub.challenge=${'a'.repeat(600)}&hub.verify_token=${verifyToken}`,
      '',
    ])
      assert.equal((await ask(uri, query)).status, 403, query)
    const google = tellingOf('google-health')
    const { uri: googleUri, verifyToken: word } = await addressOf(world, google)
    const probe = '{"type":"verification"}'
    assert.equal((await send(world, googleUri, probe, { authorization: word })).status, 200)
    assert.equal((await send(world, googleUri, probe, {})).status, 401)
    assert.equal((await send(world, googleUri, probe, { authorization: `${word}x` })).status, 401)
    const { uri: fitbitUri } = await addressOf(world, fitbit)
    assert.equal((await ask(fitbitUri, '?verify=fitbit-verificationCode')).status, 204)
    assert.equal((await ask(fitbitUri, '?verify=wrong')).status, 404)
    const { uri: withingsUri } = await addressOf(world, withings)
    assert.equal((await ask(withingsUri, '', 'HEAD')).status, 200)
    assert.equal((await ask(withingsUri, '', 'DELETE')).status, 405)
  })

  test('a body that is too large, packed, or no JSON changes nothing', async () => {
    const world = opened()
    const { uri } = await addressOf(world, strava)
    const large = 'x'.repeat(limits.inboundBodyBytes + 1)
    assert.equal((await send(world, uri, large)).status, 413)
    assert.equal((await send(world, uri, '{}', { 'content-length': String(2 ** 40) })).status, 413)
    assert.equal((await send(world, uri, '{}', { 'content-encoding': 'gzip' })).status, 415)
    for (const body of ['', '{', 'null', '[[[[', '"x"', '{"owner_id":{}}', '{"__proto__":{"owner_id":1}}'])
      assert.equal((await send(world, uri, body)).status, 200)
    await work(world)
    assert.equal(await waiting(world), 0)
  })

  test('an address that was changed is listened to for a day, and one that was changed twice is not', async () => {
    const world = opened()
    const backend = backendOf(world, applicationAt('withings'))
    const ask = async (uri: string) => (await world.app.request(uri, { method: 'HEAD' })).status
    const change = async () => {
      const response = await backend.api(
        'POST',
        `/data-sources/${withings.sourceId}/notifications/change`,
        {},
      )
      assert.equal(response.status, 200, await response.clone().text())
      return ((await response.json()) as { uri: string }).uri // our own API's answer
    }
    const { uri: first } = await addressOf(world, withings)
    const second = await change()
    assert.notEqual(second, first)
    assert.equal((await addressOf(world, withings)).uri, second)
    assert.deepEqual([await ask(first), await ask(second)], [200, 200])
    world.advance(limits.inboundOldAddressMs)
    assert.deepEqual([await ask(first), await ask(second)], [404, 200])
    const third = await change()
    await change()
    assert.deepEqual([await ask(second), await ask(third)], [404, 200])
  })
})

onBothDatabases('new data', (opened) => {
  let receiver: Receiver
  before(async () => {
    receiver = await startReceiver()
  })
  after(() => receiver.close())

  const tell = async (world: World, one: Telling, body: string) => {
    const { uri, verifyToken } = await addressOf(world, one)
    const response = await send(world, uri, body, headersFor(one, verifyToken, body, world.now()))
    assert.equal(response.status, one.notifications.acceptedStatus)
    await work(world)
    await world.deliver()
  }

  test('is passed on to endpoints that name it, in the documented words', async () => {
    const world = opened()
    const types = ['notification.data.epoch.createupdate', 'notification.data.daily.createupdate']
    const endpoint = await newEndpoint(world, receiver, { types }, applicationAt('withings'))
    const { accountId, endUserId } = await connectAt(world, withings)
    await tell(world, withings, `userid=${accountId}&appli=4&startdate=1795338000&enddate=1795338060`)
    await tell(world, withings, `userid=${accountId}&appli=16&date=2026-11-22`)
    await tell(world, withings, `userid=${accountId}&appli=1&startdate=x&enddate=1795338060`)
    const common = `{"endUserId":"${endUserId}","timestampType":"unix","type":"notification.data.`
    assert.deepEqual(
      endpoint.arrived().map(({ body }) => body.toString()),
      [
        `${common}epoch.createupdate","data":{"startTimestamp":1795338000000,"endTimestamp":1795338060000,"dataSourceId":8,"dataTypeIds":[]}}`,
        `${common}daily.createupdate","data":{"startDay":"2026-11-22","endDay":"2026-11-22","dataSourceId":8,"dataTypeIds":[]}}`,
      ],
    )
    await endpoint.remove()
  })

  test('is in the feed of an application that names it there, without any endpoint, and other types are not', async () => {
    const world = opened()
    const { accountId, backend, endUserId } = await connectAt(world, withings, 'app-a-several')
    const { uri, verifyToken } = await addressOf(world, withings, 'app-a-several')
    const body = `userid=${accountId}&appli=16&date=2026-11-22`
    await send(world, uri, body, headersFor(withings, verifyToken, body, world.now()))
    await work(world)
    const connections = await backend.api('GET', `/users/${endUserId}/connections`)
    const { data } = (await connections.json()) as { data: { id: string }[] } // our own API's answer
    await backend.api('DELETE', `/connections/${data[0]?.id}`)
    const page = await (await backend.api('GET', '/events')).json()
    const told = (page as { data: { type: string }[]; nextCursor: string }).data // our own API's answer
    assert.deepEqual(
      told.map(({ type }) => type),
      ['notification.source.connect', 'notification.data.daily.createupdate', 'vendor.notification'],
    )
    const { nextCursor } = page as { nextCursor: string } // our own API's answer
    const next = await (await backend.api('GET', `/events?after=${nextCursor}&wait=1`)).json()
    assert.deepEqual(next, { data: [], nextCursor, hasMore: false }, 'what it does not want is passed')
  })

  test('is told nobody, and kept nowhere, while no endpoint names it', async () => {
    const world = opened()
    const endpoint = await newEndpoint(world, receiver, {}, applicationAt('withings'))
    const { accountId, events } = await connectAt(world, withings)
    await tell(world, withings, `userid=${accountId}&appli=4&startdate=1795338000&enddate=1795338060`)
    assert.deepEqual(endpoint.types(), ['notification.source.connect'])
    assert.deepEqual(
      (await events()).map(({ type }) => type),
      ['notification.source.connect'],
    )
    await endpoint.remove()
  })

  test('comes with the vendor’s own words to those who ask for them, each person with theirs, sealed where they are kept', async () => {
    const world = opened()
    const endpoint = await newEndpoint(
      world,
      receiver,
      { types: ['vendor.notification'] },
      applicationAt('fitbit'),
    )
    const [one, other] = [await connectAt(world, fitbit), await connectAt(world, fitbit)]
    const said = ({ accountId }: typeof one, date: string) => ({
      collectionType: 'sleep',
      date,
      ownerId: accountId,
    })
    const alone = JSON.stringify([said(one, '2026-11-20')])
    await tell(world, fitbit, alone)
    await tell(world, fitbit, JSON.stringify([said(one, '2026-11-21'), said(other, '2026-11-22')]))
    const told = endpoint
      .arrived()
      .map(({ json }) => [json['endUserId'], (json['data'] as { body: string }).body]) // ours
    // In order for each person; those of two people go out beside each other.
    const toldOf = (whose: string) => told.filter(([endUserId]) => endUserId === whose)
    assert.equal(told.length, 3)
    assert.deepEqual(toldOf(one.endUserId), [
      [one.endUserId, alone],
      [one.endUserId, JSON.stringify(said(one, '2026-11-21'))],
    ])
    assert.deepEqual(toldOf(other.endUserId), [[other.endUserId, JSON.stringify(said(other, '2026-11-22'))]])
    const kept = await world.context.storage.read.events.list(
      asApplicationId(applicationAt('fitbit')),
      0,
      1_000,
    )
    assert.ok(!JSON.stringify(kept).includes('sleep'))
    await endpoint.remove()
  })
})
