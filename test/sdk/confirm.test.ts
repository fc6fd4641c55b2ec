// Goal: a ticket is confirmed by the documented call, and the address in its answer is checked before a browser goes there.
// Method: an in-process fetch that answers as the service does, or wrongly.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CREDENTIALS, clientAnswering, END_USER_ID, failure } from './stand-in.ts'

const TICKET = '1NG6FDARKR7EYRNP4WX2YHPT0X4M4ECD2G8F--bpGdaZaWDHOyI3itSfm6ojNNK_lBE4BC_1TfqhHHqI'
const NEXT = 'https://connect.example.org/dataSourceDirectConnectionResult.html?attempt=1NG6F'
const CONFIRMATION = { ticket: TICKET, endUserId: END_USER_ID }

describe('confirmAttempt', () => {
  it('posts ticket and end user, and gives the address to go on to', async () => {
    const { client, seen } = clientAnswering([Response.json({ next: NEXT })])
    assert.deepEqual(await client.confirmAttempt(CONFIRMATION), { next: NEXT })
    assert.deepEqual(seen, [
      {
        method: 'POST',
        url: 'https://api.example.org/v1/attempts/confirm',
        headers: { ...CREDENTIALS, 'content-type': 'application/json' },
        body: JSON.stringify(CONFIRMATION),
        redirect: 'manual',
      },
    ])
  })

  for (const [code, status] of [
    ['user_mismatch', 409],
    ['not_found', 404],
    ['attempt_expired', 410],
  ] as const)
    it(`tells ${code}, without the ticket`, async () => {
      const { client } = clientAnswering([Response.json({ code }, { status })])
      const error = await failure(client.confirmAttempt(CONFIRMATION))
      assert.equal(error.code, code)
      assert.equal(error.message, `Springbar refused to confirm an attempt (status ${status}).`)
    })

  for (const next of [undefined, null, 1, '', '/relative', 'javascript:alert(1)', 'https://'])
    it(`refuses an answer whose address is ${JSON.stringify(next)}`, async () => {
      const { client } = clientAnswering([Response.json({ next })])
      assert.equal((await failure(client.confirmAttempt(CONFIRMATION))).code, 'unexpected_answer')
    })

  for (const confirmation of [
    { ...CONFIRMATION, ticket: '' },
    { ...CONFIRMATION, ticket: 'a b' },
    { ...CONFIRMATION, endUserId: '' },
  ])
    it(`sends nothing for ${JSON.stringify(confirmation).slice(0, 40)}`, async () => {
      const { client, seen } = clientAnswering([])
      assert.equal((await failure(client.confirmAttempt(confirmation))).code, 'invalid_argument')
      assert.equal(seen.length, 0)
    })
})
