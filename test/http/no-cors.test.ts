// No path answers a page of another origin: neither a preflight nor a simple request gets an `Access-Control-Allow-*`
// header [T028]. Every mounted path and method, asked by an evil origin.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { backendOf } from '../support/person.ts'
import { openWorld, type World } from '../support/world.ts'

const EVIL = 'https://evil.example'

describe('cross-origin requests', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  const allowHeaders = (response: Response) =>
    [...response.headers.keys()].filter((name) => name.startsWith('access-control-'))
  const paths = () => [
    ...new Set(world.app.routes.map(({ path }) => path)),
    '/',
    '/nothing',
    '/v1/nothing',
    '/v5/nothing',
  ]

  it('a preflight is answered without permission, on every path', async () => {
    assert.ok(paths().length > 30, 'every mounted path is asked')
    for (const path of paths())
      for (const method of ['POST', 'PUT', 'DELETE', 'GET']) {
        const response = await world.app.request(path.replaceAll(/:\w+/g, 'x').replace('*', 'x'), {
          method: 'OPTIONS',
          headers: {
            Origin: EVIL,
            'Access-Control-Request-Method': method,
            'Access-Control-Request-Headers': 'authorization',
            'Access-Control-Request-Private-Network': 'true',
          },
        })
        assert.deepEqual(allowHeaders(response), [], path)
      }
  })

  it('a request with credentials is answered without permission to read it, on every path', async () => {
    for (const path of paths())
      for (const method of ['GET', 'POST'])
        for (const origin of [EVIL, 'null', 'https://connect.example.org', 'https://app-a.example.com']) {
          const response = await world.app.request(path.replaceAll(/:\w+/g, 'x').replace('*', 'x'), {
            method,
            headers: { ...backendOf(world).headers, Origin: origin },
          })
          assert.deepEqual(allowHeaders(response), [], `${method} ${path} from ${origin}`)
        }
  })
})
