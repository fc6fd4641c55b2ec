import type { Secret } from '../model/secret.ts'

/** What a vendor gave for us to use. */
export interface Tokens {
  readonly accessToken: Secret
  readonly refreshToken: Secret | null
  /** Always bearer: we ask for nothing else and accept nothing else. */
  readonly tokenType: 'bearer'
  /** What a call needs beside the tokens, such as the region that the account lives in. Sealed with them. */
  readonly extras?: Readonly<Record<string, string>>
}

/** What a person granted: whose account, and what may be done with it. Instants are epoch milliseconds. */
export interface Grant {
  readonly accountId: string
  readonly tokens: Tokens
  /** Null when the access token does not expire. */
  readonly accessExpiresAt: number | null
  /** When the refresh token dies if it is not used; null when the vendor does not say. */
  readonly refreshExpiresAt: number | null
  readonly grantedScopes: readonly string[]
  /** What was asked for and not granted. */
  readonly missingScopes: readonly string[]
}
