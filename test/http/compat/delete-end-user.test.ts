// DELETE /v5/userInformation: queueing a deletion and the deletion itself (contract §2). The whole service on both
// databases, its clock moved by the test, and the sandbox vendors to see the grants end.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../../src/limits.ts'
import { asApplicationId } from '../../../src/model/ids.ts'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf, link, newPerson } from '../../support/person.ts'
import { query, tablesWith } from '../../support/rows.ts'
import { assertProblem, FOREIGN, jsonOf, NOBODY, sendForm, sendJson } from '../support.ts'

const PATH = '/v5/userInformation'
const DAY_MS = 86_400_000

onBothDatabases('deleting an end user', (world) => {
  const remove = (fields: Record<string, string>, way: 'body' | 'query' = 'body', application = 'app-a') => {
    const { headers } = backendOf(world(), application)
    const text = String(new URLSearchParams(fields))
    return way === 'body'
      ? sendForm(world().app, PATH, headers, text, 'DELETE')
      : world().app.request(`${PATH}?${text}`, { method: 'DELETE', headers })
  }
  const dateOf = async (id: string) =>
    (await jsonOf(await backendOf(world()).api('GET', `/users/${id}`)))['deleteAt']
  const read = (id: string) =>
    sendForm(world().app, PATH, backendOf(world()).headers, `authenticationToken=${id}`)
  const isoAt = (instant: number) => new Date(instant).toISOString()

  for (const way of ['body', 'query'] as const)
    it(`takes its parameters in the ${way}: 204 without a body, and by default seven days to go`, async () => {
      const id = await backendOf(world()).createEndUser()
      const response = await remove({ authenticationToken: id }, way)
      assert.deepEqual([response.status, await response.text()], [204, ''])
      assert.equal(await dateOf(id), isoAt(world().now() + 7 * DAY_MS))
      const other = await backendOf(world()).createEndUser()
      const date = isoAt(world().now() + 2 * DAY_MS)
      assert.equal((await remove({ authenticationToken: other, deletionDate: date }, way)).status, 204)
      assert.equal(await dateOf(other), date)
    })

  it('a date is a day or an instant with an offset; one in the past means now; a new one replaces the old', async () => {
    const id = await backendOf(world()).createEndUser()
    const year = new Date(world().now()).getUTCFullYear()
    for (const [deletionDate, expected] of [
      [`${year}-12-24`, `${year}-12-24T00:00:00.000Z`],
      [`${year}-12-24T10:30:00Z`, `${year}-12-24T10:30:00.000Z`],
      [`${year}-12-24T10:30:00.25Z`, `${year}-12-24T10:30:00.250Z`],
      [`${year}-12-24T10:30:00+02:00`, `${year}-12-24T08:30:00.000Z`],
      ['2001-01-01', isoAt(world().now())],
      ['', isoAt(world().now() + 7 * DAY_MS)],
    ] as const) {
      assert.equal((await remove({ authenticationToken: id, deletionDate })).status, 204, deletionDate)
      assert.equal(await dateOf(id), expected, deletionDate)
    }
  })

  it('any other date is malformed, as is one more than a year away, and nothing is queued', async () => {
    const id = await backendOf(world()).createEndUser()
    const far = isoAt(world().now() + limits.deletionDelayMaxMs + 1)
    for (const deletionDate of [
      'soon',
      '24.12.2026',
      '2026-02-30',
      '2026-12-24T10:30:00',
      '1798070400000',
      '2026-13-01',
      far,
      '9999-12-31',
    ])
      await assertProblem(await remove({ authenticationToken: id, deletionDate }), 'invalid_request', PATH)
    assert.equal(await dateOf(id), null)
  })

  it('an id in the body and another in the query is an error, the same one is fine', async () => {
    const { headers, createEndUser } = backendOf(world())
    const [one, other] = [await createEndUser(), await createEndUser()]
    const both = (inQuery: string, inBody: string) =>
      sendForm(
        world().app,
        `${PATH}?authenticationToken=${inQuery}`,
        headers,
        `authenticationToken=${inBody}`,
        'DELETE',
      )
    await assertProblem(await both(one, other), 'invalid_request', PATH)
    assert.deepEqual([await dateOf(one), await dateOf(other)], [null, null])
    assert.equal((await both(one, one)).status, 204)
  })

  it("nobody, somebody else's end user or no id at all: nothing is queued", async () => {
    const foreign = await backendOf(world(), 'app-b').createEndUser()
    for (const id of [NOBODY, foreign, 'x', `${foreign},${foreign}`])
      for (const way of ['body', 'query'] as const) {
        const { text } = await assertProblem(
          await remove({ authenticationToken: id }, way),
          'invalid_end_user',
          PATH,
        )
        assert.ok(text.includes(FOREIGN))
      }
    await assertProblem(await remove({}), 'invalid_request', PATH)
    const [row] = await query(world(), 'select delete_at from end_users where id = ?', [foreign])
    assert.equal(row?.['delete_at'], null)
  })

  it('queueing ends the sessions at once and refuses new ones; reading works, and the alias keeps its id [T004]', async () => {
    const backend = backendOf(world())
    const id = await backend.createEndUser('leaving')
    const token = await backend.mint(id)
    await newPerson(world()).connect(link('Connection', token, 11))
    await remove({ authenticationToken: id })

    const person = newPerson(world())
    for (const url of [link('Connection', token, 8), `/?connectionSessionToken=${token}`]) {
      const refused = await person.get(url)
      assert.deepEqual([refused.status, refused.headers.get('location')], [403, null])
    }
    for (const response of [
      await sendJson(world().app, '/widget/v6/connection', backend.headers, { endUserId: id }),
      await sendForm(world().app, '/v5/dataSourceURL', backend.headers, `authenticationToken=${id}`),
    ])
      await assertProblem(response, 'invalid_end_user', PATH)
    await assertProblem(
      await backend.api('POST', '/sessions', { endUserId: id }),
      'invalid_end_user',
      '/v1/sessions',
    )

    world().advance(7 * DAY_MS - 1)
    await world().sweep()
    assert.deepEqual(await backend.connectedSources(id), [11], 'reading works until the date')
    assert.equal(await backend.createEndUser('leaving'), id, 'the alias keeps its id')
  })

  it('at its date everything of the person is erased and every grant revoked at the vendors', async () => {
    const backend = backendOf(world())
    const id = await backend.createEndUser('to-be-erased')
    const token = await backend.mint(id)
    const person = newPerson(world())
    for (const source of [11, 8, 1]) await person.connect(link('Connection', token, source))
    const kept = await backend.createEndUser('stays')
    await remove({ authenticationToken: id })
    world().advance(7 * DAY_MS)
    await world().sweep()

    const { text } = await assertProblem(await read(id), 'invalid_end_user', PATH)
    assert.ok(text.includes(FOREIGN))
    const grants = world()
      .sandbox.control.grants()
      .filter(({ account }) => account === person.account)
    assert.equal(grants.length, 3)
    assert.ok(
      grants.every(({ ended }) => ended !== null),
      'each vendor ended its grant',
    )
    const unsettled = await query(
      world(),
      `select vendor from revocations where status <> 'revoked' or sealed_tokens is not null`,
    )
    assert.deepEqual(unsettled, [])
    assert.deepEqual(await tablesWith(world(), id), ['events'], 'the word that it is done')
    assert.deepEqual(await backend.connectedSources(kept), [])
    assert.notEqual(await backend.createEndUser('to-be-erased'), id, 'the alias is free again')
  })

  it('the application learns of it: one event for each source that ended and one for the person', async () => {
    const backend = backendOf(world())
    const id = await backend.createEndUser('told')
    await newPerson(world()).connect(link('Connection', await backend.mint(id), 11))
    await remove({ authenticationToken: id, deletionDate: '2001-01-01' })
    await world().sweep()
    await world().sweep()
    const events = await world().context.storage.read.events.list(asApplicationId('app-a'), 0, 1000)
    assert.deepEqual(
      events
        .filter(({ endUserId }) => endUserId === id)
        .map(({ type, endUserAlias }) => [type, endUserAlias]),
      [
        ['notification.source.disconnect', 'told'],
        ['user.deleted', 'told'],
      ],
    )
  })
})
