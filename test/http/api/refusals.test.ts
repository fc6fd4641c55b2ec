// What our own API refuses before it looks at a field: credentials, unknown paths, other methods, types and sizes of bodies,
// always in the one shape as `application/problem+json` (contract §2, Errors; §6). In process.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { limits } from '../../../src/limits.ts'
import { backendOf } from '../../support/person.ts'
import { allRows, query } from '../../support/rows.ts'
import { openWorld, type World } from '../../support/world.ts'
import { assertProblem, basic, FORM, type Headers, JSON_TYPE, NOBODY, sendJson } from '../support.ts'

const ALLOWED = {
  '/v1/openapi.json': 'GET, HEAD',
  '/v1/users': 'POST',
  [`/v1/users/${NOBODY}`]: 'DELETE, GET, HEAD, PATCH',
  [`/v1/users/${NOBODY}/connections`]: 'GET, HEAD',
  [`/v1/users/${NOBODY}/export`]: 'GET, HEAD',
  [`/v1/users/${NOBODY}/sessions`]: 'DELETE',
  '/v1/sessions': 'DELETE, POST',
  '/v1/sessions/x': 'DELETE',
  [`/v1/connections/${NOBODY}`]: 'DELETE, GET, HEAD',
  '/v1/results/x': 'POST',
  '/v1/attempts': 'GET, HEAD',
  '/v1/data-sources': 'GET, HEAD',
  '/v1/data-sources/11': 'GET, HEAD',
  '/v1/redirect-uris': 'DELETE, GET, HEAD, POST',
  '/v1/redirect-uris/check': 'POST',
}

const READING_JSON = [
  ['POST', '/v1/users'],
  ['PATCH', `/v1/users/${NOBODY}`],
  ['POST', '/v1/sessions'],
  ['POST', '/v1/redirect-uris'],
  ['POST', '/v1/redirect-uris/check'],
] as const

const KEY = { Authorization: 'Bearer sbk_app-a' }

