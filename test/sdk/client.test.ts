// Goal: every call goes out exactly as documented and reads exactly the documented answer.
// Method: an in-process fetch records method, URL, headers and body of each call and answers from contract §2's samples.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CREDENTIALS, clientAnswering, END_USER_ID, TOKEN, WIDGET_URL } from './stand-in.ts'

const FORM = { ...CREDENTIALS, 'content-type': 'application/x-www-form-urlencoded' }
const JSON_BODY = { ...CREDENTIALS, 'content-type': 'application/json' }

describe('createEndUser', () => {
  it('posts the alias and the language as a form and gives the bare id', async () => {
    const { client, seen } = clientAnswering([new Response(END_USER_ID)])
    const id = await client.createEndUser({ partnerUserId: 'k7Qm2v+a@b', language: 'de' })
    assert.equal(id, END_USER_ID)
    assert.deepEqual(seen, [
      {
        method: 'POST',
        url: 'https://api.example.org/v5/accessToken',
        headers: FORM,
        body: 'partnerUserID=k7Qm2v%2Ba%40b&language=de',
        redirect: 'manual',
      },
    ])
  })

  it('sends an empty form when nothing is known about the end user', async () => {
    const { client, seen } = clientAnswering([new Response(END_USER_ID)])
    await client.createEndUser()
    assert.equal(seen[0]?.body, '')
    assert.deepEqual(seen[0]?.headers, FORM)
  })

  it('takes both published forms of an id', async () => {
    const { client } = clientAnswering([new Response('FVMW6fp9wnUxKnfekrQduZ96Xt6gemVk')])
    assert.equal(await client.createEndUser(), 'FVMW6fp9wnUxKnfekrQduZ96Xt6gemVk')
  })
})

describe('readEndUsers', () => {
  const item = {
    authenticationToken: END_USER_ID,
    partnerUserID: 'k7Qm2v',
    height: 172,
    weight: 64.5,
    birthdate: '1990-02-28',
    gender: 'genderless',
    connectedSources: [{ dataSource: 8, connectedAt: '2026-02-03T08:15:42.991Z', dataScopes: ['user.info'] }],
    devices: [],
  }

  it('posts the ids with commas and gives each end user with what is connected', async () => {
    const other = { ...item, authenticationToken: 'a'.repeat(32), partnerUserID: null, connectedSources: [] }
    const { client, seen } = clientAnswering([Response.json([other, item])])
    const endUsers = await client.readEndUsers([END_USER_ID, 'a'.repeat(32), END_USER_ID])
    assert.deepEqual(endUsers, [
      {
        endUserId: END_USER_ID,
        partnerUserId: 'k7Qm2v',
        heightCm: 172,
        weightKg: 64.5,
        birthdate: '1990-02-28',
        gender: 'genderless',
        connectedSources: item.connectedSources,
        devices: [],
      },
      {
        endUserId: 'a'.repeat(32),
        partnerUserId: null,
        heightCm: 172,
        weightKg: 64.5,
        birthdate: '1990-02-28',
        gender: 'genderless',
        connectedSources: [],
        devices: [],
      },
    ])
    assert.deepEqual(seen, [
      {
        method: 'POST',
        url: 'https://api.example.org/v5/userInformation',
        headers: FORM,
        body: `authenticationToken=${END_USER_ID}%2C${'a'.repeat(32)}`,
        redirect: 'manual',
      },
    ])
  })

  it('asks nothing when no id is given', async () => {
    const { client, seen } = clientAnswering([])
    assert.deepEqual(await client.readEndUsers([]), [])
    assert.equal(seen.length, 0)
  })

  it('takes an end user of whom nothing is stored', async () => {
    const { client } = clientAnswering([Response.json([{ authenticationToken: END_USER_ID }])])
    const [endUser] = await client.readEndUsers([END_USER_ID])
    assert.deepEqual(endUser, {
      endUserId: END_USER_ID,
      partnerUserId: null,
      heightCm: null,
      weightKg: null,
      birthdate: null,
      gender: null,
      connectedSources: [],
      devices: [],
    })
  })
})

