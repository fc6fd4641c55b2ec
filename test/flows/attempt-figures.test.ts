// Goal: an operator sees in /metrics how each attempt ended, by source and outcome, each attempt once; and in the log why it
// failed. Method: every way in which an attempt ends, through the links, on both databases.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { bringTicket, newConfirmedUser } from '../support/confirmed-user.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { phonesIn } from '../support/phones.ts'
import { SERVICE } from '../support/world.ts'

const CALLERS = 20

onBothDatabases('figures of attempts', (world) => {
  const counted = async () => {
    const text = await (await world().app.request('/metrics')).text()
    const lines = [
      ...text.matchAll(
        /^springbar_attempts_total\{action="(\w+)",source="([^"]+)",outcome="(\w+)"\} (\d+)$/gm,
      ),
    ]
    return new Map(
      lines.map(([, action, source, outcome, count]) => [`${action} ${source} ${outcome}`, Number(count)]),
    )
  }
  /** What was counted while something was done. */
  const during = async (act: () => Promise<unknown>) => {
    const before = await counted()
    await act()
    const more = [...(await counted())].map(([end, count]) => [end, count - (before.get(end) ?? 0)] as const)
    return Object.fromEntries(more.filter(([, count]) => count > 0))
  }
  /** The causes of those that failed meanwhile, as the log has them. */
  const causes = async (act: () => Promise<unknown>) => {
    const seen = world().log.length
    await act()
    return world()
      .log.slice(seen)
      .filter(({ message }) => message === 'attempt failed' || message === 'attempt ended')
      .map(({ fields }) => `${fields['error']} ${fields['cause']}`)
  }
  const session = (application = 'app-a') => backendOf(world(), application).newSession()

  it('one that succeeds is counted once, whoever asks for it again', async () => {
    const { token } = await session()
    const person = newPerson(world())
    const callback = await person.consent(link('Connection', token, 11))
    assert.deepEqual(
      await during(() => Promise.all(Array.from({ length: CALLERS }, () => person.get(callback)))),
      { 'connect strava done': 1 },
    )
    assert.deepEqual(await during(() => person.get(callback)), {})
  })

  it('a disconnect is counted, also where nothing was connected; a form that was sent twice is one', async () => {
    const { token } = await session()
    const person = newPerson(world())
    const revoke = link('Revoke', token, 11)
    assert.deepEqual(await during(() => person.get(`${revoke}&direct=true`)), { 'disconnect strava done': 1 })
    const page = await (await person.get(revoke)).text()
    const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const inputs = page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)
    const fields = Object.fromEntries([...inputs].map(([, name, value]) => [name, value ?? '']))
    const send = () => person.post(action, { ...fields, answer: 'yes' })
    assert.deepEqual(await during(() => Promise.all(Array.from({ length: CALLERS }, send))), {
      'disconnect strava done': 1,
    })
  })

  it('one that the person cancels, and one that nobody finishes', async () => {
    const { token } = await session()
    const person = newPerson(world())
    assert.deepEqual(
      await during(() => person.connect(link('Connection', token, 8), { decision: 'cancel' })),
      {
        'connect withings access_denied': 1,
      },
    )
    await person.get(link('Connection', token, 11))
    world().advance(limits.attemptLifetimeMs + 1)
    assert.deepEqual(await during(async () => [await world().sweep(), await world().sweep()]), {
      'connect strava attempt_expired': 1,
    })
  })

  it('one whose source does not exist has a label of its own, whatever the link said', async () => {
    const { token } = await session()
    const wrong = link('Connection', token, 'no-such-source', {
      redirect_uri: 'https://app-a.example.com/done',
    })
    assert.deepEqual(await during(() => newPerson(world()).get(wrong)), {
      'connect none source_not_available': 1,
    })
  })

  it('one that a policy refuses is counted, and in the log with its cause', async () => {
    const person = newPerson(world())
    const [owner, other] = [await session('app-a-refuse'), await session('app-a-refuse')]
    await person.connect(link('Connection', owner.token, 11))
    const refused = () => person.connect(link('Connection', other.token, 11))
    assert.deepEqual(await during(refused), { 'connect strava account_in_use': 1 })
    assert.deepEqual(await causes(refused), ['account_in_use account_taken'])
  })

  it('with confirm it is counted when it ends, not while it waits', async () => {
    const [right, wrong] = [
      await newConfirmedUser(world(), 'app-a-confirm'),
      await newConfirmedUser(world(), 'app-a-confirm'),
    ]
    let ticket = ''
    const bring = async () => {
      ticket = await bringTicket(newPerson(world()), right, 11)
    }
    assert.deepEqual(await during(bring), {})
    assert.deepEqual(await during(() => right.confirm(ticket)), { 'connect strava done': 1 })
    await bring()
    assert.deepEqual(await during(() => right.confirm(ticket, wrong.endUserId)), {
      'connect strava user_mismatch': 1,
    })
  })

  it('a pairing with a phone is counted once, also when many phones bring the code', async () => {
    const phones = phonesIn(world)
    const { code } = await phones.shown()
    const redeem = () => Promise.all(Array.from({ length: CALLERS }, () => phones.redeem(code)))
    assert.deepEqual(await during(redeem), { 'connect health-connect done': 1 })
    const other = await phones.shown()
    const stranger = await backendOf(world(), 'app-a-staging').createEndUser()
    assert.deepEqual(await causes(async () => phones.redeem(other.code, { endUserId: stranger })), [
      'browser_changed user_mismatch',
    ])
  })

  it('no end user, session or reference is a label [T127]', async () => {
    const { token, endUserId } = await session()
    await newPerson(world()).connect(link('Connection', token, 11))
    const text = await (await world().app.request(`${SERVICE}/metrics`)).text()
    for (const secret of [token, endUserId]) assert.ok(!text.includes(secret))
  })
})
