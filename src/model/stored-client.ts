import type { ApplicationId } from './ids.ts'

/** A client that an application gave over the API, as it is kept: its secrets sealed. One for each vendor key. */
export interface StoredClient {
  readonly applicationId: ApplicationId
  /** The vendor key of the authorization that it is for. */
  readonly vendor: string
  readonly clientId: string
  /** Null for the scopes that the source asks for by itself. */
  readonly scopes: readonly string[] | null
  /** The client secret and the further fields, sealed together. */
  readonly sealedSecrets: string
  readonly createdAt: number
  readonly updatedAt: number
}
