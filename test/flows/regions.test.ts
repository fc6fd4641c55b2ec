// Where a vendor keeps the accounts of parts of the world apart, the person says first where theirs is. The definitions
// are real; nobody leaves for the vendor here.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { languages } from '../../src/pages/messages/index.ts'
import { type Backend, backendOf, link, locationOf, newPerson } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A, openWorld, SANDBOX, type World } from '../support/world.ts'

const DEXCOM = 41
const VENDORS = ['dexcom', 'dexcom-eu', 'dexcom-jp', 'dexcom-sandbox'] as const

describe('a vendor with regions', () => {
  let world: World
  let backend: Backend
  before(async () => {
    world = await openWorld()
    backend = backendOf(world)
  })
  after(() => world.close())
  beforeEach(async () => {
    for (const vendor of VENDORS)
      await backend.api('DELETE', `/data-sources/${DEXCOM}/client?vendor=${vendor}`)
  })

  const giveClients = async (...vendors: readonly (typeof VENDORS)[number][]) => {
    for (const vendor of vendors) {
      const client = { vendor, clientId: `${vendor}-id`, clientSecret: `${vendor}-secret` }
      const answer = await backend.api('PUT', `/data-sources/${DEXCOM}/client`, client)
      assert.equal(answer.status, 200)
    }
  }
  const start = async (more: Readonly<Record<string, string>> = {}, locale?: string) => {
    const endUserId = await backend.createEndUser()
    const token = await backend.mint(endUserId, locale)
    const person = newPerson(world)
    const url = link('Connection', token, DEXCOM, { redirect_uri: `${APP_A}?a=%22b`, ...more })
    return { endUserId, token, person, url, answer: await person.get(url) }
  }
  const linksOf = (page: string) =>
    [...page.matchAll(/href="(\/dataSourceDirectConnection[^"]*)"/g)].map(([, url = '']) =>
      url.replaceAll('&amp;', '&'),
    )
  const attempts = (endUserId: string) =>
    query(world, 'select vendor, status from attempts where end_user_id = ?', [endUserId])
  const vendorHost = (answer: Response) =>
    locationOf(answer)
      .href.slice(SANDBOX.length + 1)
      .split('/')[0]

  it('is asked about on a page of ours, which starts nothing', async () => {
    await giveClients('dexcom', 'dexcom-eu', 'dexcom-jp')
    const { answer, endUserId, person } = await start()
    assert.equal(answer.status, 200)
    const page = await answer.text()
    assert.match(page, /Where is your <bdi>Dexcom<\/bdi> account\?/)
    assert.doesNotMatch(page, /<script/)
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.deepEqual(await attempts(endUserId), [])
    assert.equal(person.cookies.size, 0)
  })

  it('is reached by links that are the same start link with the region behind it', async () => {
    await giveClients('dexcom', 'dexcom-eu', 'dexcom-jp')
    const { answer, url, person, endUserId } = await start()
    const links = linksOf(await answer.text())
    assert.deepEqual(
      links,
      // Countries first, then the rest of the world.
      ['us', 'jp', 'eu'].map((region) => `${url}&region=${region}`),
    )
    const hosts: unknown[] = []
    for (const one of links) hosts.push(vendorHost(await person.get(one)))
    assert.deepEqual(hosts, ['api.dexcom.com', 'api.dexcom.jp', 'api.dexcom.eu'])
    const started = (await attempts(endUserId)).map(({ vendor }) => vendor)
    assert.deepEqual(started.toSorted(), ['dexcom', 'dexcom-eu', 'dexcom-jp'])
  })

  it('brings the person back to the callback of the one that was chosen', async () => {
    await giveClients('dexcom', 'dexcom-eu')
    const { answer } = await start({ region: 'eu' })
    const { searchParams } = locationOf(answer)
    assert.equal(searchParams.get('client_id'), 'dexcom-eu-id')
    assert.ok(searchParams.get('redirect_uri')?.endsWith('/callback/dexcom-eu'))
  })

  it('offers only the regions that the application has clients for', async () => {
    await giveClients('dexcom-eu', 'dexcom-jp')
    const { answer } = await start()
    assert.deepEqual(
      linksOf(await answer.text()).map((url) => url.slice(-9)),
      ['region=jp', 'region=eu'],
    )
  })

  it('is gone to straight on when there is one region, whatever the link asks for', async () => {
    await giveClients('dexcom-eu', 'dexcom-sandbox')
    for (const more of [{}, { region: 'us' }, { region: 'eu' }])
      assert.equal(vendorHost((await start(more)).answer), 'api.dexcom.eu')
  })

  it('is a test system only where the application has no client for a real one', async () => {
    await giveClients('dexcom-sandbox')
    assert.equal(vendorHost((await start()).answer), 'sandbox-api.dexcom.com')
  })

  it('asks again when the link names none of them, and its links name one only', async () => {
    await giveClients('dexcom', 'dexcom-eu')
    for (const region of ['', 'mars', 'EU', 'dexcom']) {
      const { answer, endUserId } = await start({ region })
      assert.equal(answer.status, 200, region)
      for (const url of linksOf(await answer.text())) assert.equal(url.match(/region/g)?.length, 1)
      assert.deepEqual(await attempts(endUserId), [])
    }
    const { url, person } = await start()
    for (const twice of ['&region=us&region=eu', '&region[]=us', '&%72egion=us']) {
      const page = await (await person.get(url + twice)).text()
      const [first = ''] = linksOf(page)
      assert.equal(first, `${url}&region=us`)
      assert.equal(vendorHost(await person.get(first)), 'api.dexcom.com')
    }
  })

  it('is asked about in every language', async () => {
    await giveClients('dexcom', 'dexcom-eu', 'dexcom-jp')
    const headings = new Set<string>()
    for (const { tag } of Object.values(languages)) {
      const { answer } = await start({}, tag)
      const page = await answer.text()
      assert.equal(answer.headers.get('content-language'), tag)
      headings.add(/<h1>(.*?)<\/h1>/s.exec(page)?.[1] ?? '')
      assert.ok(page.includes(new Intl.DisplayNames([tag], { type: 'region' }).of('JP') ?? '?'), tag)
      if (tag !== 'en') assert.doesNotMatch(page, /Outside the United States/, tag)
    }
    assert.equal(headings.size, Object.keys(languages).length)
  })
})
