// Nothing of one application is visible to another, whether of the same account (staging and live) or of another one
// [T006, T007, T019]. A living person of `app-b` with a connection, a session and a result; every call of the other two
// applications with each of those ids, on both databases.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { ErrorCode } from '../../src/errors.ts'
import { onBothDatabases } from '../support/databases.ts'
import { type Backend, backendOf, link, newPerson, toldAfter } from '../support/person.ts'
import { allRows } from '../support/rows.ts'
import { APP_B, type World } from '../support/world.ts'
import { assertProblem, FOREIGN, FORM, JSON_TYPE, jsonOf } from './support.ts'

interface Foreign {
  readonly user: string
  readonly connection: string
  readonly session: string
  readonly result: string
  readonly token: string
  readonly redirectUri: string
  readonly webhook: string
  readonly webhookSecret: string
}

/** A call with something foreign in it: method, path, body, and how it is refused. */
type Call = readonly [string, string, Readonly<Record<string, unknown>> | null, ErrorCode]

const callsWith = ({
  user,
  connection,
  session,
  result,
  redirectUri,
  webhook,
  webhookSecret,
}: Foreign): readonly Call[] => [
  ['POST', '/v5/userInformation', { authenticationToken: user }, 'invalid_end_user'],
  ['PUT', '/v5/userInformation', { height: 1 }, 'invalid_end_user'],
  ['DELETE', '/v5/userInformation', { authenticationToken: user }, 'invalid_end_user'],
  ['POST', '/v5/dataSourceURL', { authenticationToken: user }, 'invalid_end_user'],
  ['POST', '/widget/v6/connection', { endUserId: user }, 'invalid_end_user'],
  ['POST', '/restjson/v5/userInformation', { authenticationToken: user }, 'invalid_end_user'],
  ['POST', '/restjson/v4/userInformation', { authenticationToken: user }, 'invalid_end_user'],
  ['POST', '/restjson/v5/dataSourceURL', { authenticationToken: user }, 'invalid_end_user'],
  ['GET', `/v1/users/${user}`, null, 'invalid_end_user'],
  ['PATCH', `/v1/users/${user}`, { height: 1 }, 'invalid_end_user'],
  ['PATCH', `/v1/users/${user}`, {}, 'invalid_end_user'],
  ['DELETE', `/v1/users/${user}`, null, 'invalid_end_user'],
  ['GET', `/v1/users/${user}/attempts`, null, 'invalid_end_user'],
  ['GET', `/v1/users/${user}/connections`, null, 'invalid_end_user'],
  ['GET', `/v1/users/${user}/export`, null, 'invalid_end_user'],
  ['GET', `/v1/users/${user}/deletion`, null, 'not_found'],
  ['DELETE', `/v1/users/${user}/sessions`, null, 'invalid_end_user'],
  ['POST', '/v1/sessions', { endUserId: user }, 'invalid_end_user'],
  ['DELETE', `/v1/sessions/${session}`, null, 'not_found'],
  ['GET', `/v1/connections/${connection}`, null, 'not_found'],
  ['DELETE', `/v1/connections/${connection}`, null, 'not_found'],
  ['POST', `/v1/results/${result}`, null, 'not_found'],
  ['GET', `/v1/webhooks/${webhook}`, null, 'not_found'],
  ['PATCH', `/v1/webhooks/${webhook}`, { enabled: true }, 'not_found'],
  ['DELETE', `/v1/webhooks/${webhook}`, null, 'not_found'],
  ['POST', `/v1/webhooks/${webhook}/secrets`, null, 'not_found'],
  ['GET', `/v1/connections/${connection}/history`, null, 'not_found'],
  ['POST', `/v1/connections/${connection}/token`, null, 'not_found'],
  ['DELETE', `/v1/webhooks/${webhook}/secrets/${webhookSecret}`, null, 'not_found'],
  ['POST', `/v1/webhooks/${webhook}/test`, null, 'not_found'],
  ['GET', `/v1/webhooks/${webhook}/deliveries`, null, 'not_found'],
  ['POST', `/v1/webhooks/${webhook}/replay`, { from: '2026-01-01' }, 'not_found'],
  ['DELETE', `/v1/redirect-uris?${new URLSearchParams({ uri: redirectUri })}`, null, 'not_found'],
]

