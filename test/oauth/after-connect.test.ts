// Goal: what a vendor wants done before a connection counts is done exactly as its definition says, and a step that fails
// says what the person can do. Method: steps of every shape against a vendor in process.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { secret } from '../../src/model/secret.ts'
import type { Authorization } from '../../src/model/source.ts'
import { runAfterConnect } from '../../src/oauth/index.ts'
import { answerOf, client, using, vendorThatAnswers } from './support.ts'

type Step = NonNullable<Authorization['afterConnect']>[number]

const grant = {
  accountId: 'person/7',
  connectionId: 'connection-1',
  tokens: { accessToken: secret('access-1'), refreshToken: secret('refresh-1'), tokenType: 'bearer' },
} as const
const register: Step = {
  method: 'POST',
  url: 'https://data.vendor.example/v3/users',
  authentication: 'bearer',
  body: { format: 'json', members: { 'member-id': '{connectionId}' } },
  successStatuses: [200, 201],
  doneStatuses: [409],
  consentMissingStatuses: [403],
}
const run = (steps: readonly Step[], ...answers: Response[]) => {
  const { context, asked } = vendorThatAnswers(...answers)
  return { asked, done: runAfterConnect(context, using({ afterConnect: steps }), client, grant) }
}

describe('a step after connecting', () => {
  test('is sent with the access token and a JSON body of its template', async () => {
    const { asked, done } = run([register], answerOf('{}', 201))
    await done
    assert.deepEqual(
      [asked.length, asked[0]?.method, asked[0]?.url, asked[0]?.vendor],
      [1, 'POST', 'https://data.vendor.example/v3/users', 'plain'],
    )
    assert.equal(asked[0]?.headers.get('authorization'), 'Bearer access-1')
    assert.equal(asked[0]?.headers.get('content-type'), 'application/json')
    assert.deepEqual(JSON.parse(asked[0]?.body ?? ''), { 'member-id': 'connection-1' })
  })

  test('fills its address, its headers and a form, each encoded for its place', async () => {
    const step: Step = {
      ...register,
      method: 'PUT',
      url: 'https://data.vendor.example/users/{accountId}?client={clientId}',
      headers: { 'X-Client': 'id {clientId}', Accept: 'text/plain' },
      body: { format: 'form', members: { who: '{accountId}&x', secret: '{clientSecret}' } },
    }
    const { asked, done } = run([step], answerOf('', 200, null))
    await done
    assert.equal(asked[0]?.url, 'https://data.vendor.example/users/person%2F7?client=our%20id')
    assert.deepEqual(
      ['x-client', 'accept'].map((name) => asked[0]?.headers.get(name)),
      ['id our id', 'text/plain'],
    )
    assert.deepEqual(
      [...new URLSearchParams(asked[0]?.body)],
      [
        ['who', 'person/7&x'],
        ['secret', 's3cret:+/ &é'],
      ],
    )
  })

  const authentications: readonly [Step['authentication'], header: string | null, body: string][] = [
    ['bearer', 'Bearer access-1', ''],
    ['refresh_bearer', 'Bearer refresh-1', ''],
    [
      'client_secret_basic',
      `Basic ${Buffer.from('our+id:s3cret%3A%2B%2F+%26%C3%A9').toString('base64')}`,
      '',
    ],
    ['client_secret_post', null, 'client_id=our+id&client_secret=s3cret%3A%2B%2F+%26%C3%A9'],
    ['none', null, ''],
  ]
  for (const [authentication, header, body] of authentications)
    test(`identifies itself by ${authentication}`, async () => {
      const { body: _, ...bare } = register
      const { asked, done } = run([{ ...bare, authentication }], answerOf('{}'))
      await done
      assert.deepEqual([asked[0]?.headers.get('authorization'), asked[0]?.body], [header, body])
    })

  test('that was taken before is as good, and the next one follows', async () => {
    const next = { ...register, url: 'https://data.vendor.example/next' }
    const { asked, done } = run([register, next], answerOf('{}', 409), answerOf('{}'))
    await done
    assert.deepEqual(
      asked.map(({ url }) => url),
      [register.url, next.url],
    )
  })

  const failures: readonly [what: string, answer: Response, kind: string, cause: string, outcome: string][] =
    [
      [
        'the person must agree first',
        answerOf('{}', 403),
        'scope_missing',
        'consent_missing',
        'scope_missing',
      ],
      ['the vendor refuses', answerOf('{}', 422), 'rejected', 'after_connect', 'vendor_error'],
      [
        'nobody has that account',
        new Response(null, { status: 204 }),
        'rejected',
        'after_connect',
        'vendor_error',
      ],
      [
        'the vendor is in trouble',
        answerOf('', 503, null),
        'unavailable',
        'http_status',
        'vendor_unavailable',
      ],
      ['too many requests', answerOf('', 429, null), 'unavailable', 'http_status', 'vendor_unavailable'],
    ]
  for (const [what, answer, kind, cause, outcome] of failures)
    test(`${what}: ${cause}, and no further step is taken`, async () => {
      const { asked, done } = run([register, register], answer)
      await assert.rejects(done, { name: 'VendorError', kind, cause, outcome })
      assert.equal(asked.length, 1)
    })

  test('that needs what this grant has not is not sent', async () => {
    const { context, asked } = vendorThatAnswers()
    const needy = using({ afterConnect: [{ ...register, authentication: 'refresh_bearer' }] })
    const without = { ...grant, tokens: { ...grant.tokens, refreshToken: null } }
    await assert.rejects(runAfterConnect(context, needy, client, without), { cause: 'template_value' })
    assert.equal(asked.length, 0)
  })

  test('at a vendor with envelopes has failed when the envelope says so, whatever the HTTP status', async () => {
    const tokenResponse = {
      envelope: { statusPath: 'result', successStatus: '0000', temporaryStatuses: [], dataPath: null },
      errorPath: 'error',
    }
    for (const [body, isDone] of [
      ['{"result":"0000"}', true],
      ['{}', true],
      ['{"result":"4001"}', false],
    ] as const) {
      const { context } = vendorThatAnswers(answerOf(body))
      const done = runAfterConnect(context, using({ tokenResponse, afterConnect: [register] }), client, grant)
      if (isDone) await done
      else await assert.rejects(done, { kind: 'rejected', cause: 'envelope_status' })
    }
  })

  test('of a vendor that wants none is none', async () => {
    const { asked, done } = run([])
    await done
    assert.equal(asked.length, 0)
  })
})
