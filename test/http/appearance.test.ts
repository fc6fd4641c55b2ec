// An application's look is on every page of its people and on nobody else's, follows changes, and is no burden for those
// who meet no page. The whole service; pages are reached as people reach them.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { toSettings } from '../../src/model/appearance-schema.ts'
import { originalTexts } from '../../src/pages/index.ts'
import { languages } from '../../src/pages/messages/index.ts'
import { openStorage } from '../../src/storage/open.ts'
import { onEmbeddedDatabase } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { openWorld, SERVICE, type World } from '../support/world.ts'
import { appWith } from './support.ts'

const LIBRE = 46
const DEXCOM = 41
/** Ten segments of 1460 bytes, which a server sends before it must wait (RFC 6928), less the headers. */
const FIRST_ROUND_TRIP_BYTES = 14_600 - 1_400
const FRAME = { 'sec-fetch-dest': 'iframe' }

/** A look that tells whose it is: by name, by colour, by a text. */
const lookOf = (name: string, accent: string) => ({
  name: `Called ${name}`,
  colours: { light: { accent } },
  hideSpringbar: true,
  texts: { en: { 'close.hint': `Bye from ${name}`, 'advice.tell-support': `Help from ${name}` } },
})

const COLOURS: Readonly<Record<string, string>> = {
  'app-a': '#c2185b',
  'app-a-staging': '#7b1fa2',
  'app-a-page': '#512da8',
  'app-b': '#00695c',
}

/** Gives each of the applications a look of its own. */
async function giveLooks(world: World): Promise<void> {
  for (const [application, accent] of Object.entries(COLOURS)) {
    const answer = await backendOf(world, application).api('PUT', '/appearance', lookOf(application, accent))
    assert.equal(answer.status, 200)
  }
}

/** Every page that a person of an application can be shown, as far as its settings allow. */
async function pagesOf(world: World, application: string): Promise<ReadonlyMap<string, string>> {
  const backend = backendOf(world, application)
  const person = newPerson(world)
  const { token } = await backend.newSession()
  /** The page at the end of an address, which must be the one that is meant. */
  const get = async (heading: RegExp, url: string, headers?: Record<string, string>) =>
    checked(heading, await person.follow(await person.get(url, headers)))
  const list = `/?connectionSessionToken=${token}&platform=web`
  const pages = new Map([
    ['list', await get(/Your data sources/, list)],
    ['list in a frame', await get(/Your data sources/, list, FRAME)],
    ['framed start', await get(/Continue to/, link('Connection', token, 11), FRAME)],
    ['confirm disconnect', await get(/^Disconnect/, link('Revoke', token, 11))],
    ['disconnected', await get(/is disconnected/, link('Revoke', token, 11, { direct: 'true' }))],
    [
      'redirect not allowed',
      await get(/cannot be used/, link('Connection', token, 11, { redirect_uri: 'https://evil.example/' })),
    ],
    [
      'connected',
      await checked(/is connected/, await person.follow(await person.connect(link('Connection', token, 11)))),
    ],
  ])
  if (application !== 'app-b') pages.set('log-in', await get(/^Log in/, link('Connection', token, LIBRE)))
  if (application === 'app-a-staging')
    pages.set('pairing', await get(/with your phone/, link('Connection', token, 5)))
  if (application === 'app-a') {
    for (const vendor of ['dexcom', 'dexcom-eu']) {
      const client = { vendor, clientId: 'id', clientSecret: 'secret' }
      await backend.api('PUT', `/data-sources/${DEXCOM}/client`, client)
    }
    pages.set('region', await get(/Where is your/, link('Connection', token, DEXCOM)))
  }
  return pages
}

async function checked(heading: RegExp, answer: Response): Promise<string> {
  const page = await answer.text()
  const [, found = ''] = /<h1>([\s\S]*?)<\/h1>/.exec(page) ?? []
  assert.match(found.replace(/<[^>]+>/g, ''), heading)
  return page
}

