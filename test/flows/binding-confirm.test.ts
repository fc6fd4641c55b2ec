// bind=confirm: only the application, which sees its own log-in, makes a connection of what came back from a vendor. A
// link that somebody else opens connects nobody, and what was received is ended. Codes that wait, and tokens that wait.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { bringTicket, endsOf, newConfirmedUser, resultOf } from '../support/confirmed-user.ts'
import { onBothDatabases } from '../support/databases.ts'
import { newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_CONFIRM } from '../support/world.ts'

/** Each way to wait: what waits at a vendor whose codes live ten minutes, and at one whose codes live 30 seconds. */
const WAYS = [
  ['a code that waits', 'app-a-confirm', 11],
  ['tokens that wait, because codes die too soon', 'app-a-confirm', 8],
  ['tokens that wait, because the application wants it so', 'app-a-early', 11],
  ['a code that waits, although it dies soon', 'app-a-late', 8],
] as const

onBothDatabases('bind=confirm', (world) => {
  const auditOf = async (action: string) =>
    query(world(), 'select object, result from audit_entries where action = ?', [action])

  for (const [way, application, source] of WAYS) {
    it(`connects who the application says is logged in: ${way}`, async () => {
      const user = await newConfirmedUser(world(), application)
      const person = newPerson(world())
      const { status, next } = await user.confirm(await bringTicket(person, user, source))
      assert.equal(status, 200)
      const told = await toldAfter(person, await person.get(next))
      assert.equal(told.connected, 'true')
      assert.ok(told.address.startsWith(`${APP_CONFIRM}?`))
      assert.deepEqual(await user.sources(), [source])
      assert.deepEqual(await user.feed(), ['notification.source.connect'])
      const redeemed = await user.backend.api('POST', `/results/${told.result}`, {})
      assert.equal(((await redeemed.json()) as { endUserId: string }).endUserId, user.endUserId) // our own API's answer
      assert.deepEqual(await user.held(), [])
    })

    it(`lists, reads and announces nothing before that: ${way} [T074]`, async () => {
      const user = await newConfirmedUser(world(), application)
      const person = newPerson(world())
      const ticket = await bringTicket(person, user, source)
      assert.deepEqual([await user.sources(), await user.feed()], [[], []])
      const listed = await user.backend.api('GET', `/users/${user.endUserId}/connections`)
      assert.deepEqual(((await listed.json()) as { data: unknown[] }).data, []) // our own API's answer
      const result = await person.follow(await person.get(resultOf(ticket)))
      assert.equal(result.status, 200)
      assert.match(await result.text(), /You can go back to your app/)
      await user.confirm(ticket)
      assert.deepEqual(await user.sources(), [source])
    })

    it(`connects nobody when another is logged in, and ends what was received: ${way} [T069]`, async () => {
      // The attacker's link, opened by somebody who is logged in as themselves.
      const [attacker, victim] = [
        await newConfirmedUser(world(), application),
        await newConfirmedUser(world(), application),
      ]
      const person = newPerson(world())
      const ticket = await bringTicket(person, attacker, source)
      const before = (await auditOf('attempt.user-mismatch')).length
      assert.deepEqual(await attacker.confirm(ticket, victim.endUserId), {
        status: 409,
        next: '',
        code: 'user_mismatch',
      })
      // Not any more, also with the right one: what was held is gone.
      assert.equal((await attacker.confirm(ticket)).code, 'user_mismatch')
      await world().sweep()
      for (const user of [attacker, victim]) assert.deepEqual(await user.sources(), [])
      assert.deepEqual(await attacker.feed(), ['attempt.failed user_mismatch'])
      assert.deepEqual(await victim.feed(), [])
      const audit = await auditOf('attempt.user-mismatch')
      assert.deepEqual([audit.length - before, audit.at(-1)?.['result']], [1, 'refused'])
      assert.deepEqual(await attacker.held(), [])
      const told = await toldAfter(person, await person.get(resultOf(ticket)))
      assert.deepEqual([told.connected, told.error], ['false', 'user_mismatch'])
    })

    it(`connects nobody when the application says nothing: ${way} [T070]`, async () => {
      const user = await newConfirmedUser(world(), application)
      const person = newPerson(world())
      const ticket = await bringTicket(person, user, source)
      const window = application === 'app-a-late' ? 30_000 : limits.heldGrantMs
      world().advance(window - 1)
      await world().sweep()
      assert.deepEqual(await user.feed(), [], 'its time is not over')
      world().advance(1)
      await world().sweep()
      assert.deepEqual(await user.feed(), ['attempt.failed attempt_expired'])
      assert.deepEqual(await user.confirm(ticket), { status: 410, next: '', code: 'attempt_expired' })
      assert.deepEqual(await user.sources(), [])
      assert.deepEqual(await user.held(), [])
      const told = await toldAfter(person, await person.get(resultOf(ticket)))
      assert.deepEqual([told.connected, told.error], ['false', 'attempt_expired'])
    })

    it(`refuses a word that comes too late, also before the background has looked: ${way} [T070]`, async () => {
      const user = await newConfirmedUser(world(), application)
      const ticket = await bringTicket(newPerson(world()), user, source)
      world().advance(application === 'app-a-late' ? 30_000 : limits.heldGrantMs)
      for (let time = 0; time < 2; time++)
        assert.deepEqual(await user.confirm(ticket), { status: 410, next: '', code: 'attempt_expired' })
      assert.deepEqual(await user.sources(), [])
      assert.deepEqual(await user.held(), [])
      assert.deepEqual(await user.feed(), ['attempt.failed attempt_expired'])
    })

    it(`answers a second confirmation like the first, and connects once: ${way} [T071]`, async () => {
      const user = await newConfirmedUser(world(), application)
      const person = newPerson(world())
      const ticket = await bringTicket(person, user, source)
      const answers = await Promise.all(Array.from({ length: 20 }, () => user.confirm(ticket)))
      answers.push(await user.confirm(ticket))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      assert.equal(new Set(answers.map(({ next }) => next)).size, 1)
      assert.deepEqual(await user.feed(), ['notification.source.connect'])
      const connections = await query(world(), 'select id from connections where end_user_id = ?', [
        user.endUserId,
      ])
      assert.equal(connections.length, 1)
    })
  }

  it('exchanges a code once, when it is confirmed, and tokens are there before', async () => {
    for (const [, application, source] of WAYS) {
      const user = await newConfirmedUser(world(), application)
      const person = newPerson(world())
      const exchanges = () => world().sandbox.control.calls({ operation: 'token' }).length
      const start = exchanges()
      const ticket = await bringTicket(person, user, source)
      const waits = application === 'app-a-late' || (application === 'app-a-confirm' && source === 11)
      assert.equal(exchanges() - start, waits ? 0 : 1, application)
      await user.confirm(ticket)
      assert.equal(exchanges() - start, 1, application)
    }
  })

  it('revokes tokens that nobody confirmed at the vendor; for a code there are none, and it dies [T069]', async () => {
    for (const [application, ended] of [
      ['app-a-early', 'application'],
      ['app-a-confirm', null],
    ] as const) {
      const user = await newConfirmedUser(world(), application)
      const person = newPerson(world())
      const ticket = await bringTicket(person, user, 11)
      await user.confirm(ticket, 'f'.repeat(32))
      await world().sweep()
      assert.deepEqual(endsOf(world(), person), [ended])
    }
  })
})
