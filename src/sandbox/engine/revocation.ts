import type { Answer, Refusal, RevocationRules, SandboxClient, Vendor } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { fill, refuse } from './answer.ts'
import { authenticateClient, bySignature } from './client-authentication.ts'
import { readBearer } from './resource.ts'
import type { Token } from './tokens.ts'

interface Target {
  readonly grantId: string
  readonly token: Token | null
}

type Found = { readonly target: Target } | { readonly refusal: Refusal; readonly known: boolean }

function findToken(world: World, vendor: Vendor, rules: RevocationRules, request: VendorRequest): Found {
  const named = request.form.get(rules.target.parameter)
  const value = named ?? (rules.authentication === 'bearer' ? readBearer(request.authorization) : null)
  if (!value) return { refusal: 'token.missing', known: false }
  const token = world.tokens.find(value)
  const usable = rules.authentication !== 'bearer' || token?.kind === 'access'
  if (!token || token.vendor !== vendor.key || !usable) return { refusal: 'token.unknown', known: true }
  if (world.tokens.state(value) !== 'live') return { refusal: 'token.unknown', known: true }
  return { target: { grantId: token.grantId, token } }
}

function findSubject(
  world: World,
  vendor: Vendor,
  rules: RevocationRules,
  client: SandboxClient,
  request: VendorRequest,
): Found {
  const subject = request.form.get(rules.target.parameter)
  if (!subject) return { refusal: 'subject.missing', known: false }
  const account = vendor.accounts.find((candidate) => candidate.subject === subject)
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
  if (rules.authentication === 'client_secret_basic') {
    return authenticateClient(world, vendor, ['client_secret_basic'], request)
  }
  if (rules.authentication === 'signature') {
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
  const authenticated = authenticate(world, vendor, rules, request)
  if ('refusal' in authenticated) {
    return refuse(vendor, authenticated.refusal, authenticated.value, rules.refusals)
  }
  const { client } = authenticated
  const found =
    rules.target.kind === 'subject' && client
      ? findSubject(world, vendor, rules, client, request)
      : findToken(world, vendor, rules, request)
  if ('refusal' in found || foreign(found, client)) {
    const refusal = 'refusal' in found ? found.refusal : 'token.unknown'
    const gone = !('refusal' in found) || found.known
    if (gone && rules.gone === 'success') return fill(rules.answer, {})
    return refuse(vendor, refusal, '', rules.refusals)
  }
  end(world, rules, found.target)
  return fill(rules.answer, { accessToken: found.target.token?.value })
}
