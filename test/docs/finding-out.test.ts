// Goal: "Why did Mrs. Smith's connection fail yesterday?" is answered by what docs/running.md says to do, from what she can tell.
// Method: her troubles happen in a real service with sandbox vendors; then each command of the section is run against it, and what
// it answers is what the page shows.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createShell, type Example, examplesIn } from '../main/shell-examples.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { openWorld, SANDBOX, type World } from '../support/world.ts'
import { ROOT } from './markdown.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const REFERENCE = /[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}/g

/** What the page shows under a heading, up to the next of the same rank. */
const section = (page: string, heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''

describe('finding out why a connection failed', () => {
  const page = readFileSync(path.join(ROOT, 'docs/running.md'), 'utf8')
  const text = section(page, 'Finding out why a connection failed')
  let world: World
  /** What she reads on our pages: after her attempt at Strava, and on a page for a link that is damaged. */
  let reference = ''
  let requestId = ''
  before(async () => {
    world = await openWorld({
      playVendor: async (url, init) => {
        if (!url.startsWith('https://www.strava.com/oauth/token')) return null
        const body = String(init.body).replace('strava-client-secret', 'the-secret-before-it-was-renewed')
        return world.network.fetch(`${SANDBOX}/${url.slice('https://'.length)}`, { ...init, body })
      },
    })
    const smith = await backendOf(world).createEndUser('smith-4711')
    const person = newPerson(world)
    await person.connect(link('Connection', await backendOf(world).mint(smith), 1))
    for (const { id } of world.sandbox.control.grants()) world.sandbox.control.revokeGrant(id)
    world.advance(DAY - HOUR)
    const { data } = (await (await backendOf(world).api('GET', `/users/${smith}/connections`)).json()) as {
      data: { id: string }[]
    } // our own API's list
    await backendOf(world).api('POST', `/connections/${data[0]?.id}/token`)
    world.advance(HOUR)
    const token = await backendOf(world).mint(smith)
    const callback = await person.consent(link('Connection', token, 11))
    world.advance(40_000)
    const read = async (response: Response) => (await response.text()).match(REFERENCE)?.[0] ?? ''
    reference = await read(await person.follow(await person.get(callback)))
    requestId = await read(await person.get(link('Connection', `${token}9`, 11)))
    world.advance(DAY)
  })
  after(() => world.close())

  it('every command answers what the page shows', async () => {
    const shell = createShell(async (url, init) => world.app.request(url, init))
    await shell('SPRINGBAR_API_KEY=sbk_app-a')
    const examples = examplesIn(text).filter(({ command }) => !command.startsWith('sqlite3'))
    assert.equal(examples.filter(({ shown }) => shown !== undefined).length, 3)
    const answer = async ({ command, shown }: Example) => {
      const response = await shell(command.replace('1NG6G-7HP62', reference))
      if (response === null) return
      assert.ok(response.ok, command)
      const found = await response.json()
      if (shown !== undefined) assert.deepEqual(comparable(found), comparable(shown), command)
    }
    for (const example of examples) await answer(example)
  })

  it('the attempt that she reads out is hers, with its times and a cause that the table explains', async () => {
    const { api } = backendOf(world)
    const found = await (await api('GET', `/attempts?reference=${reference}`)).json()
    const shown = examplesIn(text).find((example) => example.shown !== undefined)?.shown
    assert.deepEqual(comparable(found), comparable(shown))
    const { cause } = Object(found)
    assert.ok(text.includes(`\`${String(cause).split(' ')[0]}\``), String(cause))
  })

  it('what she reads on a page without an attempt is in the log, as the page shows it', () => {
    const line = world.log.find(({ fields }) => fields['requestId'] === requestId)
    assert.ok(line)
    const shown = JSON.parse(/\{"level".*\}/.exec(text)?.[0] ?? '')
    const { time, level, msg, ...fields } = shown
    assert.match(time, /^\d{4}-/)
    assert.deepEqual(
      [line.level, line.message, { ...line.fields, requestId: fields.requestId }],
      [level, msg, fields],
    )
  })
})

/** An answer without what chance gave, and what a person allows at a vendor, which is long and the sandbox's matter. */
const comparable = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer)
      .replace(REFERENCE, 'REFERENCE')
      .replace(/"[0-9a-f]{32}"/g, '"ID"')
      .replace(/("nextCursor":")[^"]+/, '$1'),
    (name, value) => (name === 'grantedScopes' ? [] : value),
  )
