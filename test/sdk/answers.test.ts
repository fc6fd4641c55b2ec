// Goal: an answer that is broken, hostile or about somebody else becomes a typed error, and is never used.
// Method: wrong bodies by an in-process fetch, and a property over arbitrary bodies.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SpringbarClient } from '@springbar/sdk'
import fc from 'fast-check'
import { clientAnswering, END_USER_ID, failure, TOKEN, WIDGET_URL } from './stand-in.ts'
import '../support/fixed-seed.ts'

describe('a wrong answer', () => {
  const user = (fields: object) => [{ authenticationToken: END_USER_ID, ...fields }]
  const session = (url: unknown) => JSON.stringify({ data: { url } })
  type Case = readonly [name: string, call: (client: SpringbarClient) => Promise<unknown>, body: BodyInit]
  const cases: readonly Case[] = [
    ['no id', (client) => client.createEndUser(), ''],
    ['an id in quotes', (client) => client.createEndUser(), `"${END_USER_ID}"`],
    ['an id with a newline', (client) => client.createEndUser(), `${END_USER_ID}\n`],
    ['a page instead of an id', (client) => client.createEndUser(), '<!doctype html><title>Sign in</title>'],
    ['bytes that are not UTF-8', (client) => client.createEndUser(), new Uint8Array([0x30, 0xff, 0xfe])],
    ['more than 1 MiB', (client) => client.createEndUser(), 'a'.repeat(1024 * 1024 + 1)],
    ['no JSON', (client) => client.readEndUsers([END_USER_ID]), '[{'],
    ['no list', (client) => client.readEndUsers([END_USER_ID]), '{"length":1}'],
    ['nobody', (client) => client.readEndUsers([END_USER_ID]), '[]'],
    ['null', (client) => client.readEndUsers([END_USER_ID]), '[null]'],
    ['an end user without id', (client) => client.readEndUsers([END_USER_ID]), '[{}]'],
    [
      'somebody else',
      (client) => client.readEndUsers([END_USER_ID]),
      JSON.stringify([{ authenticationToken: 'b'.repeat(32), connectedSources: [] }]),
    ],
    [
      'somebody else beside',
      (client) => client.readEndUsers([END_USER_ID]),
      JSON.stringify([...user({}), { authenticationToken: 'b'.repeat(32) }]),
    ],
    ...[
      { connectedSources: {} },
      { connectedSources: [null] },
      { connectedSources: [{ dataSource: '11', connectedAt: '2026-02-03T08:15:42Z', dataScopes: [] }] },
      { connectedSources: [{ dataSource: 1.5, connectedAt: '2026-02-03T08:15:42Z', dataScopes: [] }] },
      { connectedSources: [{ dataSource: 11, connectedAt: 'yesterday', dataScopes: [] }] },
      { connectedSources: [{ dataSource: 11, connectedAt: 1_770_110_142_991, dataScopes: [] }] },
      { connectedSources: [{ dataSource: 11, connectedAt: '2026-02-03T08:15:42Z', dataScopes: [1] }] },
      { height: '172' },
      { gender: 'other' },
      { partnerUserID: 7 },
      { devices: 'none' },
    ].map(
      (fields) =>
        [
          `an end user with ${JSON.stringify(fields)}`,
          (client: SpringbarClient) => client.readEndUsers([END_USER_ID]),
          JSON.stringify(user(fields)),
        ] as const,
    ),
    ...[
      undefined,
      7,
      'not a URL',
      `javascript:alert(1)//?connectionSessionToken=${TOKEN}`,
      'https://connect.example.org/',
      'https://connect.example.org/?connectionSessionToken=',
      'https://connect.example.org/?connectionSessionToken=1X2%26redirect_uri%3Devil',
      `${WIDGET_URL}&connectionSessionToken=${TOKEN}`,
    ].map(
      (url) =>
        [
          `the session URL ${url}`,
          (client: SpringbarClient) => client.createConnectionSession({ endUserId: END_USER_ID }),
          session(url),
        ] as const,
    ),
    [
      'a session that is a list',
      (client) => client.createConnectionSession({ endUserId: END_USER_ID }),
      '[]',
    ],
    [
      'a widget URL in quotes',
      (client) => client.createWidgetUrl({ endUserId: END_USER_ID }),
      `"${WIDGET_URL}"`,
    ],
  ]
  for (const [name, call, body] of cases) {
    it(`is refused: ${name}`, async () => {
      const { client } = clientAnswering([new Response(body)])
      const error = await failure(call(client))
      assert.equal(error.code, 'unexpected_answer')
    })
  }

  it('is refused: success with another status', async () => {
    const { client } = clientAnswering([
      new Response(END_USER_ID, { status: 201 }),
      new Response(null, { status: 200 }),
    ])
    assert.equal((await failure(client.createEndUser())).code, 'unexpected_answer')
    assert.equal((await failure(client.deleteEndUser({ endUserId: END_USER_ID }))).code, 'unexpected_answer')
  })

  it('never gives anything but a SpringbarError, whatever the body and status are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json({ maxDepth: 9 }).map((json) => `[${json}]`),
        ),
        fc.constantFrom(200, 301, 400, 401, 403, 429, 500),
        async (body, status) => {
          const { client } = clientAnswering([1, 2, 3, 4].map(() => new Response(body, { status })))
          await failure(client.readEndUsers([END_USER_ID]))
          await failure(client.createConnectionSession({ endUserId: END_USER_ID }))
          await failure(client.updateEndUser({ endUserId: END_USER_ID, heightCm: 170 }))
          await failure(client.disconnectInBackground({ token: TOKEN, dataSource: 11 }))
        },
      ),
    )
  })
})
