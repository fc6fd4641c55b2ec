// bind=auto, as the documented service does: whoever opens a link connects their account to the link's end user, and a
// vendor account moves at once. What remains is what the audit log says. Page and confirm are in files of their own.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { subjectHashOf } from '../../src/broker/audit/deletion-receipt.ts'
import { limits } from '../../src/limits.ts'
import { asEndUserId } from '../../src/model/ids.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { accountKey } from '../support/vendors.ts'
import { APP_A } from '../support/world.ts'

onBothDatabases('bind=auto', (world) => {
  const newUser = async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const start = link('Connection', token, 11, { redirect_uri: APP_A })
    return { backend, endUserId, start, sources: () => backend.connectedSources(endUserId) }
  }
  const auditOf = async (action: string): Promise<readonly string[]> =>
    (
      await query(world(), 'select object from audit_entries where action = ? order by sequence', [action])
    ).map(({ object }) => String(object))
  const hashOf = (endUserId: string) => subjectHashOf(world().context, asEndUserId(endUserId))

  it('goes straight to the vendor, and connects whoever opened the link: the attack succeeds [T076]', async () => {
    const attacker = await newUser()
    const victim = newPerson(world())
    assert.equal(locationOf(await victim.get(attacker.start)).origin, 'https://sandbox.example.net')
    const told = await toldAfter(victim, await victim.connect(attacker.start))
    assert.equal(told.connected, 'true')
    assert.deepEqual(await attacker.sources(), [11])
  })

  it('moves a vendor account at once, and both end users stand in the audit log [T077]', async () => {
    const person = newPerson(world())
    const [owner, other] = [await newUser(), await newUser()]
    await person.connect(owner.start)
    await person.connect(other.start)
    assert.deepEqual([await owner.sources(), await other.sources()], [[], [11]])
    assert.equal((await auditOf('connection.lose-account')).at(-1), hashOf(owner.endUserId))
    assert.equal((await auditOf('connection.take-account')).at(-1), hashOf(other.endUserId))
  })

  it('raises the alarm when one end user connects more than three accounts of one source in a day [T079]', async () => {
    const user = await newUser()
    const alarms = async () => (await auditOf('connection.suspicious')).length
    const before = await alarms()
    const connect = async (number: number) => {
      const account = accountKey(280 + number)
      await newPerson(world()).connect(user.start, { account })
      return (await alarms()) - before
    }
    const raised: number[] = []
    for (const number of [1, 2, 1, 3, 2]) raised.push(await connect(number))
    assert.deepEqual(raised, [0, 0, 0, 0, 0], 'three accounts, some of them again')
    assert.equal(await connect(4), 1)
    assert.equal(await connect(5), 2)
  })

  it('raises no alarm for accounts of other days, other sources or other end users [T079]', async () => {
    const before = (await auditOf('connection.suspicious')).length
    const [user, other] = [await newUser(), await newUser()]
    const token = new URL(user.start, 'https://x').searchParams.get('token') ?? ''
    for (const number of [1, 2])
      await newPerson(world()).connect(user.start, { account: accountKey(270 + number) })
    await newPerson(world()).connect(link('Connection', token, 8), { account: accountKey(273) })
    await newPerson(world()).connect(other.start, { account: accountKey(274) })
    world().advance(limits.accountsCountedMs)
    const minted = await user.backend.mint(user.endUserId)
    for (const number of [5, 6])
      await newPerson(world()).connect(link('Connection', minted, 11), { account: accountKey(270 + number) })
    assert.equal((await auditOf('connection.suspicious')).length, before)
  })
})
