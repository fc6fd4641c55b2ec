// `/v1/openapi.json` is a valid OpenAPI 3.1 description, has every mounted path and no other, and is true: real answers of
// every operation, good and bad, fit their schemas to the field. In process, so that it cannot rot.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { bringTicket, newConfirmedUser } from '../../support/confirmed-user.ts'
import { type Backend, backendOf, link, newPerson, toldAfter } from '../../support/person.ts'
import { APP_A, openWorld, type World } from '../../support/world.ts'
import { jsonOf, NOBODY } from '../support.ts'
import { type Description, type Operation, objectsIn, validatorsFor } from './openapi-description.ts'

/** Nothing in them can be wrong: they take nothing. */
const WITHOUT_A_WAY_TO_ASK_WRONGLY = [
  'DELETE /sessions',
  'GET /data-sources',
  'GET /redirect-uris',
  'GET /webhooks',
  'GET /appearance',
  'DELETE /appearance',
  'DELETE /appearance/logo',
]

/** Calls that a phone makes, which holds no API key: with a code, then with the token that it got for it. */
const ON_THE_PHONE: Readonly<Record<string, readonly string[][]>> = {
  'POST /pairings/redeem': [],
  'POST /device/report': [['deviceToken']],
  'GET /device': [['deviceToken']],
}

