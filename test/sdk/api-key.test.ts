// Goal: with an API key our own API is asked with the key alone, the documented calls as ever, and the key is told nobody.
// Method: an in-process fetch records what each call sends.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CREDENTIALS, clientAnswering, END_USER_ID } from './stand-in.ts'

const KEY = 'sbk_0123456789abcdef'

describe('a client with an API key', () => {
  it('sends the key for /v1, through the proxy too, and the two headers for the documented calls', async () => {
    const { client, seen } = clientAnswering(
      [Response.json({ data: [] }), new Response('{}'), new Response(END_USER_ID)],
      { apiKey: KEY },
    )
    await client.readDataSources()
    await client.callVendor({ connectionId: 'a1', path: '/me' }).catch(() => undefined)
    await client.createEndUser()
    assert.deepEqual(
      seen.map(({ headers }) => [headers['authorization'], headers['appauthorization']]),
      [
        [`Bearer ${KEY}`, undefined],
        [`Bearer ${KEY}`, undefined],
        [CREDENTIALS['authorization'], CREDENTIALS['appauthorization']],
      ],
    )
  })

  it('never tells it, also when the service repeats it', async () => {
    const body = { code: 'invalid_credentials', detail: `no key ${KEY}`, title: KEY, requestId: 'req-1' }
    const { client } = clientAnswering([Response.json(body, { status: 401 })], { apiKey: KEY })
    await assert.rejects(client.readDataSources(), (error: Error) => {
      assert.ok(!JSON.stringify({ ...error, message: error.message, stack: error.stack }).includes(KEY))
      return true
    })
    assert.ok(!JSON.stringify(client).includes(KEY))
  })

  for (const apiKey of ['', 'a b', 'a\nb', 'sbk_ä'])
    it(`refuses what no key can be: ${JSON.stringify(apiKey)}`, () => {
      assert.throws(() => clientAnswering([], { apiKey }), { code: 'invalid_argument' })
    })
})
