// Connections to vendors that renew their tokens in different ways, for tests of what becomes of those.
import assert from 'node:assert/strict'
import { asApplicationId, asConnectionId, asEndUserId } from '../../src/model/ids.ts'
import type { FaultOrder } from '../../src/sandbox/index.ts'
import { backendOf, link, newPerson } from './person.ts'
import type { World } from './world.ts'

export const HOUR = 3_600_000

/** By what is played: the source, the application that has a client there, and where its tokens come from. */
const VENDORS = {
  /** Rotates, and the old refresh token works for a while. */
  overlapping: {
    vendor: 'withings',
    dataSource: '8',
    app: 'app-a',
    host: 'wbsapi.withings.net',
    life: 3 * HOUR,
  },
  /** Rotates; the old refresh token is dead at once. */
  strict: { vendor: 'fitbit', dataSource: '1', app: 'app-a-legacy', host: 'api.fitbit.com', life: 8 * HOUR },
  /** The refresh token stays. */
  stable: {
    vendor: 'google-health',
    dataSource: '1',
    app: 'app-a',
    host: 'oauth2.googleapis.com',
    life: HOUR,
  },
} as const

interface State {
  readonly status: string
  readonly reauthReason: string | null
  readonly grantedScopes: readonly string[]
  readonly missingScopes: readonly string[]
}

/** A person connected to a vendor of one kind, the application's calls about it, and a look behind. */
export async function connected(world: World, kind: keyof typeof VENDORS) {
  const { vendor, dataSource, app, host, life } = VENDORS[kind]
  const backend = backendOf(world, app)
  const { endUserId, token } = await backend.newSession()
  const person = newPerson(world)
  await person.connect(link('Connection', token, dataSource))
  const connections = await backend.api('GET', `/users/${endUserId}/connections`)
  const { data } = (await connections.json()) as { data: { id: string }[] } // the documented answer
  const id = data[0]?.id ?? ''
  const read = () => backend.api('POST', `/connections/${id}/token`)
  const problem = async () => {
    const response = await read()
    const { code, reason } = (await response.json()) as { code?: string; reason?: string } // problem details
    return [response.status, code, reason]
  }
  const events = async () =>
    (await world.context.storage.read.events.list(asApplicationId(app), 0, 10_000)).filter(
      (event) => event.connectionId === id,
    )
  return {
    id,
    vendor,
    host,
    backend,
    read,
    problem,
    events,
    typesOfEvents: async () => (await events()).map(({ type }) => type),
    connectAgain: async () => person.connect(link('Connection', await backend.mint(endUserId), dataSource)),
    removeAtVendor: () => {
      for (const grant of world.sandbox.control.grants())
        if (grant.account === person.account) world.sandbox.control.revokeGrant(grant.id)
    },
    /** The tokens that the vendor gave this person and that still work. */
    living: () =>
      world.network.exchanges
        .flatMap(({ answer }) => [...answer.matchAll(/"(?:access|refresh)_token":"([^"]+)"/g)])
        .map(([, value]) => world.sandbox.control.token(value ?? ''))
        .filter(
          (one) =>
            one?.state === 'live' &&
            world.sandbox.control
              .grants()
              .some(({ id, account }) => id === one.grantId && account === person.account),
        ),
    token: async () => {
      const response = await read()
      assert.equal(response.status, 200, await response.clone().text())
      const { accessToken } = (await response.json()) as { accessToken: string } // the documented answer
      return accessToken
    },
    state: async () => (await (await backend.api('GET', `/connections/${id}`)).json()) as State, // the documented answer
    renewal: () => world.context.storage.read.renewals.find(asApplicationId(app), asConnectionId(id)),
    erase: () =>
      world.context.storage.write((tables) =>
        tables.endUsers.queueDeletion(asApplicationId(app), asEndUserId(endUserId), world.now()),
      ),
    fail: (fault: FaultOrder['fault'], carryOut = false, times = 1) =>
      world.sandbox.control.addFault({ vendor, operation: 'refresh', fault, carryOut, times }),
    /** Lets the token end. */
    wait: () => world.advance(life),
  }
}

/** Whether the vendor takes a token. */
export const isLive = (world: World, token: string) => world.sandbox.control.token(token)?.state === 'live'
/** How many refreshes reached vendors. */
export const refreshesOf = ({ network }: World) =>
  network.exchanges.filter(({ body }) => body.includes('grant_type=refresh_token')).length
