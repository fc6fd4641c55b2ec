// A person's browser and an application's backend, as far as a test without a real browser needs them.
import assert from 'node:assert/strict'
import type { ConsentChoice } from '../../src/sandbox/index.ts'
import { accountKey } from './vendors.ts'
import { SERVICE, type World } from './world.ts'

const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

/** The two headers of the compatible API. */
export const credentialsOf = (
  account: 'a' | 'b' | 'every',
  applicationId: string,
): Record<string, string> => ({
  Authorization: basic(account, `${account}-password`),
  AppAuthorization: basic(applicationId, `${applicationId}-secret`),
})

/** Calls of one application's backend. */
export interface Backend {
  readonly headers: Readonly<Record<string, string>>
  readonly createEndUser: (alias?: string) => Promise<string>
  readonly mint: (endUserId: string, locale?: string) => Promise<string>
  readonly connectedSources: (endUserId: string) => Promise<readonly number[]>
  /** A session for a new end user: the token for links, and whose it is. */
  readonly newSession: () => Promise<{ readonly token: string; readonly endUserId: string }>
  /** Our own API, by API key. */
  readonly api: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Response>
}

/** Whose application it is. */
function accountOf(applicationId: string): 'a' | 'b' | 'every' {
  if (applicationId.startsWith('only-')) return 'every'
  return applicationId === 'app-b' ? 'b' : 'a'
}

/** The backend of `app-a`, `app-a-staging` or `app-b`. */
export function backendOf({ app }: World, applicationId = 'app-a'): Backend {
  const headers = credentialsOf(accountOf(applicationId), applicationId)
  const form = (path: string, fields: Record<string, string>) =>
    app.request(path, { method: 'POST', headers, body: new URLSearchParams(fields) })
  const createEndUser: Backend['createEndUser'] = async (alias) => {
    const response = await form('/v5/accessToken', alias === undefined ? {} : { partnerUserID: alias })
    assert.equal(response.status, 200)
    return response.text()
  }
  const mint: Backend['mint'] = async (endUserId, locale) => {
    const response = await app.request('/widget/v6/connection', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ endUserId, ...(locale === undefined ? {} : { locale }) }),
    })
    assert.equal(response.status, 200)
    const { data } = (await response.json()) as { data: { url: string } } // the documented answer
    return data.url.split('connectionSessionToken=')[1]?.split('&')[0] ?? ''
  }
  return {
    headers,
    createEndUser,
    mint,
    newSession: async () => {
      const endUserId = await createEndUser()
      return { endUserId, token: await mint(endUserId) }
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

/** A browser that keeps cookies for as long as they live, and follows redirects only when told to. */
export interface Person {
  readonly cookies: Map<string, string>
  /** The person's account at every vendor; nobody else in this world has it. */
  readonly account: string
  readonly get: (url: string, headers?: Record<string, string>) => Promise<Response>
  readonly post: (url: string, fields: Record<string, string>) => Promise<Response>
  /** Follows redirects on the service's own host and returns the last answer. */
  readonly follow: (response: Response) => Promise<Response>
  /** From a connect link to the end of the vendor's consent; gives the callback's address, which is not yet visited. */
  readonly consent: (url: string, choice?: ConsentChoice) => Promise<string>
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

/** What an application reads from the address that a person came back to. */
export interface Told {
  /** The whole address. */
  readonly address: string
  readonly dataSource: string | null
  readonly connected: string | null
  readonly error: string | null
  /** The code to redeem. */
  readonly result: string
}

/** Follows an answer to the application's page and reads what it is told there. */
export async function toldAfter(person: Person, response: Response): Promise<Told> {
  const last = await person.follow(response)
  const { href, searchParams } = locationOf(last)
  return {
    address: last.headers.get('location') ?? href,
    dataSource: searchParams.get('dataSource'),
    connected: searchParams.get('connected'),
    error: searchParams.get('error'),
    result: searchParams.get('result') ?? '',
  }
}

const peopleOf = new WeakMap<World, number>()

/** Somebody new, with a browser, an address and vendor accounts of their own. */
export function newPerson(world: World): Person {
  const number = (peopleOf.get(world) ?? 0) + 1
  peopleOf.set(world, number)
  const account = accountKey(number)
  const { cookies, remember, header } = createCookieJar(world)
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers({ 'x-test-address': `address-${number}`, ...init.headers })
    const cookie = header()
    if (cookie !== '') headers.set('cookie', cookie)
    // What stands behind # stays in the browser.
    const [path = ''] = (url.startsWith(SERVICE) ? url.slice(SERVICE.length) : url).split('#')
    const response = await world.app.request(`${SERVICE}${path}`, { ...init, headers })
    for (const line of response.headers.getSetCookie()) remember(line)
    return response
  }
  const get: Person['get'] = (url, headers = {}) => send(url, { headers })
  const follow: Person['follow'] = async (response) => {
    const location = response.headers.get('location')
    return location?.startsWith(`${SERVICE}/`) ? follow(await get(location)) : response
  }
  const consent: Person['consent'] = async (url, choice = {}) => {
    const started = await get(url)
    const outcome = await world.sandbox.control.consent(locationOf(started).href, { account, ...choice })
    assert.ok(outcome.location, 'the vendor kept the person')
    return outcome.location
  }
  return {
    cookies,
    account,
    get,
    follow,
    consent,
    post: (url, fields) => send(url, { method: 'POST', body: new URLSearchParams(fields) }),
    connect: async (url, choice) => get(await consent(url, choice)),
  }
}

/** The cookies of one browser, each until its `Max-Age` has passed on the world's clock. */
function createCookieJar(world: World) {
  const cookies = new Map<string, string>()
  const ends = new Map<string, number>()
  return {
    cookies,
    remember: (line: string) => {
      const [pair = ''] = line.split(';')
      const equals = pair.indexOf('=')
      const name = pair.slice(0, equals)
      const maxAgeSeconds = Number(/; *max-age=(\d+)/i.exec(line)?.[1] ?? Number.POSITIVE_INFINITY)
      if (maxAgeSeconds === 0) cookies.delete(name)
      else cookies.set(name, pair.slice(equals + 1))
      ends.set(name, world.now() + maxAgeSeconds * 1000)
    },
    header: () => {
      for (const [name, end] of ends) if (world.now() >= end) cookies.delete(name)
      return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    },
  }
}
