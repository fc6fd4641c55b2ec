import type { JsonValue, Values } from '../template.ts'
import type { Vendor } from '../vendor.ts'
import type { World } from '../world.ts'
import type { Grant } from './grants.ts'
import type { Token } from './tokens.ts'

/** Where new tokens belong. */
export interface TokenOrigin {
  readonly grant: Grant
  readonly family: string
  readonly scopes: readonly string[]
}

/** Makes an access token and stores it. */
export function issueAccessToken(world: World, vendor: Vendor, origin: TokenOrigin): Token {
  const now = world.clock.nowMs()
  const token: Token = {
    ...common(vendor, origin, now),
    value: world.text.make(vendor.token.accessToken),
    kind: 'access',
    expiresAtMs: now + world.switches.of(vendor).accessTokenLifetimeSeconds * 1_000,
    idleLifetimeMs: null,
  }
  world.tokens.add(token)
  return token
}

/** Makes a refresh token, stores it and notes at the grant that there has been one. */
export function issueRefreshToken(world: World, vendor: Vendor, origin: TokenOrigin): Token {
  const now = world.clock.nowMs()
  const { lifetimeSeconds, idleLifetimeSeconds } = vendor.refresh
  const token: Token = {
    ...common(vendor, origin, now),
    value: world.text.make(vendor.token.refreshToken),
    kind: 'refresh',
    expiresAtMs: lifetimeSeconds === null ? null : now + lifetimeSeconds * 1_000,
    idleLifetimeMs: idleLifetimeSeconds === null ? null : idleLifetimeSeconds * 1_000,
  }
  world.tokens.add(token)
  world.grants.noteRefreshToken(origin.grant.id)
  return token
}

function common(vendor: Vendor, { grant, family, scopes }: TokenOrigin, now: number) {
  return {
    vendor: vendor.key,
    clientId: grant.clientId,
    grantId: grant.id,
    family,
    scopes,
    lastUsedAtMs: now,
    endsAtMs: null,
    endsWithUseOf: null,
  }
}

/** What templates may say about an account: its id in the type that the vendor gives it, and its details. */
export function accountValues(world: World, vendor: Vendor, grant: Grant): Record<string, JsonValue> {
  const account = vendor.accounts.find((candidate) => candidate.key === grant.account)
  if (!account) return {}
  const asNumber = world.switches.of(vendor).userIdAs === 'number'
  const details = Object.entries(account.details).map(([name, value]) => [`account.${name}`, value] as const)
  return { subject: asNumber ? Number(account.subject) : account.subject, ...Object.fromEntries(details) }
}

/** What templates may say about a pair of tokens. */
export function tokenValues(
  world: World,
  vendor: Vendor,
  grant: Grant,
  access: Token,
  refresh: Token | null,
): Values {
  const expiresAtMs = access.expiresAtMs ?? world.clock.nowMs()
  return {
    ...accountValues(world, vendor, grant),
    accessToken: access.value,
    refreshToken: refresh?.value,
    expiresAt: Math.floor(expiresAtMs / 1_000),
    expiresIn: Math.floor((expiresAtMs - world.clock.nowMs()) / 1_000),
    scope: access.scopes.join(vendor.token.scopeSeparator),
    csrfToken: world.text.make({ encoding: 'base64url', bytes: 24 }),
  }
}
