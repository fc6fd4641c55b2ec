// What a thief of the database finds: digests, sealed values, ids. Not one secret of a full run is in the bytes of the
// SQLite file and its log, or in any row of PostgreSQL; and sealed values open in their own row only.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { query, storedAmong } from '../support/rows.ts'
import { useEverything } from '../support/secrets.ts'

onBothDatabases('what is stored', (world) => {
  it('holds no session token, state, code, verifier, vendor token, cookie, result code or credential [T002, T098, I15]', async () => {
    // Somebody whose connection lives on, so that there are sealed tokens to look through.
    const { endUserId, token } = await backendOf(world()).newSession()
    await newPerson(world()).connect(link('Connection', token, 11))
    const secrets = await useEverything(world())
    assert.ok(secrets.size >= 11, [...secrets.keys()].join())
    for (const [kind, values] of secrets) assert.ok(values.length > 0, kind)
    const all = [...secrets.values()].flat()
    assert.deepEqual(await storedAmong(world(), all), [], 'with the log of what was written')
    await world().restart()
    assert.deepEqual(await storedAmong(world(), all), [], 'after the next start')
    assert.deepEqual(await storedAmong(world(), [endUserId]), [endUserId], 'the look finds what is there')
  })

  it('of vendor tokens is sealed under a named key, each in a form of its own [T098]', async () => {
    for (const source of [11, 8, 1])
      await newPerson(world()).connect(
        link('Connection', (await backendOf(world()).newSession()).token, source),
      )
    const rows = await query(world(), 'select sealed_tokens from connections where sealed_tokens is not null')
    assert.ok(rows.length >= 3)
    for (const { sealed_tokens: sealed } of rows)
      assert.match(String(sealed), /^v1\.k1\.[\w-]{80}\.[\w-]{16}\.[\w-]+$/)
    assert.equal(new Set(rows.map((row) => row['sealed_tokens'])).size, rows.length)
  })

  for (const application of ['app-a', 'app-b'])
    it(`moved to another row, here of ${application}, does not open: the person is disconnected, nothing is sent, nothing breaks [T099]`, async () => {
      const mine = await backendOf(world()).newSession()
      const theirs = await backendOf(world(), application).newSession()
      const [victim, attacker] = [newPerson(world()), newPerson(world())]
      await victim.connect(link('Connection', theirs.token, 11))
      await attacker.connect(link('Connection', mine.token, 11))
      await query(
        world(),
        `update connections set sealed_tokens = (select sealed_tokens from connections where end_user_id = ?)
         where end_user_id = ?`,
        [theirs.endUserId, mine.endUserId],
      )
      const before = world().sandbox.control.calls({ operation: 'revoke' }).length
      const answer = await attacker.get(link('Revoke', mine.token, 11, { direct: 'true' }))
      assert.match(answer.headers.get('location') ?? '', /connected=false/)
      await world().sweep()
      const [job] = await query(
        world(),
        'select status, cause, sealed_tokens from revocations where connection_id in (select id from connections where end_user_id = ?)',
        [mine.endUserId],
      )
      assert.deepEqual({ ...job }, { status: 'gave_up', cause: 'vault_integrity', sealed_tokens: null })
      assert.equal(world().sandbox.control.calls({ operation: 'revoke' }).length, before)
      assert.deepEqual(await backendOf(world(), application).connectedSources(theirs.endUserId), [11])
      assert.ok(
        world().log.some(({ fields }) => fields['cause'] === 'vault_integrity'),
        'the operator can see it',
      )
    })

  it('with one character changed does not open either [T100]', async () => {
    for (const [part, cause] of [
      [0, 'vault_malformed'],
      [2, 'vault_integrity'],
      [3, 'vault_integrity'],
      [4, 'vault_integrity'],
    ] as const) {
      const { endUserId, token } = await backendOf(world()).newSession()
      const person = newPerson(world())
      await person.connect(link('Connection', token, 11))
      const [row] = await query(world(), 'select sealed_tokens from connections where end_user_id = ?', [
        endUserId,
      ])
      const parts = String(row?.['sealed_tokens']).split('.')
      const changed = (parts[part] ?? '').replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
      await query(world(), 'update connections set sealed_tokens = ? where end_user_id = ?', [
        parts.with(part, changed).join('.'),
        endUserId,
      ])
      await person.get(link('Revoke', token, 11, { direct: 'true' }))
      await world().sweep()
      const [job] = await query(
        world(),
        'select status, cause from revocations where connection_id in (select id from connections where end_user_id = ?)',
        [endUserId],
      )
      assert.deepEqual({ ...job }, { status: 'gave_up', cause })
    }
  })
})
