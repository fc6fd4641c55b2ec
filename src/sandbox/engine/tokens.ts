import { createBoundedMap } from '../bounded-map.ts'
import type { SandboxClock } from '../clock.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import type { Grants } from './grants.ts'

/** An access token or a refresh token that was given out. */
export interface Token {
  readonly value: string
  readonly kind: 'access' | 'refresh'
  readonly vendor: string
  readonly clientId: string
  readonly grantId: string
  /** All tokens that came out of one code. */
  readonly family: string
  readonly scopes: readonly string[]
  readonly expiresAtMs: number | null
  /** Ends when nobody uses it for this long. */
  readonly idleLifetimeMs: number | null
  readonly lastUsedAtMs: number
  /** When it stops working for another reason than age; may lie in the future. */
  readonly endsAtMs: number | null
  /** An old refresh token with an overlap ends when this access token is used. */
  readonly endsWithUseOf: string | null
}

/** `expired`: of age; `ended`: replaced or revoked. */
export type TokenState = 'unknown' | 'live' | 'expired' | 'ended'

/** The tokens of all vendors. */
export interface Tokens {
  readonly add: (token: Token) => void
  readonly find: (value: string) => Token | undefined
  readonly state: (value: string) => TokenState
  /** Notes a use: keeps an idle token alive, and ends the refresh tokens that waited for it. */
  readonly use: (token: Token) => void
  /** Ends a token now, or at a time in the future; `endsWithUseOf` names an access token whose use ends it earlier. */
  readonly end: (token: Token, atMs: number, endsWithUseOf?: string) => void
  readonly ofFamily: (family: string) => readonly Token[]
  /** Oldest first. */
  readonly ofGrant: (grantId: string) => readonly Token[]
  /** The token lives until then; null: for ever. */
  readonly extend: (token: Token, expiresAtMs: number | null) => void
  readonly clear: () => void
}

/** Builds an empty store of tokens. A token of an ended grant is ended with it. */
export function createTokens(clock: SandboxClock, grants: Grants): Tokens {
  const tokens = createBoundedMap<Token>(SANDBOX_LIMITS.tokens)

  const state = (value: string): TokenState => {
    const token = tokens.get(value)
    if (!token) return 'unknown'
    const now = clock.nowMs()
    const grant = grants.find(token.grantId)
    if (!grant || grant.ended || (token.endsAtMs !== null && token.endsAtMs <= now)) return 'ended'
    const idle = token.idleLifetimeMs !== null && token.lastUsedAtMs + token.idleLifetimeMs <= now
    return idle || (token.expiresAtMs !== null && token.expiresAtMs <= now) ? 'expired' : 'live'
  }

  const use = (token: Token) => {
    const now = clock.nowMs()
    tokens.set(token.value, Object.freeze({ ...token, lastUsedAtMs: now }))
    for (const other of tokens.values()) {
      if (other.endsWithUseOf !== token.value) continue
      tokens.set(other.value, Object.freeze({ ...other, endsAtMs: now, endsWithUseOf: null }))
    }
  }

  return Object.freeze({
    add: (token: Token) => tokens.set(token.value, Object.freeze(token)),
    find: (value: string) => tokens.get(value),
    state,
    use,
    end: (token: Token, atMs: number, endsWithUseOf?: string) =>
      tokens.set(
        token.value,
        Object.freeze({ ...token, endsAtMs: atMs, endsWithUseOf: endsWithUseOf ?? null }),
      ),
    ofFamily: (family: string) => tokens.values().filter((token) => token.family === family),
    ofGrant: (grantId: string) => tokens.values().filter((token) => token.grantId === grantId),
    extend: (token: Token, expiresAtMs: number | null) => {
      tokens.set(token.value, Object.freeze({ ...token, expiresAtMs, lastUsedAtMs: clock.nowMs() }))
    },
    clear: () => tokens.clear(),
  })
}
