import type { JsonValue, Values } from '../template.ts'
import { render } from '../template.ts'
import type { AnyVendor, TokenFormat, Vendor } from '../vendor.ts'
import { findClient, type World } from '../world.ts'
import { accountId } from './account-id.ts'
import type { Grant } from './grants.ts'
import { signJwt } from './jwt.ts'
import type { Token } from './tokens.ts'

/** Where new tokens belong. */
export interface TokenOrigin {
  readonly grant: Grant
  readonly family: string
  readonly scopes: readonly string[]
}

function write(world: World, vendor: Vendor, format: TokenFormat, grant: Grant, expiresAtMs: number | null) {
  if (format.encoding !== 'jwt') return world.text.make(format)
  const claims = render(format.claims, {
    ...accountValues(world, vendor, grant),
    clientId: grant.clientId,
    nowSeconds: world.clock.nowSeconds(),
    expiresAt: expiresAtMs === null ? undefined : Math.floor(expiresAtMs / 1_000),
    jti: world.text.id(),
  })
  return signJwt(claims ?? {}, findClient(world, vendor, grant.clientId)?.clientSecret ?? '')
}

/** Makes an access token and stores it. Where only so many may live, the oldest ones of the account end. */
export function issueAccessToken(world: World, vendor: Vendor, origin: TokenOrigin): Token {
  const now = world.clock.nowMs()
  const lifetimeSeconds = world.switches.of(vendor).accessTokenLifetimeSeconds
  const expiresAtMs = lifetimeSeconds === null ? null : now + lifetimeSeconds * 1_000
  const token: Token = {
    ...common(vendor, origin, now),
    value: write(world, vendor, vendor.token.accessToken, origin.grant, expiresAtMs),
    kind: 'access',
    expiresAtMs,
    idleLifetimeMs: null,
  }
  world.tokens.add(token)
  if (vendor.liveAccessTokens !== undefined) endOldest(world, origin.grant, vendor.liveAccessTokens)
  return token
}

function endOldest(world: World, grant: Grant, limit: number) {
  const live = world.tokens
    .ofGrant(grant.id)
    .filter((token) => token.kind === 'access' && world.tokens.state(token.value) === 'live')
  for (const token of live.slice(0, -limit)) world.tokens.end(token, world.clock.nowMs())
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
export function accountValues(world: World, vendor: AnyVendor, grant: Grant): Values {
  const account = vendor.accounts.find((candidate) => candidate.key === grant.account)
  if (!account) return {}
  const details = Object.entries(account.details).map(([name, value]) => [`account.${name}`, value] as const)
  const values: Record<string, JsonValue> = Object.fromEntries(details)
  return { ...values, subject: accountId(vendor, world.switches.of(vendor), account), scopes: grant.scopes }
}

const secondsUntil = (world: World, atMs: number | null) =>
  atMs === null ? undefined : Math.floor((atMs - world.clock.nowMs()) / 1_000)

/** What templates may say about a pair of tokens. What a token does not have, such as an expiry, is left out. */
export function tokenValues(
  world: World,
  vendor: Vendor,
  grant: Grant,
  access: Token,
  refresh: Token | null,
): Values {
  const expiresIn = secondsUntil(world, access.expiresAtMs)
  const refreshEndsAtMs =
    refresh?.expiresAtMs ??
    (refresh?.idleLifetimeMs == null ? null : refresh.lastUsedAtMs + refresh.idleLifetimeMs)
  const { idToken } = vendor.token
  return {
    ...accountValues(world, vendor, grant),
    accessToken: access.value,
    refreshToken: refresh?.value,
    ...(idToken ? { idToken: write(world, vendor, idToken, grant, access.expiresAtMs) } : {}),
    expiresAt: access.expiresAtMs === null ? undefined : Math.floor(access.expiresAtMs / 1_000),
    expiresIn,
    expiresInText: expiresIn === undefined ? undefined : String(expiresIn),
    refreshExpiresIn: secondsUntil(world, refreshEndsAtMs),
    scope: access.scopes.join(vendor.token.scopeSeparator),
    scopeBySpace: access.scopes.join(' '),
    scopeByComma: access.scopes.join(','),
    nowSeconds: world.clock.nowSeconds(),
    csrfToken: world.text.make({ encoding: 'base64url', bytes: 24 }),
  }
}
