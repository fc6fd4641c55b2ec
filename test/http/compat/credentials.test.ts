// The two Basic credentials of the compatible API (contract §2), and how often they may be wrong or used. In process, on
// the embedded database, the limiter on the test's clock.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { limits } from '../../../src/limits.ts'
import { backendOf } from '../../support/person.ts'
import { query } from '../../support/rows.ts'
import { openWorld, type World } from '../../support/world.ts'
import { appWith, assertProblem, basic, type Headers, sendForm, sendJson } from '../support.ts'

const PATHS = [
  ['POST', '/v5/accessToken'],
  ['POST', '/v5/userInformation'],
  ['PUT', '/v5/userInformation'],
  ['DELETE', '/v5/userInformation'],
  ['POST', '/v5/dataSourceURL'],
  ['POST', '/widget/v6/connection'],
  ['POST', '/restjson/v5/accessToken'],
  ['POST', '/restjson/v5/userInformation'],
  ['PUT', '/restjson/v5/userInformation'],
  ['DELETE', '/restjson/v5/userInformation'],
  ['POST', '/restjson/v5/dataSourceURL'],
  ['POST', '/restjson/v4/userInformation'],
] as const

const ACCOUNT = basic('a', 'a-password')
const APPLICATION = basic('app-a', 'app-a-secret')

/** Headers that name nobody, what is said, and which header it is said of. */
const REFUSED: readonly (readonly [
  string,
  Headers,
  'missing_credentials' | 'invalid_credentials',
  string,
])[] = [
  ['no credentials', {}, 'missing_credentials', 'Authorization'],
  ['the account alone', { Authorization: ACCOUNT }, 'missing_credentials', 'AppAuthorization'],
  ['the application alone', { AppAuthorization: APPLICATION }, 'missing_credentials', 'Authorization'],
  [
    'an empty header',
    { Authorization: '', AppAuthorization: APPLICATION },
    'missing_credentials',
    'Authorization',
  ],
  [
    'an unknown account',
    { Authorization: basic('x', 'a-password'), AppAuthorization: APPLICATION },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'a wrong password',
    { Authorization: basic('a', 'b-password'), AppAuthorization: APPLICATION },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'an empty password',
    { Authorization: basic('a', ''), AppAuthorization: APPLICATION },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'a password of another length',
    { Authorization: basic('a', 'a'.repeat(1000)), AppAuthorization: APPLICATION },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'an enormous header',
    { Authorization: basic('a', 'a'.repeat(9000)), AppAuthorization: APPLICATION },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'an unknown application',
    { Authorization: ACCOUNT, AppAuthorization: basic('x', 'app-a-secret') },
    'invalid_credentials',
    'AppAuthorization',
  ],
  [
    'a wrong secret',
    { Authorization: ACCOUNT, AppAuthorization: basic('app-a', 'x') },
    'invalid_credentials',
    'AppAuthorization',
  ],
  [
    "the secret of the same account's other application",
    { Authorization: ACCOUNT, AppAuthorization: basic('app-a', 'app-a-staging-secret') },
    'invalid_credentials',
    'AppAuthorization',
  ],
  [
    'a foreign pair [T018]',
    { Authorization: ACCOUNT, AppAuthorization: basic('app-b', 'app-b-secret') },
    'invalid_credentials',
    'AppAuthorization',
  ],
  [
    'the two the wrong way round',
    { Authorization: APPLICATION, AppAuthorization: ACCOUNT },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'an API key in place of the account',
    { Authorization: 'Bearer sbk_app-a', AppAuthorization: APPLICATION },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'no scheme',
    { Authorization: ACCOUNT.slice(6), AppAuthorization: APPLICATION },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'no base64',
    { Authorization: 'Basic a:a-password', AppAuthorization: APPLICATION },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'no colon',
    { Authorization: `Basic ${btoa('a')}`, AppAuthorization: APPLICATION },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'two in one header',
    { Authorization: `${ACCOUNT}, ${ACCOUNT}`, AppAuthorization: APPLICATION },
    'invalid_credentials',
    'Authorization',
  ],
  [
    'the name of something that every object has',
    { Authorization: basic('__proto__', ''), AppAuthorization: basic('constructor', '') },
    'invalid_credentials',
    'Authorization',
  ],
]

