// Goal: wherever a process is killed on the way of a refresh, between the note that it leaves and the commit of the new
// pair, what can be saved is saved, and what cannot is `needs_reauth` for the true reason. Method: real processes on one
// PostgreSQL with vendors over HTTP; the test holds a request, an answer or a statement at the point, and sends SIGKILL.
// The process that looks afterwards has a clock that is two minutes ahead, so that the dead one's turn is over.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isLong } from '../support/long.ts'
import { type Connected, type Hold, type Kind, openPlace, type Replica } from './renewing.ts'

type Place = Awaited<ReturnType<typeof openPlace>>
type Outcome = 'saved' | 'interrupted'

/** Where to hold. What the vendor did by then decides what is left. */
interface Point {
  readonly name: string
  readonly hold: (place: Place, victim: Replica) => Hold
  readonly atStrict: Outcome
}

const STORING = /update "connections"/
const POINTS: readonly Point[] = [
  {
    name: 'after the note that it leaves was committed',
    hold: (_, { database }) => database.hold(/renewals\.open/, 'committed'),
    atStrict: 'saved',
  },
  {
    name: 'when the request has left, before the vendor has it',
    hold: ({ asked }) => asked.holdNext(/./),
    atStrict: 'saved',
  },
  {
    name: 'when the vendor has answered, before the answer is here',
    hold: ({ answered }) => answered.holdNext(/./),
    atStrict: 'interrupted',
  },
  {
    name: 'when the answer is here, before the first statement',
    hold: (_, { database }) => database.hold(STORING, 'statement'),
    atStrict: 'interrupted',
  },
  {
    name: 'before the commit reaches the database',
    hold: (_, { database }) => database.hold(STORING, 'commit'),
    atStrict: 'interrupted',
  },
  {
    name: 'after the commit, before it is confirmed',
    hold: (_, { database }) => database.hold(STORING, 'committed'),
    atStrict: 'saved',
  },
]

const KINDS: readonly Kind[] = ['strict', 'overlapping', 'stable']
/** The strict vendor at every point; the others, where nothing is ever lost, at the worst ones. */
const CASES = POINTS.flatMap((point, i) =>
  KINDS.filter((kind) => isLong || kind === 'strict' || (kind === 'overlapping' && i === 2)).map((kind) => ({
    point,
    kind,
    expected: kind === 'strict' ? point.atStrict : 'saved',
  })),
)
const AHEAD_MS = 120_000

describe('a process that is killed on the way of a refresh (postgres)', () => {
  let place: Place
  let survivor: Replica
  const connections: Connected[] = []

  before(async () => {
    place = await openPlace()
    const home = await place.startReplica()
    for (const [i, { kind }] of CASES.entries()) connections.push(await place.connect(home, kind, i + 1))
    home.running.signal('SIGTERM')
    await home.running.ended
    for (const [i, { point }] of CASES.entries()) {
      const victim = await place.startReplica()
      const hold = point.hold(place, victim)
      const connection = connections[i]
      assert.ok(connection)
      await place.query('update connections set access_expires_at = $1 where id = $2', [
        Date.now(),
        connection.id,
      ])
      const answer = victim.read(connection).then(
        async (response) => `${response.status} ${await response.text()}`,
        () => null,
      )
      await Promise.race([hold.reached, answer.then((text) => assert.fail(`${point.name}: ${text}`))])
      victim.running.signal('SIGKILL')
      const { signal } = await victim.running.ended
      assert.equal(signal, 'SIGKILL')
      victim.database.close()
      // What was held is lost with the process: nothing is let go on.
      assert.equal(await answer, null, `${point.name}: nobody has heard a token`)
    }
    survivor = await place.startReplica(AHEAD_MS)
  })
  after(() => place.close())

  for (const [i, { point, kind, expected }] of CASES.entries())
    it(`${point.name}, at a vendor that is ${kind}: ${expected}`, async () => {
      const connection = connections[i]
      assert.ok(connection)
      const response = await survivor.read(connection)
      const body = (await response.json()) as { accessToken?: string; code?: string; reason?: string }
      if (expected === 'saved') {
        assert.equal(response.status, 200, JSON.stringify(body))
        assert.equal(place.sandbox.control.token(body.accessToken ?? '')?.state, 'live')
        assert.deepEqual(await place.stateOf(connection), ['active', null])
      } else {
        assert.deepEqual(
          [response.status, body.code, body.reason],
          [409, 'needs_reauth', 'renewal_interrupted'],
        )
        assert.deepEqual(await place.stateOf(connection), ['needs_reauth', 'renewal_interrupted'])
      }
    })
})
