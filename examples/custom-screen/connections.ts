import {
  type ConnectedSource,
  type ConnectionResult,
  type SpringbarClient,
  SpringbarError,
} from '@springbar/sdk'
import type { Person } from './people.ts'

/** What is connected, by source id. */
export type Connected = ReadonlyMap<number, ConnectedSource>

/**
 * Everything that Tidewell asks of Springbar, for one person at a time. It needs the four documented things alone:
 * the end user's id, their information, a connection session, and the direct pages.
 */
export interface Connections {
  /** What the person has connected now. The only thing that the screen believes. */
  read(person: Person): Promise<Connected>
  /** Where to send the person's browser to connect a source. With `redirectUri` they come back by themselves. */
  connectUrl(person: Person, dataSource: number, redirectUri: string | null): Promise<string>
  /** Where to send the person's browser to disconnect one: at once, or after a question. */
  disconnectUrl(
    person: Person,
    dataSource: number,
    options: { readonly direct: boolean; readonly redirectUri: string },
  ): Promise<string>
  /** Says that this person is logged in where a ticket arrived, and gives the address to send their browser on to. */
  confirm(person: Person, ticket: string): Promise<string>
  /** Disconnects a source without the person's browser. Null when the service did not tell how it ended. */
  disconnect(person: Person, dataSource: number): Promise<ConnectionResult | null>
}

/**
 * Makes the connections of Tidewell's people. Each press of a button mints a session of its own: a page may stay
 * open for hours, and a session lives for one.
 */
export function createConnections(client: SpringbarClient): Connections {
  const endUserIds = new Map<string, string>()

  async function endUserId(person: Person): Promise<string> {
    const known = endUserIds.get(person.id)
    if (known !== undefined) return known
    // The alias makes this repeatable: the same person gets the same end user, also after a restart.
    const id = await client.createEndUser({ partnerUserId: person.partnerUserId })
    endUserIds.set(person.id, id)
    return id
  }

  /** Runs a call with the person's end user id; asks for the id anew when the service no longer knows it. */
  async function forPerson<Value>(person: Person, call: (id: string) => Promise<Value>): Promise<Value> {
    const wasKnown = endUserIds.has(person.id)
    try {
      return await call(await endUserId(person))
    } catch (error) {
      if (!wasKnown || !(error instanceof SpringbarError) || error.status !== 403) throw error
      endUserIds.delete(person.id)
      return call(await endUserId(person))
    }
  }

  const session = (person: Person) =>
    forPerson(person, (id) => client.createConnectionSession({ endUserId: id }))

  return Object.freeze({
    async read(person) {
      const [endUser] = await forPerson(person, (id) => client.readEndUsers([id]))
      return new Map(endUser?.connectedSources.map((source) => [source.dataSource, source]))
    },
    async connectUrl(person, dataSource, redirectUri) {
      const { token } = await session(person)
      return client.connectUrl({ token, dataSource, ...(redirectUri === null ? {} : { redirectUri }) })
    },
    async disconnectUrl(person, dataSource, options) {
      const { token } = await session(person)
      return client.disconnectUrl({ token, dataSource, ...options })
    },
    async confirm(person, ticket) {
      const { next } = await forPerson(person, (endUserId) => client.confirmAttempt({ ticket, endUserId }))
      return next
    },
    async disconnect(person, dataSource) {
      const { token } = await session(person)
      try {
        return await client.disconnectInBackground({ token, dataSource })
      } catch (error) {
        if (error instanceof SpringbarError && error.code === 'unexpected_answer') return null
        throw error
      }
    },
  } satisfies Connections)
}