describe('our own API refuses', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  const get = (path: string, headers: Headers) =>
    world.app.request(path, { headers: { 'x-test-address': 'own', ...headers } })

  it('wrong or missing credentials: a 401 that names the header, with the scheme to use', async () => {
    const account = basic('a', 'a-password')
    for (const [headers, code, header, schemes] of [
      [{}, 'missing_credentials', 'Authorization', ['Bearer', 'Basic']],
      [{ Authorization: '' }, 'missing_credentials', 'Authorization', ['Bearer', 'Basic']],
      [{ Authorization: 'Bearer nothing' }, 'invalid_credentials', 'Authorization', ['Bearer']],
      [{ Authorization: `Bearer ${'x'.repeat(4000)}` }, 'invalid_credentials', 'Authorization', ['Bearer']],
      [{ Authorization: 'Bearer ' }, 'invalid_credentials', 'Authorization', ['Basic']],
      [{ Authorization: 'Bearer sbk_app-a sbk_app-b' }, 'invalid_credentials', 'Authorization', ['Basic']],
      [{ Authorization: 'sbk_app-a' }, 'invalid_credentials', 'Authorization', ['Basic']],
      [{ Authorization: account }, 'missing_credentials', 'AppAuthorization', ['Basic']],
      [
        { Authorization: account, AppAuthorization: basic('app-b', 'app-b-secret') },
        'invalid_credentials',
        'AppAuthorization',
        ['Basic'],
      ],
      [
        { Authorization: basic('sbk_app-a', ''), AppAuthorization: basic('app-a', 'app-a-secret') },
        'invalid_credentials',
        'Authorization',
        ['Basic'],
      ],
    ] as const) {
      const response = await get('/v1/data-sources', headers)
      const challenge = schemes.map((scheme) => `${scheme} realm="springbar"`).join(', ')
      assert.equal(response.headers.get('www-authenticate'), challenge)
      assert.equal(
        (await assertProblem(response, code, '/v1')).body['header'],
        header,
        JSON.stringify(headers),
      )
    }
  })

  it('credentials are asked for on every path but the description, whether there is one or not', async () => {
    for (const path of [...Object.keys(ALLOWED), '/v1', '/v1/', '/v1/nothing'])
      if (path !== '/v1/openapi.json')
        await assertProblem(await get(path, { 'x-test-address': path }), 'missing_credentials', path)
  })

  it('an API key works in any case of its scheme, and the two Basic credentials in its place', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER'])
      assert.equal((await get('/v1/data-sources', { Authorization: `${scheme} sbk_app-a` })).status, 200)
    assert.equal((await get('/v1/data-sources', backendOf(world).headers)).status, 200)
  })

  it('another method than a path has: 405 with Allow', async () => {
    for (const [path, allowed] of Object.entries(ALLOWED))
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'].filter(
        (one) => !allowed.split(', ').includes(one),
      )) {
        const response = await world.app.request(path, { method, headers: KEY })
        assert.deepEqual(
          [response.status, response.headers.get('allow')],
          [405, allowed],
          `${method} ${path}`,
        )
        if (method !== 'HEAD') await assertProblem(response, 'method_not_allowed', path)
      }
  })

  it('HEAD answers as GET does, without a body', async () => {
    for (const path of ['/v1/data-sources', '/v1/openapi.json', '/v1/redirect-uris']) {
      const response = await world.app.request(path, { method: 'HEAD', headers: KEY })
      assert.deepEqual([response.status, await response.text()], [200, ''])
    }
  })

  it('a path that there is not: 404', async () => {
    for (const path of [
      '/v1',
      '/v1/',
      '/v1/nothing',
      '/v1/users/',
      '/v1/Users',
      `/v1/users/${NOBODY}/`,
      `/v1/users/${NOBODY}/nothing`,
      '/v1//users',
    ])
      await assertProblem(await get(path, KEY), 'not_found', '/v1')
  })

  it('another content type than JSON, or none: 415, and nothing happens [T023]', async () => {
    const stored = await allRows(world)
    const types = [
      '',
      'text/plain',
      FORM,
      'text/json',
      'application/jsonp',
      'application/problem+json',
      'multipart/form-data',
      `${JSON_TYPE}; charset=utf-16`,
      `${JSON_TYPE}, text/plain`,
      `${JSON_TYPE} ; charset=utf-8`,
      `${JSON_TYPE};`,
    ]
    for (const [method, path] of READING_JSON)
      for (const type of types)
        await assertProblem(
          await sendJson(
            world.app,
            path,
            { ...KEY, 'content-type': type },
            '{"uri":"https://a.example/"}',
            method,
          ),
          'unsupported_media_type',
          path,
        )
    assert.deepEqual(await allRows(world), stored)
  })

  it('the content type may be written in any case and name UTF-8', async () => {
    for (const type of ['Application/JSON', `${JSON_TYPE}; charset=utf-8`, `${JSON_TYPE};charset="UTF-8"`]) {
      const response = await sendJson(
        world.app,
        '/v1/users',
        { ...KEY, 'content-type': type },
        { partnerUserId: 'typed' },
      )
      assert.equal(response.status, 200, type)
    }
    assert.equal(
      (await query(world, 'select id from end_users')).length,
      1,
      'each time the same one: the body was read',
    )
  })

  it('what is no JSON: 400, also when it is empty', async () => {
    for (const [method, path] of READING_JSON)
      for (const body of ['', '{', '{"uri":}', 'uri=x', "{'uri':1}", 'NaN', '{"uri":"x"}{}'])
        await assertProblem(await sendJson(world.app, path, KEY, body, method), 'invalid_json', path)
  })

  it('JSON that is no object: 400', async () => {
    for (const [method, path] of READING_JSON)
      for (const body of ['null', '[]', '1', '"text"', 'true'])
        await assertProblem(await sendJson(world.app, path, KEY, body, method), 'invalid_request', path)
  })

  it('a compressed body, or one of more than 64 KiB, also where none is expected: 415 and 413', async () => {
    const large = JSON.stringify({ uri: 'x'.repeat(limits.requestBodyBytes) })
    for (const [method, path] of [
      ...READING_JSON,
      ['POST', '/v1/results/x'],
      ['DELETE', `/v1/connections/${NOBODY}`],
    ] as const) {
      await assertProblem(await sendJson(world.app, path, KEY, large, method), 'payload_too_large', path)
      const packed = { ...KEY, 'content-encoding': 'gzip' }
      await assertProblem(await sendJson(world.app, path, packed, {}, method), 'unsupported_media_type', path)
    }
  })

  it('every answer, good or bad, has the headers of an API and is not kept anywhere', async () => {
    for (const [path, headers] of [
      ['/v1/openapi.json', {}],
      ['/v1/data-sources', KEY],
      ['/v1/nothing', KEY],
      ['/v1/users', {}],
    ] as const) {
      const response = await get(path, headers)
      const found = [
        'cache-control',
        'x-content-type-options',
        'referrer-policy',
        'content-security-policy',
        'x-frame-options',
        'strict-transport-security',
      ].map((name) => response.headers.get(name))
      assert.deepEqual(
        found,
        [
          'no-store',
          'nosniff',
          'no-referrer',
          "default-src 'none'; frame-ancestors 'none'",
          'DENY',
          'max-age=31536000',
        ],
        path,
      )
    }
  })
})
