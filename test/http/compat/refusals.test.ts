// What the compatible paths refuse before they look at a field: unknown paths, other methods, types and sizes of bodies
// (contract §2, Errors). In process, on the embedded database.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { limits } from '../../../src/limits.ts'
import { backendOf } from '../../support/person.ts'
import { allRows } from '../../support/rows.ts'
import { openWorld, type World } from '../../support/world.ts'
import { assertProblem, FORM, JSON_TYPE, sendForm, sendJson } from '../support.ts'

const ALLOWED = {
  '/v5/accessToken': 'POST',
  '/v5/userInformation': 'DELETE, POST, PUT',
  '/v5/dataSourceURL': 'POST',
  '/widget/v6/connection': 'POST',
  '/restjson/v5/accessToken': 'POST',
  '/restjson/v5/userInformation': 'DELETE, POST, PUT',
  '/restjson/v5/dataSourceURL': 'POST',
  '/restjson/v4/userInformation': 'DELETE, POST, PUT',
}

describe('the compatible API refuses', () => {
  let world: World
  let endUserId: string
  before(async () => {
    world = await openWorld()
    endUserId = await backendOf(world).createEndUser()
  })
  after(() => world.close())
  const headers = () => backendOf(world).headers

  it('nothing that is not in the table of docs/compatible-api.md, and all that is', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../../docs/compatible-api.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `(\/\S+)` \| ([A-Z, ]+) \|$/gm)].map(([, ...cells]) => cells)
    assert.deepEqual(
      Object.fromEntries(
        rows.map(([at = '', methods = '']) => [at, methods.split(', ').toSorted().join(', ')]),
      ),
      ALLOWED,
    )
    const mounted = world.app.routes
      .map((route) => route.path)
      .filter((one) => /^\/(v5|restjson|widget)\//.test(one))
    assert.deepEqual([...new Set(mounted)].toSorted(), Object.keys(ALLOWED).toSorted())
  })

  it('another method than a path has: 405 with Allow, logged in or not', async () => {
    for (const [path, allowed] of Object.entries(ALLOWED))
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'].filter(
        (one) => !allowed.includes(one),
      ))
        for (const sent of [{}, headers()]) {
          const response = await world.app.request(path, { method, headers: sent })
          assert.deepEqual(
            [response.status, response.headers.get('allow')],
            [405, allowed],
            `${method} ${path}`,
          )
          if (method !== 'HEAD') await assertProblem(response, 'method_not_allowed', path)
        }
  })

  it('a path that there is not: 404 in the one shape', async () => {
    for (const path of [
      '/v5',
      '/v5/',
      '/v5/accesstoken',
      '/v5/accessToken/',
      '/v5//accessToken',
      '/v5/accessToken/x',
      '/v4/accessToken',
      '/restjson/v4/accessToken',
      '/restjson/v6/userInformation',
      '/widget/v6',
      '/widget/v5/connection',
      '/widget/v6/connection/',
    ])
      for (const method of ['POST', 'GET']) {
        const response = await world.app.request(path, { method, headers: headers() })
        if (path === '/v4/accessToken') assert.equal(response.status, 404, 'no path of a program, so a page')
        else await assertProblem(response, 'not_found', path)
      }
  })

  it('another content type, or none, where there is a body: 415, and nothing happens [T023]', async () => {
    const before = await allRows(world)
    const forms = [
      '',
      'text/plain',
      JSON_TYPE,
      'multipart/form-data; boundary=x',
      `${FORM}x`,
      `${FORM}; charset=iso-8859-1`,
      `${FORM}, ${JSON_TYPE}`,
      'application',
      ';',
    ]
    for (const type of forms)
      for (const path of ['/v5/accessToken', '/v5/userInformation', '/v5/dataSourceURL'])
        await assertProblem(
          await sendForm(
            world.app,
            path,
            { ...headers(), 'content-type': type },
            `authenticationToken=${endUserId}`,
          ),
          'unsupported_media_type',
          path,
        )
    const jsons = [
      '',
      'text/plain',
      FORM,
      'text/json',
      'application/jsonp',
      'application/vnd.api+json',
      `${JSON_TYPE}; charset=utf-16`,
      `${JSON_TYPE}, text/plain`,
    ]
    for (const type of jsons) {
      const sent = { ...headers(), authenticationToken: endUserId, 'content-type': type }
      await assertProblem(
        await sendJson(world.app, '/widget/v6/connection', sent, { endUserId }),
        'unsupported_media_type',
        '/widget',
      )
      await assertProblem(
        await sendJson(world.app, '/v5/userInformation', sent, { height: 1 }, 'PUT'),
        'unsupported_media_type',
        '/v5',
      )
    }
    assert.deepEqual(await allRows(world), before)
  })

  it('a body that fails as JSON fails under every other label too [T023]', async () => {
    for (const type of [
      JSON_TYPE,
      `${JSON_TYPE};charset=utf-8`,
      `${JSON_TYPE}; a=b; charset="UTF-8"`,
      'Application/JSON',
    ])
      for (const body of [
        '',
        ' ',
        '{',
        '{"endUserId":}',
        "{'endUserId':1}",
        '{"endUserId":"x"}}',
        'endUserId=x',
        '\ufeff{}x',
        'NaN',
        'undefined',
      ])
        await assertProblem(
          await sendJson(world.app, '/widget/v6/connection', { ...headers(), 'content-type': type }, body),
          'invalid_json',
          '/widget',
        )
  })

  it('a compressed body: 415, not read', async () => {
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip, identity']) {
      const sent = { ...headers(), 'content-encoding': encoding }
      await assertProblem(
        await sendJson(world.app, '/widget/v6/connection', sent, { endUserId }),
        'unsupported_media_type',
        '/widget',
      )
    }
  })

  it('a body of more than 64 KiB: 413, and one of exactly that size is read [T024]', async () => {
    const before = await allRows(world)
    const filled = (bytes: number) => `x=${'a'.repeat(bytes - 2)}`
    for (const path of ['/v5/accessToken', '/v5/userInformation', '/v5/dataSourceURL'])
      await assertProblem(
        await sendForm(world.app, path, headers(), filled(limits.requestBodyBytes + 1)),
        'payload_too_large',
        path,
      )
    const sent = { ...headers(), authenticationToken: endUserId }
    const json = JSON.stringify({ height: 1, x: 'ä'.repeat(limits.requestBodyBytes / 2) })
    await assertProblem(
      await sendJson(world.app, '/v5/userInformation', sent, json, 'PUT'),
      'payload_too_large',
      '/v5',
    )
    assert.deepEqual(await allRows(world), before)
    assert.equal(
      (await sendForm(world.app, '/v5/accessToken', headers(), filled(limits.requestBodyBytes))).status,
      200,
    )
  })
})
