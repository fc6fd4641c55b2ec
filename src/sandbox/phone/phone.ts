/**
 * A phone to try pairings with.
 *
 * @module sandbox/phone — owns pages that play an application's app on a phone: it redeems a pairing code at the service,
 * keeps the token that it gets, and reports. It talks to the service over HTTP, as a real phone does.
 */
import type { Context, Hono } from 'hono'
import { type BoundedMap, createBoundedMap } from '../bounded-map.ts'
import { toResponse } from '../engine/answer.ts'
import { readBody, type SandboxBindings } from '../handle-call.ts'
import type { RandomText } from '../random-text.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import { PERMISSIONS, type PhoneState, pairedPage, unpairedPage } from './phone-pages.ts'

/** The service that the phone talks to, and the application whose app it has. */
export interface PhoneOptions {
  readonly serviceUrl: string
  readonly applicationId: string
}

/** What the phone needs of the sandbox. */
export interface PhoneParts {
  readonly text: RandomText
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

interface Phone extends PhoneState {
  readonly deviceToken: string
}

type Ways = PhoneOptions & PhoneParts & { readonly phones: BoundedMap<Phone> }

/** Adds `/phone` and what lies below. */
export function addPhone(
  app: Hono<{ Bindings: SandboxBindings }>,
  options: PhoneOptions,
  parts: PhoneParts,
): void {
  const ways: Ways = { ...options, ...parts, phones: createBoundedMap(SANDBOX_LIMITS.grants) }
  app.get('/phone', async (c) =>
    toResponse(
      await unpairedPage({
        code: c.req.query('code') ?? '',
        applicationId: ways.applicationId,
        problem: null,
      }),
    ),
  )
  app.post('/phone', (c) => pair(c, ways))
  app.get('/phone/:id', async (c) => {
    const phone = ways.phones.get(c.req.param('id'))
    return phone === undefined ? c.redirect('/phone', 303) : toResponse(await pairedPage(phone))
  })
  app.post('/phone/:id', (c) => report(c, ways))
}

async function pair(c: Context, ways: Ways): Promise<Response> {
  const form = await formOf(c)
  const code = form.get('code') ?? ''
  const permissions = permissionsOf(form)
  const { status, json } = await call(ways, '/v1/pairings/redeem', null, {
    applicationId: ways.applicationId,
    code,
    permissions,
  })
  const deviceToken = json['deviceToken']
  if (status !== 200 || typeof deviceToken !== 'string') {
    const problem = whatItSaid(status, json)
    const answer = await unpairedPage({ code, applicationId: ways.applicationId, problem })
    return toResponse({ ...answer, status: 400 })
  }
  const id = ways.text.make({ encoding: 'hex', bytes: 16 })
  const said = 'The phone is paired. You can go back to the page that shows the code.'
  ways.phones.set(id, { id, deviceToken, granted: permissions.granted, isConnected: true, said })
  return c.redirect(`/phone/${id}`, 303)
}

async function report(c: Context, ways: Ways): Promise<Response> {
  const phone = ways.phones.get(c.req.param('id') ?? '')
  if (phone === undefined) return c.redirect('/phone', 303)
  const form = await formOf(c)
  const isLeaving = form.get('do') === 'disconnect'
  const permissions = permissionsOf(form)
  const { status, json } = await call(ways, '/v1/device/report', phone.deviceToken, {
    status: isLeaving ? 'disconnected' : 'connected',
    ...(isLeaving ? {} : { permissions }),
  })
  const done = isLeaving ? 'Disconnected on this phone, and the service knows.' : 'Reported.'
  const said = status === 200 ? done : whatItSaid(status, json)
  ways.phones.set(phone.id, {
    ...phone,
    granted: isLeaving ? phone.granted : permissions.granted,
    // 410: it was disconnected elsewhere. A real app forgets its token then.
    isConnected: status === 200 ? !isLeaving : status !== 410,
    said,
  })
  return c.redirect(`/phone/${phone.id}`, 303)
}

/** The service's own words to developers, which this page is for. */
const whatItSaid = (status: number, json: Readonly<Record<string, unknown>>): string =>
  `The service said ${status}: ${String(json['detail'] ?? json['code'] ?? 'nothing more')}`

const formOf = async (c: Context): Promise<URLSearchParams> =>
  new URLSearchParams((await readBody(c.req.raw, SANDBOX_LIMITS.bodyBytes)) ?? '')

function permissionsOf(form: URLSearchParams) {
  const granted = PERMISSIONS.map(({ name }) => name).filter((name) => form.getAll('allow').includes(name))
  return { granted, missing: PERMISSIONS.map(({ name }) => name).filter((name) => !granted.includes(name)) }
}

async function call(
  { serviceUrl, fetch }: Ways,
  path: string,
  deviceToken: string | null,
  body: unknown,
): Promise<{ readonly status: number; readonly json: Readonly<Record<string, unknown>> }> {
  try {
    const response = await fetch(serviceUrl + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(deviceToken === null ? {} : { authorization: `Bearer ${deviceToken}` }),
      },
      body: JSON.stringify(body),
    })
    return { status: response.status, json: Object(await response.json()) }
  } catch {
    return { status: 0, json: { detail: 'it cannot be reached' } }
  }
}
