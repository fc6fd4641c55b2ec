// Vendors that tell the service something by themselves: their addresses, people who are connected there, and requests as
// each vendor makes them.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { processNotifications } from '../../src/broker/notifications/process-notifications.ts'
import { createVendorKeys } from '../../src/broker/notifications/vendor-keys.ts'
import type { Event } from '../../src/model/event.ts'
import { asApplicationId, asConnectionId } from '../../src/model/ids.ts'
import { type Authorization, isOAuth2, type Notifications } from '../../src/model/source.ts'
import { signAsPublished } from '../../src/sandbox/index.ts'
import { sources } from '../../src/sources/index.ts'
import { backendOf, link, newPerson } from './person.ts'
import type { World } from './world.ts'

/** An authorization whose vendor tells something, with its source. */
export interface Telling {
  readonly sourceId: number
  readonly vendor: string
  readonly authorization: Authorization
  readonly notifications: Notifications
}

/** All of the registry. */
export const telling: readonly Telling[] = [...sources.values()].flatMap((source) =>
  source.kind === 'oauth2'
    ? source.authorizations.flatMap((one) =>
        isOAuth2(one) && one.notifications !== undefined
          ? [
              {
                sourceId: source.id,
                vendor: one.vendor,
                authorization: one,
                notifications: one.notifications,
              },
            ]
          : [],
      )
    : [],
)

/** One of them, by its vendor key. */
export function tellingOf(vendor: string): Telling {
  const found = telling.find((one) => one.vendor === vendor)
  assert.ok(found, vendor)
  return found
}

/** The application of a test world that has a client at this vendor alone. */
export const applicationAt = (vendor: string): string => `only-${vendor}`

export interface Address {
  readonly uri: string
  readonly verifyToken: string
  readonly subscriptions: { readonly active: number; readonly failing: number; readonly cause: string | null }
}

/** Where an application is told by a vendor, as our own API says. */
export async function addressOf(
  world: World,
  { sourceId, vendor }: Telling,
  id = applicationAt(vendor),
): Promise<Address> {
  const response = await backendOf(world, id).api('GET', `/data-sources/${sourceId}`)
  const { authorizations } = (await response.json()) as {
    authorizations: { vendor: string; notifications: Address | null }[]
  } // our own API's answer
  const found = authorizations.find((one) => one.vendor === vendor)?.notifications
  assert.ok(found, `${vendor} has an address`)
  return found
}

/** A secret's template with what a test world has. */
const fillSecret = (template: string, vendor: string, verifyToken: string): string =>
  template
    .replace('{verifyToken}', verifyToken)
    .replace('{clientId}', `${vendor}-client`)
    .replace('{clientSecret}', `${vendor}-client-secret`)
    .replace(/\{client\.(\w+)\}/, `${vendor}-$1`)

/** What the vendor was told, or gave, when the address was entered there. */
function wordsOf({ vendor, notifications }: Telling, verifyToken: string) {
  const { handshake, authentication } = notifications
  const secretOf = () => {
    if (authentication.kind === 'none') return undefined
    const template = authentication.kind === 'signature' ? authentication.key : authentication.value
    return fillSecret(template, vendor, verifyToken)
  }
  const code = handshake.kind === 'code' ? fillSecret(handshake.code, vendor, verifyToken) : verifyToken
  return { verifyToken: code, secret: secretOf() }
}

/** Enters the address at the vendor, which tries it first. */
export async function register(world: World, one: Telling, id = applicationAt(one.vendor)): Promise<Address> {
  const address = await addressOf(world, one, id)
  const { accepted } = await world.sandbox.control.registerNotifications(one.vendor, {
    url: address.uri,
    clientId: `${one.vendor}-client`,
    ...wordsOf(one, address.verifyToken),
  })
  assert.ok(accepted, `${one.vendor} took the address`)
  return address
}

/** The headers with which a vendor would send a body now, or at another time. */
export function headersFor(
  { vendor, notifications }: Telling,
  verifyToken: string,
  body: string,
  atMs: number,
): Record<string, string> {
  const { authentication } = notifications
  const type = notifications.format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded'
  const plain = { 'content-type': type }
  if (authentication.kind === 'none' || authentication.kind === 'member') return plain
  if (authentication.kind === 'header')
    return {
      ...plain,
      [authentication.header]: fillSecret(authentication.value, vendor, verifyToken),
      ...Object.fromEntries(
        (authentication.publishedKey?.headers.slice(0, 1) ?? []).map((name) => [name, signAsPublished(body)]),
      ),
    }
  const { header, algorithm, encoding, over, timestamp, keyIsBase64, members = [] } = authentication
  const key = fillSecret(authentication.key, vendor, verifyToken)
  const time = String(timestamp?.unit === 'milliseconds' ? atMs : Math.floor(atMs / 1_000))
  const read = (path: string) => (JSON.parse(body) as Record<string, unknown>)[path] // a test's own body
  const signed = {
    body,
    'timestamp+body': `${time}${body}`,
    timed: `${time}.${body}`,
    members: over === 'members' ? members.map(read).join('_') : '',
  }[over]
  const mac = createHmac(algorithm, keyIsBase64 === true ? Buffer.from(key, 'base64') : key).update(signed)
  const hex = mac.digest(encoding === 'base64' ? 'base64' : 'hex')
  const signature = encoding === 'HEX' ? hex.toUpperCase() : hex
  return {
    ...plain,
    [header]: over === 'timed' ? `t=${time},v1=${signature}` : signature,
    ...(timestamp?.header === undefined ? {} : { [timestamp.header]: time }),
  }
}

/** Sends a body as somebody would who found the address. */
export const send = async (
  world: World,
  uri: string,
  body: string,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<Response> => world.app.request(uri, { method: 'POST', body, headers })

/** One round of what is done about notifications. */
export const work = (world: World): Promise<void> =>
  processNotifications(world.context, createVendorKeys(world.context))

/** A person connected to a vendor, and what is known of the connection. */
export async function connectAt(world: World, { vendor, sourceId }: Telling, id = applicationAt(vendor)) {
  const backend = backendOf(world, id)
  const applicationId = asApplicationId(id)
  const { endUserId, token } = await backend.newSession()
  const person = newPerson(world)
  await person.connect(link('Connection', token, sourceId))
  const answer = await backend.api('GET', `/users/${endUserId}/connections`)
  const { data } = (await answer.json()) as { data: { id: string }[] } // our own API's answer
  const connectionId = asConnectionId(data[0]?.id ?? '')
  const row = async () => {
    const found = await world.context.storage.read.connections.find(applicationId, connectionId)
    assert.ok(found)
    return found
  }
  const grantIds = () =>
    world.sandbox.control
      .grants()
      .filter((grant) => grant.vendor === vendor && grant.account === person.account && !grant.ended)
      .map((grant) => grant.id)
  return {
    backend,
    person,
    endUserId,
    connectionId,
    accountId: (await row()).accountId,
    row,
    status: async () => (await row()).status,
    connectAgain: async () => person.connect(link('Connection', await backend.mint(endUserId), sourceId)),
    grantIds,
    /** The person removes the application, and the vendor tells it. */
    removeAtVendor: async () => {
      for (const grant of grantIds()) world.sandbox.control.revokeGrant(grant)
      await world.sandbox.control.idle()
    },
    events: async (): Promise<readonly Event[]> => {
      const all = await world.context.storage.read.events.list(applicationId, 0, 10_000)
      return all.filter((event) => event.connectionId === connectionId)
    },
  }
}