/** A pairing code, and the phone that is to redeem it. */
async function newPhone(world: World) {
  const applicationId = 'app-b'
  const backend = backendOf(world, applicationId)
  const { token } = await backend.newSession()
  const person = newPerson(world)
  const page = await person.follow(await person.get(link('Connection', token, 44)))
  const code = /class="pairing-code"[^>]*>([^<]+)</.exec(await page.text())?.[1] ?? ''
  const phone = (deviceToken: string | null): Backend => ({
    ...backend,
    api: async (method, path, body) =>
      world.app.request(`/v1${path}`, {
        method,
        headers: {
          'x-test-address': 'a phone',
          ...(deviceToken === null ? {} : { Authorization: `Bearer ${deviceToken}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  })
  return { code, applicationId, phone }
}

describe('the description of our own API', () => {
  let world: World
  let text: string
  let description: Description
  let operations: readonly {
    readonly name: string
    readonly template: string
    readonly operation: Operation
  }[]
  before(async () => {
    world = await openWorld()
    const response = await world.app.request('/v1/openapi.json')
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'application/json'])
    text = await response.text()
    description = JSON.parse(text) as Description // its parts are checked below
    operations = Object.entries(description.paths).flatMap(([template, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${template}`,
        template,
        operation,
      })),
    )
  })
  after(() => world.close())

  it('is there without credentials, says 3.1, and has its address and licence', () => {
    assert.match(description.openapi, /^3\.1\.\d$/)
    assert.deepEqual(Object.keys(description.info), ['title', 'version', 'description', 'license'])
    assert.deepEqual(description.servers, [{ url: 'https://connect.example.org/v1' }])
  })

  it('describes every mounted path and method, and no other', () => {
    const mounted = world.app.routes
      .filter(
        ({ method, path }) => path.startsWith('/v1/') && method !== 'ALL' && path !== '/v1/openapi.json',
      )
      .map(({ method, path }) => `${method} ${path.slice('/v1'.length).replace(/:(\w+)/g, '{$1}')}`)
    assert.deepEqual([...new Set(mounted)].toSorted(), operations.map(({ name }) => name).toSorted())
  })

  it('docs/api.md lists the same operations, with what each answers', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../../docs/api.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `([A-Z]+) \/v1(\S+)` \| (.+) \| (\d{3}) \|$/gm)].map(
      ([, ...cells]) => cells,
    )
    const expected = operations.map(({ name, operation }) => [
      ...name.split(' '),
      operation.summary,
      Object.keys(operation.responses).find((status) => status !== 'default'),
    ])
    assert.deepEqual(rows.toSorted(), expected.toSorted())
  })

  it('each operation has a name of its own, a summary, a tag, who may call it, and its parameters', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    assert.equal(new Set(ids).size, ids.length)
    const schemes = Object.keys(description.components.securitySchemes)
    for (const { name, template, operation } of operations) {
      assert.match(operation.operationId, /^[a-z]+[A-Z][A-Za-z]+$/, name)
      assert.ok(operation.summary.length > 10 && operation.tags.length === 1, name)
      assert.deepEqual(
        operation.security.map((one) => Object.keys(one)),
        ON_THE_PHONE[name] ?? [['apiKey'], ['account', 'application']],
        name,
      )
      assert.ok(
        operation.security.every((one) => Object.keys(one).every((scheme) => schemes.includes(scheme))),
      )
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      assert.deepEqual(
        inPath.map((parameter) => `{${parameter.name}}`),
        template.match(/\{\w+\}/g) ?? [],
        name,
      )
      assert.ok(
        inPath.every(({ required }) => required),
        name,
      )
    }
  })

  it('each answer has a description, each body a schema, and every operation its problem', () => {
    for (const { name, operation } of operations) {
      const { default: problem, ...answers } = operation.responses
      assert.deepEqual(Object.keys(problem?.content ?? {}), ['application/problem+json'], name)
      assert.equal(Object.keys(answers).length, 1, name)
      for (const [status, { description: words, content }] of Object.entries(answers)) {
        assert.ok(words.length > 5, name)
        const kinds =
          name === 'GET /events' ? ['application/json', 'text/event-stream'] : ['application/json']
        assert.deepEqual(Object.keys(content ?? {}), status === '204' ? [] : kinds, name)
      }
      if (operation.requestBody !== undefined)
        assert.deepEqual(Object.keys(operation.requestBody.content), ['application/json'], name)
    }
  })

  it('its schemas are JSON Schema: they load, their patterns compile, their references lead somewhere', () => {
    const everything = objectsIn(JSON.parse(text))
    for (const part of everything) {
      assert.ok(!('nullable' in part), 'that is OpenAPI 3.0')
      const { pattern, $ref } = part
      if (typeof pattern === 'string') assert.doesNotThrow(() => new RegExp(pattern, 'u'), pattern)
      if (typeof $ref === 'string')
        assert.ok(
          Object.hasOwn(description.components.schemas, $ref.replace('#/components/schemas/', '')),
          $ref,
        )
    }
    for (const [name, schema] of Object.entries(description.components.schemas)) {
      assert.doesNotThrow(() => validatorsFor(description)(schema), name)
      assert.ok(text.includes(`"#/components/schemas/${name}"`), `${name} is used`)
    }
  })

  it('the examples fit their own schemas', () => {
    for (const part of objectsIn(JSON.parse(text)))
      if ('example' in part && 'type' in part)
        assert.ok(validatorsFor(description)(part).safeParse(part['example']).success, JSON.stringify(part))
  })

  it('is true: real answers of every operation fit their schemas, good ones and problems', async () => {
    const good = new Set<string>()
    const bad = new Set<string>()
    const backend = backendOf(world)
    /** Calls an operation and holds the answer against its description. */
    const call = async (
      name: string,
      parameters: Record<string, string> = {},
      body?: unknown,
      caller = backend,
    ) => {
      const found = operations.find((one) => one.name === name)
      assert.ok(found, name)
      const { operation } = found
      const [method = '', template = ''] = name.split(' ')
      const inPath = template.replace(/\{(\w+)\}/g, (_, parameter: string) =>
        encodeURIComponent(parameters[parameter] ?? ''),
      )
      const inQuery = (operation.parameters ?? []).flatMap((one) =>
        one.in === 'query' && parameters[one.name] !== undefined
          ? [[one.name, parameters[one.name] ?? '']]
          : [],
      )
      const response = await caller.api(method, `${inPath}?${new URLSearchParams(inQuery)}`, body)
      const schemaOfBody = operation.requestBody?.content['application/json']?.schema
      if (response.ok && schemaOfBody)
        assert.ok(validatorsFor(description)(schemaOfBody).safeParse(body).success, `what ${name} took`)
      const described = operation.responses[response.status] ?? operation.responses['default']
      const isGood = described !== operation.responses['default']
      assert.equal(isGood, response.ok, `${name} answered ${response.status}`)
      ;(isGood ? good : bad).add(name)
      const [[type, content] = []] = Object.entries(described?.content ?? {})
      assert.equal(response.headers.get('content-type'), type ?? null, name)
      if (content === undefined) {
        assert.equal(await response.text(), '')
        return {}
      }
      const answer = await jsonOf(response)
      const checked = validatorsFor(description)(content.schema).safeParse(answer)
      assert.ok(checked.success, `${name}: ${checked.error?.message} in ${JSON.stringify(answer)}`)
      return answer
    }

    const user = await call('POST /users', {}, { partnerUserId: 'described', language: 'de' })
    const id = String(user['id'])
    await call(
      'PATCH /users/{id}',
      { id },
      { height: 178, weight: 71.5, birthdate: '1990-02-28', gender: 'male' },
    )
    await call('GET /users/{id}', { id })
    const session = await call(
      'POST /sessions',
      {},
      {
        endUserId: id,
        redirectUri: APP_A,
        label: 'Ann',
        locale: 'de',
        allowedSources: [11, 8],
        lifetimeSeconds: 600,
      },
    )
    const [first] = session['links'] as { connectUrl: string; disconnectUrl: string }[] // validated above
    const person = newPerson(world)
    const connected = await toldAfter(person, await person.connect(first?.connectUrl ?? ''))
    const { connection, reference } = await call('POST /results/{code}', { code: connected.result })
    await call('GET /attempts', { reference: String(reference) })
    const { id: connectionId } = connection as { id: string } // validated above
    await call('GET /connections/{id}', { id: connectionId })
    await call('GET /connections/{id}/history', { id: connectionId })
    await call('POST /connections/{id}/token', { id: connectionId })
    const ofSource = { id: '2' }
    await call('PUT /data-sources/{id}/client', ofSource, { clientId: '1', clientSecret: 'a-secret-of-2' })
    await call('GET /data-sources/{id}/client', ofSource)
    await call('DELETE /data-sources/{id}/client', ofSource)
    const cancelled = await person.connect(
      link('Connection', String(session['token']), 11, { redirect_uri: APP_A }),
      { decision: 'cancel' },
    )
    const failure = await call('POST /results/{code}', { code: (await toldAfter(person, cancelled)).result })
    assert.equal(failure['connection'], null)
    await call('GET /attempts', { reference: String(failure['reference']) })
    const waiting = await newConfirmedUser(world, 'app-a-confirm')
    const ticket = await bringTicket(person, waiting, 11)
    const confirmation = { ticket, endUserId: waiting.endUserId }
    await call('POST /attempts/confirm', {}, confirmation, waiting.backend)
    await call('POST /attempts/confirm', {}, { ...confirmation, endUserId: id }, waiting.backend)
    const { code, applicationId, phone } = await newPhone(world)
    const permissions = { granted: ['READ_STEPS'], missing: [] }
    const paired = await call('POST /pairings/redeem', {}, { applicationId, code, permissions }, phone(null))
    const device = phone(String(paired['deviceToken']))
    await call('GET /device', {}, undefined, device)
    await call('POST /device/report', {}, { status: 'connected', permissions }, device)
    await call('POST /device/report', {}, { status: 'disconnected' }, device)
    await call('GET /device', {}, undefined, device)
    await call('DELETE /connections/{id}', { id: connectionId })
    await call('GET /connections/{id}', { id: connectionId })
    await world.sweep()
    await call('GET /connections/{id}', { id: connectionId })
    await call('GET /users/{id}/connections', { id })
    await call('GET /users/{id}/attempts', { id })
    await call('GET /users/{id}/export', { id })
    const { data } = await call('GET /data-sources')
    for (const source of data as { id: number; key: string }[]) // validated above
      await call('GET /data-sources/{id}', { id: source.key })
    const client = { clientId: 'id', clientSecret: 'secret', scopes: ['activity'] }
    const ofFitbit = { id: '1', vendor: 'fitbit' }
    await call('PUT /data-sources/{id}/client', ofFitbit, {
      vendor: 'fitbit',
      ...client,
      extras: { verificationCode: 'value' },
    })
    await call('GET /data-sources/{id}/client', ofFitbit)
    await call('DELETE /data-sources/{id}/client', ofFitbit)
    await call('POST /data-sources/{id}/notifications/change', { id: '11' }, {})
    await call('GET /redirect-uris')
    for (const uri of ['myapp://done', 'https://new.example.com/done'])
      await call('POST /redirect-uris', {}, { uri })
    for (const uri of [APP_A, 'https://evil.example/', `${APP_A}?token=1`])
      await call('POST /redirect-uris/check', {}, { uri })
    await call('DELETE /redirect-uris', { uri: 'myapp://done' })
    const look = {
      name: 'Miles',
      colours: { light: { accent: '#c2185b' } },
      texts: { de: { 'again.button': 'Noch einmal' } },
    }
    await call('GET /appearance')
    await call('PUT /appearance', {}, look)
    await call('PUT /appearance', {}, { colours: { dark: { text: '#000000' } } })
    const picture = { data: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>').toString('base64') }
    await call('PUT /appearance/logo', {}, picture)
    await call('POST /appearance/preview', {}, { appearance: look, logo: picture })
    await call('DELETE /appearance/logo')
    await call('DELETE /appearance')
    const url = 'https://app.example.com/hooks'
    const { id: webhook } = await call(
      'POST /webhooks',
      {},
      { url, types: ['user.deleted'], format: 'current' },
    )
    const ofWebhook = { id: String(webhook) }
    await call('PATCH /webhooks/{id}', ofWebhook, { timestampType: 'iso', types: null, enabled: true })
    const { id: secretId } = await call('POST /webhooks/{id}/secrets', ofWebhook)
    await call('DELETE /webhooks/{id}/secrets/{secretId}', { ...ofWebhook, secretId: String(secretId) })
    await call('POST /webhooks/{id}/test', ofWebhook)
    await call('POST /webhooks/{id}/replay', ofWebhook, { from: '2026-01-01', to: '2027-01-01T00:00:00Z' })
    await world.deliver()
    await call('GET /webhooks/{id}/deliveries', { ...ofWebhook, status: 'pending', limit: '1' })
    await call('GET /webhooks/{id}', ofWebhook)
    await call('GET /webhooks')
    await call('GET /events', { limit: '2', wait: '1', timestampType: 'iso' })
    await call('DELETE /webhooks/{id}', ofWebhook)
    await call('DELETE /sessions/{id}', { id: String(session['id']) })
    await call('DELETE /users/{id}/sessions', { id })
    await call('DELETE /sessions')
    await call('DELETE /users/{id}', { id, deletionDate: '2026-12-24' })
    await call('GET /users/{id}/deletion', { id })
    assert.deepEqual(
      [...good].toSorted(),
      operations.map(({ name }) => name).toSorted(),
      'every operation was called',
    )

    for (const { name, operation } of operations) {
      const parameters = {
        id: NOBODY,
        code: 'x',
        uri: 'https://never.example.com/',
        reference: 'x',
        secretId: NOBODY,
        after: 'x',
      }
      if (!WITHOUT_A_WAY_TO_ASK_WRONGLY.includes(name))
        await call(name, parameters, operation.requestBody === undefined ? undefined : [])
    }
    await call('POST /redirect-uris', {}, { uri: 'javascript:1' })
    await call(
      'POST /sessions',
      {},
      { endUserId: await backend.createEndUser(), redirectUri: 'https://evil.example/' },
    )
    assert.equal(
      bad.size,
      operations.length - WITHOUT_A_WAY_TO_ASK_WRONGLY.length,
      'every operation that can be asked wrongly was',
    )
  })
})
