import { createBoundedMap } from '../bounded-map.ts'
import type { SandboxClock } from '../clock.ts'
import type { RandomText } from '../random-text.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'

/** Who ended a grant: the application by a call, the person at the vendor, or the vendor after a reused refresh token. */
export type EndedBy = 'application' | 'person' | 'vendor'

/** That one account allowed one client something. All tokens hang on it. */
export interface Grant {
  readonly id: string
  readonly vendor: string
  readonly clientId: string
  /** Key of the demo account. */
  readonly account: string
  readonly scopes: readonly string[]
  readonly createdAtMs: number
  readonly refreshTokenGiven: boolean
  readonly ended: { readonly atMs: number; readonly by: EndedBy } | null
}

/** What a person agreed to. */
export interface Consent {
  readonly vendor: string
  readonly clientId: string
  readonly account: string
  readonly scopes: readonly string[]
  /** Whether what was granted before is kept beside the new scopes. */
  readonly incremental: boolean
}

/** The grants of all vendors. */
export interface Grants {
  /** Records a consent: the living grant of the same account and client with its new scopes, or a new grant. */
  readonly consent: (consent: Consent) => Grant
  readonly find: (id: string) => Grant | undefined
  readonly living: (vendor: string, clientId: string, account: string) => Grant | undefined
  readonly noteRefreshToken: (id: string) => void
  /** False when there is no such living grant. */
  readonly changeScopes: (id: string, scopes: readonly string[]) => boolean
  /** False when there is no such grant or it had ended before. */
  readonly end: (id: string, by: EndedBy) => boolean
  /** Oldest first. */
  readonly list: () => readonly Grant[]
  readonly clear: () => void
}

/** Builds an empty store of grants. */
export function createGrants(clock: SandboxClock, text: RandomText): Grants {
  const grants = createBoundedMap<Grant>(SANDBOX_LIMITS.grants)

  const living = (vendor: string, clientId: string, account: string) =>
    grants
      .values()
      .find(
        (grant) =>
          grant.ended === null &&
          grant.vendor === vendor &&
          grant.clientId === clientId &&
          grant.account === account,
      )

  const consent = (given: Consent): Grant => {
    const { incremental, ...rest } = given
    const before = living(given.vendor, given.clientId, given.account)
    const fresh = { id: text.id(), createdAtMs: clock.nowMs(), refreshTokenGiven: false, ended: null }
    const kept = incremental && before !== undefined ? before.scopes : []
    const scopes = [...new Set([...kept, ...given.scopes])]
    const grant: Grant = Object.freeze({ ...(before ?? fresh), ...rest, scopes })
    grants.set(grant.id, grant)
    return grant
  }

  return Object.freeze({
    consent,
    living,
    find: (id: string) => grants.get(id),
    noteRefreshToken: (id: string) => {
      const grant = grants.get(id)
      if (grant) grants.set(id, Object.freeze({ ...grant, refreshTokenGiven: true }))
    },
    changeScopes: (id: string, scopes: readonly string[]) => {
      const grant = grants.get(id)
      if (!grant || grant.ended) return false
      grants.set(id, Object.freeze({ ...grant, scopes }))
      return true
    },
    end: (id: string, by: EndedBy) => {
      const grant = grants.get(id)
      if (!grant || grant.ended) return false
      grants.set(id, Object.freeze({ ...grant, ended: { atMs: clock.nowMs(), by } }))
      return true
    },
    list: () => grants.values(),
    clear: () => grants.clear(),
  })
}
