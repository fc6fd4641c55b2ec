import type { Answer, Refusal, RevocationRules, SandboxClient, Vendor } from '../vendor.ts'
import { parameterOf, type VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { accountIdText } from './account-id.ts'
import { fill, refuse } from './answer.ts'
import { readBearer } from './caller.ts'
import { authenticateClient, bySignature } from './client-authentication.ts'
import type { Token } from './tokens.ts'
import { lackedHeader } from './wanted.ts'

interface Target {
  readonly grantId: string
  readonly token: Token | null
}

/** `known`: there was something once, or could have been; what was named is not simply missing. */
type Found = { readonly target: Target } | { readonly refusal: Refusal; readonly known: boolean }

const gone: Found = { refusal: 'token.unknown', known: true }

const accountWithId = (world: World, vendor: Vendor, id: string | null) =>
  vendor.accounts.find((account) => accountIdText(vendor, world.switches.of(vendor), account) === id)

function findToken(world: World, vendor: Vendor, rules: RevocationRules, request: VendorRequest): Found {
  const { authentication, target } = rules
  const byHeader = authentication === 'bearer' || authentication === 'refresh_bearer'
  const parameter = target.kind === 'token' ? target.parameter : undefined
  const named = parameter === undefined ? null : parameterOf(request, parameter)
  const value = named ?? (byHeader ? readBearer(request.authorization) : null)
  if (!value) return { refusal: 'token.missing', known: false }
  const token = world.tokens.find(value)
  const wanted = authentication === 'refresh_bearer' ? 'refresh' : 'access'
  if (!token || token.vendor !== vendor.key || (byHeader && token.kind !== wanted)) return gone
  if (world.tokens.state(value) !== 'live') return gone
  if (rules.accountParameter !== undefined) {
    const account = accountWithId(world, vendor, parameterOf(request, rules.accountParameter))
    if (account?.key !== world.grants.find(token.grantId)?.account)
      return { refusal: 'subject.unknown', known: false }
  }
  return { target: { grantId: token.grantId, token } }
}

function findSubject(
  world: World,
  vendor: Vendor,
  parameter: string,
  client: SandboxClient,
  request: VendorRequest,
): Found {
  const subject = parameterOf(request, parameter)
  if (!subject) return { refusal: 'subject.missing', known: false }
  const account = accountWithId(world, vendor, subject)
  if (!account) return { refusal: 'subject.unknown', known: false }
  const grant = world.grants.living(vendor.key, client.clientId, account.key)
  return grant ? { target: { grantId: grant.id, token: null } } : { refusal: 'subject.unknown', known: true }
}

/** Whether the token belongs to another client than the one that asks: RFC 7009 §2.1. */
const foreign = (found: Found, client: SandboxClient | null) =>
  'target' in found &&
  client !== null &&
  found.target.token !== null &&
  found.target.token.clientId !== client.clientId

function authenticate(world: World, vendor: Vendor, rules: RevocationRules, request: VendorRequest) {
  const { authentication } = rules
  if (authentication === 'client_secret_basic' || authentication === 'client_secret_post') {
    return authenticateClient(world, vendor, [authentication], request)
  }
  if (authentication === 'signature') {
    return bySignature(world, vendor, request.form, ['action', 'client_id', 'nonce'])
  }
  return { client: null }
}

function end(world: World, rules: RevocationRules, target: Target) {
  if (rules.reach === 'account' || target.token === null) {
    world.grants.end(target.grantId, 'application')
    return
  }
  for (const token of world.tokens.ofFamily(target.token.family)) world.tokens.end(token, world.clock.nowMs())
}

/** Answers a revocation: ends the token or every grant of the account, as the vendor does. */
export function answerRevocation(
  world: World,
  vendor: Vendor,
  rules: RevocationRules,
  request: VendorRequest,
): Answer {
  const lack = lackedHeader(request, rules.headers)
  if (lack) return refuse(vendor, lack.refusal, lack.value)
  const authenticated = authenticate(world, vendor, rules, request)
  if ('refusal' in authenticated) {
    return refuse(vendor, authenticated.refusal, authenticated.value, rules.refusals)
  }
  const { client } = authenticated
  const found =
    rules.target.kind === 'subject' && client
      ? findSubject(world, vendor, rules.target.parameter, client, request)
      : findToken(world, vendor, rules, request)
  if ('refusal' in found || foreign(found, client)) {
    const refusal = 'refusal' in found ? found.refusal : 'token.unknown'
    const hasGone = !('refusal' in found) || found.known
    if (hasGone && rules.gone === 'success') return fill(rules.answer, {})
    return refuse(vendor, refusal, '', rules.refusals)
  }
  const grant = world.grants.find(found.target.grantId)
  end(world, rules, found.target)
  // The vendor tells it later, so nobody waits; the desk never rejects.
  if (grant && vendor.events?.echoesRevocation) void world.events.tell(vendor, 'revoked', [grant])
  return fill(rules.answer, { accessToken: found.target.token?.value })
}