onBothDatabases('isolation', (world) => {
  let foreign: Foreign
  before(async () => {
    foreign = await somebodyOf(world(), backendOf(world(), 'app-b'))
  })

  const send = (application: string, [method, path, body]: Call) => {
    const isForm = path.startsWith('/v5') || path.startsWith('/restjson')
    const type = isForm && method !== 'PUT' ? FORM : JSON_TYPE
    const text =
      type === FORM
        ? String(
            new URLSearchParams(Object.entries(body ?? {}).map(([name, value]) => [name, String(value)])),
          )
        : JSON.stringify(body)
    return world().app.request(path, {
      method,
      headers: {
        ...backendOf(world(), application).headers,
        ...(method === 'PUT' ? { authenticationToken: foreign.user } : {}),
        ...(body === null ? {} : { 'content-type': type }),
      },
      ...(body === null ? {} : { body: text }),
    })
  }

  for (const application of ['app-a', 'app-a-staging'])
    it(`every call of ${application} with an id of app-b is refused as if there were none, and changes nothing`, async () => {
      const stored = await allRows(world())
      for (const call of callsWith(foreign)) {
        const [method, path, , code] = call
        const { text } = await assertProblem(await send(application, call), code, path)
        assert.equal(text.includes(FOREIGN), code === 'invalid_end_user', `${method} ${path}`)
        assert.ok(!text.includes(foreign.user) && !text.includes('app-b'))
      }
      assert.deepEqual(await allRows(world()), stored)
    })

  it('the table above has every path that takes an id', () => {
    const tried = callsWith(foreign).map(
      ([method, path]) =>
        `${method} ${path.replace(/\?.*/, '').replace(/\/(\w{32}|\d{16}|[\w-]{60,})(?=\/|$)/g, '/:')}`,
    )
    const mounted = world()
      .app.routes.filter(
        ({ path, method }) => path.includes(':') && path.startsWith('/v1') && method !== 'ALL',
      )
      .map(({ path, method }) => `${method} ${path.replace(/:\w+/g, ':')}`)
    // The ids of the catalogue are everybody's; api/clients.test.ts looks after the clients below them.
    const missing = mounted.filter((call) => !tried.includes(call) && !call.includes(' /v1/data-sources/:'))
    assert.deepEqual(missing, [])
    assert.ok(mounted.length > 10)
  })

  it('the owner can do each of these calls', async () => {
    // There is no receipt of a deletion that nobody asked for.
    const calls = callsWith(foreign).filter(
      ([method, path]) => method !== 'DELETE' && !path.endsWith('/deletion'),
    )
    for (const call of calls) {
      const response = await send('app-b', call)
      assert.ok(response.status < 300, `${call[0]} ${call[1]}: ${response.status}`)
    }
  })

  it('a redirect URI of another application is not listed, also not for staging of the same account [T007]', async () => {
    for (const [application, uri] of [
      ['app-a', APP_B],
      ['app-a-staging', 'https://app-a.example.com/done'],
      ['app-a', 'https://staging.example.com/done'],
    ] as const) {
      const backend = backendOf(world(), application)
      const checked = await jsonOf(await backend.api('POST', '/redirect-uris/check', { uri }))
      assert.deepEqual([checked['allowed'], checked['rule']], [false, 4])
      const { token } = await backend.newSession()
      const refused = await newPerson(world()).get(link('Connection', token, 11, { redirect_uri: uri }))
      assert.deepEqual([refused.status, refused.headers.get('location')], [400, null])
    }
  })

  it("lists show what is the caller's own alone", async () => {
    const listed = await jsonOf(await backendOf(world()).api('GET', '/redirect-uris'))
    assert.ok(!JSON.stringify(listed).includes('app-b'))
  })

  describe('one word in the place of another [T008]', () => {
    it('is never accepted: ids, tokens, codes, secrets and keys each have one use', async () => {
      const { app } = world()
      const words = { ...foreign, apiKey: 'sbk_app-b', secret: 'app-b-secret' }
      const stored = await allRows(world())
      for (const [name, word] of Object.entries(words)) {
        const asToken = await newPerson(world()).get(link('Connection', word, 11))
        if (name !== 'token') assert.equal(asToken.status, 403, `${name} as token`)
        const backend = backendOf(world(), 'app-b')
        const asCode = await backend.api('POST', `/results/${encodeURIComponent(word)}`)
        assert.equal(asCode.status, name === 'result' ? 200 : 404, `${name} as code`)
        const asUser = await backend.api('GET', `/users/${encodeURIComponent(word)}`)
        assert.equal(asUser.status, name === 'user' ? 200 : 403, `${name} as user`)
        const asConnection = await backend.api('GET', `/connections/${encodeURIComponent(word)}`)
        assert.equal(asConnection.status, name === 'connection' ? 200 : 404, `${name} as connection`)
        const asKey = await app.request('/v1/data-sources', {
          headers: { Authorization: `Bearer ${word}`, 'x-test-address': name },
        })
        assert.equal(asKey.status, name === 'apiKey' ? 200 : 401, `${name} as API key`)
      }
      const attempts = (rows: typeof stored) => new Map([...rows].filter(([table]) => table !== 'attempts'))
      assert.deepEqual(attempts(await allRows(world())), attempts(stored))
    })
  })
})

/** A person with a connection, a living session, a result and a redirect URI listed by self-service. */
async function somebodyOf(world: World, backend: Backend): Promise<Foreign> {
  const redirectUri = 'https://app-b.example.com/other'
  assert.equal((await backend.api('POST', '/redirect-uris', { uri: redirectUri })).status, 200)
  const { token, endUserId } = await backend.newSession()
  const person = newPerson(world)
  const { result } = await toldAfter(
    person,
    await person.connect(link('Connection', token, 11, { redirect_uri: APP_B })),
  )
  const listed = await jsonOf(await backend.api('GET', `/users/${endUserId}/connections`))
  const [connection] = listed['data'] as { id: string }[] // our own API's list
  assert.ok(connection && result !== '')
  const made = await jsonOf(
    await backend.api('POST', '/webhooks', { url: 'https://app-b.example.com/hooks' }),
  )
  const webhook = String(made['id'])
  const added = await jsonOf(await backend.api('POST', `/webhooks/${webhook}/secrets`))
  await backend.api('DELETE', `/webhooks/${webhook}/secrets/${added['id']}`)
  const [secret] = made['secrets'] as { id: string }[] // our own API's answer
  return {
    user: endUserId,
    connection: connection.id,
    session: token.slice(0, 16),
    result,
    token,
    redirectUri,
    webhook,
    webhookSecret: secret?.id ?? '',
  }
}