onEmbeddedDatabase('the look of pages', (world) => {
  it('is on every page of an application’s own people, and on no page of another’s', async () => {
    await giveLooks(world())
    for (const application of ['app-a', 'app-a-staging', 'app-b']) {
      const accent = COLOURS[application] ?? ''
      const foreign = Object.entries(COLOURS).filter(([other]) => other !== application)
      const name = application.toUpperCase()
      for (const [what, page] of await pagesOf(world(), application)) {
        assert.ok(page.startsWith('<!doctype html>'), `${application}, ${what}`)
        assert.ok(page.includes(`--accent:${accent}`), `${application}, ${what}: ${page.slice(-600)}`)
        assert.ok(!page.includes('<footer'), `${application}, ${what}`)
        assert.ok(
          !page.includes(`>${name}<`) && !page.includes(`– ${name}<`),
          `${what} has the configured name`,
        )
        for (const [other, colour] of foreign)
          assert.ok(!page.includes(`${colour}`) && !page.includes(`Called ${other}<`), `${what} of ${other}`)
      }
    }
  })

  it('is on the page before leaving, and on the question whether to move an account', async () => {
    await giveLooks(world())
    const backend = backendOf(world(), 'app-a-page')
    const person = newPerson(world())
    const isOurs = (page: string) =>
      page.includes('<bdi>Called app-a-page</bdi>') && page.includes(`--accent:${COLOURS['app-a-page']}`)
    /** From the page before leaving to the page that the callback leads to. */
    const connect = async () => {
      const { token } = await backend.newSession()
      const url = link('Connection', token, 11)
      const page = await checked(/^Connect/, await person.get(url))
      assert.ok(isOurs(page))
      const fields = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)]
      const form = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]))
      const left = await person.post(url, { ...form, answer: 'yes' })
      const { account } = person
      const { location } = await world().sandbox.control.consent(locationOf(left).href, { account })
      assert.ok(location)
      return person.follow(await person.get(location))
    }
    await connect()
    assert.ok(isOurs(await checked(/^Move this/, await connect())))
  })

  it('is on the error of a session that has expired, and not on one about nobody', async () => {
    await giveLooks(world())
    const { token } = await backendOf(world()).newSession()
    world().advance(3_600_000)
    const expired = await newPerson(world()).get(`/?connectionSessionToken=${token}&platform=web`, FRAME)
    const page = await expired.text()
    assert.equal(expired.status, 410)
    assert.ok(page.includes('Called app-a') && page.includes(`--accent:${COLOURS['app-a']}`))
    const nobody = await (await newPerson(world()).get('/nowhere')).text()
    for (const colour of Object.values(COLOURS)) assert.ok(!nobody.includes(colour))
  })

  it('keeps the policy as strict as it was: one stylesheet behind a nonce, pictures of our own', async () => {
    await giveLooks(world())
    await backendOf(world()).api('PUT', '/appearance/logo', {
      data: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>').toString('base64'),
    })
    const { token } = await backendOf(world()).newSession()
    const answer = await newPerson(world()).get(link('Revoke', token, 11))
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(
      policy,
      /^default-src 'none'; style-src 'nonce-[\w-]{22}'; script-src 'nonce-[\w-]{22}'; img-src 'self'; /,
    )
    assert.doesNotMatch(policy, /unsafe|frame-src/)
    const page = await answer.text()
    assert.equal(page.match(/<style/g)?.length, 1)
    assert.doesNotMatch(page, /\sstyle=/)
    const [, logo = ''] = /<img src="(\/application-logos\/app-a\/[0-9a-f]{32})"/.exec(page) ?? []
    assert.equal((await world().app.request(`${SERVICE}${logo}`)).status, 200)
    await backendOf(world()).api('DELETE', '/appearance')
  })

  it('leaves the list small enough for the first round trip, in every language', async () => {
    const long = Object.fromEntries(
      Object.keys(originalTexts)
        .filter((key) => key.startsWith('list.title') || key.startsWith('list.promise'))
        .map((key) => [key, 'Whatever you wear, all of it'.slice(0, 30)]),
    )
    const everywhere = Object.values(languages).map(({ tag }) => [tag, long])
    const colours = { light: { background: '#fbeee6', accent: '#b3261e' }, dark: { accent: '#ff8a80' } }
    const look = { colours, radius: 'large', font: 'rounded', texts: Object.fromEntries(everywhere) }
    assert.equal((await backendOf(world()).api('PUT', '/appearance', look)).status, 200)
    const { token } = await backendOf(world()).newSession()
    for (const { tag } of Object.values(languages)) {
      const headers = { ...FRAME, 'accept-encoding': 'br', 'accept-language': tag }
      const answer = await newPerson(world()).get(`/?connectionSessionToken=${token}&platform=web`, headers)
      assert.equal(answer.headers.get('content-encoding'), 'br')
      const bytes = (await answer.arrayBuffer()).byteLength
      assert.ok(bytes < FIRST_ROUND_TRIP_BYTES, `${tag}: ${bytes} bytes`)
    }
    await backendOf(world()).api('DELETE', '/appearance')
  })

  it('speaks the application’s words in the language that the page speaks', async () => {
    const texts = { de: { 'disconnect.yes': 'Weg damit' }, en: { 'disconnect.yes': 'Away with it' } }
    await backendOf(world()).api('PUT', '/appearance', { texts })
    const { token } = await backendOf(world()).newSession()
    const page = async (language: string) =>
      (await newPerson(world()).get(link('Revoke', token, 11), { 'accept-language': language })).text()
    assert.ok((await page('de')).includes('>Weg damit<'))
    assert.ok((await page('en')).includes('>Away with it<'))
    assert.ok(!(await page('fr')).includes('Away with it'))
    await backendOf(world()).api('DELETE', '/appearance')
  })
})

