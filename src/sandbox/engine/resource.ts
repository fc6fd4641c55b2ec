import type { Answer, NonceRules, Refusal, ResourceRules, Vendor } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { fill, refuse } from './answer.ts'
import { bySignature } from './client-authentication.ts'
import { accountValues } from './issue-tokens.ts'
import type { Token } from './tokens.ts'

/** The token of a Bearer header (RFC 6750 §2.1); null when there is none. */
export function readBearer(authorization: string | null): string | null {
  return /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization ?? '')?.[1] ?? null
}

function checkToken(world: World, vendor: Vendor, token: Token | undefined): Refusal | null {
  if (token?.kind !== 'access' || token.vendor !== vendor.key) return 'access_token.unknown'
  const state = world.tokens.state(token.value)
  if (state === 'expired') return 'access_token.expired'
  return state === 'live' ? null : 'access_token.ended'
}

/** Answers a call for data or for the account's id: a live access token with a fitting scope gets it. */
export function answerResource(
  world: World,
  vendor: Vendor,
  rules: ResourceRules,
  request: VendorRequest,
): Answer {
  const value = readBearer(request.authorization)
  if (value === null) return refuse(vendor, 'access_token.missing')
  const token = world.tokens.find(value)
  const refusal = checkToken(world, vendor, token)
  const grant = token ? world.grants.find(token.grantId) : undefined
  if (refusal || !token || !grant) return refuse(vendor, refusal ?? 'access_token.unknown', value)
  if (rules.scopes.length > 0 && !rules.scopes.some((scope) => token.scopes.includes(scope))) {
    return refuse(vendor, 'scope.missing', rules.scopes[0])
  }
  world.tokens.use(token)
  return fill(rules.answer, accountValues(world, vendor, grant))
}

/** Gives out a nonce for a signed call. */
export function answerNonce(world: World, vendor: Vendor, rules: NonceRules, request: VendorRequest): Answer {
  const authenticated = bySignature(world, vendor, request.form, ['action', 'client_id', 'timestamp'])
  if ('refusal' in authenticated) return refuse(vendor, authenticated.refusal, authenticated.value)
  const nonce = world.text.make({ encoding: 'hex', bytes: 20 })
  world.nonces.add(nonce, authenticated.client.clientId, world.clock.nowMs() + rules.lifetimeSeconds * 1_000)
  return fill(rules.answer, { nonce })
}
