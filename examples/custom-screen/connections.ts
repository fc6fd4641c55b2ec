import {
  type ConnectedSource,
  type Connection,
  type ConnectionResult,
  type SpringbarClient,
  SpringbarError,
} from '@springbar/sdk'
import type { Person } from './people.ts'

/** A source that is connected, and what is not in order with it. */
export interface ConnectedState extends ConnectedSource {
  /** Asked for and not allowed, in the vendor's words; empty where nobody tells. */
  readonly missingScopes: readonly string[]
  /** Whether the vendor takes our token no more, so that the person has to connect again. */
  readonly needsPerson: boolean
}

/** How somebody goes to connect. */
export interface ConnectWay {
  /** Where they come back to by themselves; null to end on Springbar's own result page. */
  readonly redirectUri: string | null
  /** Whether they are asked for everything, or for those permissions alone that they did not give. */
  readonly scopes: 'all' | 'missing'
}

/** What is connected, by source id. */
export type Connected = ReadonlyMap<number, ConnectedState>

/**
 * Everything that Tidewell asks of Springbar, for one person at a time. It needs the four documented things alone:
 * the end user's id, their information, a connection session, and the direct pages. What stands with `own` is more than
 * that, and is left out where there is no API key.
 */
export interface Connections {
  /** What the person has connected now. The only thing that the screen believes. */
  read(person: Person): Promise<Connected>
  /** Where to send the person's browser to connect a source. */
  connectUrl(person: Person, dataSource: number, way: ConnectWay): Promise<string>
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
export function createConnections(
  client: SpringbarClient,
  more: { readonly own: SpringbarClient | null; readonly log: (line: string) => void },
): Connections {
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

  /** The living connections with what is wrong with them; none where they are not told. */
  async function details(person: Person): Promise<readonly Connection[]> {
    const { own, log } = more
    if (own === null) return []
    try {
      const all = await forPerson(person, (endUserId) => own.listConnections({ endUserId }))
      return all.filter(({ status }) => status !== 'disconnected')
    } catch (error) {
      if (!(error instanceof SpringbarError)) throw error
      log(`${error.code}: ${error.message}`)
      return []
    }
  }

  return Object.freeze({
    async read(person) {
      const [endUser] = await forPerson(person, (id) => client.readEndUsers([id]))
      const state = new Map<number, ConnectedState>()
      for (const source of endUser?.connectedSources ?? [])
        state.set(source.dataSource, { ...source, missingScopes: [], needsPerson: false })
      for (const { dataSource, connectedAt, grantedScopes, missingScopes, status } of await details(person))
        state.set(dataSource, {
          dataSource,
          connectedAt,
          dataScopes: grantedScopes,
          missingScopes,
          needsPerson: status === 'needs_reauth',
        })
      return state
    },
    async connectUrl(person, dataSource, { redirectUri, scopes }) {
      const { token } = await session(person)
      return client.connectUrl({
        token,
        dataSource,
        scopes,
        ...(redirectUri === null ? {} : { redirectUri }),
      })
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
