// Lists of our own API are read page by page (contract §6). Method: each list is read whole, then one entry at a time by its
// cursors; what is no cursor is refused. The whole service on both databases.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../../src/limits.ts'
import { onBothDatabases } from '../../support/databases.ts'
import { backendOf, link, newPerson } from '../../support/person.ts'
import { APP_A } from '../../support/world.ts'
import { assertProblem, jsonOf } from '../support.ts'

interface List {
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly nextCursor: string | null
}

onBothDatabases('lists', (world) => {
  const api = (...call: Parameters<ReturnType<typeof backendOf>['api']>) => backendOf(world()).api(...call)
  const read = async (path: string, query: Readonly<Record<string, string>> = {}) =>
    (await jsonOf(await api('GET', `${path}?${new URLSearchParams(query)}`))) as unknown as List // our own API's list

  /** All that the pages of one entry each have, in their order. */
  const readOneByOne = async (path: string) => {
    const found: unknown[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: List = await read(path, { limit: '1', ...(cursor !== undefined && { cursor }) })
      assert.ok(page.data.length <= 1)
      found.push(...page.data)
      cursor = page.nextCursor
    }
    return found
  }

  let filled: Promise<readonly string[]> | undefined
  /** The paths of all lists, each with more than two entries. */
  const filledLists = () => {
    filled ??= fillLists()
    return filled
  }
  const fillLists = async () => {
    const backend = backendOf(world())
    const endUserId = await backend.createEndUser()
    const token = await backend.mint(endUserId)
    for (const source of [8, 11, 1])
      await newPerson(world()).connect(link('Connection', token, source, { redirect_uri: APP_A }))
    for (const url of ['https://a.example/hook', 'https://b.example/hook', 'https://c.example/hook'])
      assert.equal((await api('POST', '/webhooks', { url })).status, 201)
    return [`/users/${endUserId}/connections`, '/data-sources', '/redirect-uris', '/webhooks']
  }

  it('are the same whole and one by one', async () => {
    for (const path of await filledLists()) {
      const { data, nextCursor } = await read(path)
      assert.equal(nextCursor, null, path)
      assert.ok(data.length > 2, path)
      assert.deepEqual(await readOneByOne(path), data, path)
      const exact = await read(path, { limit: String(data.length) })
      assert.deepEqual(exact, { data, nextCursor: null }, 'the last page says that it is the last')
    }
  })

  it('go on behind the last entry that was shown, when it is gone and when others come before it', async () => {
    const add = (uri: string) => api('POST', '/redirect-uris', { uri })
    const uris = ({ data }: List) => data.map(({ uri }) => uri)
    await add('https://bbb.example/1')
    await add('https://bbb.example/2')
    const { data } = await read('/redirect-uris')
    const limit = String(data.findIndex(({ uri }) => uri === 'https://bbb.example/1') + 1)
    const { nextCursor } = await read('/redirect-uris', { limit })
    await api('DELETE', `/redirect-uris?${new URLSearchParams({ uri: 'https://bbb.example/1' })}`)
    await add('https://aaa.example/1')
    const next = await read('/redirect-uris', { limit: '1', cursor: nextCursor ?? '' })
    assert.deepEqual(uris(next), ['https://bbb.example/2'])
  })

  it('refuse what is no cursor and no number of entries, by its name', async () => {
    for (const path of await filledLists())
      for (const [name, value] of [
        ['cursor', '%'],
        ['cursor', ''],
        ['cursor', 'x'.repeat(limits.cursorCharacters + 1)],
        ['limit', '0'],
        ['limit', String(limits.listPage + 1)],
        ['limit', 'all'],
      ] as const) {
        const answer = await api('GET', `${path}?${new URLSearchParams({ [name]: value })}`)
        const { detail } = await assertProblem(answer, 'invalid_request', `/v1${path}`)
        assert.match(detail, new RegExp(name))
      }
    const [connections = ''] = await filledLists()
    const { nextCursor } = await read('/data-sources', { limit: '1' })
    await assertProblem(
      await api('GET', `${connections}?cursor=${nextCursor}`),
      'invalid_request',
      `/v1${connections}`,
    )
  })
})
