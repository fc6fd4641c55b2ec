// Goal: whatever number of processes read tokens around their end, no refresh token reaches its vendor twice, so that no
// chain is lost, and a process that stood still does no harm. Method: real processes on one PostgreSQL, and a vendor that
// ends the whole grant when a refresh token is used twice and whose tokens end every second; then SIGSTOP in the middle.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isLong } from '../support/long.ts'
import { type Connected, openPlace, type Replica } from './renewing.ts'

const PROCESSES = isLong ? 6 : 3
const CONNECTIONS = isLong ? 24 : 8
const READERS_PER_PROCESS = isLong ? 20 : 24
const READS_PER_READER = isLong ? 50 : 30
const ENOUGH_REFRESHES = CONNECTIONS * 2
/** A second more than what a call must find left of a token. */
const TOKEN_LIFE_SECONDS = 61

describe('processes that read tokens around their end (postgres)', () => {
  let place: Awaited<ReturnType<typeof openPlace>>
  let replicas: readonly Replica[]
  const connections: Connected[] = []

  before(async () => {
    place = await openPlace()
    place.sandbox.control.setSwitches('fitbit', { accessTokenLifetimeSeconds: TOKEN_LIFE_SECONDS })
    replicas = await Promise.all(Array.from({ length: PROCESSES }, () => place.startReplica()))
    const [first] = replicas
    assert.ok(first)
    for (let i = 0; i < CONNECTIONS; i++) connections.push(await place.connect(first, 'strict', i + 1))
  })
  after(() => place.close())

  /** The background of every process wants to renew all of them as well. */
  const pushRenewals = () => {
    let pushed: Promise<unknown> = Promise.resolve()
    const push = setInterval(() => {
      pushed = pushed.then(() => place.query('update renewals set due_at = 0'))
    }, 300)
    return {
      stop: () => {
        clearInterval(push)
        return pushed
      },
    }
  }

  it(`at least ${PROCESSES * READERS_PER_PROCESS * READS_PER_READER} reads: no token reaches the vendor twice, no chain is lost`, async () => {
    const background = pushRenewals()
    const readers = replicas.flatMap((replica, r) =>
      Array.from({ length: READERS_PER_PROCESS }, async (_, reader) => {
        // A fast machine has read its share before the tokens have ended often enough.
        for (let i = 0; i < READS_PER_READER || place.refreshes.length <= ENOUGH_REFRESHES; i++) {
          const connection = connections[(r + reader + i) % connections.length]
          assert.ok(connection)
          await readUntilGiven(replica, connection)
        }
      }),
    )
    await Promise.all(readers).finally(() => background.stop())
    const sent = place.refreshes.map(({ token }) => token)
    assert.equal(new Set(sent).size, sent.length)
    assert.deepEqual(
      place.refreshes.filter(({ status }) => status !== 200),
      [],
    )
    for (const connection of connections) assert.deepEqual(await place.stateOf(connection), ['active', null])
  })

  it('one that stood still while another took its turn stores nothing over what that one got', async () => {
    const [stopped] = replicas
    assert.ok(stopped)
    const connection = await place.connect(stopped, 'overlapping', CONNECTIONS + 1)
    const other = await place.startReplica(120_000)
    await place.query('update connections set access_expires_at = $1 where id = $2', [
      Date.now(),
      connection.id,
    ])
    const hold = place.answered.holdNext(/wbsapi/)
    const late = stopped.read(connection)
    await hold.reached
    stopped.running.signal('SIGSTOP')
    const ofOther = await tokenOf(await other.read(connection))
    stopped.running.signal('SIGCONT')
    hold.release()
    assert.equal(await tokenOf(await late), ofOther)
    assert.equal(place.sandbox.control.token(ofOther)?.state, 'live')
  })
})

/** On a slow machine a read may be told to come back: then it does, as the SDK would. Anything else but a token is a fault. */
async function readUntilGiven(replica: Replica, connection: Connected): Promise<void> {
  for (;;) {
    const response = await replica.read(connection)
    await response.body?.cancel()
    if (response.status === 200) return
    assert.equal(response.status, 503)
    assert.ok(response.headers.has('retry-after'))
  }
}

async function tokenOf(response: Response): Promise<string> {
  assert.equal(response.status, 200, await response.clone().text())
  const { accessToken } = (await response.json()) as { accessToken: string } // the documented answer
  return accessToken
}
