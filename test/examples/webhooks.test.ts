// Goal: the demo believes signed webhooks alone, takes each once, and shows a person what concerns them, as it arrives.
// Method: its own backend in process, sent what the service's own signing makes.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { PEOPLE } from '../../examples/custom-screen/people.ts'
import { secret } from '../../src/model/secret.ts'
import { signedHeaders } from '../../src/webhooks/sign.ts'
import { PUBLIC_URL, startDemoWithService, WEBHOOK_SECRET } from './started-demo.ts'

const [mara, jonas] = PEOPLE

describe('webhooks to Tidewell', () => {
  let demo: Awaited<ReturnType<typeof startDemoWithService>>
  before(async () => {
    demo = await startDemoWithService()
  })
  after(() => demo.service.close())

  const bodyFor = (alias: string | undefined, dataSourceId = 11) =>
    JSON.stringify({
      endUserId: '0f3c9a5e7b1d42868ac0e4f2b6d8135a',
      endUserAlias: alias,
      timestampType: 'unix',
      type: 'notification.source.connect',
      data: { timestamp: demo.clock.now, dataSourceId },
    })
  const sign = (id: string, body: string, key = WEBHOOK_SECRET, now = demo.clock.now) =>
    signedHeaders({ id, body, now }, [secret(key)])
  type App = Awaited<ReturnType<typeof demo.signedIn>>['app']
  const deliver = async (app: App, body: string, headers: Readonly<Record<string, string>>) =>
    (await app.request(`${PUBLIC_URL}/webhooks`, { method: 'POST', body, headers })).status

  it('are shown to the person whom they concern, once however often they come', async () => {
    const { app, visitor } = await demo.signedIn()
    assert.match((await visitor.open('/')).html, /Nothing yet/)
    const body = bodyFor(mara?.partnerUserId)
    for (const _ of [1, 2]) assert.equal(await deliver(app, body, sign('a', body)), 204)
    const others = bodyFor(jonas?.partnerUserId, 8)
    assert.equal(await deliver(app, others, sign('b', others)), 204)
    const nobodys = JSON.stringify({ type: 'webhook.test', timestampType: 'unix', data: { timestamp: 1 } })
    assert.equal(await deliver(app, nobodys, sign('c', nobodys)), 204)
    const { html } = await visitor.open('/')
    assert.equal(html.match(/<strong>Strava<\/strong> connected/g)?.length, 1)
    assert.doesNotMatch(html, /<strong>Withings<\/strong>/)
  })

  it('are refused when they are not signed, changed, old, or signed with another secret', async () => {
    const { app, visitor } = await demo.signedIn()
    const body = bodyFor(mara?.partnerUserId)
    const headers = sign('a', body)
    const { 'webhook-signature': _, ...unsigned } = headers
    const other = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    for (const [text, given] of [
      [body, {}],
      [body, unsigned],
      [body.replace('"dataSourceId":11', '"dataSourceId":12'), headers],
      [body, { ...headers, 'webhook-id': 'b' }],
      [body, { ...headers, 'webhook-signature': 'v1,AAAA' }],
      [body, sign('a', body, other)],
      [body, sign('a', body, WEBHOOK_SECRET, demo.clock.now - 301_000)],
      [body, sign('a', body, WEBHOOK_SECRET, demo.clock.now + 301_000)],
    ] as const)
      assert.equal(await deliver(app, text, given), 401)
    assert.match((await visitor.open('/')).html, /Nothing yet/)
  })

  it('are announced to an open page of that person', async () => {
    const { app, visitor } = await demo.signedIn()
    assert.equal((await app.request(`${PUBLIC_URL}/happenings`)).status, 401)
    const cookie = visitor.cookie()
    const stream = await app.request(`${PUBLIC_URL}/happenings`, { headers: { cookie } })
    assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/)
    const reader = stream.body?.getReader()
    assert.ok(reader)
    const next = reader.read()
    for (const person of [jonas, mara]) {
      const body = bodyFor(person?.partnerUserId)
      await deliver(app, body, sign(`of-${person?.id}`, body))
    }
    const { value } = await next
    assert.equal(new TextDecoder().decode(value), 'data: of-mara\n\n')
    await reader.cancel()
  })
})
