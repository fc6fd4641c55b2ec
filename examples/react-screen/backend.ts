/**
 * All that the backend asks of Springbar, for the person who is signed in. The credentials stay here.
 */
import { type SpringbarClient, SpringbarError } from '@springbar/sdk'
import type { Person } from './sign-in.ts'

/** A source that can be connected, as the screen needs it. */
export interface Offered {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly logo: string
}

/** A source that is connected. */
export interface Mine extends Offered {
  /** `needs_reauth`: the person has to connect it once more before data arrives. */
  readonly status: 'active' | 'needs_reauth'
  readonly connectedAt: string
}

/** How a connect ended, as Springbar told our backend: nobody can forge it. Null when it is not this person's. */
export type Outcome = {
  readonly name: string
  readonly succeeded: boolean
  readonly error: string | null
  readonly reference: string
} | null

/** The calls of the screen. */
export interface Backend {
  /** The sources that people connect at the vendor's pages. */
  offered(): Promise<readonly Offered[]>
  connected(person: Person): Promise<readonly Mine[]>
  /** A link for this person alone, to open in their browser. */
  link(person: Person, dataSource: number): Promise<string>
  disconnect(person: Person, dataSource: number): Promise<void>
  /** Redeems the code of a return. */
  redeem(person: Person, code: string): Promise<Outcome>
}

/** Makes the calls. `redirectUri`: where people come back to. */
export function createBackend(springbar: SpringbarClient, redirectUri: string): Backend {
  // The alias makes this repeatable: the same person is the same end user, also after a restart.
  const endUserIdOf = async ({ partnerUserId }: Person) => (await springbar.createUser({ partnerUserId })).id
  const living = async (person: Person) => {
    const connections = await springbar.listConnections({ endUserId: await endUserIdOf(person) })
    return connections.filter(({ status }) => status !== 'disconnected')
  }
  const catalogue = async () =>
    (await springbar.readDataSources()).map(({ id, name, description, logo, connectable, kind }) => ({
      isOffered: connectable && kind === 'oauth2',
      source: { id, name, description, logo },
    }))

  return {
    offered: async () => (await catalogue()).filter(({ isOffered }) => isOffered).map(({ source }) => source),

    async connected(person) {
      const [sources, connections] = await Promise.all([catalogue(), living(person)])
      return connections.flatMap(({ dataSource, status, connectedAt }): Mine[] => {
        const known = sources.find(({ source }) => source.id === dataSource)
        if (known === undefined) return []
        return [{ ...known.source, connectedAt, status: status === 'active' ? 'active' : 'needs_reauth' }]
      })
    },

    // A session at each press of a button: it lives for an hour, and a page may stay open for longer.
    async link(person, dataSource) {
      const endUserId = await endUserIdOf(person)
      const session = await springbar.createSession({
        endUserId,
        allowedSources: [dataSource],
        redirectUri,
        label: person.name,
      })
      const link = session.links.find((one) => one.dataSource === dataSource)
      if (link === undefined) throw new SpringbarError('not_found', 'This source has no link.')
      return link.connectUrl
    },

    async disconnect(person, dataSource) {
      const connection = (await living(person)).find((one) => one.dataSource === dataSource)
      if (connection !== undefined) await springbar.deleteConnection(connection.id)
    },

    // Whose it must be comes from the log-in, never from the request.
    async redeem(person, code) {
      try {
        const endUserId = await endUserIdOf(person)
        const { dataSource, succeeded, error, reference } = await springbar.redeemResult({ code, endUserId })
        const name =
          dataSource === null ? 'This source' : (await springbar.readDataSource({ dataSource })).name
        return { name, succeeded, error, reference }
      } catch (error) {
        if (error instanceof SpringbarError && ['user_mismatch', 'not_found'].includes(error.code))
          return null
        throw error
      }
    },
  }
}
