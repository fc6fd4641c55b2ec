// A rotation of the vault's keys, as an operator does it beside the running service [T102, S14]. The real service is
// restarted with other rings while people's connections are read; what is stored is searched for the former key's mark.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { rewrapValues, takeVaultCensus } from '../../src/broker/sealing/rewrap-values.ts'
import { rewrapKeys, verifyKeys } from '../../src/cli/vault-keys.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { unlockVault, VaultError } from '../../src/vault/index.ts'
import { bringTicket, newConfirmedUser } from '../support/confirmed-user.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { query, storedAmong } from '../support/rows.ts'
import { seededRandom, type World } from '../support/world.ts'

const keyOf = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte).toString('base64') })
/** The ring that every world starts with, and those of the two steps of a rotation. */
const [FORMER, NEXT] = [keyOf('k1', 7), keyOf('k2', 9)]
const HOUR_MS = 3_600_000

onBothDatabases('a rotation of keys', (world) => {
  /** One of each kind that stays: tokens of a living connection and of one to be revoked, a client, a webhook secret. */
  const fill = async () => {
    // Asked for at each call: a restart makes another service.
    const backend = () => backendOf(world(), 'app-a-staging')
    const { endUserId, token } = await backend().newSession()
    const person = newPerson(world())
    await person.connect(link('Connection', token, 11))
    await person.connect(link('Connection', token, 8))
    await person.get(link('Revoke', token, 8, { direct: 'true' }))
    const webhook = { url: `https://hooks.example.com/${endUserId}`, types: ['connection.repaired'] }
    const created = await backend().api('POST', '/webhooks', webhook)
    assert.equal(created.status, 201, await created.clone().text())
    const { data } = (await (await backend().api('GET', `/users/${endUserId}/connections`)).json()) as {
      data: { id: string; status: string }[]
    } // our own API's answer
    const connection = data.find(({ status }) => status === 'active')
    assert.ok(connection)
    return {
      backend,
      person,
      token,
      readToken: () => backend().api('POST', `/connections/${connection.id}/token`),
    }
  }
  const marks = () => storedAmong(world(), ['v1.k1.', 'v1.k2.'])
  const pepperKey = async () => {
    const [row] = await query(world(), `select value from settings where name = 'pepper'`)
    return String(row?.['value']).split('.')[1]
  }
  const startOn = ({ context }: World, ring: readonly { id: string; key: string }[]) =>
    unlockVault(
      ring.map(({ id, key }) => ({ id, key: Buffer.from(key, 'base64') })),
      seededRandom('ring'),
      (sealed) => context.storage.write((tables) => tables.records.putSettingIfAbsent('pepper', sealed)),
    )

  it('goes through while tokens are read and written, misses nothing, and then the former key is not needed', async () => {
    const { backend, person, token, readToken } = await fill()
    await world().restart({ keys: [NEXT, FORMER] })
    await assert.rejects(startOn(world(), [NEXT]), VaultError, 'too early')
    const readAll = async () => {
      for (let i = 0; i < 20; i++) assert.equal((await readToken()).status, 200)
    }
    const reconnect = () => person.connect(link('Connection', token, 11))
    const [rewrapping] = await Promise.all([rewrapValues(world().context), readAll(), readAll(), reconnect()])
    assert.equal(rewrapping.isFinished, true)
    assert.deepEqual([...rewrapping.census.byKey.keys()], ['k2'])
    const [again] = await Promise.all([rewrapValues(world().context)])
    assert.deepEqual(
      [...again.rewrapped.values()].filter((count) => count > 0),
      [],
    )
    const rows = await query(world(), `select object from audit_entries where action = 'vault.rewrap'`)
    assert.equal(rows.at(-1)?.['object'], 'k2')

    await world().restart({ keys: [NEXT] })
    assert.equal((await readToken()).status, 200)
    await world().sweep()
    assert.deepEqual(await query(world(), 'select id from revocations where sealed_tokens is not null'), [])
    assert.equal((await backend().api('GET', '/webhooks')).status, 200)
    await world().restart({ keys: [NEXT, FORMER] })
  })

  it('is broken off in the middle and goes on: until the end, the pepper asks for the former key', async () => {
    await world().restart({ keys: [FORMER, NEXT] })
    await rewrapValues(world().context)
    const { readToken } = await fill()
    await world().restart({ keys: [NEXT, FORMER] })
    let writes = 0
    const dying: Storage = {
      ...world().context.storage,
      write: (unit) =>
        writes++ === 0 ? world().context.storage.write(unit) : Promise.reject(new Error('killed')),
    }
    await assert.rejects(rewrapValues({ ...world().context, storage: dying }), /killed/)
    assert.deepEqual(await marks(), ['v1.k1.', 'v1.k2.'])
    assert.equal(await pepperKey(), 'k1')
    assert.equal((await readToken()).status, 200)
    assert.equal((await rewrapValues(world().context)).isFinished, true)
    assert.equal(await pepperKey(), 'k2')
  })

  it('waits with the pepper for a grant that somebody has yet to confirm, and says so', async () => {
    await world().restart({ keys: [FORMER, NEXT] })
    await rewrapValues(world().context)
    const user = await newConfirmedUser(world(), 'app-a-confirm')
    await bringTicket(newPerson(world()), user, 11)
    await world().restart({ keys: [NEXT, FORMER] })
    const lines: string[] = []
    assert.equal(await rewrapKeys(world().context, (line) => lines.push(line)), 1)
    assert.match(
      lines.join('\n'),
      /1 of those not under the first key are gone within the hour by themselves[\s\S]*Run this again then\.$/,
    )
    assert.equal(await pepperKey(), 'k1')
    world().advance(HOUR_MS)
    await world().sweep()
    assert.equal(await rewrapKeys(world().context, () => undefined), 0)
    assert.deepEqual([...(await takeVaultCensus(world().context)).byKey.keys()], ['k2'])
  })

  it('a value that does not open is told by kind, stays as it is, and keeps the former key [T099, T100]', async () => {
    await world().restart({ keys: [FORMER, NEXT] })
    await rewrapValues(world().context)
    const { readToken } = await fill()
    const [row] = await query(world(), `select id, sealed_tokens from connections where status = 'active'`)
    const broken = `${String(row?.['sealed_tokens']).slice(0, -4)}AAAA`
    await query(world(), 'update connections set sealed_tokens = ? where id = ?', [
      broken,
      String(row?.['id']),
    ])
    // What another process wrote is seen from the next round of the event loop on.
    await new Promise((resolve) => setImmediate(resolve))
    const lines: string[] = []
    assert.equal(await verifyKeys(world().context, (line) => lines.push(line)), 1)
    assert.match(lines.join('\n'), /^cannot be opened: tokens of connections: 1\./m)
    await world().restart({ keys: [NEXT, FORMER] })
    assert.equal((await rewrapValues(world().context)).isFinished, false)
    assert.equal(await pepperKey(), 'k1')
    assert.notEqual((await readToken()).status, 500)
  })
})
