// A database that cannot write, or not read, at every step of a flow: nothing is half done, nobody is told what is not
// durable, the person gets a page with a way on, and what was interrupted goes on or ends when the database is back.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { SpringbarError } from '../../src/errors.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, credentialsOf, link, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A, SERVICE } from '../support/world.ts'

const SECRET = 'what-an-error-of-a-driver-may-quote'

/** A storage whose next writes, or all reads, can be made to fail. */
function createSwitch() {
  const broken = { writes: 0, skippedWrites: 0, reads: null as Error | null }
  const unavailable = () =>
    new SpringbarError('storage_unavailable', 'Nothing could be stored.', { cause: new Error(SECRET) })
  const wrap = (storage: Storage): Storage => ({
    ...storage,
    read: {
      ...storage.read,
      sessions: {
        ...storage.read.sessions,
        find: async (lookup) => {
          if (broken.reads !== null) throw broken.reads
          return storage.read.sessions.find(lookup)
        },
      },
    },
    write: async (unit) => {
      if (broken.skippedWrites > 0) broken.skippedWrites -= 1
      else if (broken.writes > 0) {
        broken.writes -= 1
        // As when the disk is full at the commit: the unit ran, and all of it is undone.
        await storage
          .write(async (tables) => {
            await unit(tables)
            throw unavailable()
          })
          .catch(() => undefined)
        throw unavailable()
      }
      return storage.write(unit)
    },
  })
  return { broken, wrap }
}

const { broken, wrap } = createSwitch()

onBothDatabases(
  'a database that fails',
  (world) => {
    const begin = async () => {
      const backend = backendOf(world())
      const { endUserId, token } = await backend.newSession()
      const person = newPerson(world())
      return {
        backend,
        endUserId,
        token,
        person,
        start: link('Connection', token, 11, { redirect_uri: APP_A }),
      }
    }
    const assertComesBack = async (answer: Response) => {
      assert.equal(answer.status, 503)
      assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
      assert.equal(answer.headers.get('location'), null)
      assert.deepEqual(answer.headers.getSetCookie(), [])
      const text = await answer.text()
      assert.ok(!text.includes(SECRET))
      return text
    }

    it('while a session is minted gives no token, but a 503 that says when to come again [S0]', async () => {
      const { endUserId } = await begin()
      broken.writes = 1
      const answer = await world().app.request(`${SERVICE}/widget/v6/connection`, {
        method: 'POST',
        headers: { ...credentialsOf('a', 'app-a'), 'content-type': 'application/json' },
        body: JSON.stringify({ endUserId }),
      })
      const text = await assertComesBack(answer)
      assert.equal((JSON.parse(text) as { code: string }).code, 'storage_unavailable') // the documented error
      assert.doesNotMatch(text, /connectionSessionToken/)
    })

    it('while an attempt starts sends nobody to the vendor [S1]', async () => {
      const { person, start } = await begin()
      broken.writes = 1
      assert.match(await assertComesBack(await person.get(start)), /We will be back in a moment/)
      assert.equal((await toldAfter(person, await person.connect(start))).connected, 'true')
    })

    it('while the callback is claimed asks the vendor for nothing: a reload carries on [S3]', async () => {
      const { person, start } = await begin()
      const callback = await person.consent(start)
      const before = world().sandbox.control.calls({ operation: 'token' }).length
      broken.writes = 1
      await assertComesBack(await person.get(callback))
      assert.equal(world().sandbox.control.calls({ operation: 'token' }).length, before)
      assert.equal((await toldAfter(person, await person.get(callback))).connected, 'true')
    })

    it('while the grant is stored connects nothing, and the grant is ended at the vendor [S6, I01, I02]', async () => {
      const { backend, endUserId, person, start } = await begin()
      const callback = await person.consent(start)
      // The claim succeeds, the connection does not.
      Object.assign(broken, { skippedWrites: 1, writes: 1 })
      const told = await toldAfter(person, await person.get(callback))
      assert.deepEqual([told.connected, told.error], ['false', 'server_error'])
      assert.deepEqual(await backend.connectedSources(endUserId), [])
      const events = await query(world(), 'select type from events where end_user_id = ?', [endUserId])
      assert.deepEqual(
        events.map(({ type }) => type),
        ['attempt.failed'],
      )
      await world().sweep()
      const grants = world()
        .sandbox.control.grants()
        .filter(({ account }) => account === person.account)
      assert.ok(grants.length > 0 && grants.every(({ ended }) => ended !== null))
    })

    it('for longer ends the attempt when it is back, and the person can start again [I12, I14]', async () => {
      const { backend, endUserId, person, start } = await begin()
      const callback = await person.consent(start)
      Object.assign(broken, { skippedWrites: 1, writes: 3 })
      await assertComesBack(await person.get(callback))
      broken.writes = 0
      world().advance(61_000)
      await world().sweep()
      const told = await toldAfter(person, await person.get(callback))
      assert.deepEqual([told.connected, told.error], ['false', 'server_error'])
      assert.equal((await toldAfter(person, await person.connect(start))).connected, 'true')
      assert.deepEqual(await backend.connectedSources(endUserId), [11])
    })

    it('while a source is disconnected leaves it connected, and says so by not saying false [T087]', async () => {
      const { backend, endUserId, token, person, start } = await begin()
      await person.connect(start)
      broken.writes = 1
      await assertComesBack(await person.get(link('Revoke', token, 11, { direct: 'true' })))
      assert.deepEqual(await backend.connectedSources(endUserId), [11])
      await world().sweep()
      const grants = world()
        .sandbox.control.grants()
        .filter(({ account }) => account === person.account)
      assert.deepEqual(
        grants.map(({ ended }) => ended),
        [null],
      )
      await person.get(link('Revoke', token, 11, { direct: 'true' }))
      assert.deepEqual(await backend.connectedSources(endUserId), [])
    })

    it('in the background is tried again, and loses no job', async () => {
      const { token, person, start } = await begin()
      await person.connect(start)
      await person.get(link('Revoke', token, 11, { direct: 'true' }))
      broken.writes = 1
      await assert.rejects(world().sweep(), SpringbarError)
      broken.writes = 0
      world().advance(61_000)
      await world().sweep()
      const grants = world()
        .sandbox.control.grants()
        .filter(({ account }) => account === person.account)
      assert.ok(grants.every(({ ended }) => ended !== null))
    })

    it('in a way that nobody thought of is a page with a reference; the log has its name, nobody its words [T135]', async () => {
      const { token, person, start } = await begin()
      const before = world().log.length
      broken.reads = new TypeError(SECRET)
      const answer = await person.get(start)
      const program = await backendOf(world()).api('GET', `/users/${'0'.repeat(32)}`)
      broken.reads = null
      assert.equal(answer.status, 500)
      const html = await answer.text()
      assert.match(html, /Something went wrong/)
      const [, reference] = /<code[^>]*>([0-9A-Z]{5}-[0-9A-Z]{5})<\/code>/.exec(html) ?? []
      const [line] = world()
        .log.slice(before)
        .filter(({ level }) => level === 'error')
      assert.equal(line?.fields['requestId'], reference)
      assert.match(String(line?.fields['cause']), /^TypeError /)
      for (const text of [html, await program.text(), JSON.stringify(world().log)])
        assert.ok(!text.includes(SECRET) && !text.includes(token))
      assert.equal((await person.get(start)).status, 303, 'and the next request is served')
    })
  },
  { wrapStorage: wrap },
)
