import type { BoundedMap } from '../bounded-map.ts'
import type { RandomText } from '../random-text.ts'
import { PERMISSIONS, type PhoneState } from './phone-pages.ts'

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

/** A paired phone. */
export interface Phone extends PhoneState {
  readonly deviceToken: string
}

/** The way to the service, and the phones that are here. */
export type Ways = PhoneOptions & PhoneParts & { readonly phones: BoundedMap<Phone> }

/** How a code can be brought: as it is, with another last letter, or by a second phone as well. */
export const BRINGINGS = ['pair', 'wrong', 'twice'] as const
/** What a paired phone can do; `lose`: it is gone and tells nobody; `stranger`: it reports with a token of nobody. */
export const REPORTS = ['report', 'disconnect', 'stranger', 'lose'] as const

interface Bringing {
  readonly code: string
  readonly does: (typeof BRINGINGS)[number]
  /** Names of what the person allows on the phone. */
  readonly allowed: readonly string[]
}

/** Brings a code to the service. Gives the phone, or why there is none. */
export async function bringCode(
  ways: Ways,
  { code, does, allowed }: Bringing,
): Promise<{ readonly phone: Phone | null; readonly said: string }> {
  const permissions = permissionsOf(allowed)
  const bring = () =>
    call(ways, '/v1/pairings/redeem', null, {
      applicationId: ways.applicationId,
      code: does === 'wrong' ? wrong(code) : code,
      permissions,
    })
  const { status, json } = await bring()
  const deviceToken = json['deviceToken']
  if (status !== 200 || typeof deviceToken !== 'string')
    return { phone: null, said: whatItSaid(status, json) }
  const second = does === 'twice' ? await bring() : null
  const said =
    second === null
      ? 'The phone is paired. You can go back to the page that shows the code.'
      : `The phone is paired. A second one brought the same code. ${whatItSaid(second.status, second.json)}`
  const id = ways.text.make({ encoding: 'hex', bytes: 16 })
  const phone: Phone = { id, deviceToken, granted: permissions.granted, isConnected: true, said }
  ways.phones.set(id, phone)
  return { phone, said }
}

/** Lets a paired phone tell the service something. Gives the phone as it is then. */
export async function tellService(
  ways: Ways,
  phone: Phone,
  { does, allowed }: { readonly does: (typeof REPORTS)[number]; readonly allowed: readonly string[] },
): Promise<Phone> {
  const changed = does === 'lose' ? lost(phone) : await report(ways, phone, does, permissionsOf(allowed))
  ways.phones.set(phone.id, changed)
  return changed
}

const lost = (phone: Phone): Phone => ({
  ...phone,
  isConnected: false,
  deviceToken: '',
  said: 'The phone is gone, and nobody was told: for the service the connection lives on.',
})

async function report(
  ways: Ways,
  phone: Phone,
  does: 'report' | 'disconnect' | 'stranger',
  permissions: ReturnType<typeof permissionsOf>,
): Promise<Phone> {
  const isLeaving = does === 'disconnect'
  const deviceToken = does === 'stranger' ? `sbd_${'x'.repeat(43)}` : phone.deviceToken
  const { status, json } = await call(ways, '/v1/device/report', deviceToken, {
    status: isLeaving ? 'disconnected' : 'connected',
    ...(isLeaving ? {} : { permissions }),
  })
  const done = isLeaving ? 'Disconnected on this phone, and the service knows.' : 'Reported.'
  const isTaken = status === 200
  return {
    ...phone,
    granted: isTaken && !isLeaving ? permissions.granted : phone.granted,
    // 410: it was disconnected elsewhere. A real app forgets its token then.
    isConnected: isTaken ? !isLeaving : status !== 410,
    said: isTaken ? done : whatItSaid(status, json),
  }
}

/** The code with another last letter; one that nobody was shown where there is none. */
function wrong(code: string): string {
  const bare = code.trim()
  if (bare === '') return 'BCDFG-HJKLM'
  return bare.slice(0, -1) + (bare.at(-1)?.toUpperCase() === 'B' ? 'C' : 'B')
}

/** The service's own words to developers, which these pages are for. */
const whatItSaid = (status: number, json: Readonly<Record<string, unknown>>): string =>
  `The service said ${status}: ${String(json['detail'] ?? json['code'] ?? 'nothing more')}`

function permissionsOf(allowed: readonly string[]) {
  const names = PERMISSIONS.map(({ name }) => name)
  const granted = names.filter((name) => allowed.includes(name))
  return { granted, missing: names.filter((name) => !granted.includes(name)) }
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
