// Goal: with an API key the demo shows the whole catalogue, what a person did not allow, and events as the feed and the
// webhooks tell them, each once. Method: the demo's real backend against the whole service in process, with sandbox vendors.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createDemo } from '../../examples/custom-screen/demo.ts'
import { PEOPLE } from '../../examples/custom-screen/people.ts'
import { secret } from '../../src/model/secret.ts'
import { signedHeaders } from '../../src/webhooks/sign.ts'
import { newPerson } from '../support/person.ts'
import { openWorld, SERVICE, type World } from '../support/world.ts'
import { createVisitor, rowOf, textOf } from './visitor.ts'

const PUBLIC_URL = 'http://localhost:8082'
const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const STRAVA = 11
const [mara] = PEOPLE

describe('the demo with an API key', () => {
  let world: World
  const ending = new AbortController()
  const log: string[] = []
  before(async () => {
    world = await openWorld()
  })
  after(async () => {
    ending.abort()
    await world.close()
  })

  /** What the backend asks goes to the service in process; who waits for an event waits a second of its clock at most. */
  const ask = async (url: string, init?: RequestInit) => {
    init?.signal?.throwIfAborted()
    return world.app.request(url.slice(SERVICE.length).replace(/wait=\d+/, 'wait=1'), init)
  }

  async function start(apiKey = 'sbk_app-a-staging') {
    let count = 0
    const app = createDemo({
      apiUrl: SERVICE,
      username: 'a',
      password: 'a-password',
      applicationId: 'app-a-staging',
      applicationSecret: 'app-a-staging-secret',
      apiKey,
      webhookSecret: WEBHOOK_SECRET,
      ending: ending.signal,
      publicUrl: PUBLIC_URL,
      fetch: ask,
      now: () => world.now(),
      random: (byteCount) => new Uint8Array(byteCount).fill(++count),
      log: (line) => log.push(line),
    })
    const visitor = createVisitor(app, PUBLIC_URL)
    await visitor.submit('/sign-in', { person: 'mara' })
    return { app, visitor }
  }
  type Started = Awaited<ReturnType<typeof start>>

  /** Presses the button that opens a new tab, and gives the address that the tab is sent to. */
  async function pressConnect({ app, visitor }: Started, source: number, more = '') {
    const headers = { cookie: visitor.cookie(), 'sec-fetch-site': 'same-origin' }
    const { pathname, search } = new URL(
      (await app.request(`${PUBLIC_URL}/connect/${source}?in=tab${more}`, { headers })).headers.get(
        'location',
      ) ?? '',
      SERVICE,
    )
    return pathname + search
  }

  /** The list of what was told, once an open page was told that there is something. */
  async function toldOnce({ app, visitor }: Started, act: () => Promise<unknown>): Promise<string> {
    const stream = await app.request(`${PUBLIC_URL}/happenings`, { headers: { cookie: visitor.cookie() } })
    const reader = stream.body?.getReader()
    assert.ok(reader)
    const [first] = await Promise.all([reader.read(), act()])
    assert.match(new TextDecoder().decode(first.value), /^data: [0-9a-f]{32}\n\n$/)
    await reader.cancel()
    const { html } = await visitor.open('/')
    return /<div id="told"[^>]*>(.*?)<\/div>/s.exec(html)?.[1] ?? ''
  }

  it('lists every source that can be connected, tells those of the phone apart, and says why others cannot be had', async () => {
    const { html } = await (await start()).visitor.open('/')
    const sources = [...world.context.sources.values()]
    for (const { id, name } of sources) assert.ok(rowOf(html, id).startsWith(name), name)
    const shown = (id: number) => rowOf(html, id)
    assert.match(shown(STRAVA), /Connect Strava New tab to connect Strava$/)
    assert.match(shown(5), /^Apple Health .* It lives on the phone: .* Connect Apple Health/)
    assert.doesNotMatch(shown(18), /Connect/, 'Oura has no client in this world')
    const [inGroups = '', later = ''] = html.split('<details class="group later"')
    assert.ok(inGroups.includes('id="source-11"') && inGroups.includes('id="source-5"'))
    assert.ok(later.includes('id="source-18"'))
    const pictures = [...html.matchAll(/<img class="logo" src="([^"]*)"/g)].map(([, url]) => url ?? '')
    assert.equal(pictures.length, sources.length)
    assert.ok(pictures.every((url) => url.startsWith(`${SERVICE}/logos/`)))
  })

  it('searches by name and by what a source brings, without scripts', async () => {
    const { visitor } = await start()
    const idsFor = async (wanted: string) => {
      const { html } = await visitor.open(`/?find=${encodeURIComponent(wanted)}`)
      assert.ok(
        html.includes(
          `value="${wanted.replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}"`,
        ),
      )
      return [...html.matchAll(/id="source-(\d+)"/g)].map(([, id]) => Number(id))
    }
    assert.deepEqual(await idsFor('STRAVA '), [STRAVA])
    assert.ok((await idsFor('an iPhone has')).includes(5))
    assert.deepEqual(await idsFor('"><script>'), [])
    assert.match(textOf((await visitor.open('/?find=zzz')).html), /No source has that in its name/)
  })

  it('shows an event of the feed as it comes, and the webhook of the same event beside it, as one', async () => {
    const started = await start()
    const path = await pressConnect(started, STRAVA)
    const told = await toldOnce(started, () => newPerson(world).connect(path))
    assert.match(textOf(told), /^Strava connected told by the feed /)

    const [event] = await world.context.storage.read.events.list(
      (await applicationOf(world)) ?? assert.fail('no such application'),
      0,
      10,
    )
    assert.ok(event)
    const body = JSON.stringify({
      endUserId: event.endUserId,
      endUserAlias: mara?.partnerUserId,
      timestampType: 'unix',
      type: event.type,
      data: { timestamp: event.createdAt, dataSourceId: STRAVA },
    })
    const headers = signedHeaders({ id: event.id, body, now: world.now() }, [secret(WEBHOOK_SECRET)])
    const again = await toldOnce(started, async () =>
      started.app.request(`${PUBLIC_URL}/webhooks`, { method: 'POST', body, headers }),
    )
    assert.match(textOf(again), /^Strava connected told by the feed told by the webhook /)
    assert.equal(again.match(/<li>/g)?.length, 1)
  })

  it('shows what the person left unticked at the vendor, in the catalogue’s words, with a way to allow it', async () => {
    const started = await start()
    const path = await pressConnect(started, STRAVA)
    await newPerson(world).connect(path, { scopes: ['read', 'activity:read'] })
    const row = rowOf((await started.visitor.open('/')).html, STRAVA)
    const scopes = (await catalogue()).find(({ id }) => id === STRAVA)?.scopes ?? []
    const labels = scopes
      .filter(({ value }) => value === 'profile:read_all' || value === 'activity:read_all')
      .map(({ label }) => label)
    assert.equal(labels.length, 2)
    assert.ok(row.includes(`You did not allow: ${labels.join(', ')}.`), row)
    assert.match(row, /Allow more at Strava/)
    const returned = await started.visitor.open(`/connected?dataSource=${STRAVA}&connected=true`)
    assert.match(textOf(returned.html), /Strava is connected, with something missing/)
    assert.match(await pressConnect(started, STRAVA, '&permissions=missing'), /&scopes=missing/)
  })

  it('keeps what the second application is told apart, by path and by secret', async () => {
    const secrets = { first: WEBHOOK_SECRET, second: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' }
    const app = createDemo({
      apiUrl: SERVICE,
      username: 'a',
      password: 'a-password',
      applicationId: 'app-a-staging',
      applicationSecret: 'app-a-staging-secret',
      webhookSecret: secrets.first,
      confirming: {
        applicationId: 'app-a-confirm',
        applicationSecret: 'app-a-confirm-secret',
        apiKey: 'sbk_app-a-confirm',
        webhookSecret: secrets.second,
      },
      ending: ending.signal,
      publicUrl: PUBLIC_URL,
      fetch: ask,
      now: () => world.now(),
      random: (byteCount) => new Uint8Array(byteCount).fill(9),
      log: (line) => log.push(line),
    })
    const visitor = createVisitor(app, PUBLIC_URL)
    await visitor.submit('/sign-in', { person: 'mara' })
    const deliver = async (target: string, key: string) => {
      const body = JSON.stringify({
        endUserId: '0f3c9a5e7b1d42868ac0e4f2b6d8135a',
        endUserAlias: mara?.partnerUserId,
        timestampType: 'unix',
        type: 'connection.repaired',
        data: { timestamp: world.now(), dataSourceId: STRAVA },
      })
      const headers = signedHeaders({ id: 'of-the-second', body, now: world.now() }, [secret(key)])
      return (await app.request(`${PUBLIC_URL}${target}`, { method: 'POST', body, headers })).status
    }
    assert.equal(await deliver('/webhooks', secrets.second), 401)
    assert.equal(await deliver('/webhooks/confirm', secrets.first), 401)
    assert.equal(await deliver('/webhooks/confirm', secrets.second), 204)
    const { html } = await visitor.open('/')
    assert.doesNotMatch(html, /connected again/)
    const formToken = /name="formToken" value="([^"]+)"/.exec(html)?.[1] ?? ''
    const other = await visitor.submit('/binding', { formToken, binding: 'confirm' })
    assert.match(textOf(other.html), /Strava connected again told by the webhook/)
    assert.match(
      other.html,
      /<details class="group later"/,
      'the catalogue of the application that has a key',
    )
  })

  it('shows its own few sources, and says why in the log, when the key is refused', async () => {
    const { visitor } = await start('sbk_of-nobody')
    log.length = 0
    const { html, status } = await visitor.open('/')
    assert.equal(status, 200)
    assert.equal(html.match(/<li class="source"/g)?.length, 4)
    assert.match(log.join('\n'), /^invalid_credentials: /m)
    assert.doesNotMatch(log.join('\n') + html, /sbk_of-nobody/)
  })

  async function catalogue() {
    const response = await world.app.request('/v1/data-sources?locale=en', {
      headers: { authorization: 'Bearer sbk_app-a-staging' },
    })
    // our own API's answer
    const { data } = (await response.json()) as {
      data: { id: number; scopes: { value: string; label: string }[] }[]
    }
    return data
  }
})

const applicationOf = async ({ context }: World) =>
  [...context.applications.values()].find(({ id }) => id === 'app-a-staging')?.id