describe('credentials of the compatible API', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  const create = (headers: Headers, path = '/v5/accessToken') => sendForm(world.app, path, headers)
  const countPeople = async () => (await query(world, 'select id from end_users')).length

  for (const [name, headers, code, header] of REFUSED)
    it(`${name}: a 401 that names ${header} [T017]`, async () => {
      const people = await countPeople()
      const response = await create({ ...headers, 'x-test-address': name.replace(/\W/g, '-') })
      assert.equal(response.headers.get('www-authenticate'), 'Basic realm="springbar"')
      const { body, detail } = await assertProblem(response, code, '/v5/accessToken')
      assert.equal(body['header'], header)
      assert.match(detail, new RegExp(`^The ${header} header `))
      assert.equal(await countPeople(), people)
    })

  it('are asked for on every path and for every method', async () => {
    for (const [method, path] of PATHS) {
      const send = (headers: Headers) =>
        world.app.request(path, { method, headers: { 'x-test-address': `${method} ${path}`, ...headers } })
      await assertProblem(await send({}), 'missing_credentials', path)
      await assertProblem(await send({ Authorization: ACCOUNT }), 'missing_credentials', path)
      const foreign = { Authorization: ACCOUNT, AppAuthorization: basic('app-b', 'app-b-secret') }
      await assertProblem(await send(foreign), 'invalid_credentials', path)
    }
  })

  it('a wrong user and a wrong password get the same answer but for its reference [T017]', async () => {
    const answers = await Promise.all(
      [basic('nobody', 'a-password'), basic('a', 'nothing')].map(async (Authorization) => {
        const response = await create({
          Authorization,
          AppAuthorization: APPLICATION,
          'x-test-address': 'same',
        })
        return { body: { ...(await response.json()), requestId: null }, headers: [...response.headers] }
      }),
    )
    assert.deepEqual(answers[0], answers[1])
  })

  it('what is refused is logged by its code, without the credentials, under the reference of the answer', async () => {
    const response = await create({
      Authorization: basic('a', 'Canary-Secret'),
      AppAuthorization: APPLICATION,
    })
    const { requestId } = await assertProblem(response, 'invalid_credentials', '/v5/accessToken')
    const line = world.log.find(({ fields }) => fields['requestId'] === requestId)
    assert.deepEqual([line?.fields['code'], line?.fields['path']], ['invalid_credentials', '/v5/accessToken'])
    const logged = JSON.stringify(world.log)
    assert.ok(!logged.includes('Canary') && !logged.includes(btoa('a:Canary-Secret')))
  })

  it('the scheme counts in any case, and a further appID header is ignored', async () => {
    for (const scheme of ['basic', 'BASIC', 'bAsIc'])
      assert.equal(
        (await create({ Authorization: ACCOUNT.replace('Basic', scheme), AppAuthorization: APPLICATION }))
          .status,
        200,
      )
    assert.equal(
      (await create({ Authorization: ACCOUNT, AppAuthorization: APPLICATION, appID: 'app-b' })).status,
      200,
    )
  })

  it('header names count in any case', async () => {
    const headers = { AUTHORIZATION: ACCOUNT, aPPauthorization: APPLICATION }
    assert.equal((await create(headers)).status, 200)
  })

  it('two live passwords and two live secrets both work while one replaces the other [T021]', async () => {
    for (const password of ['b-password', 'b-password-2'])
      for (const secret of ['app-b-secret', 'app-b-secret-2'])
        assert.equal(
          (await create({ Authorization: basic('b', password), AppAuthorization: basic('app-b', secret) }))
            .status,
          200,
        )
  })

  it('in a query they are not credentials [T029]', async () => {
    const inQuery = new URLSearchParams({ Authorization: ACCOUNT, AppAuthorization: APPLICATION })
    const headers = { 'x-test-address': 'query' }
    for (const path of ['/v5/accessToken', '/widget/v6/connection'])
      await assertProblem(await create(headers, `${path}?${inQuery}`), 'missing_credentials', path)
    const body = String(new URLSearchParams({ Authorization: ACCOUNT, AppAuthorization: APPLICATION }))
    await assertProblem(
      await sendForm(world.app, '/v5/accessToken', headers, body),
      'missing_credentials',
      '/v5',
    )
    const own = await world.app.request('/v1/data-sources?access_token=sbk_app-a&api_key=sbk_app-a', {
      headers,
    })
    await assertProblem(own, 'missing_credentials', '/v1')
  })

  it('come before everything else: a stranger learns nothing of bodies, ids or types', async () => {
    const headers = { 'x-test-address': 'first' }
    await assertProblem(
      await sendJson(world.app, '/widget/v6/connection', headers, '{'),
      'missing_credentials',
      '/widget',
    )
    await assertProblem(
      await sendJson(world.app, '/v5/accessToken', headers, 'x'.repeat(200_000)),
      'missing_credentials',
      '/v5',
    )
  })

  it('one address that is wrong too often must wait, and is told how long; others need not', async () => {
    const { burst } = limits.failedLoginsPerAddress
    const wrong = () =>
      create({
        Authorization: basic('a', 'guess'),
        AppAuthorization: APPLICATION,
        'x-test-address': 'guesser',
      })
    for (let i = 0; i < burst; i++) await assertProblem(await wrong(), 'invalid_credentials', '/v5')
    const refused = await wrong()
    assert.equal(refused.headers.get('retry-after'), '1')
    await assertProblem(refused, 'rate_limited', '/v5')
    assert.equal((await create(backendOf(world).headers)).status, 200, 'another address')
    world.advance(1000)
    await assertProblem(await wrong(), 'invalid_credentials', '/v5')
  })

  it('one application that calls too often must wait, and is told how long [T133]', async () => {
    const app = appWith(world, { apiRequestsPerSecond: 2 })
    const headers = { Authorization: basic('c', 'c-password'), AppAuthorization: basic('app-a', 'c-secret') }
    for (let i = 0; i < 4; i++) assert.equal((await sendForm(app, '/v5/accessToken', headers)).status, 200)
    for (const path of ['/v5/accessToken', '/widget/v6/connection']) {
      const refused = await sendForm(app, path, headers)
      assert.equal(refused.headers.get('retry-after'), '1')
      const { detail } = await assertProblem(refused, 'rate_limited', path)
      assert.equal(detail, 'This application may make 2 calls a second.')
    }
    const own = await app.request('/v1/data-sources', { headers: { Authorization: 'Bearer c-key' } })
    await assertProblem(own, 'rate_limited', '/v1')
    world.advance(500)
    assert.equal((await sendForm(app, '/v5/accessToken', headers)).status, 200)
  })
})
