import { checkDeletionDate, checkEndUserId, checkLocale, checkPartnerUserId } from './arguments.ts'
import { type Connection, connection, type Revocation } from './connections.ts'
import { type Api, inPath } from './endpoint.ts'
import { byName, listOf, nullable, number, object, raw, text } from './readers.ts'
import type { CallOptions } from './request.ts'
import type { Gender } from './types.ts'

/** An end user as `/v1` has them. Null where nothing is stored. */
export interface User {
  /** The end user id. */
  readonly id: string
  readonly partnerUserId: string | null
  readonly language: string | null
  /** Whole centimetres. */
  readonly height: number | null
  /** Kilograms. */
  readonly weight: number | null
  /** `YYYY-MM-DD` */
  readonly birthdate: string | null
  readonly gender: Gender | (string & {}) | null
  /** ISO-8601 instant. */
  readonly createdAt: string
  /** When they are erased, once that is queued. */
  readonly deleteAt: string | null
}

/** What changes about an end user: null forgets, what is left out stays. */
export interface UserChanges {
  readonly endUserId: string
  readonly height?: number | null
  readonly weight?: number | null
  readonly birthdate?: string | null
  readonly gender?: Gender | null
}

/** Everything that is stored about an end user, without tokens. */
export interface UserExport {
  readonly user: User
  readonly connections: readonly Connection[]
  /** By table: sessions, attempts, history, events and all else, as they are stored; more tables and fields may be added. */
  readonly records: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
  readonly exportedAt: string
}

/** What a session is to be like. */
export interface NewSession {
  readonly endUserId: string
  readonly locale?: string
  /** Catalogue ids; without it every source of the application. */
  readonly allowedSources?: readonly number[]
  /** Where the links of the answer lead back to; must be on the application's list. */
  readonly redirectUri?: string
  /** How the person is called on the pages. */
  readonly label?: string
  readonly lifetimeSeconds?: number
}

/** Ready links for one source. */
export interface SessionLink {
  readonly dataSource: number
  readonly key: string
  readonly name: string
  readonly connectUrl: string
  readonly disconnectUrl: string
}

/** A session with its links. The token and every URL are secrets of that person. */
export interface Session {
  readonly id: string
  readonly token: string
  /** ISO-8601 instant. */
  readonly expiresAt: string
  readonly widgetUrl: string
  readonly links: readonly SessionLink[]
}

/** The receipt of an end user's deletion: it stays after they are erased. */
export interface DeletionReceipt {
  readonly requestedBy: string
  /** ISO-8601 instants. */
  readonly requestedAt: string
  readonly deleteAt: string
  /** Null while it is queued. */
  readonly erasedAt: string | null
  /** How much was erased, by kind; null while it is queued. */
  readonly erased: {
    readonly sessions: number
    readonly attempts: number
    readonly connections: number
    readonly events: number
  } | null
  readonly revocations: readonly (Revocation & { readonly dataSource: number })[]
}

/** End users and sessions in our own API (contract §6). Each rejects with a `SpringbarError` and nothing else. */
export interface UserCalls {
  /** Creates an end user, or finds the one with this alias again. */
  createUser(
    user?: { readonly partnerUserId?: string; readonly language?: string },
    options?: CallOptions,
  ): Promise<User>
  /** Reads an end user. */
  readUser(endUserId: string, options?: CallOptions): Promise<User>
  /** Changes what is stored about an end user. */
  updateUser(changes: UserChanges, options?: CallOptions): Promise<User>
  /** Queues the erasure of an end user and the revocation of every grant; gives the date. */
  deleteUser(
    user: { readonly endUserId: string; readonly deletionDate?: string },
    options?: CallOptions,
  ): Promise<{ readonly deleteAt: string }>
  /** The receipt of an end user's deletion, also after they are erased. */
  readDeletion(endUserId: string, options?: CallOptions): Promise<DeletionReceipt>
  /** Everything that is stored about an end user. */
  exportUser(endUserId: string, options?: CallOptions): Promise<UserExport>
  /** Mints a session with ready links for each source. */
  createSession(session: NewSession, options?: CallOptions): Promise<Session>
  /** Ends a session now. */
  endSession(sessionId: string, options?: CallOptions): Promise<void>
  /** Ends every living session of an end user; gives how many. */
  endSessionsOfUser(endUserId: string, options?: CallOptions): Promise<{ readonly ended: number }>
  /** Ends every living session of the application, as after a leak; gives how many. */
  endAllSessions(options?: CallOptions): Promise<{ readonly ended: number }>
}

