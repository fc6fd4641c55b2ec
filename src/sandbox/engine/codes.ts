import { createBoundedMap } from '../bounded-map.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'

/** An authorization code and what it was given for. */
export interface Code {
  readonly value: string
  readonly vendor: string
  readonly clientId: string
  readonly grantId: string
  readonly scopes: readonly string[]
  /** As it stood in the authorization request; null when it was left out. */
  readonly redirectUri: string | null
  readonly codeChallenge: string | null
  readonly codeChallengeMethod: string
  readonly offersRefreshToken: boolean
  readonly expiresAtMs: number
  readonly spent: boolean
}

/** The codes that were given out. */
export interface Codes {
  readonly add: (code: Code) => void
  readonly find: (value: string) => Code | undefined
  /** A spent code stays known, so that its second use is told apart from an invented one. */
  readonly spend: (code: Code) => void
  readonly clear: () => void
}

/** Builds an empty store of codes. */
export function createCodes(): Codes {
  const codes = createBoundedMap<Code>(SANDBOX_LIMITS.codes)
  return Object.freeze({
    add: (code: Code) => codes.set(code.value, code),
    find: (value: string) => codes.get(value),
    spend: (code: Code) => codes.set(code.value, { ...code, spent: true }),
    clear: () => codes.clear(),
  })
}
