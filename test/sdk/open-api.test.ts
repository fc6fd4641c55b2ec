// Goal: the client covers every call of our API, and what the service answers is read whole.
// Method: clients whose fetch is the service itself go through a life, and what they sent is compared with the description.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  createPhoneClient,
  createSpringbarClient,
  type SpringbarClient,
  SpringbarError,
} from '@springbar/sdk'
import { newPerson, toldAfter } from '../support/person.ts'
import { APP_A, openWorld, SERVICE, type World } from '../support/world.ts'

/** A DELETE of what is gone, a wrong code: the call went out all the same, and was told what is wrong with it. */
const refusedWith = (code: string) => (error: unknown) =>
  error instanceof SpringbarError && error.code === code

describe('the client and the description of the API', () => {
  let world: World
  let client: SpringbarClient
  const sent: string[] = []
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    sent.push(`${init.method} ${new URL(url).pathname}`)
    return world.app.request(url, init)
  }
  before(async () => {
    world = await openWorld()
    client = createSpringbarClient({
      apiUrl: SERVICE,
      username: 'a',
      password: 'a-password',
      applicationId: 'app-a',
      applicationSecret: 'app-a-secret',
      fetch,
    })
  })
  after(() => world.close())

  it('end users, sessions, connections and their ends', async () => {
    const user = await client.createUser({ partnerUserId: 'k7Qm2v', language: 'de' })
    assert.deepEqual(await client.readUser(user.id), user)
    const changed = await client.updateUser({ endUserId: user.id, height: 172, gender: 'female' })
    assert.deepEqual([changed.height, changed.gender, changed.weight], [172, 'female', null])
    const session = await client.createSession({
      endUserId: user.id,
      allowedSources: [11],
      redirectUri: APP_A,
    })
    const [link] = session.links
    assert.ok(link)
    assert.deepEqual([link.dataSource, session.links.length], [11, 1])

    const person = newPerson(world)
    const told = await toldAfter(person, await person.connect(link.connectUrl))
    const result = await client.redeemResult({ code: told.result, endUserId: user.id })
    const attempt = await client.readAttempt(result.reference)
    assert.deepEqual([attempt.connected, attempt.timeline.length > 0], [true, true])
    assert.deepEqual(await client.listAttempts({ endUserId: user.id }), [attempt])
    const [connection] = await client.listConnections({ endUserId: user.id })
    assert.ok(connection)
    assert.equal(connection.id, result.connectionId)
    assert.equal((await client.readConnection(connection.id)).status, 'active')
    assert.equal((await client.readToken(connection.id)).tokenType, 'Bearer')
    const athlete = await client.callVendor({ connectionId: connection.id, path: '/api/v3/athlete' })
    assert.equal(athlete.headers.get('springbar-answered-by'), 'vendor')
    const exported = await client.exportUser(user.id)
    assert.deepEqual(exported.connections, [connection])
    assert.deepEqual(
      exported.records['sessions']?.map(({ endUserId }) => endUserId),
      [user.id],
      JSON.stringify(exported.records),
    )
    await client.deleteConnection(connection.id)
    assert.deepEqual(
      (await client.readConnectionHistory(connection.id))
        .map(({ step }) => step)
        .filter((step) => step !== 'renewed'),
      ['connected', 'disconnected'],
    )
    await client.endSession(session.id)
    assert.deepEqual(await client.endSessionsOfUser(user.id), { ended: 0 })
    await client.createSession({ endUserId: user.id })
    assert.ok((await client.endAllSessions()).ended >= 1)
    assert.ok((await client.deleteUser({ endUserId: user.id })).deleteAt > '2020')
    await client.readDeletion(user.id).then(
      (receipt) => assert.equal(receipt.erasedAt, null),
      (error) => assert.ok(refusedWith('not_found')(error)),
    )
    assert.ok((await client.readEvents()).events.length > 0)
  })

  it('the catalogue and the clients at vendors', async () => {
    const sources = await client.readDataSources()
    assert.deepEqual(
      await client.readDataSource({ dataSource: 'strava' }),
      sources.find(({ id }) => id === 11),
    )
    assert.equal((await client.readVendorClient({ dataSource: 11 })).managedBy, 'configuration')
    const own = { dataSource: 1001, clientId: 'own-client', clientSecret: 'own-client-secret' }
    assert.equal((await client.putVendorClient(own)).managedBy, 'api')
    await client.removeVendorClient({ dataSource: 1001 })
    const address = await client.changeNotificationAddress({ dataSource: 11 })
    assert.ok(address.changedAt !== null && address.uri.startsWith(SERVICE))
  })

  it('redirect URIs', async () => {
    const uri = 'https://new.example.com/done'
    assert.equal((await client.addRedirectUri(uri)).managedBy, 'api')
    assert.ok((await client.listRedirectUris()).some((one) => one.uri === uri))
    assert.deepEqual((await client.checkRedirectUri(`${uri}?x=1`)).entry, uri)
    await client.removeRedirectUri(uri)
    assert.equal((await client.checkRedirectUri(uri)).allowed, false)
  })

  it('the look of the pages', async () => {
    const given = {
      name: 'Morning Miles',
      colours: { light: { accent: '#c2185b' } },
      radius: 'small',
    } as const
    const stored = await client.putAppearance(given)
    assert.deepEqual([stored.name, stored.colours.light.accent], ['Morning Miles', '#c2185b'])
    const mark = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    assert.match((await client.putAppearanceLogo(mark)).logo ?? '', /^https:/)
    assert.match((await client.putAppearanceLogo(mark, { theme: 'dark' })).darkLogo ?? '', /^https:/)
    await client.removeAppearanceLogo({ theme: 'dark' })
    assert.equal((await client.readAppearance()).darkLogo, null)
    assert.equal((await client.readAppearance()).managedBy, 'api')
    const preview = await client.previewAppearance({
      appearance: { font: 'serif' },
      logo: mark,
      darkLogo: mark,
    })
    assert.equal((await world.app.request(preview.url)).status, 200)
    await assert.rejects(
      client.putAppearance({ colours: { light: { text: '#ffffff' } } }),
      refusedWith('contrast_too_low'),
    )
    await client.removeAppearanceLogo()
    await client.removeAppearance()
    assert.equal((await client.readAppearance()).managedBy, 'none')
  })

  it('webhooks', async () => {
    const created = await client.createWebhook({ url: 'http://localhost:9/hook', types: null })
    const { secret, ...webhook } = created
    assert.match(secret, /^whsec_/)
    assert.deepEqual(await client.readWebhook(webhook.id), webhook)
    assert.deepEqual(await client.listWebhooks(), [webhook])
    assert.equal((await client.testWebhook(webhook.id)).succeeded, false)
    const second = await client.addWebhookSecret(webhook.id)
    await client.retireWebhookSecret(webhook.id, second.id)
    const from = new Date(world.now() - 60_000).toISOString()
    assert.ok((await client.replayWebhook(webhook.id, { from })).queued >= 0)
    assert.ok((await client.listDeliveries(webhook.id, { limit: 5 })).data.length <= 5)
    assert.equal((await client.updateWebhook(webhook.id, { enabled: false })).disabledReason, 'application')
    await client.deleteWebhook(webhook.id)
    assert.deepEqual(await client.listWebhooks(), [])
  })

  it('what an app on a phone and a backend that confirms ask is refused with a reason', async () => {
    const phone = createPhoneClient({ apiUrl: SERVICE, applicationId: 'app-a', fetch })
    const deviceToken = `sbd_${'a'.repeat(43)}`
    await assert.rejects(phone.redeemPairing('ABCD-EFGH'), refusedWith('invalid_pairing_code'))
    await assert.rejects(phone.readDevice(deviceToken), refusedWith('invalid_device_token'))
    await assert.rejects(
      phone.reportDevice(deviceToken, { status: 'disconnected' }),
      refusedWith('invalid_device_token'),
    )
    const confirmation = { ticket: 'a'.repeat(43), endUserId: '0'.repeat(32) }
    await assert.rejects(client.confirmAttempt(confirmation), refusedWith('not_found'))
  })

  it('every call of the description was made, and no other', async () => {
    const description = await (await world.app.request('/v1/openapi.json')).json()
    const operations = Object.entries<Record<string, unknown>>(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} /v1${path}`),
    )
    const patternOf = (operation: string) => new RegExp(`^${operation.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    const missing = operations.filter((operation) => !sent.some((one) => patternOf(operation).test(one)))
    const unknown = sent.filter(
      (one) => !one.includes('/proxy/') && !operations.some((operation) => patternOf(operation).test(one)),
    )
    assert.ok(operations.length >= 40)
    assert.deepEqual({ missing, unknown }, { missing: [], unknown: [] })
  })
})
