import type { Grant } from '../engine/grants.ts'
import type { AnyVendor } from '../vendor.ts'
import { everyVendor, type World } from '../world.ts'

/** What a person does in the vendor's own settings. The vendor tells it where it tells such things; nobody waits. */
function tell(world: World, grant: Grant, kind: 'revoked' | 'account-deleted' | 'permissions-changed') {
  const vendor = world.vendors.find(({ key }) => key === grant.vendor)
  if (vendor) void world.events.tell(vendor, kind, [grant])
}

/** The person removes the application. */
export function revokeGrant(world: World, id: string): boolean {
  const ended = world.grants.end(id, 'person')
  const grant = world.grants.find(id)
  if (ended && grant) tell(world, grant, 'revoked')
  return ended
}

/** The person deletes the account: every grant of it ends. Gives how many did. */
export function deleteAccount(world: World, vendor: AnyVendor, account: string): number {
  const ending = world.grants
    .list()
    .filter((grant) => grant.vendor === vendor.key && grant.account === account && !grant.ended)
  for (const grant of ending) {
    world.grants.end(grant.id, 'person')
    tell(world, grant, 'account-deleted')
  }
  return ending.length
}

/** The person allows something else. Scopes that the vendor does not know are left out. */
export function changePermissions(world: World, id: string, scopes: readonly string[]): boolean {
  const before = world.grants.find(id)
  const vendor = everyVendor(world).find(({ key }) => key === before?.vendor)
  const known = scopes.filter((scope) => vendor?.scopes.some(({ value }) => value === scope))
  const changed = world.grants.changeScopes(id, known)
  const grant = world.grants.find(id)
  if (changed && grant) tell(world, grant, 'permissions-changed')
  return changed
}

/** The refresh tokens of a living grant stop working. */
export function endRefreshTokens(world: World, id: string): boolean {
  const grant = world.grants.find(id)
  if (!grant || grant.ended) return false
  const living = world.tokens.ofGrant(id).filter((token) => token.kind === 'refresh')
  for (const token of living) world.tokens.end(token, world.clock.nowMs())
  return living.length > 0
}
