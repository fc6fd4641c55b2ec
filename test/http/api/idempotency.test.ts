// `Idempotency-Key` on POSTs that return no secret: the same request gives the same answer, another one is refused, and
// however many come at once, one takes effect [T027]. The whole service on both databases.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../../src/limits.ts'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf } from '../../support/person.ts'
import { query } from '../../support/rows.ts'
import { assertProblem, jsonOf } from '../support.ts'

onBothDatabases('idempotency', (world) => {
  const post = (path: string, body: unknown, key: string, application = 'app-a') =>
    backendOf(world(), application).api('POST', path, body, { 'Idempotency-Key': key })
  const create = (key: string, body: unknown = {}, application?: string) =>
    post('/users', body, key, application)
  const countPeople = async () => (await query(world(), 'select id from end_users')).length

  it('the same key and request get the same answer, and the effect is there once', async () => {
    const before = await countPeople()
    const first = await create('key-1', { language: 'de' })
    const again = await create('key-1', { language: 'de' })
    assert.deepEqual([first.status, again.status], [200, 200])
    assert.deepEqual(
      [first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')],
      [null, 'true'],
    )
    assert.equal(again.headers.get('content-type'), 'application/json')
    assert.equal(again.headers.get('cache-control'), 'no-store')
    assert.equal(await again.text(), await first.text())
    assert.equal(await countPeople(), before + 1)
  })

  it('without a key, or with another, it is a new effect each time', async () => {
    const ids = await Promise.all(
      [create('key-2'), create('key-3'), backendOf(world()).api('POST', '/users', {})].map(
        async (sent) => (await jsonOf(await sent))['id'],
      ),
    )
    assert.equal(new Set(ids).size, 3)
  })

  it('the same key with another request is a 422: another body, or another path', async () => {
    await create('key-4', { partnerUserId: 'four' })
    for (const [path, body] of [
      ['/users', { partnerUserId: 'five' }],
      ['/users', { partnerUserId: 'four', language: 'de' }],
      ['/redirect-uris', { partnerUserId: 'four' }],
    ] as const)
      await assertProblem(await post(path, body, 'key-4'), 'idempotency_mismatch', '/v1')
    assert.deepEqual(await query(world(), 'select id from end_users where alias = ?', ['five']), [])
  })

  it('50 requests with one key at once have one effect; the others get its answer or a word to wait', async () => {
    const before = await countPeople()
    const answers = await Promise.all(Array.from({ length: 50 }, () => create('key-5')))
    assert.equal(await countPeople(), before + 1)
    const ids = new Set<unknown>()
    for (const answer of answers)
      if (answer.status === 200) ids.add((await jsonOf(answer))['id'])
      else {
        assert.equal(answer.headers.get('retry-after'), '1')
        await assertProblem(answer, 'idempotency_in_progress', '/v1')
      }
    assert.equal(ids.size, 1)
    assert.equal((await jsonOf(await create('key-5')))['id'], [...ids][0])
  })

  it('a refused request gives its key back', async () => {
    await assertProblem(await create('key-6', { partnerUserId: '!' }), 'invalid_request', '/v1')
    assert.equal((await create('key-6', { partnerUserId: 'six' })).status, 200)
  })

  it('keys belong to one application', async () => {
    const one = await jsonOf(await create('key-7'))
    const other = await jsonOf(await create('key-7', {}, 'app-b'))
    assert.notEqual(one['id'], other['id'])
  })

  it('a key is forgotten after a day', async () => {
    const { id } = await jsonOf(await create('key-8'))
    world().advance(limits.idempotencyKeptMs - 1)
    assert.equal((await jsonOf(await create('key-8')))['id'], id)
    world().advance(2)
    await world().sweep()
    assert.notEqual((await jsonOf(await create('key-8')))['id'], id)
    assert.deepEqual(
      await query(world(), 'select * from idempotency_keys where created_at < ?', [
        String(world().now() - limits.idempotencyKeptMs),
      ]),
      [],
    )
  })

  it('adding and checking a redirect URI know it too', async () => {
    const uri = { uri: 'https://idempotent.example.com/done' }
    for (const path of ['/redirect-uris', '/redirect-uris/check']) {
      const first = await post(path, uri, `key-9 ${path}`)
      const again = await post(path, uri, `key-9 ${path}`)
      assert.equal(again.headers.get('idempotency-replayed'), 'true')
      assert.equal(await again.text(), await first.text())
    }
  })

  it('minting ignores it, so that no token is ever kept', async () => {
    const endUserId = await backendOf(world()).createEndUser()
    const [one, other] = [
      await jsonOf(await post('/sessions', { endUserId }, 'key-10')),
      await jsonOf(await post('/sessions', { endUserId }, 'key-10')),
    ]
    assert.notEqual(one['token'], other['token'])
    assert.deepEqual(await query(world(), 'select * from idempotency_keys where key = ?', ['key-10']), [])
  })

  it('a key is 1 to 200 characters', async () => {
    assert.equal((await create('k'.repeat(200))).status, 200)
    await assertProblem(await create('k'.repeat(201)), 'invalid_request', '/v1')
    await assertProblem(await create(''), 'invalid_request', '/v1')
  })
})
