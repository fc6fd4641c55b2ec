// The callback, asked for more than once: reload, back button, another browser, fifty at the same time. A state is
// worth one token request; the same browser sees its outcome again, any other one learns nothing.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { asApplicationId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A } from '../support/world.ts'

onBothDatabases('a callback that comes again', (world) => {
  const tokenCalls = () => world().sandbox.control.calls({ operation: 'token' }).length
  const begin = async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const start = link('Connection', token, 11, { redirect_uri: APP_A })
    return { backend, endUserId, person, start }
  }
  const eventsOf = async (endUserId: string) => {
    const rows = await query(world(), 'select type from events where end_user_id = ? order by sequence', [
      endUserId,
    ])
    return rows.map(({ type }) => type)
  }

  it('a reload in the same browser shows the same outcome and forwards the same way [T044]', async () => {
    const { backend, endUserId, person, start } = await begin()
    const callback = await person.consent(start)
    const first = await toldAfter(person, await person.get(callback))
    const before = tokenCalls()
    for (let reload = 0; reload < 3; reload++)
      assert.deepEqual(await toldAfter(person, await person.get(callback)), first)
    assert.equal(tokenCalls(), before)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('going back after a cancel shows the cancel again, and after a fault the fault [T044]', async () => {
    for (const choice of [{ decision: 'cancel' }, { trouble: 'token-500' }] as const) {
      const { person, start } = await begin()
      const callback = await person.consent(start, choice)
      const first = await toldAfter(person, await person.get(callback))
      assert.deepEqual(await toldAfter(person, await person.get(callback)), first)
      assert.equal(first.connected, 'false')
    }
  })

  it('an outcome does not change when the callback comes again with another code or a cancel [T044]', async () => {
    const { backend, endUserId, person, start } = await begin()
    const callback = await person.consent(start)
    const first = await toldAfter(person, await person.get(callback))
    const before = tokenCalls()
    const url = new URL(callback)
    url.searchParams.set('code', 'another')
    assert.deepEqual(await toldAfter(person, await person.get(url.href)), first)
    url.searchParams.delete('code')
    url.searchParams.set('error', 'access_denied')
    assert.deepEqual(await toldAfter(person, await person.get(url.href)), first)
    assert.equal(tokenCalls(), before)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('another browser learns only that the step is done [T044]', async () => {
    const { backend, endUserId, person, start } = await begin()
    const callback = await person.consent(start)
    await person.get(callback)
    const before = tokenCalls()
    const stranger = await newPerson(world()).get(callback)
    assert.equal(stranger.status, 409)
    assert.equal(stranger.headers.get('location'), null)
    assert.match(await stranger.text(), /This step is already done/)
    assert.equal(tokenCalls(), before)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('fifty at the same time make one token request, one connection and one event [T044]', async () => {
    const { endUserId, person, start } = await begin()
    const callback = await person.consent(start)
    const before = tokenCalls()
    const answers = await Promise.all(Array.from({ length: 50 }, () => person.get(callback)))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303])
    assert.equal(tokenCalls() - before, 1)
    const connections = await query(world(), 'select id from connections where end_user_id = ?', [endUserId])
    assert.equal(connections.length, 1)
    assert.deepEqual(await eventsOf(endUserId), ['notification.source.connect'])
    for (const answer of answers) assert.equal((await toldAfter(person, answer)).connected, 'true')
  })

  it('fifty at the same time from fifty browsers give nobody but the right one the outcome [T044, T045]', async () => {
    const { backend, endUserId, person, start } = await begin()
    const callback = await person.consent(start)
    const before = tokenCalls()
    const strangers = Array.from({ length: 49 }, () => newPerson(world()))
    const [own, ...others] = await Promise.all([person, ...strangers].map(({ get }) => get(callback)))
    assert.ok(own)
    assert.deepEqual([...new Set(others.map(({ status }) => status))], [409])
    assert.ok(tokenCalls() - before <= 1)
    const { connected, error } = await toldAfter(person, own)
    // Whoever was first decided: the right browser, or a stranger, who ended the attempt for safety.
    assert.ok(
      (connected === 'true' && error === null) || (connected === 'false' && error === 'browser_changed'),
    )
    assert.deepEqual(await backend.connectedSources(endUserId), connected === 'true' ? [11] : [])
  })

  it('while the first is still under way, a second one waits on a page that looks again', async () => {
    const { person, start } = await begin()
    const callback = await person.consent(start)
    let waiting: Response | undefined
    let pageUrl = ''
    world().network.beforeAnswerOf('strava.com/oauth/token', async () => {
      pageUrl = locationOf(await person.get(callback)).href
      waiting = await person.get(pageUrl)
    })
    const outcome = await toldAfter(person, await person.get(callback))
    assert.equal(waiting?.status, 200)
    assert.equal(waiting.headers.get('refresh'), '1')
    assert.equal(new URL(pageUrl).searchParams.get('connected'), null, 'nothing is claimed yet')
    assert.equal(outcome.connected, 'true')
    // What the page's refresh gets then.
    assert.deepEqual(await toldAfter(person, await person.get(pageUrl)), outcome)
  })

  it('a process that dies during the exchange leaves an attempt that ends, and no connection [I12]', async () => {
    const { backend, endUserId, person, start } = await begin()
    const callback = await person.consent(start)
    const { storage } = world().context
    const [row] = await query(
      world(),
      `select id from attempts where end_user_id = ? and status = 'created'`,
      [endUserId],
    )
    assert.ok(row)
    const reference = String(row['id']).slice(0, 10)
    const attempt = await storage.read.attempts.findByReference(asApplicationId('app-a'), reference)
    assert.ok(attempt)
    // As far as the process came.
    await storage.write(({ attempts }) =>
      attempts.transition(attempt.id, 'created', { status: 'exchanging', returnedAt: world().now() }),
    )
    world().advance(61_000)
    await world().sweep()
    const told = await toldAfter(person, await person.get(callback))
    assert.deepEqual([told.connected, told.error], ['false', 'server_error'])
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    assert.deepEqual(await eventsOf(endUserId), ['attempt.failed'])
  })
})
