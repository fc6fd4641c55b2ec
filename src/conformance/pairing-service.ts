/** A connection as the application's backend reads it. */
export interface SeenConnection {
  readonly id: string
  readonly status: string
  readonly grantedScopes: readonly string[]
  readonly missingScopes: readonly string[]
  readonly disconnectedBy: string | null
}

/** A running service, as far as somebody with a phone and the application's backend have to do with it. */
export interface PairingService {
  /** Its origin. */
  readonly url: string
  /** The application whose app is on the phone. */
  readonly applicationId: string
  /** Somebody new opens the pairing page of the source: the code on it, and who it is. */
  readonly showCode: () => Promise<{ readonly code: string; readonly endUserId: string }>
  /** The person's connections, living and ended. */
  readonly connectionsOf: (endUserId: string) => Promise<readonly SeenConnection[]>
  /** The backend disconnects. */
  readonly disconnect: (connectionId: string) => Promise<void>
  /** Moves the service's clock. */
  readonly advance: (byMs: number) => void
  readonly close: () => Promise<void>
}
