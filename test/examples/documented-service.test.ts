// Goal: the demo works with the documented service by its base URLs alone, without anything that only Springbar has.
// Method: the demo's real backend against an HTTP stand-in that knows the four documented paths and the two headers,
// answers as recorded, and counts everything else that it is asked as a violation.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { createDemo } from '../../examples/custom-screen/demo.ts'
import { type DocumentedService, startDocumentedService } from './documented-service.ts'
import { createVisitor, formTokenIn, messageOf, rowOf } from './visitor.ts'

const publicUrl = 'http://localhost:8082'
const STRAVA = 11

describe('the demo with the documented service', () => {
  let service: DocumentedService
  let visitor: ReturnType<typeof createVisitor>

  beforeEach(async () => {
    service = await startDocumentedService()
    const app = createDemo({
      apiUrl: service.apiUrl,
      directUrl: service.directUrl,
      username: 'demo',
      password: 'demo',
      applicationId: 'demo-app',
      applicationSecret: 'demo-secret',
      webhookSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      publicUrl,
      now: () => 1_770_110_142_991,
      random: (byteCount) => new Uint8Array(byteCount).fill(7),
      log: (line) => assert.fail(`logged: ${line}`),
    })
    visitor = createVisitor(app, publicUrl)
    await visitor.submit('/sign-in', { person: 'mara' })
  })
  afterEach(async () => {
    await service.close()
    assert.deepEqual(service.violations, [])
  })

  it('shows every source as not connected to somebody new', async () => {
    const { html, status } = await visitor.open('/')
    assert.equal(status, 200)
    assert.equal(
      rowOf(html, STRAVA),
      'Strava Brings runs, rides and walks. Connect Strava New tab to connect Strava',
    )
    assert.match(rowOf(html, 18), /^Oura Brings sleep and readiness\. Connect Oura/)
    assert.doesNotMatch(html, /Not to be had|type="search"|event feed/)
    assert.equal(messageOf(html), '')
  })

  it('connects in the same window and shows what the API says afterwards', async () => {
    const visit = await visitor.follow(`/connect/${STRAVA}`)
    assert.equal(visit.url, `${publicUrl}/connected?dataSource=11&connected=true`)
    assert.match(
      visit.trail[1] ?? '',
      /\/dataSourceDirectConnection\.html\?token=\d+X\d+&dataSource=11&redirect_uri=http%3A%2F%2Flocalhost%3A8082%2Fconnected$/,
    )
    assert.match(messageOf(visit.html), /^Strava is connected /)
    assert.match(rowOf(visit.html, STRAVA), /Connected since 3 Feb 2026, 08:15 UTC/)
    assert.match(rowOf(visit.html, STRAVA), /You allowed: Activity/)
  })

  it('says that nothing was connected when the person cancels', async () => {
    service.answerNextWith('cancel')
    const visit = await visitor.follow(`/connect/${STRAVA}`)
    assert.equal(visit.url, `${publicUrl}/connected?dataSource=11&connected=false`)
    assert.match(messageOf(visit.html), /^Strava was not connected You may have stopped/)
    assert.match(rowOf(visit.html, STRAVA), /Connect Strava/)
  })

  it('connects in a new tab without a return address, and sees it when the person is back', async () => {
    const tab = await visitor.follow(`/connect/${STRAVA}?in=tab`)
    assert.equal(new URL(tab.url).pathname, '/dataSourceDirectConnectionResult.html')
    assert.ok(!tab.trail[1]?.includes('redirect_uri'))
    const { html } = await visitor.open(`/?after=${STRAVA}`)
    assert.match(messageOf(html), /^Strava is connected /)
  })

  it('disconnects at once in the same window', async () => {
    const { html } = await visitor.follow(`/connect/${STRAVA}`)
    const visit = await visitor.submit(`/disconnect/${STRAVA}`, { formToken: formTokenIn(html) })
    assert.equal(visit.url, `${publicUrl}/disconnected?dataSource=11&connected=false`)
    assert.match(
      visit.trail[1] ?? '',
      /&direct=true&redirect_uri=http%3A%2F%2Flocalhost%3A8082%2Fdisconnected$/,
    )
    assert.match(messageOf(visit.html), /^Strava is disconnected /)
    assert.equal(service.connected.size, 0)
  })

  it('disconnects in the background, without the browser leaving the screen', async () => {
    const { html } = await visitor.follow(`/connect/${STRAVA}`)
    const visit = await visitor.submit(`/disconnect/${STRAVA}/background`, { formToken: formTokenIn(html) })
    assert.deepEqual(visit.trail, [
      `${publicUrl}/disconnect/11/background`,
      `${publicUrl}/disconnected?dataSource=11&connected=false`,
    ])
    assert.match(messageOf(visit.html), /^Strava is disconnected /)
    assert.equal(service.connected.size, 0)
  })

  it('asks for the end user once, for the state at each page, and for a session at each press', async () => {
    await visitor.open('/')
    await visitor.follow(`/connect/${STRAVA}`)
    await visitor.follow('/connect/8')
    assert.deepEqual(service.requests, [
      'POST /v5/accessToken',
      'POST /v5/userInformation',
      'POST /v5/userInformation',
      'POST /widget/v6/connection',
      'GET /dataSourceDirectConnection.html',
      'POST /v5/userInformation',
      'POST /widget/v6/connection',
      'GET /dataSourceDirectConnection.html',
      'POST /v5/userInformation',
    ])
  })

  it('gives the browser nothing but the session token, and that only on the way to the service', async () => {
    const visits = [await visitor.open('/'), await visitor.follow(`/connect/${STRAVA}`)]
    for (const { html, headers } of visits) {
      const everything = `${html} ${[...headers].flat().join(' ')}`
      assert.doesNotMatch(everything, /demo-secret|ZGVtb|de3d1e068537dd927b48988cb6969abe|\d+X\d{10}/)
    }
  })
})

describe('the stand-in', () => {
  let service: DocumentedService
  before(async () => {
    service = await startDocumentedService()
  })
  after(() => service.close())

  it('notes what the documented service does not know, so that the tests above can fail', async () => {
    const credentials = {
      authorization: 'Basic ZGVtbzpkZW1v',
      appauthorization: 'Basic ZGVtby1hcHA6ZGVtby1zZWNyZXQ=',
    }
    const asked: readonly [url: string, init: RequestInit][] = [
      [`${service.apiUrl}/v1/data-sources`, { headers: credentials }],
      [
        `${service.apiUrl}/v5/accessToken`,
        { method: 'POST', body: new URLSearchParams({ partnerUserID: 'a' }) },
      ],
      [`${service.apiUrl}/v5/userInformation`, { method: 'POST', body: '{}', headers: credentials }],
      [`${service.directUrl}/dataSourceDirectRevoke.html?token=1X2&dataSource=11`, {}],
      [`${service.directUrl}/other.html`, {}],
    ]
    for (const [url, init] of asked) assert.equal((await fetch(url, init)).status, 400)
    assert.equal(service.violations.length, asked.length)
  })
})