describe('looks in memory', () => {
  const accentOn = async (world: World, token: string): Promise<string | undefined> => {
    const page = await (await newPerson(world).get(link('Revoke', token, 11))).text()
    return /--accent:(#[0-9a-f]{6})/.exec(page)?.[1]
  }
  const put = (world: World, accent: string) =>
    backendOf(world).api('PUT', '/appearance', { colours: { light: { accent } } })

  it('follow a change at once where it was made, and within two seconds where another process made it', async (t) => {
    const world = await openWorld()
    t.after(() => world.close())
    const { token } = await backendOf(world).newSession()
    assert.equal(await accentOn(world, token), undefined)
    await put(world, '#c2185b')
    assert.equal(await accentOn(world, token), '#c2185b')
    const other = await openStorage({ url: world.databaseUrl })
    const [application] = world.context.applications.keys()
    assert.ok(application)
    const settings = toSettings({ colours: { light: { accent: '#7b1fa2' } } })
    const change = { applicationId: application, revision: 'elsewhere', now: world.now() }
    await other.write(({ appearances }) => appearances.putSettings(change, settings))
    await other.close()
    assert.equal(await accentOn(world, token), '#c2185b')
    world.advance(limits.appearanceReadAgainMs)
    assert.equal(await accentOn(world, token), '#7b1fa2')
  })

  it('that were being read while they changed are read again', async (t) => {
    let whileReading = async () => {}
    const world = await openWorld({
      wrapStorage: (storage) => ({
        ...storage,
        read: {
          ...storage.read,
          appearances: {
            ...storage.read.appearances,
            find: async (id) => {
              const found = await storage.read.appearances.find(id)
              await whileReading()
              return found
            },
          },
        },
      }),
    })
    t.after(() => world.close())
    const { token } = await backendOf(world).newSession()
    whileReading = async () => {
      whileReading = async () => {}
      await put(world, '#c2185b')
    }
    assert.equal(await accentOn(world, token), undefined, 'the page that began before')
    assert.equal(await accentOn(world, token), '#c2185b')
  })

  it('are read by pages alone, once, and after that only their revision', async (t) => {
    const calls: string[] = []
    const world = await openWorld({
      wrapStorage: (storage) => ({
        ...storage,
        read: {
          ...storage.read,
          appearances: {
            ...storage.read.appearances,
            find: (id) => {
              calls.push('find')
              return storage.read.appearances.find(id)
            },
            findRevision: (id) => {
              calls.push('revision')
              return storage.read.appearances.findRevision(id)
            },
          },
        },
      }),
    })
    t.after(() => world.close())
    const backend = backendOf(world)
    const { token } = await backend.newSession()
    const person = newPerson(world)
    await person.consent(link('Connection', token, 11))
    assert.deepEqual(calls, [], 'minting and connecting ask for no look')
    await accentOn(world, token)
    await accentOn(world, token)
    assert.deepEqual(calls, ['find'])
    world.advance(limits.appearanceReadAgainMs)
    await accentOn(world, token)
    assert.deepEqual(calls, ['find', 'revision'])
  })

  it('stay as they were known when the database cannot be asked, and a page is shown all the same', async (t) => {
    let isAway = false
    const world = await openWorld({
      wrapStorage: (storage) => ({
        ...storage,
        read: {
          ...storage.read,
          appearances: {
            ...storage.read.appearances,
            find: (id) => (isAway ? Promise.reject(new Error('away')) : storage.read.appearances.find(id)),
            findRevision: (id) =>
              isAway ? Promise.reject(new Error('away')) : storage.read.appearances.findRevision(id),
          },
        },
      }),
    })
    t.after(() => world.close())
    const { token } = await backendOf(world).newSession()
    await put(world, '#c2185b')
    assert.equal(await accentOn(world, token), '#c2185b')
    isAway = true
    world.advance(limits.appearanceReadAgainMs)
    assert.equal(await accentOn(world, token), '#c2185b')
    const [application] = world.context.applications.keys()
    assert.ok(application)
    world.context.appearances.forget(application)
    assert.equal(await accentOn(world, token), undefined)
    assert.ok(world.log.some(({ message }) => message === 'a look cannot be read'))
  })

  it('that are no longer what may be written are ours, with a line in the log', async (t) => {
    const world = await openWorld()
    t.after(() => world.close())
    const { token } = await backendOf(world).newSession()
    await put(world, '#c2185b')
    for (const forged of ['#c2185b;}*{display:none}', '#ffffff']) {
      const settings = JSON.stringify({
        ...toSettings({}),
        colours: {
          light: { ...toSettings({}).colours.light, text: forged },
          dark: toSettings({}).colours.dark,
        },
      })
      await query(world, `update appearances set settings = '${settings}', revision = '${forged}'`)
      world.advance(limits.appearanceReadAgainMs)
      const page = await (await newPerson(world).get(link('Revoke', token, 11))).text()
      assert.ok(!page.includes('display:none}') && !page.includes('--ink:#ffffff;--quiet'))
      assert.equal(await accentOn(world, token), undefined)
    }
    assert.ok(world.log.some(({ message }) => message.startsWith('a look that is stored cannot be used')))
  })

  it('of the configuration are on the page, with their logo', async (t) => {
    const world = await openWorld()
    t.after(() => world.close())
    const { token } = await backendOf(world).newSession()
    const digest = 'a'.repeat(32)
    const logo = { mediaType: 'image/png', bytes: new Uint8Array([1, 2, 3]), digest } as const
    const settings = toSettings({ name: 'Of the file', colours: { light: { accent: '#c2185b' } } })
    const app = appWith(world, {
      appearance: { settings, logo, darkLogo: null, logoDigest: digest, darkLogoDigest: null },
    })
    const page = await (await app.request(`${SERVICE}${link('Revoke', token, 11)}`)).text()
    assert.ok(page.includes('Of the file') && page.includes('--accent:#c2185b'))
    const address = `${SERVICE}/application-logos/app-a/${digest}`
    assert.ok(page.includes(address.slice(SERVICE.length)))
    assert.deepEqual(new Uint8Array(await (await app.request(address)).arrayBuffer()), logo.bytes)
    assert.equal((await app.request(address.replace('aaaa', 'bbbb'))).status, 404)
  })
})
