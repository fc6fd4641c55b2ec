// Goal: a result code is redeemed by the documented call, and its answer is checked before it is believed.
// Method: an in-process fetch that answers as the service does, or wrongly.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CREDENTIALS, clientAnswering, END_USER_ID, failure } from './stand-in.ts'

const CODE = '1NG6FDARKR7EYRNP4WX2YHPT0X4M4ECD2G8F--bpGdaZaWDHOyI3itSfm6ojNNK_lBE4BC_1TfqhHHqI'
const ANSWER = {
  endUserId: END_USER_ID,
  partnerUserId: 'k7Qm2v',
  action: 'disconnect',
  dataSource: 11,
  connected: false,
  succeeded: true,
  error: null,
  connection: { id: 'c'.repeat(32), status: 'disconnected' },
  reference: '1NG6F-DARKR',
  finishedAt: '2026-02-03T08:15:42.991Z',
}

describe('redeemResult', () => {
  it('posts to the code and gives what happened', async () => {
    const { client, seen } = clientAnswering([Response.json(ANSWER)])
    const { connection, ...rest } = ANSWER
    assert.deepEqual(await client.redeemResult({ code: CODE, endUserId: END_USER_ID }), {
      ...rest,
      connectionId: connection.id,
    })
    assert.deepEqual(seen, [
      {
        method: 'POST',
        url: `https://api.example.org/v1/results/${CODE}`,
        headers: { ...CREDENTIALS, 'content-type': 'application/json' },
        body: '{}',
        redirect: 'manual',
      },
    ])
  })

  it('gives nulls where nothing was connected', async () => {
    const failed = { ...ANSWER, action: 'connect', succeeded: false, error: 'access_denied' }
    const { client } = clientAnswering([
      Response.json({ ...failed, connection: null, dataSource: null, partnerUserId: null }),
    ])
    const result = await client.redeemResult({ code: CODE, endUserId: END_USER_ID })
    assert.equal(result.error, 'access_denied')
    assert.deepEqual([result.connectionId, result.dataSource, result.partnerUserId], [null, null, null])
  })

  it('is not_found for a code of somebody else, or one that is too old', async () => {
    const { client } = clientAnswering([Response.json({ code: 'not_found' }, { status: 404 })])
    const error = await failure(client.redeemResult({ code: CODE, endUserId: END_USER_ID }))
    assert.equal(error.code, 'not_found')
    assert.equal(error.message, 'Springbar refused to redeem a result (status 404).')
  })

  it('tells nothing of a result of somebody else than who is logged in', async () => {
    const { client } = clientAnswering([Response.json(ANSWER)])
    const swapped = await failure(client.redeemResult({ code: CODE, endUserId: 'f'.repeat(32) }))
    assert.equal(swapped.code, 'user_mismatch')
    assert.ok(!JSON.stringify({ ...swapped, message: swapped.message }).includes(END_USER_ID))
    const unsent = await failure(client.redeemResult({ code: CODE, endUserId: '' }))
    assert.equal(unsent.code, 'invalid_argument')
  })

  for (const code of ['', '.', '..', '../users', 'a/b', 'a?b', 'a b', 'a'.repeat(257)]) {
    it(`sends nothing for the code ${JSON.stringify(code.slice(0, 12))}`, async () => {
      const { client, seen } = clientAnswering([])
      assert.equal(
        (await failure(client.redeemResult({ code, endUserId: END_USER_ID }))).code,
        'invalid_argument',
      )
      assert.equal(seen.length, 0)
    })
  }

  const wrong = [
    [],
    null,
    {},
    { ...ANSWER, action: 'both' },
    { ...ANSWER, connected: 'false' },
    { ...ANSWER, succeeded: 1 },
    { ...ANSWER, endUserId: null },
    { ...ANSWER, dataSource: '11' },
    { ...ANSWER, error: 7 },
    { ...ANSWER, connection: { id: 7 } },
    { ...ANSWER, reference: undefined },
    { ...ANSWER, finishedAt: 0 },
  ]
  for (const [index, body] of wrong.entries()) {
    it(`does not believe the wrong answer ${index + 1}`, async () => {
      const { client } = clientAnswering([Response.json(body)])
      assert.equal(
        (await failure(client.redeemResult({ code: CODE, endUserId: END_USER_ID }))).code,
        'unexpected_answer',
      )
    })
  }
})
