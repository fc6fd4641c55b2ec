// Goal: an app on a phone redeems, reports and asks by the documented calls, and its token stands in no error.
// Method: an in-process fetch that answers as the service does, or wrongly.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { createPhoneClient } from '@springbar/sdk'
import { END_USER_ID, failure } from './stand-in.ts'

const DEVICE_TOKEN = `sbd_${'aB3-_'.repeat(9).slice(0, 43)}`
const CONNECTION = { id: 'c'.repeat(32), status: 'active', grantedScopes: ['READ_STEPS'], missingScopes: [] }
const PERMISSIONS = { granted: ['READ_STEPS'], missing: [] }

function phoneAnswering(...answers: readonly Response[]) {
  const seen: {
    readonly method: string
    readonly url: string
    readonly headers: unknown
    readonly body: string
  }[] = []
  const left = [...answers]
  const client = createPhoneClient({
    apiUrl: 'https://api.example.org/',
    applicationId: 'demo-app',
    fetch: async (url, init) => {
      const request = new Request(url, init)
      const headers = Object.fromEntries(request.headers)
      seen.push({ method: request.method, url, headers, body: await request.text() })
      const answer = left.shift()
      assert.ok(answer, `an unexpected call: ${request.method} ${url}`)
      return answer
    },
  })
  return { client, seen }
}

describe('an app on a phone', () => {
  it('redeems a code, saying who is logged in, without any credential', async () => {
    const { client, seen } = phoneAnswering(
      Response.json({
        deviceToken: DEVICE_TOKEN,
        endUserId: END_USER_ID,
        partnerUserId: null,
        connection: CONNECTION,
      }),
    )
    const paired = await client.redeemPairing('BCDFG-HJKLM', {
      endUserId: END_USER_ID,
      permissions: PERMISSIONS,
    })
    assert.deepEqual(paired, {
      deviceToken: DEVICE_TOKEN,
      endUserId: END_USER_ID,
      partnerUserId: null,
      connection: CONNECTION,
    })
    assert.deepEqual(seen, [
      {
        method: 'POST',
        url: 'https://api.example.org/v1/pairings/redeem',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          applicationId: 'demo-app',
          code: 'BCDFG-HJKLM',
          endUserId: END_USER_ID,
          permissions: PERMISSIONS,
        }),
      },
    ])
  })

  it('reports and asks with its token', async () => {
    const state = () => Response.json({ status: 'connected', connection: CONNECTION })
    const { client, seen } = phoneAnswering(state(), state())
    assert.deepEqual(
      await client.reportDevice(DEVICE_TOKEN, { status: 'connected', permissions: PERMISSIONS }),
      CONNECTION,
    )
    assert.deepEqual(await client.readDevice(DEVICE_TOKEN), CONNECTION)
    const authorization = `Bearer ${DEVICE_TOKEN}`
    assert.deepEqual(
      seen.map(({ method, url, headers }) => [method, new URL(url).pathname, headers]),
      [
        ['POST', '/v1/device/report', { authorization, 'content-type': 'application/json' }],
        ['GET', '/v1/device', { authorization }],
      ],
    )
  })

  it('hears that the pairing has ended, by a code of its own', async () => {
    const { client } = phoneAnswering(Response.json({ code: 'pairing_ended' }, { status: 410 }))
    const error = await failure(client.reportDevice(DEVICE_TOKEN, { status: 'connected' }))
    assert.deepEqual([error.code, error.status], ['pairing_ended', 410])
  })

  it('an error repeats neither code nor token, whatever the service says', async () => {
    const echo = (secret: string) =>
      Response.json({ code: 'server_error', detail: `oh ${secret}` }, { status: 500 })
    const { client } = phoneAnswering(echo(DEVICE_TOKEN), echo('BCDFG-HJKLM'))
    const errors = [
      await failure(client.readDevice(DEVICE_TOKEN)),
      await failure(client.redeemPairing('BCDFG-HJKLM')),
    ]
    for (const error of errors) assert.doesNotMatch(inspect(error), /sbd_|BCDFG/)
  })

  it('sends nothing for what is no device token, and believes no answer that is not whole', async () => {
    const { client, seen } = phoneAnswering(Response.json({ status: 'connected' }))
    for (const wrong of ['', 'sbk_demo', `${DEVICE_TOKEN}\n`, `${DEVICE_TOKEN}x`])
      assert.equal((await failure(client.readDevice(wrong))).code, 'invalid_argument')
    assert.equal(seen.length, 0)
    assert.equal((await failure(client.readDevice(DEVICE_TOKEN))).code, 'unexpected_answer')
  })
})
