// bind=confirm at its edges: whose a ticket is, what a request may say, reloads, lateness, faults, crashes, erasure, and
// what of it is stored. The ways themselves are in binding-confirm.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { bringTicket, endsOf, newConfirmedUser, startOf, ticketOf } from '../support/confirmed-user.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { VERIFY_URL } from '../support/world.ts'

const MINUTE = 60_000

/** What stands behind the attempt's id; it may have a dash of its own. */
const secretOf = (ticket: string): string => ticket.slice(37)

onBothDatabases('bind=confirm, at its edges', (world) => {
  it('gives a ticket that is nobody’s without credentials, at another application, or guessed [T071, T072]', async () => {
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    const ticket = await bringTicket(newPerson(world()), user, 11)
    assert.match(ticket, /^[0-9A-Z]{36}-[A-Za-z0-9_-]{43}$/, '256 bits behind the attempt')
    const body = JSON.stringify({ ticket, endUserId: user.endUserId })
    const bare = await world().app.request('/v1/attempts/confirm', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    assert.equal(bare.status, 401)
    for (const other of ['app-b', 'app-a', 'app-a-early']) {
      const answer = await backendOf(world(), other).api('POST', '/attempts/confirm', JSON.parse(body))
      assert.equal(answer.status, 404, other)
    }
    const [id, secret] = [ticket.slice(0, 36), secretOf(ticket)]
    const guesses = [
      `${id}-${secret.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      `${id}-`,
      `${id}`,
      `-${secret}`,
      secret,
      `${ticket} `,
      `${'0'.repeat(36)}-${secret}`,
      'x',
      '\u0000',
    ]
    for (const guess of guesses) assert.equal((await user.confirm(guess)).status, 404, guess)
    assert.equal((await user.confirm(ticket)).status, 200, 'none of that used it up')
  })

  it('changes nothing over a body that is not in order', async () => {
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    const ticket = await bringTicket(newPerson(world()), user, 11)
    for (const body of [
      {},
      { ticket },
      { ticket, endUserId: 'mara' },
      { ticket: '', endUserId: user.endUserId },
      [],
      'x',
    ])
      assert.equal((await user.backend.api('POST', '/attempts/confirm', body)).status, 400)
    assert.equal((await user.confirm(ticket)).status, 200)
  })

  it('sends the browser to the configured address, whatever a request says [T073]', async () => {
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    const person = newPerson(world())
    const evil = 'https://evil.example/verify'
    const callback = await person.consent(`${startOf(user, 11)}&verifyUrl=${evil}&verify_url=${evil}`)
    const returned = await person.get(`${callback}&verifyUrl=${evil}&verify_url=${evil}&ticket=1`)
    assert.equal(locationOf(returned).href.split('&ticket=')[0], VERIFY_URL)
    const minted = await user.backend.api('POST', '/sessions', { endUserId: user.endUserId, verifyUrl: evil })
    assert.doesNotMatch(await minted.text(), /evil/)
  })

  it('brings the same ticket again to the browser that reloads the callback, and nothing to another', async () => {
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    const [person, other] = [newPerson(world()), newPerson(world())]
    const callback = await person.consent(startOf(user, 8))
    const ticket = ticketOf(await person.get(callback))
    assert.equal(ticketOf(await person.get(callback)), ticket)
    assert.equal((await other.get(callback)).status, 409)
    await user.confirm(ticket)
    assert.equal((await toldAfter(person, await person.get(callback))).connected, 'true')
  })

  it('leads a browser that did not start nowhere by the next address', async () => {
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    const { next } = await user.confirm(await bringTicket(newPerson(world()), user, 11))
    const answer = await newPerson(world()).get(next)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('location'), null)
  })

  it('finds the way back also when the confirmation comes after the time of the start', async () => {
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    const person = newPerson(world())
    const started = await person.get(startOf(user, 11))
    world().advance(limits.attemptLifetimeMs - MINUTE)
    const { account } = person
    const consent = await world().sandbox.control.consent(locationOf(started).href, { account })
    const ticket = ticketOf(await person.get(consent.location ?? ''))
    world().advance(9 * MINUTE)
    const { next } = await user.confirm(ticket)
    assert.equal((await toldAfter(person, await person.get(next))).connected, 'true')
  })

  it('tells of a cancel and of a vendor’s fault without a confirmation', async () => {
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    const person = newPerson(world())
    const cancelled = await toldAfter(person, await person.connect(startOf(user, 11), { decision: 'cancel' }))
    assert.equal(cancelled.error, 'access_denied')
  })

  it('tells of an exchange that fails after the confirmation at the place where the browser goes on', async () => {
    for (const repeat of [false, true]) {
      const user = await newConfirmedUser(world(), 'app-a-confirm')
      const person = newPerson(world())
      const ticket = await bringTicket(person, user, 11)
      world().network.setReachable(false)
      const { status, next } = await user.confirm(ticket)
      world().network.setReachable(true)
      if (repeat) assert.deepEqual(await user.confirm(ticket), { status, next, code: null })
      assert.equal(status, 200)
      const told = await toldAfter(person, await person.get(next))
      assert.deepEqual([told.connected, told.error], ['false', 'vendor_unavailable'])
      assert.deepEqual(await user.feed(), ['attempt.failed vendor_unavailable'])
      assert.deepEqual(await user.held(), [])
    }
  })

  it('connects nobody whose session ended or whose deletion was queued meanwhile', async () => {
    for (const application of ['app-a-confirm', 'app-a-early']) {
      const user = await newConfirmedUser(world(), application)
      const person = newPerson(world())
      const ticket = await bringTicket(person, user, 11)
      assert.equal((await user.backend.api('DELETE', `/users/${user.endUserId}/sessions`)).status, 200)
      assert.equal((await user.confirm(ticket)).status, 200)
      assert.deepEqual(await user.sources(), [])
      assert.deepEqual(await user.feed(), ['attempt.failed session_expired'])
      await world().sweep()
      if (application === 'app-a-early') assert.deepEqual(endsOf(world(), person), ['application'])
      assert.deepEqual(await user.held(), [])
    }
  })

  it('erases with an end user what is held for them, and revokes it', async () => {
    const user = await newConfirmedUser(world(), 'app-a-early')
    const person = newPerson(world())
    const ticket = await bringTicket(person, user, 11)
    await world().app.request('/v5/userInformation', {
      method: 'DELETE',
      headers: user.backend.headers,
      body: new URLSearchParams({
        authenticationToken: user.endUserId,
        deletionDate: new Date(world().now()).toISOString(),
      }),
    })
    await world().sweep()
    await world().sweep()
    assert.deepEqual(endsOf(world(), person), ['application'])
    assert.equal((await user.confirm(ticket)).status, 404)
    assert.deepEqual(await user.held(), [])
  })

  it('survives a restart, and a crash in the middle of using what was held ends the attempt', async () => {
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    const person = newPerson(world())
    const [kept, cut] = [await bringTicket(person, user, 11), await bringTicket(newPerson(world()), user, 8)]
    const id = cut.split('-')[0]
    await query(world(), 'update held_grants set released_at = ?, expires_at = ? where attempt_id = ?', [
      String(world().now()),
      String(world().now() + limits.attemptExchangeMs),
      String(id),
    ])
    await world().restart()
    const again = await backendOf(world(), 'app-a-confirm').api('POST', '/attempts/confirm', {
      ticket: kept,
      endUserId: user.endUserId,
    })
    assert.equal(again.status, 200)
    world().advance(limits.attemptExchangeMs)
    await world().sweep()
    assert.deepEqual(await user.feed(), ['notification.source.connect', 'attempt.failed server_error'])
    assert.deepEqual(await user.held(), [])
  })

  it('keeps neither code, token nor ticket in the clear', async () => {
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    const person = newPerson(world())
    const callback = await person.consent(startOf(user, 11))
    const ticket = ticketOf(await person.get(callback))
    const code = new URL(callback).searchParams.get('code') ?? ''
    const rows = JSON.stringify(await query(world(), 'select * from held_grants'))
    for (const secret of [code, ticket, secretOf(ticket)]) assert.ok(!rows.includes(secret))
    assert.ok(!JSON.stringify(world().log).includes(secretOf(ticket)))
    await user.confirm(ticket)
  })

  it('does not open what was moved from one attempt to another', async () => {
    const [one, other] = [
      await newConfirmedUser(world(), 'app-a-early'),
      await newConfirmedUser(world(), 'app-a-early'),
    ]
    const tickets = [
      await bringTicket(newPerson(world()), one, 11),
      await bringTicket(newPerson(world()), other, 11),
    ]
    const [from, to] = tickets.map((ticket) => String(ticket.split('-')[0]))
    const [row] = await query(world(), 'select sealed, account_id from held_grants where attempt_id = ?', [
      String(from),
    ])
    await query(world(), 'update held_grants set sealed = ? where attempt_id = ?', [
      String(row?.['sealed']),
      String(to),
    ])
    assert.equal((await other.confirm(String(tickets[1]))).status, 200)
    assert.deepEqual(await other.sources(), [])
    assert.deepEqual(await other.feed(), ['attempt.failed server_error'])
  })

  it('shows in the attempt’s timeline who waited for whom', async () => {
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    const ticket = await bringTicket(newPerson(world()), user, 11)
    const read = async () => {
      const answer = await user.backend.api('GET', `/attempts?reference=${ticket.slice(0, 10)}`)
      const { status, timeline } = (await answer.json()) as { status: string; timeline: { step: string }[] } // our own API's answer
      return [status, ...timeline.map(({ step }) => step)]
    }
    assert.deepEqual(await read(), ['pending', 'started', 'returned'])
    await user.confirm(ticket)
    assert.deepEqual(await read(), ['done', 'started', 'returned', 'confirmed', 'finished'])
  })
})
