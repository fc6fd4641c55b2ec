// A person's browser and an application's backend, as far as a test without a real browser needs them.
import assert from 'node:assert/strict'
import type { ConsentChoice } from '../../src/sandbox/index.ts'
import { SERVICE, type World } from './world.ts'

const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

/** The two headers of the compatible API. */
export const credentialsOf = (account: 'a' | 'b', applicationId: string): Record<string, string> => ({
  Authorization: basic(account, `${account}-password`),
  AppAuthorization: basic(applicationId, `${applicationId}-secret`),
})

/** Calls of one application's backend. */
export interface Backend {
  readonly headers: Readonly<Record<string, string>>
  readonly createEndUser: (alias?: string) => Promise<string>
  readonly mint: (endUserId: string, locale?: string) => Promise<string>
  readonly connectedSources: (endUserId: string) => Promise<readonly number[]>
  /** Our own API, by API key. */
  readonly api: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Response>
}

/** The backend of `app-a`, `app-a-staging` or `app-b`. */
export function backendOf({ app }: World, applicationId = 'app-a'): Backend {
  const headers = credentialsOf(applicationId === 'app-b' ? 'b' : 'a', applicationId)
  const form = (path: string, fields: Record<string, string>) =>
    app.request(path, { method: 'POST', headers, body: new URLSearchParams(fields) })
  return {
    headers,
    createEndUser: async (alias) => {
      const response = await form('/v5/accessToken', alias === undefined ? {} : { partnerUserID: alias })
      assert.equal(response.status, 200)
      return response.text()
    },
    mint: async (endUserId, locale) => {
      const response = await app.request('/widget/v6/connection', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ endUserId, ...(locale === undefined ? {} : { locale }) }),
      })
      assert.equal(response.status, 200)
      const { data } = (await response.json()) as { data: { url: string } } // the documented answer
      return data.url.split('connectionSessionToken=')[1]?.split('&')[0] ?? ''
    },
    connectedSources: async (endUserId) => {
      const response = await form('/v5/userInformation', { authenticationToken: endUserId })
      const [user] = (await response.json()) as { connectedSources: { dataSource: number }[] }[] // the documented answer
      return user?.connectedSources.map(({ dataSource }) => dataSource) ?? []
    },
    api: async (method, path, body, extra = {}) =>
      app.request(`/v1${path}`, {
        method,
        headers: {
          Authorization: `Bearer sbk_${applicationId}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...extra,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  }
}

/** A browser that keeps cookies and follows redirects only when told to. */
export interface Person {
  readonly cookies: Map<string, string>
  readonly get: (url: string, headers?: Record<string, string>) => Promise<Response>
  readonly post: (url: string, fields: Record<string, string>) => Promise<Response>
  /** Follows redirects on the service's own host and returns the last answer. */
  readonly follow: (response: Response) => Promise<Response>
  /** From a connect link through the vendor's consent to the answer of the callback. */
  readonly connect: (url: string, choice?: ConsentChoice) => Promise<Response>
}

/** The link of a direct page. */
export function link(
  page: 'Connection' | 'Revoke',
  token: string,
  dataSource: number | string,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams({ token, dataSource: String(dataSource), ...more })
  return `/dataSourceDirect${page}.html?${query}`
}

export const locationOf = (response: Response): URL => {
  const location = response.headers.get('location')
  assert.ok(location, `expected a redirect, got ${response.status}`)
  return new URL(location)
}

export function newPerson(world: World): Person {
  const cookies = new Map<string, string>()
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (cookies.size > 0)
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const path = url.startsWith(SERVICE) ? url.slice(SERVICE.length) : url
    const response = await world.app.request(`${SERVICE}${path}`, { ...init, headers })
    for (const line of response.headers.getSetCookie()) keep(cookies, line)
    return response
  }
  const get: Person['get'] = (url, headers = {}) => send(url, { headers })
  const follow: Person['follow'] = async (response) => {
    const location = response.headers.get('location')
    return location?.startsWith(`${SERVICE}/`) ? follow(await get(location)) : response
  }
  return {
    cookies,
    get,
    follow,
    post: (url, fields) => send(url, { method: 'POST', body: new URLSearchParams(fields) }),
    connect: async (url, choice) => {
      const started = await get(url)
      const { location } = await world.sandbox.control.consent(locationOf(started).href, choice)
      assert.ok(location, 'the vendor kept the person')
      return get(location)
    },
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';')
  const equals = pair.indexOf('=')
  if (/max-age=0(;|$)/i.test(line)) cookies.delete(pair.slice(0, equals))
  else cookies.set(pair.slice(0, equals), pair.slice(equals + 1))
}
