// Goal: a background disconnect is one plain GET whose redirect is read rightly, and each call goes to its own host.
// Method: an in-process fetch records each call and answers as the service does, or in every wrong way.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SpringbarError } from '@springbar/sdk'
import { clientAnswering, END_USER_ID, failure, TOKEN, WIDGET_URL } from './stand-in.ts'

describe('disconnectInBackground', () => {
  const resultPage = (query: string, origin = 'https://api.example.org') =>
    new Response(null, {
      status: 303,
      headers: { location: `${origin}/dataSourceDirectConnectionResult.html?token=${TOKEN}&${query}` },
    })

  it('is a plain GET without credentials, and reads the outcome from the redirect', async () => {
    const { client, seen } = clientAnswering([resultPage('dataSource=11&connected=false&attempt=abc')])
    const result = await client.disconnectInBackground({ token: TOKEN, dataSource: 11 })
    assert.deepEqual(result, { action: 'disconnect', dataSource: 11, connected: false, succeeded: true })
    assert.deepEqual(seen, [
      {
        method: 'GET',
        url: `https://api.example.org/dataSourceDirectRevoke.html?token=${TOKEN}&dataSource=11&direct=true`,
        headers: {},
        body: '',
        redirect: 'manual',
      },
    ])
  })

  it('tells a failure by connected=true', async () => {
    const { client } = clientAnswering([resultPage('dataSource=11&connected=true&error=server_error')])
    const result = await client.disconnectInBackground({ token: TOKEN, dataSource: 11 })
    assert.deepEqual(result, {
      action: 'disconnect',
      dataSource: 11,
      connected: true,
      succeeded: false,
      error: 'server_error',
    })
  })

  it('takes a redirect to the public name of the service, and one without a host', async () => {
    const elsewhere = resultPage('dataSource=11&connected=false', 'https://connect.example.org')
    const relative = resultPage('dataSource=11&connected=false', '')
    const { client } = clientAnswering([elsewhere, relative], { directUrl: 'http://springbar:8080' })
    for (let call = 0; call < 2; call += 1) {
      const result = await client.disconnectInBackground({ token: TOKEN, dataSource: 11 })
      assert.equal(result.succeeded, true)
    }
  })

  it('takes the id that comes back when it was asked by key', async () => {
    const { client } = clientAnswering([resultPage('dataSource=11&connected=false')])
    const result = await client.disconnectInBackground({ token: TOKEN, dataSource: 'strava' })
    assert.equal(result.dataSource, 11)
  })

  const refused = {
    400: 'invalid_request',
    403: 'invalid_session',
    404: 'unknown_source',
    410: 'session_expired',
  }
  for (const [status, code] of Object.entries(refused)) {
    it(`fails with ${code} on a page with the status ${status}`, async () => {
      const { client } = clientAnswering([new Response('<!doctype html>', { status: Number(status) })])
      const error = await failure(client.disconnectInBackground({ token: TOKEN, dataSource: 11 }))
      assert.equal(error.code, code)
      assert.equal(error.message, `Springbar refused to disconnect (status ${status}).`)
    })
  }

  const wrong: Readonly<Record<string, Response>> = {
    'a redirect to another page': new Response(null, {
      status: 303,
      headers: { location: 'https://api.example.org/login?dataSource=11&connected=false' },
    }),
    'a redirect without an outcome': resultPage('dataSource=11'),
    'the outcome of another source': resultPage('dataSource=8&connected=false'),
    'a redirect to no address': new Response(null, { status: 303, headers: { location: 'https://[' } }),
    'a redirect without Location': new Response(null, { status: 303 }),
    'a page': new Response('<!doctype html>', { status: 200 }),
  }
  for (const [name, answer] of Object.entries(wrong)) {
    it(`does not take ${name} for an outcome`, async () => {
      const { client } = clientAnswering([answer])
      await assert.rejects(
        client.disconnectInBackground({ token: TOKEN, dataSource: 11 }),
        (error) => error instanceof SpringbarError && error.code === 'unexpected_answer',
      )
    })
  }
})

describe('three hosts', () => {
  const bases = {
    apiUrl: 'https://api.example.org/base/',
    widgetUrl: 'https://widget.example.org',
    directUrl: 'https://service.example.org//',
  }

  it('sends each call to its own host, below the path of the base URL', async () => {
    const { client, seen } = clientAnswering(
      [
        new Response(END_USER_ID),
        Response.json({ data: { url: WIDGET_URL } }),
        new Response(null, {
          status: 302,
          headers: { location: '/dataSourceDirectConnectionResult.html?dataSource=11&connected=false' },
        }),
      ],
      bases,
    )
    await client.createEndUser()
    await client.createConnectionSession({ endUserId: END_USER_ID })
    await client.disconnectInBackground({ token: TOKEN, dataSource: 11 })
    assert.deepEqual(
      seen.map(({ url }) => url),
      [
        'https://api.example.org/base/v5/accessToken',
        'https://widget.example.org/widget/v6/connection',
        `https://service.example.org/dataSourceDirectRevoke.html?token=${TOKEN}&dataSource=11&direct=true`,
      ],
    )
  })

  it('builds links on the host of the direct pages', () => {
    const { client } = clientAnswering([], bases)
    const link = { token: TOKEN, dataSource: 11, redirectUri: 'myapp://done' }
    assert.equal(
      client.connectUrl(link),
      `https://service.example.org/dataSourceDirectConnection.html?token=${TOKEN}&dataSource=11&redirect_uri=myapp%3A%2F%2Fdone`,
    )
    assert.equal(
      client.disconnectUrl({ ...link, direct: true }),
      `https://service.example.org/dataSourceDirectRevoke.html?token=${TOKEN}&dataSource=11&direct=true&redirect_uri=myapp%3A%2F%2Fdone`,
    )
  })

  it('uses the API host for everything when it is the only one', () => {
    const { client } = clientAnswering([])
    assert.equal(
      client.connectUrl({ token: TOKEN, dataSource: 'strava' }),
      `https://api.example.org/dataSourceDirectConnection.html?token=${TOKEN}&dataSource=strava`,
    )
  })
})
