// Goal: what passes by itself is asked again, and nothing that a second time would harm.
// Method: answers from a list, waits that are noted and take no time.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clientAnswering, END_USER_ID, TOKEN, WIDGET_URL } from './stand-in.ts'

const busy = (headers: Record<string, string> = {}) => new Response('{}', { status: 503, headers })
const session = () => Response.json({ type: 'enduser.widget.connection', data: { url: WIDGET_URL } })

function retryingClient(answers: readonly (Response | Error)[], retries = 2) {
  const waits: number[] = []
  const wait = async (ms: number) => void waits.push(ms)
  return { ...clientAnswering(answers, { retries, wait, random: () => 0.5 }), waits }
}

describe('retries', () => {
  it('ask again with growing waits after the network and a service that is away', async () => {
    const { client, seen, waits } = retryingClient([new TypeError('fetch failed'), busy(), session()])
    assert.equal((await client.createConnectionSession({ endUserId: END_USER_ID })).token, TOKEN)
    assert.equal(seen.length, 3)
    assert.deepEqual(waits, [150, 300])
  })

  it('wait as long as the service asks for, and give up at once where that is long', async () => {
    const short = retryingClient([busy({ 'retry-after': '3' }), session()])
    await short.client.createConnectionSession({ endUserId: END_USER_ID })
    assert.deepEqual(short.waits, [3_000])
    const long = retryingClient([busy({ 'retry-after': '60' })])
    await assert.rejects(long.client.createConnectionSession({ endUserId: END_USER_ID }), { status: 503 })
    assert.deepEqual(long.waits, [])
  })

  it('end after as many as were asked for', async () => {
    const { client, seen } = retryingClient([busy(), busy()], 1)
    await assert.rejects(client.createWidgetUrl({ endUserId: END_USER_ID }), { status: 503 })
    assert.equal(seen.length, 2)
  })

  it('leave alone what is wrong for good', async () => {
    const { client, seen } = retryingClient([new Response('{}', { status: 400 })])
    await assert.rejects(client.createWidgetUrl({ endUserId: END_USER_ID }), { status: 400 })
    assert.equal(seen.length, 1)
  })

  it('make no second end user where there is no alias, and send one key each time where the service honours it', async () => {
    const nameless = retryingClient([busy()])
    await assert.rejects(nameless.client.createEndUser(), { status: 503 })
    const keyed = retryingClient([busy(), busy()], 1)
    await assert.rejects(keyed.client.createUser(), { status: 503 })
    const keys = keyed.seen.map(({ headers }) => headers['idempotency-key'])
    assert.equal(keys.length, 2)
    assert.equal(keys[0], keys[1])
    assert.match(keys[0] ?? '', /^[0-9a-z-]{4,40}$/)
  })
})
