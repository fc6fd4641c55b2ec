// Pairing pages with their codes, and phones that redeem them and report: what the tests of both share.
import assert from 'node:assert/strict'
import { backendOf, link, locationOf, newPerson, type Person } from './person.ts'
import { query } from './rows.ts'
import { APP_A_STAGING, SERVICE, type World } from './world.ts'

export const HEALTH_CONNECT = 44
/** The application whose app the phones have. */
export const PHONE_APP = 'app-a-staging'
export const PERMISSIONS = { granted: ['READ_STEPS', 'READ_HEART_RATE'], missing: ['READ_SLEEP'] }

interface Problem {
  readonly code: string
  readonly status: number
}

interface Paired {
  readonly deviceToken: string
  readonly endUserId: string
  readonly partnerUserId: string | null
  readonly connection: { readonly id: string; readonly status: string }
}

/** The code that a pairing page shows. */
export const codeIn = (html: string): string =>
  /<code class="pairing-code"[^>]*>([^<]+)</.exec(html)?.[1] ?? ''

/** People with pairing pages, and phones, in a world. */
export function phonesIn(world: () => World) {
  const shown = async (redirectUri: string | null = APP_A_STAGING, alias?: string) => {
    const backend = backendOf(world(), PHONE_APP)
    const endUserId = await backend.createEndUser(alias)
    const token = await backend.mint(endUserId)
    const person = newPerson(world())
    const more = redirectUri === null ? {} : { redirect_uri: redirectUri }
    const started = await person.get(link('Connection', token, HEALTH_CONNECT, more))
    const address = locationOf(started).href
    const html = await (await person.get(address)).text()
    return { backend, endUserId, token, person, address, html, code: codeIn(html) }
  }
  let phones = 0
  /** A phone has no cookie, no key, and an address of its own. */
  const phone = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    world().app.request(`${SERVICE}/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-test-address': `phone-${++phones}`, ...headers },
      body: JSON.stringify(body),
    })
  const redeem = (code: string, more: Record<string, unknown> = {}) =>
    phone('/pairings/redeem', { applicationId: PHONE_APP, code, permissions: PERMISSIONS, ...more })
  const report = (deviceToken: string, body: unknown) =>
    phone('/device/report', body, { Authorization: `Bearer ${deviceToken}` })
  // As the API describes them.
  const problemOf = async (response: Response) => (await response.json()) as Problem
  const pairedOf = async (response: Response) => (await response.json()) as Paired
  const paired = async (redirectUri: string | null = APP_A_STAGING) => {
    const one = await shown(redirectUri)
    const answer = await redeem(one.code)
    assert.equal(answer.status, 200)
    return { ...one, ...(await pairedOf(answer)) }
  }
  const typesOf = async (endUserId: string) =>
    (
      await query(world(), 'select type from events where end_user_id = ? order by sequence', [endUserId])
    ).map(({ type }) => String(type))
  const again = (person: Person, address: string) => person.get(`${address}&asked=1`)
  return { again, paired, pairedOf, phone, problemOf, redeem, report, shown, typesOf }
}