describe('updateEndUser', () => {
  it('puts the given fields as JSON, with the id in the header', async () => {
    const { client, seen } = clientAnswering([new Response(null, { status: 204 })])
    await client.updateEndUser({
      endUserId: END_USER_ID,
      heightCm: 172,
      weightKg: 64.5,
      birthdate: '1990-02-28',
      gender: 'female',
    })
    assert.deepEqual(seen, [
      {
        method: 'PUT',
        url: 'https://api.example.org/v5/userInformation',
        headers: { ...JSON_BODY, authenticationtoken: END_USER_ID },
        body: '{"height":172,"weight":64.5,"birthdate":"1990-02-28","gender":"female"}',
        redirect: 'manual',
      },
    ])
  })

  it('leaves out what is not given', async () => {
    const { client, seen } = clientAnswering([new Response(null, { status: 204 })])
    await client.updateEndUser({ endUserId: END_USER_ID, weightKg: 64 })
    assert.equal(seen[0]?.body, '{"weight":64}')
  })
})

describe('deleteEndUser', () => {
  it('sends the id and the date in a form body', async () => {
    const { client, seen } = clientAnswering([new Response(null, { status: 204 })])
    await client.deleteEndUser({ endUserId: END_USER_ID, deletionDate: '2026-12-01' })
    assert.deepEqual(seen, [
      {
        method: 'DELETE',
        url: 'https://api.example.org/v5/userInformation',
        headers: FORM,
        body: `authenticationToken=${END_USER_ID}&deletionDate=2026-12-01`,
        redirect: 'manual',
      },
    ])
  })

  it('leaves the date to the service when none is given', async () => {
    const { client, seen } = clientAnswering([new Response(null, { status: 204 })])
    await client.deleteEndUser({ endUserId: END_USER_ID })
    assert.equal(seen[0]?.body, `authenticationToken=${END_USER_ID}`)
  })
})

describe('createConnectionSession', () => {
  const sample = { type: 'enduser.widget.connection', data: { url: WIDGET_URL } }

  it('posts JSON and cuts the token out of the URL', async () => {
    const { client, seen } = clientAnswering([Response.json(sample)])
    const session = await client.createConnectionSession({ endUserId: END_USER_ID, locale: 'de' })
    assert.deepEqual(session, { url: WIDGET_URL, token: TOKEN })
    assert.deepEqual(seen, [
      {
        method: 'POST',
        url: 'https://api.example.org/widget/v6/connection',
        headers: JSON_BODY,
        body: `{"endUserId":"${END_USER_ID}","locale":"de"}`,
        redirect: 'manual',
      },
    ])
  })

  it('leaves the language open when none is given', async () => {
    const { client, seen } = clientAnswering([Response.json(sample)])
    await client.createConnectionSession({ endUserId: END_USER_ID })
    assert.equal(seen[0]?.body, `{"endUserId":"${END_USER_ID}"}`)
  })

  it('takes a token of 16 and 39 digits', async () => {
    const token = `${'1'.repeat(16)}X${'9'.repeat(39)}`
    const url = `http://localhost:8080/?connectionSessionToken=${token}&platform=web&lang=en`
    const { client } = clientAnswering([Response.json({ data: { url } })])
    assert.deepEqual(await client.createConnectionSession({ endUserId: END_USER_ID }), { url, token })
  })
})

describe('createWidgetUrl', () => {
  it('posts the id as a form and gives the URL', async () => {
    const { client, seen } = clientAnswering([new Response(WIDGET_URL)])
    assert.equal(await client.createWidgetUrl({ endUserId: END_USER_ID }), WIDGET_URL)
    assert.deepEqual(seen, [
      {
        method: 'POST',
        url: 'https://api.example.org/v5/dataSourceURL',
        headers: FORM,
        body: `authenticationToken=${END_USER_ID}`,
        redirect: 'manual',
      },
    ])
  })
})
