import type { Answer, NonceRules, ResourceRules, StepRules, Vendor } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { fill, refuse } from './answer.ts'
import { openWithToken } from './caller.ts'
import { authenticateClient, bySignature } from './client-authentication.ts'
import type { Grant } from './grants.ts'
import { accountValues } from './issue-tokens.ts'
import type { Token } from './tokens.ts'
import { lackedHeader } from './wanted.ts'

/** Whether the token, and what the person still allows, reach a resource. */
const reaches = (rules: ResourceRules, token: Token, grant: Grant) =>
  rules.scopes.length === 0 ||
  rules.scopes.some((scope) => token.scopes.includes(scope) && grant.scopes.includes(scope))

/** Answers a call for data, for the account's id or for what was allowed: a live access token with a fitting scope gets it. */
export function answerResource(
  world: World,
  vendor: Vendor,
  rules: ResourceRules,
  request: VendorRequest,
): Answer {
  const lack = lackedHeader(request, rules.headers)
  if (lack) return refuse(vendor, lack.refusal, lack.value)
  const opened = openWithToken(world, vendor, request.authorization)
  if ('refusal' in opened) return refuse(vendor, opened.refusal, opened.value)
  const { token, grant } = opened
  if (!reaches(rules, token, grant)) return refuse(vendor, 'scope.missing', rules.scopes[0])
  world.tokens.use(token)
  const { dataStatus, stalePermissionReads } = world.switches.of(vendor)
  if (rules.operation === 'data' && dataStatus !== null) {
    return { ...refuse(vendor, 'access.forbidden'), status: dataStatus }
  }
  const values = accountValues(world, vendor, grant)
  const stale =
    rules.operation === 'permissions' && world.marks.count(`read ${grant.id}`) <= stalePermissionReads
  return fill(rules.answer, stale ? { ...values, scopes: [] } : values)
}

function authenticateStep(world: World, vendor: Vendor, rules: StepRules, request: VendorRequest) {
  const { authentication } = rules
  if (authentication === 'bearer' || authentication === 'refresh_bearer') {
    const kind = authentication === 'bearer' ? 'access' : 'refresh'
    const opened = openWithToken(world, vendor, request.authorization, kind)
    return 'refusal' in opened ? opened : { who: opened.grant.id }
  }
  if (authentication === 'none') return { who: '' }
  const authenticated = authenticateClient(world, vendor, [authentication], request)
  return 'refusal' in authenticated ? authenticated : { who: authenticated.client.clientId }
}

/** Answers a step between the exchange and the connection. */
export function answerStep(world: World, vendor: Vendor, rules: StepRules, request: VendorRequest): Answer {
  const lack = lackedHeader(request, rules.headers)
  if (lack) return refuse(vendor, lack.refusal, lack.value)
  const authenticated = authenticateStep(world, vendor, rules, request)
  if ('refusal' in authenticated) return refuse(vendor, authenticated.refusal, authenticated.value)
  const missing = rules.members.find((name) => !request.form.get(name))
  if (missing !== undefined) return refuse(vendor, 'parameter.missing', missing)
  const { consentMissing, registeredBefore } = world.switches.of(vendor)
  if (consentMissing) return rules.consentMissingAnswer ?? refuse(vendor, 'consent.missing')
  // Marked by the step's own address, for a vendor can have several.
  const times = world.marks.count(`step ${authenticated.who} ${request.method} ${request.url}`)
  const again = registeredBefore || times > 1
  return fill(again ? (rules.againAnswer ?? rules.answer) : rules.answer, {})
}

/** Gives out a nonce for a signed call. */
export function answerNonce(world: World, vendor: Vendor, rules: NonceRules, request: VendorRequest): Answer {
  const authenticated = bySignature(world, vendor, request.form, ['action', 'client_id', 'timestamp'])
  if ('refusal' in authenticated) return refuse(vendor, authenticated.refusal, authenticated.value)
  const nonce = world.text.make({ encoding: 'hex', bytes: 20 })
  world.nonces.add(nonce, authenticated.client.clientId, world.clock.nowMs() + rules.lifetimeSeconds * 1_000)
  return fill(rules.answer, { nonce })
}