const user = object<User>({
  id: text,
  partnerUserId: nullable(text),
  language: nullable(text),
  height: nullable(number),
  weight: nullable(number),
  birthdate: nullable(text),
  gender: nullable(text),
  createdAt: text,
  deleteAt: nullable(text),
})
const exported = object<UserExport>({
  user,
  connections: listOf(connection),
  records: byName(listOf(byName(raw))),
  exportedAt: text,
})
const deletion = object<DeletionReceipt>({
  requestedBy: text,
  requestedAt: text,
  deleteAt: text,
  erasedAt: nullable(text),
  erased: nullable(object({ sessions: number, attempts: number, connections: number, events: number })),
  revocations: listOf(
    object({ dataSource: number, status: text, tries: number, createdAt: text, finishedAt: nullable(text) }),
  ),
})
const link = object<SessionLink>({
  dataSource: number,
  key: text,
  name: text,
  connectUrl: text,
  disconnectUrl: text,
})
const session = object<Session>({
  id: text,
  token: text,
  expiresAt: text,
  widgetUrl: text,
  links: listOf(link),
})

/** Makes the calls about end users and sessions. */
export function userCalls({ get, run }: Api): UserCalls {
  const at = (id: string) => `/users/${inPath('endUserId', id)}`
  return {
    createUser: async ({ partnerUserId, language } = {}, options = {}) => {
      const body = {
        ...(partnerUserId === undefined ? {} : { partnerUserId: checkPartnerUserId(partnerUserId) }),
        ...(language === undefined ? {} : { language: checkLocale(language) }),
      }
      return get({ purpose: 'create an end user', method: 'POST', path: '/users', body }, user, options)
    },
    readUser: async (id, options) =>
      get({ purpose: 'read an end user', method: 'GET', path: at(id) }, user, options),
    updateUser: async ({ endUserId, ...body }, options) =>
      get({ purpose: 'update an end user', method: 'PATCH', path: at(endUserId), body }, user, options),
    deleteUser: async ({ endUserId, deletionDate }, options) => {
      const query = { deletionDate: deletionDate === undefined ? undefined : checkDeletionDate(deletionDate) }
      const path = at(endUserId)
      return get(
        { purpose: 'delete an end user', method: 'DELETE', path, query, status: 202 },
        object({ deleteAt: text }),
        options,
      )
    },
    readDeletion: async (id, options) =>
      get({ purpose: 'read a receipt', method: 'GET', path: `${at(id)}/deletion` }, deletion, options),
    exportUser: async (id, options) =>
      get({ purpose: 'export an end user', method: 'GET', path: `${at(id)}/export` }, exported, options),
    createSession: async (wish, options) => {
      const body = { ...wish, endUserId: checkEndUserId(wish.endUserId) }
      const endpoint = { method: 'POST', path: '/sessions', body, status: 201 } as const
      return get({ purpose: 'create a session', ...endpoint }, session, options)
    },
    endSession: async (id, options) =>
      run(
        { purpose: 'end a session', method: 'DELETE', path: `/sessions/${inPath('sessionId', id)}` },
        options,
      ),
    endSessionsOfUser: async (id, options) =>
      get(
        { purpose: 'end sessions', method: 'DELETE', path: `${at(id)}/sessions` },
        object({ ended: number }),
        options,
      ),
    endAllSessions: async (options) =>
      get(
        { purpose: 'end sessions', method: 'DELETE', path: '/sessions' },
        object({ ended: number }),
        options,
      ),
  }
}
