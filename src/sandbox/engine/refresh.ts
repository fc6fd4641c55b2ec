import type { Answer, Refusal, SandboxClient, Vendor } from '../vendor.ts'
import type { World } from '../world.ts'
import { fill, refuse } from './answer.ts'
import type { Grant } from './grants.ts'
import { issueAccessToken, issueRefreshToken, tokenValues } from './issue-tokens.ts'
import type { Token } from './tokens.ts'

function check(world: World, client: SandboxClient, token: Token | undefined): Refusal | null {
  const mine =
    token?.kind === 'refresh' && token.vendor === client.vendor && token.clientId === client.clientId
  if (!mine) return 'refresh_token.unknown'
  const state = world.tokens.state(token.value)
  if (state === 'expired') return 'refresh_token.expired'
  return state === 'live' ? null : 'refresh_token.ended'
}

/** The access token that the vendor gives back instead of a new one. */
function kept(world: World, vendor: Vendor, token: Token): Token | undefined {
  const above = vendor.refresh.keepsAccessTokenAboveSeconds
  if (above === undefined) return undefined
  const latest = world.clock.nowMs() + above * 1_000
  return world.tokens
    .ofFamily(token.family)
    .find(
      (other) =>
        other.kind === 'access' &&
        world.tokens.state(other.value) === 'live' &&
        (other.expiresAtMs ?? 0) > latest,
    )
}

function endOlderAccessTokens(world: World, family: string, newest: Token) {
  const now = world.clock.nowMs()
  for (const other of world.tokens.ofFamily(family)) {
    if (other.kind === 'access' && other.value !== newest.value) world.tokens.end(other, now)
  }
}

/** Whether this refresh brings a new refresh token. */
function brings(world: World, { refresh: { rotates } }: Vendor, token: Token): boolean {
  if (rotates !== 'sometimes') return rotates !== 'never'
  // The access token of this refresh is in the family already: the second one after the exchange's has a new partner.
  return world.tokens.ofFamily(token.family).filter(({ kind }) => kind === 'access').length % 2 === 1
}

/** No tokens come: the pair lives on for its whole life. */
function extend(world: World, vendor: Vendor, grant: Grant, token: Token): Answer {
  const now = world.clock.nowMs()
  const access = world.tokens
    .ofFamily(token.family)
    .filter((other) => other.kind === 'access')
    .at(-1)
  const accessSeconds = world.switches.of(vendor).accessTokenLifetimeSeconds
  const refreshSeconds = vendor.refresh.lifetimeSeconds
  if (access) world.tokens.extend(access, accessSeconds === null ? null : now + accessSeconds * 1_000)
  world.tokens.extend(token, refreshSeconds === null ? null : now + refreshSeconds * 1_000)
  const extended = access && world.tokens.find(access.value)
  return fill(vendor.token.refreshAnswer, extended ? tokenValues(world, vendor, grant, extended, token) : {})
}

function renew(world: World, vendor: Vendor, grant: Grant, token: Token): Answer {
  const { refresh: rules } = vendor
  if (rules.rotates === 'extends') return extend(world, vendor, grant, token)
  const same = kept(world, vendor, token)
  if (same) return fill(vendor.token.refreshAnswer, tokenValues(world, vendor, grant, same, token))
  const origin = { grant, family: token.family, scopes: token.scopes }
  const access = issueAccessToken(world, vendor, origin)
  if (rules.endsOlderAccessTokens) endOlderAccessTokens(world, token.family, access)
  const next = brings(world, vendor, token) ? issueRefreshToken(world, vendor, origin) : token
  if (next !== token && token.endsAtMs === null) {
    const overlapMs = (rules.overlapSeconds ?? 0) * 1_000
    world.tokens.end(token, world.clock.nowMs() + overlapMs, access.value)
  }
  return fill(
    vendor.token.refreshAnswer,
    tokenValues(world, vendor, grant, access, told(vendor, token, next)),
  )
}

/** A vendor that sometimes gives a new refresh token is silent when it does not. */
const told = ({ refresh }: Vendor, token: Token, next: Token): Token | null =>
  refresh.rotates === 'sometimes' && next === token ? null : next

/** Answers `grant_type=refresh_token` by the vendor's rules of rotation. */
export function refresh(world: World, vendor: Vendor, client: SandboxClient, form: URLSearchParams): Answer {
  if (vendor.refresh.rotates === 'none') return refuse(vendor, 'grant_type.unknown', 'refresh_token')
  const value = form.get('refresh_token')
  if (!value) return refuse(vendor, 'refresh_token.missing')
  const token = world.tokens.find(value)
  const refusal = check(world, client, token)
  const grant = token ? world.grants.find(token.grantId) : undefined
  if (refusal || !token || !grant) {
    const reused = refusal === 'refresh_token.ended' && token?.endsAtMs !== null
    if (reused && token && world.switches.of(vendor).endGrantOnRefreshReuse) {
      world.grants.end(token.grantId, 'vendor')
    }
    return refuse(vendor, refusal ?? 'refresh_token.unknown', value)
  }
  world.tokens.use(token)
  return renew(world, vendor, grant, world.tokens.find(value) ?? token)
}
