import { createBoundedMap } from '../bounded-map.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'

/** Temporary credentials: one trip of one person. */
export interface RequestToken {
  readonly value: string
  readonly secret: string
  readonly vendor: string
  readonly clientId: string
  /** Told with the request for it; null where the authorization URL tells it. */
  readonly callback: string | null
  /** Set once the person has decided; null as well when they said no. */
  readonly approved: { readonly grantId: string; readonly verifier: string } | null
  readonly decided: boolean
  readonly spent: boolean
  readonly expiresAtMs: number
}

/** What the vendors with OAuth 1.0a remember. */
export interface OAuth1State {
  readonly putRequestToken: (token: RequestToken) => void
  readonly findRequestToken: (value: string) => RequestToken | undefined
  /** The secret of an access token; the token itself is among the sandbox's tokens. */
  readonly putSecret: (accessToken: string, secret: string) => void
  readonly findSecret: (accessToken: string) => string | undefined
  /** False when this client has used the nonce with this timestamp before. */
  readonly useNonce: (clientId: string, timestamp: string, nonce: string) => boolean
  readonly clear: () => void
}

/** Builds the memory of a sandbox in which nothing has happened. */
export function createOAuth1State(): OAuth1State {
  const requestTokens = createBoundedMap<RequestToken>(SANDBOX_LIMITS.codes)
  const secrets = createBoundedMap<string>(SANDBOX_LIMITS.tokens)
  const nonces = createBoundedMap<true>(SANDBOX_LIMITS.tokens)
  return Object.freeze({
    putRequestToken: (token: RequestToken) => requestTokens.set(token.value, Object.freeze(token)),
    findRequestToken: (value: string) => requestTokens.get(value),
    putSecret: (accessToken: string, secret: string) => secrets.set(accessToken, secret),
    findSecret: (accessToken: string) => secrets.get(accessToken),
    useNonce: (clientId: string, timestamp: string, nonce: string) => {
      const key = JSON.stringify([clientId, timestamp, nonce])
      if (nonces.get(key) === true) return false
      nonces.set(key, true)
      return true
    },
    clear: () => {
      for (const store of [requestTokens, secrets, nonces]) store.clear()
    },
  })
}
