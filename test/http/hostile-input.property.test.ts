// Whatever comes as a body, a content type or a header, on every path that reads one: never a 5xx, never a stack, never
// anything stored for somebody else, and no prototype is polluted [T022–T026]. fast-check against the whole service
// on both databases.
import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, credentialsOf } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { FORM, JSON_TYPE } from './support.ts'
import '../support/fixed-seed.ts'

/** Every path that reads a body, and the type that it asks for. */
const READING = [
  ['POST', '/v5/accessToken', FORM],
  ['POST', '/v5/userInformation', FORM],
  ['PUT', '/v5/userInformation', JSON_TYPE],
  ['DELETE', '/v5/userInformation', FORM],
  ['POST', '/v5/dataSourceURL', FORM],
  ['POST', '/widget/v6/connection', JSON_TYPE],
  ['POST', '/v1/users', JSON_TYPE],
  ['PATCH', '/v1/users/OWN-END-USER', JSON_TYPE],
  ['POST', '/v1/sessions', JSON_TYPE],
  ['POST', '/v1/results/AAAA-BBBB', JSON_TYPE],
  ['POST', '/v1/redirect-uris', JSON_TYPE],
  ['POST', '/v1/redirect-uris/check', JSON_TYPE],
  ['DELETE', '/v1/connections/0123456789abcdef0123456789abcdef', JSON_TYPE],
] as const

const FIELDS = [
  ...['endUserId', 'locale', 'height', 'weight', 'birthdate', 'gender', 'partnerUserID', 'partnerUserId'],
  ...['authenticationToken', 'deletionDate', 'language', 'allowedSources', 'redirectUri', 'label', 'uri'],
  ...['lifetimeSeconds', '__proto__', 'constructor', 'prototype', 'toString', 'length', 'polluted'],
]

/** Stands for the id of an end user of the caller, in bodies and paths. */
const OWN = 'OWN-END-USER'

/** Good values among the bad ones, so that some bodies get past the first check. */
const value = (maxDepth: number) =>
  fc.oneof(
    fc.jsonValue({ maxDepth }),
    fc.constantFrom(
      OWN,
      'de',
      'alias',
      180,
      60,
      '2001-01-01',
      'male',
      'https://app-a.example.com/done',
      [11],
      null,
    ),
  )
const pairs = fc.array(fc.tuple(fc.constantFrom('endUserId', 'authenticationToken', ...FIELDS), value(2)), {
  maxLength: 6,
})

const text = fc.oneof(
  fc
    .dictionary(fc.constantFrom(...FIELDS), value(3), { maxKeys: 6 })
    .map((record) => JSON.stringify({ endUserId: OWN, uri: 'https://app-a.example.com/done', ...record })),
  // Written by hand, so that `__proto__` is a key and a key can stand there twice.
  pairs.map((all) => `{${all.map(([key, one]) => `"${key}":${JSON.stringify(one)}`).join(',')}}`),
  pairs.map((all) =>
    [`authenticationToken=${OWN}`]
      .concat(
        all.map(([key, one]) => `${key}=${encodeURIComponent((JSON.stringify(one) ?? '').toWellFormed())}`),
      )
      .join('&'),
  ),
  fc.jsonValue().map((one) => JSON.stringify(one)),
  fc.string({ unit: 'binary' }),
)

const contentType = fc.oneof(
  { weight: 5, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'text/plain',
      'multipart/form-data; boundary=--',
      `${JSON_TYPE};`,
      `${JSON_TYPE} ;a`,
      `${JSON_TYPE}; charset=utf-7`,
      `${FORM};;`,
      `${JSON_TYPE}; charset=utf-8; charset=utf-16`,
      `${FORM}, ${JSON_TYPE}`,
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 40 }) },
)

const headerName = fc.constantFrom(
  ...[
    'idempotency-key',
    'authenticationtoken',
    'accept',
    'accept-language',
    'content-length',
    'content-encoding',
  ],
  ...[
    'x-forwarded-for',
    'forwarded',
    'host',
    'cookie',
    'origin',
    'expect',
    'x-http-method-override',
    'appid',
  ],
)
const moreHeaders = fc.dictionary(headerName, fc.string({ unit: 'grapheme-ascii', maxLength: 60 }), {
  maxKeys: 3,
})

/** Every path with a word of the caller's in it. */
const ADDRESSED = [
  ...['', '/connections', '/export'].map((more) => ['GET', `/v1/users/WORD${more}`] as const),
  ['DELETE', '/v1/users/WORD'],
  ['DELETE', '/v1/users/OWN-END-USER?deletionDate=WORD'],
  ['DELETE', '/v1/users/WORD/sessions'],
  ['DELETE', '/v1/sessions/WORD'],
  ['GET', '/v1/connections/WORD'],
  ['DELETE', '/v1/connections/WORD'],
  ['POST', '/v1/results/WORD'],
  ['GET', '/v1/attempts?reference=WORD'],
  ['GET', '/v1/data-sources/WORD'],
  ['DELETE', '/v1/redirect-uris?uri=WORD'],
  ['DELETE', '/v5/userInformation?authenticationToken=WORD'],
  ['GET', '/logos/WORD.svg'],
] as const

