import { type Api, inPath } from './endpoint.ts'
import { listOf, nullable, number, object, type Reader, text, textsByName } from './readers.ts'
import type { CallOptions } from './request.ts'

/** One end user's connection to one source. */
export interface Connection {
  readonly id: string
  readonly endUserId: string
  /** Catalogue id of the source. */
  readonly dataSource: number
  /** `needs_reauth`: the person has to connect again before data flows. */
  readonly status: 'active' | 'needs_reauth' | 'disconnected' | (string & {})
  /** Who ended it: `person`, `application`, `vendor`, `displaced`, `replaced`, `erased`; null while it lives. */
  readonly disconnectedBy: string | null
  /** Why the person is needed again; null while they are not. */
  readonly reauthReason: string | null
  readonly grantedScopes: readonly string[]
  /** Asked for and not granted. */
  readonly missingScopes: readonly string[]
  /** ISO-8601 instants. */
  readonly connectedAt: string
  readonly updatedAt: string
  readonly disconnectedAt: string | null
}

/** How the end of a grant at the vendor is going. */
export interface Revocation {
  readonly status: 'pending' | 'revoked' | 'unsupported' | 'superseded' | 'gave_up' | (string & {})
  readonly tries: number
  readonly createdAt: string
  readonly finishedAt: string | null
}

/** A connection with the ends of its grants. */
export interface ConnectionDetail extends Connection {
  readonly revocations: readonly Revocation[]
}

/** Something that happened to a connection. */
export interface ConnectionStep {
  /** `connected`, `repaired`, `renewed`, `renewal_failed`, `needs_reauth`, `scopes_changed`, `disconnected` … */
  readonly step: string
  readonly detail: string | null
  /** ISO-8601 instant. */
  readonly at: string
}

/** A vendor's access token: a secret. Ask again before `expiresAt` instead of keeping it. */
export interface VendorToken {
  readonly accessToken: string
  readonly tokenType: string
  /** ISO-8601 instant; null when it does not expire. */
  readonly expiresAt: string | null
  readonly scopes: readonly string[]
  /** The person's account at the vendor. */
  readonly accountId: string
  /** What calls to this vendor need beside the token, by the names on the source's page. */
  readonly extras: Readonly<Record<string, string>>
}

/** Connections and their tokens (contract §6). Each rejects with a `SpringbarError` and nothing else. */
export interface ConnectionCalls {
  /** The connections of an end user, living and ended. */
  listConnections(
    endUser: { readonly endUserId: string },
    options?: CallOptions,
  ): Promise<readonly Connection[]>
  /** One connection, and how the end of its grant at the vendor is going. */
  readConnection(connectionId: string, options?: CallOptions): Promise<ConnectionDetail>
  /** Disconnects here at once, and at the vendor by a queue that survives its being down. */
  deleteConnection(connectionId: string, options?: CallOptions): Promise<void>
  /** What happened to a connection, step by step. */
  readConnectionHistory(connectionId: string, options?: CallOptions): Promise<readonly ConnectionStep[]>
  /** A valid access token of the vendor, renewed first when it is about to end. */
  readToken(connectionId: string, options?: CallOptions): Promise<VendorToken>
}

const CONNECTION = {
  id: text,
  endUserId: text,
  dataSource: number,
  status: text,
  disconnectedBy: nullable(text),
  reauthReason: nullable(text),
  grantedScopes: listOf(text),
  missingScopes: listOf(text),
  connectedAt: text,
  updatedAt: text,
  disconnectedAt: nullable(text),
}
/** A connection in any answer that holds one. */
export const connection: Reader<Connection> = object<Connection>(CONNECTION)
const revocation = object<Revocation>({
  status: text,
  tries: number,
  createdAt: text,
  finishedAt: nullable(text),
})
const detail = object<ConnectionDetail>({ ...CONNECTION, revocations: listOf(revocation) })
const step = object<ConnectionStep>({ step: text, detail: nullable(text), at: text })
const token = object<VendorToken>({
  accessToken: text,
  tokenType: text,
  expiresAt: nullable(text),
  scopes: listOf(text),
  accountId: text,
  extras: textsByName,
})

/** Makes the calls about connections. */
export function connectionCalls({ get, list, run }: Api): ConnectionCalls {
  const at = (id: string) => `/connections/${inPath('connectionId', id)}`
  return {
    listConnections: async ({ endUserId }, options) => {
      const path = `/users/${inPath('endUserId', endUserId)}/connections`
      return list({ purpose: 'list connections', method: 'GET', path }, connection, options)
    },
    readConnection: async (id, options) =>
      get({ purpose: 'read a connection', method: 'GET', path: at(id) }, detail, options),
    deleteConnection: async (id, options) =>
      run({ purpose: 'end a connection', method: 'DELETE', path: at(id) }, options),
    readConnectionHistory: async (id, options) =>
      list({ purpose: 'read a history', method: 'GET', path: `${at(id)}/history` }, step, options),
    readToken: async (id, options) =>
      get({ purpose: 'give a token', method: 'POST', path: `${at(id)}/token` }, token, options),
  }
}
