// A connection that lacks permissions is completed by a link with scopes=missing: the person is asked for those alone where
// the vendor adds them to the others, and for all where a new consent replaces the old one.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson } from '../support/person.ts'
import { query } from '../support/rows.ts'

const GOOGLE = 'https://www.googleapis.com/auth/googlehealth'
const SLEEP = `${GOOGLE}.sleep.readonly`
const PROFILE = `${GOOGLE}.profile.readonly`

onBothDatabases('consent repair', (world) => {
  const partlyConnected = async (source: number, scopes: readonly string[], application = 'app-a') => {
    const backend = backendOf(world(), application)
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    await person.connect(link('Connection', token, source), { scopes: [...scopes] })
    const read = async () => {
      const { data } = (await (await backend.api('GET', `/users/${endUserId}/connections`)).json()) as {
        data: { id: string; status: string; grantedScopes: string[]; missingScopes: string[] }[]
      } // our own API's list
      return data
    }
    const asked = async (more: Record<string, string>) => {
      const left = await person.get(link('Connection', token, source, more))
      return (locationOf(left).searchParams.get('scope') ?? '').split(/[ ,]/).toSorted()
    }
    const events = async () =>
      (
        await query(world(), 'select type, detail from events where end_user_id = ? order by sequence', [
          endUserId,
        ])
      ).map(({ type, detail }) => ({ type, detail: JSON.parse(String(detail)) }))
    return { backend, endUserId, token, person, read, asked, events }
  }

  it('asks for the missing scopes alone, keeps the others, and is one connection with all of them', async () => {
    const { token, person, read, asked, events, backend } = await partlyConnected(1, [SLEEP, PROFILE])
    const [before] = await read()
    assert.ok(before)
    assert.ok(before.missingScopes.length > 2)
    assert.deepEqual(await asked({ scopes: 'missing' }), before.missingScopes.toSorted())
    assert.equal((await asked({})).length, before.missingScopes.length + 2, 'a plain link asks for all')

    await person.connect(link('Connection', token, 1, { scopes: 'missing' }))
    const [after, ...more] = await read()
    assert.deepEqual([more.length, after?.id, after?.status], [0, before.id, 'active'])
    assert.deepEqual(after?.missingScopes, [])
    assert.deepEqual(
      after?.grantedScopes.toSorted(),
      [...before.grantedScopes, ...before.missingScopes].toSorted(),
    )
    const told = await events()
    assert.deepEqual(
      told.map(({ type }) => type),
      ['notification.source.connect', 'connection.repaired', 'connection.scopes_changed'],
    )
    assert.deepEqual(told.at(-1)?.detail.missingScopes, [])
    assert.equal((await backend.api('POST', `/connections/${before.id}/token`)).status, 200)
  })

  it('some of the missing ones are as good: what is still missing is known', async () => {
    const { token, person, read } = await partlyConnected(1, [SLEEP, PROFILE])
    const [before] = await read()
    const [one = '', ...rest] = before?.missingScopes ?? []
    await person.connect(link('Connection', token, 1, { scopes: 'missing' }), { scopes: [one] })
    const [after] = await read()
    assert.deepEqual(after?.missingScopes, rest)
    assert.ok(after?.grantedScopes.includes(SLEEP))
  })

  it('a person who says no keeps what there is', async () => {
    const { token, person, read, events } = await partlyConnected(1, [SLEEP, PROFILE])
    const before = await read()
    await person.connect(link('Connection', token, 1, { scopes: 'missing' }), { decision: 'cancel' })
    assert.deepEqual(await read(), before)
    assert.equal((await events()).at(-1)?.type, 'attempt.failed')
  })

  it('asks for all where a new consent replaces the old one', async () => {
    const { token, person, read, asked } = await partlyConnected(11, ['read', 'activity:read'])
    const all = await asked({})
    assert.deepEqual(await asked({ scopes: 'missing' }), all)
    await person.connect(link('Connection', token, 11, { scopes: 'missing' }))
    const connections = await read()
    assert.deepEqual(
      connections.map(({ status, missingScopes }) => [status, missingScopes]),
      [['active', []]],
    )
  })

  it('asks for all when nothing is missing, when nothing is connected, and when the grant is dead', async () => {
    const { token, person, asked, endUserId } = await partlyConnected(1, [SLEEP, PROFILE])
    const all = await asked({})
    await query(world(), `update connections set status = 'needs_reauth' where end_user_id = ?`, [endUserId])
    assert.deepEqual(await asked({ scopes: 'missing' }), all)
    await person.connect(link('Connection', token, 1))
    assert.deepEqual(await asked({ scopes: 'missing' }), all)
    await person.get(link('Revoke', token, 1, { direct: 'true' }))
    assert.deepEqual(await asked({ scopes: 'missing' }), all)
    assert.deepEqual(await asked({ scopes: 'none' }), all)
  })

  it('is kept on the way over the page that asks before leaving', async () => {
    const backend = backendOf(world(), 'app-a-page')
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const leave = async (more: Record<string, string>) => {
      const page = await (await person.get(link('Connection', token, 1, more))).text()
      const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
      const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)]
      return locationOf(
        await person.post(action, {
          ...Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])),
          answer: 'yes',
        }),
      )
    }
    const { location } = await world().sandbox.control.consent((await leave({})).href, {
      account: person.account,
      scopes: [SLEEP, PROFILE],
    })
    await person.get(location ?? '')
    const { data } = (await (await backend.api('GET', `/users/${endUserId}/connections`)).json()) as {
      data: { missingScopes: string[] }[]
    } // our own API's list
    const asked = ((await leave({ scopes: 'missing' })).searchParams.get('scope') ?? '').split(' ')
    assert.deepEqual(asked.toSorted(), data[0]?.missingScopes.toSorted())
  })
})