const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom(
    '%00',
    '%ff',
    '%c0%80',
    '%zz',
    '%',
    '..%2f..',
    "'%20or%201=1--",
    '%F0%9F%98%80',
    '%0d%0a',
    'a'.repeat(7000),
  ),
)

const STACK = /node_modules|\.ts:|\n\s+at /

onBothDatabases('hostile input', (world) => {
  let foreign: string
  let own: string
  before(async () => {
    own = await backendOf(world()).createEndUser()
    foreign = await backendOf(world(), 'app-b').createEndUser('foreign')
  })

  const send = (method: string, path: string, body: string | null, headers: Record<string, string>) =>
    world().app.request(path.replace(OWN, own), {
      method,
      headers: { ...credentialsOf('a', 'app-a'), 'x-test-address': 'hostile', ...headers },
      body: body?.replaceAll(OWN, own) ?? null,
    })
  const isPolluted = () => Object.hasOwn(Object.prototype, 'polluted') || 'polluted' in {}

  it('any body, any content type, any header: an answer below 500 without a stack', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...READING),
        text,
        contentType,
        moreHeaders,
        async (route, body, type, more) => {
          const [method, path, expected] = route
          const response = await send(method, path, body, { 'content-type': type ?? expected, ...more })
          const answer = await response.text()
          assert.ok(response.status < 500, `${method} ${path} ${response.status}: ${answer}`)
          assert.doesNotMatch(answer, STACK)
          assert.ok(!isPolluted())
        },
      ),
      { numRuns: 700 },
    )
  })

  it('anything in the place of an id or a parameter: an answer below 500 without a stack', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ADDRESSED), hostileText, async ([method, path], word) => {
        const response = await send(
          method,
          path.replace('WORD', () => word),
          null,
          {},
        )
        const answer = await response.text()
        assert.ok(response.status < 500, `${method} ${path} ${word} ${response.status}: ${answer}`)
        assert.doesNotMatch(answer, STACK)
      }),
      // The word that a database stumbles over is tried in every place.
      { numRuns: 500, examples: ADDRESSED.map((call) => [call, '%00']) },
    )
  })

  it('nothing of all that reached another application', async () => {
    const rows = await query(world(), 'select * from end_users where application_id <> ?', ['app-a'])
    assert.deepEqual(
      rows.map(({ id }) => id),
      [foreign],
    )
    for (const table of ['sessions', 'redirect_uris'])
      assert.deepEqual(
        await query(world(), `select * from ${table} where application_id <> ?`, ['app-a']),
        [],
      )
  })

  it('prototype keys are fields that nobody asked for', async () => {
    for (const [method, path, type] of READING) {
      const body =
        type === JSON_TYPE
          ? '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
          : '__proto__[polluted]=1&constructor.prototype.polluted=1'
      const { status } = await send(method, path, body, { 'content-type': type })
      assert.ok(status < 500 && !isPolluted(), path)
    }
  })

  it('deep and wide JSON within the size is answered, and beyond it refused [T025]', async () => {
    const fits = (open: string, close: string) =>
      Math.floor((limits.requestBodyBytes - 20) / (open.length + close.length))
    const nested = (open: string, close: string, depth = fits(open, close)) =>
      `${open.repeat(depth)}1${close.repeat(depth)}`
    const wide = `{${Array.from({ length: 4000 }, (_, i) => `"key${i}":${i}`).join(',')}}`
    for (const [method, path, type] of READING.filter(([, , one]) => one === JSON_TYPE))
      for (const body of [
        nested('[', ']'),
        nested('{"a":', '}'),
        `{"endUserId":${nested('[', ']')}}`,
        `{"height":${nested('{"a":', '}')}}`,
        wide,
        `{"allowedSources":[${'1,'.repeat(20_000)}1]}`,
      ])
        assert.ok((await send(method, path, body, { 'content-type': type })).status < 500, path)
    for (const body of [
      nested('[', ']', 100_000),
      `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join(',')}}`,
    ])
      assert.equal(
        (await send('POST', '/widget/v6/connection', body, { 'content-type': JSON_TYPE })).status,
        413,
      )
  })

  it('of two keys in one body none opens a foreign end user [T026]', async () => {
    for (const body of [
      `{"endUserId":"${own}","endUserId":"${foreign}"}`,
      `{"endUserId":"${foreign}","endUserId":"${own}"}`,
    ])
      for (const path of ['/widget/v6/connection', '/v1/sessions'])
        await send('POST', path, body, { 'content-type': JSON_TYPE })
    await send('POST', '/v5/dataSourceURL', `authenticationToken=${own}&authenticationToken=${foreign}`, {
      'content-type': FORM,
    })
    assert.deepEqual(await query(world(), 'select * from sessions where end_user_id = ?', [foreign]), [])
  })
})
