// Goal: an application that reads the feed alone knows everything that webhooks say, and hears of it when it does not.
// Method: people connect and disconnect at sandbox vendors through the real app, on a clock of the test's own.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { feedLimits } from '../../src/webhooks/index.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { startReceiver } from '../support/receiver.ts'
import { connectSomebody, newEndpoint } from '../support/webhook-endpoint.ts'

const DAY = 86_400_000

interface ToldEvent {
  readonly id: string
  readonly cursor: string
  readonly endUserId?: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

interface Page {
  readonly data: readonly ToldEvent[]
  readonly nextCursor: string
  readonly hasMore: boolean
}

onBothDatabases('the feed', (world) => {
  const ask = (query: Record<string, string> = {}, applicationId = 'app-a') =>
    backendOf(world(), applicationId).api('GET', `/events?${new URLSearchParams(query)}`)
  const read = async (query: Record<string, string> = {}, applicationId = 'app-a') => {
    const response = await ask(query, applicationId)
    assert.equal(response.status, 200)
    return (await response.json()) as Page // checked field by field below
  }
  /** Behind everything that happened so far. */
  const end = async (applicationId = 'app-a') => {
    let page = await read({ limit: '500' }, applicationId)
    while (page.hasMore) page = await read({ limit: '500', after: page.nextCursor }, applicationId)
    return page.nextCursor
  }
  const refused = async (response: Response, status: number) => {
    assert.equal(response.status, status)
    return ((await response.json()) as { code: string }).code // every problem has one
  }

  it('tells the same events as webhooks, with the same ids, in the same words and order', async () => {
    const receiver = await startReceiver()
    const endpoint = await newEndpoint(world(), receiver, {})
    const after = await end()
    const { disconnect } = await connectSomebody(world(), 11)
    await disconnect()
    await world().sweep()
    await world().deliver()
    const { data } = await read({ after })
    assert.ok(data.length >= 3)
    assert.deepEqual(
      data.map(({ id, cursor: _, ...event }) => [id, JSON.stringify(event)]),
      endpoint.arrived().map(({ headers, body }) => [headers['webhook-id'], body.toString()]),
    )
    await endpoint.remove()
    await receiver.close()
  })

  it('is read page after page, and the end of a page is where the next begins', async () => {
    const after = await end()
    for (let i = 0; i < 3; i++) await connectSomebody(world(), 11)
    const all = await read({ after })
    assert.deepEqual([all.data.length, all.hasMore], [3, false])
    assert.equal(all.nextCursor, all.data.at(-1)?.cursor)
    const first = await read({ after, limit: '2' })
    assert.deepEqual([first.data, first.hasMore], [all.data.slice(0, 2), true])
    const second = await read({ after: first.nextCursor, limit: '2' })
    assert.deepEqual([second.data, second.hasMore], [all.data.slice(2), false])
    assert.deepEqual(await read({ after: all.data[1]?.cursor ?? '' }), second)
    assert.deepEqual(await read({ after: second.nextCursor }), { ...second, data: [] })
  })

  it('writes instants as they are asked for', async () => {
    const after = await end()
    await connectSomebody(world(), 11)
    const [unix] = (await read({ after })).data
    const [iso] = (await read({ after, timestampType: 'iso' })).data
    assert.equal(unix?.data['timestamp'], world().now())
    assert.equal(iso?.data['timestamp'], new Date(world().now()).toISOString())
  })

  it('waits for as long as it is asked to, and answers empty then', async () => {
    const after = await end()
    const before = world().now()
    assert.deepEqual((await read({ after, wait: '5' })).data, [])
    assert.equal(world().now() - before, 5_000)
    await connectSomebody(world(), 11)
    const since = world().now()
    assert.equal((await read({ after, wait: '5' })).data.length, 1)
    assert.equal(world().now(), since)
  })

  it('is another one for every application, and no cursor of one is good in another', async () => {
    const [ofA, ofB] = [await end(), await end('app-b')]
    await connectSomebody(world(), 11)
    assert.deepEqual((await read({ after: ofB }, 'app-b')).data, [])
    assert.equal(await refused(await ask({ after: ofA }, 'app-b'), 400), 'invalid_request')
  })

  it('refuses what is no cursor, no number and no time', async () => {
    const cursor = await end()
    for (const query of [
      { after: '' },
      { after: '0' },
      { after: `${cursor}x` },
      { after: `1${cursor}` },
      { after: 'x'.repeat(41) },
      { wait: '31' },
      { wait: '-1' },
      { limit: '0' },
      { limit: '501' },
      { timestampType: 'other' },
    ])
      assert.equal(await refused(await ask(query), 400), 'invalid_request', JSON.stringify(query))
  })

  it('says that a cursor is too old, and never passes over what is kept no longer', async () => {
    const old = await end()
    await connectSomebody(world(), 11)
    const seen = await end()
    world().advance(limits.eventKeptMs)
    await world().sweep()
    assert.equal((await read({ after: old })).data.length, 1, 'it is kept for the whole time')
    world().advance(1)
    await world().sweep()
    assert.equal(await refused(await ask({ after: old }), 410), 'cursor_expired')
    const stream = await backendOf(world()).api('GET', `/events?after=${old}`, undefined, {
      accept: 'text/event-stream',
    })
    assert.equal(await refused(stream, 410), 'cursor_expired')
    assert.deepEqual((await read({ after: seen })).data, [], 'who has read everything missed nothing')
    await connectSomebody(world(), 11)
    const [kept, ...others] = (await read()).data
    assert.deepEqual([kept?.type, others], ['notification.source.connect', []])
    assert.deepEqual((await read({ after: seen })).data, [kept])
  })

  it('keeps of a person who is erased the end of each connection and that they are erased', async () => {
    const after = await end()
    const backend = backendOf(world())
    const { token, endUserId } = await backend.newSession()
    await newPerson(world()).connect(link('Connection', token, 11))
    const connected = await end()
    await backend.api(
      'DELETE',
      `/users/${endUserId}?deletionDate=${new Date(world().now() + 1).toISOString()}`,
    )
    world().advance(DAY)
    await world().sweep()
    const typesAfter = async (cursor: string) =>
      (await read({ after: cursor })).data
        .filter((one) => one.endUserId === endUserId)
        .map(({ type }) => type)
    const left = ['notification.source.disconnect', 'user.deleted']
    assert.deepEqual((await typesAfter(connected)).slice(0, 2), left)
    assert.deepEqual((await typesAfter(after)).slice(0, 2), left)
  })

  it('comes as a stream to whoever accepts one, each event with its cursor as its id', async () => {
    const after = await end()
    await connectSomebody(world(), 11)
    const { data } = await read({ after })
    const [event] = data
    const open = (headers: Record<string, string>, query = '') =>
      backendOf(world()).api('GET', `/events${query}`, undefined, {
        accept: 'application/json;q=0.1, text/event-stream',
        ...headers,
      })
    const response = await open({}, `?after=${after}`)
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    assert.ok(reader)
    assert.equal((await reader.read()).value, 'retry: 1000\n\n')
    assert.equal((await reader.read()).value, `id: ${event?.cursor}\ndata: ${JSON.stringify(event)}\n\n`)
    const before = world().now()
    assert.equal((await reader.read()).value, ':\n\n', 'silence is filled')
    assert.equal(world().now() - before, feedLimits.heartbeatMs)
    world().advance(feedLimits.streamMs - 3 * feedLimits.heartbeatMs)
    let beats = 0
    while (!(await reader.read()).done) beats++
    assert.ok(beats >= 1 && beats <= 3, `${beats} beats before its end`)
    const lasted = world().now() - before
    assert.ok(
      lasted >= feedLimits.streamMs && lasted <= feedLimits.streamMs + feedLimits.heartbeatMs,
      'in its time',
    )
    const again = await open({ 'last-event-id': event?.cursor ?? '' }, `?after=${after}`)
    const rest = again.body?.pipeThrough(new TextDecoderStream()).getReader()
    await rest?.read()
    assert.equal((await rest?.read())?.value, ':\n\n', 'Last-Event-ID goes before the query')
    await rest?.cancel()
  })
})
