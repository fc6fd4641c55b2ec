import { accountId } from '../engine/account-id.ts'
import { fill } from '../engine/answer.ts'
import { issueAccessToken, issueRefreshToken, tokenValues } from '../engine/issue-tokens.ts'
import type { Answer, Operation } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { answerOAuth1Authorization } from './consent.ts'
import type { OAuth1Resource, OAuth1Vendor } from './oauth1-vendor.ts'
import { type OAuth1Problem, type VerifiedRequest, verifySignature } from './verify-signature.ts'

/** What a request is for, and what answers it. */
export interface OAuth1Route {
  readonly vendor: OAuth1Vendor
  readonly operation: Operation
  readonly answer: (
    world: World,
    request: VendorRequest,
    origins: readonly string[],
  ) => Answer | Promise<Answer>
}

const SECRET = { encoding: 'base64url', bytes: 24 } as const

/** Whether a request speaks OAuth 1.0a; at some addresses a vendor speaks both protocols. */
const isSigned = ({ authorization, query, form }: VendorRequest): boolean =>
  /^OAuth\s/i.test(authorization ?? '') || query.has('oauth_signature') || form.has('oauth_signature')

/** Finds what a request is for among the vendors with OAuth 1.0a; undefined when it is for none of them. */
export function routeOAuth1(
  vendors: readonly OAuth1Vendor[],
  request: VendorRequest,
): OAuth1Route | undefined {
  for (const vendor of vendors) {
    if (request.url === vendor.authorizationUrl)
      return {
        vendor,
        operation: 'authorize',
        answer: (world, asked) => answerOAuth1Authorization(world, vendor, asked),
      }
    if (request.url === vendor.temporaryCredentialUrl)
      return {
        vendor,
        operation: 'request_token',
        answer: (world, asked, origins) => giveRequestToken(world, vendor, asked, origins),
      }
    if (request.url === vendor.tokenUrl)
      return {
        vendor,
        operation: 'token',
        answer: (world, asked, origins) => giveAccessToken(world, vendor, asked, origins),
      }
    const resource = vendor.resources.find(
      ({ url, method }) => url === request.url && method === request.method,
    )
    if (resource !== undefined && isSigned(request))
      return {
        vendor,
        operation: resource.operation,
        answer: (world, asked, origins) => answerResource(world, vendor, resource, asked, origins),
      }
  }
  return undefined
}

const refuse = (problem: OAuth1Problem): Answer => ({
  status: 401,
  body: null,
  text: `oauth_problem=${problem}`,
  headers: { 'www-authenticate': `OAuth oauth_problem="${problem}"` },
})

const form = (members: Readonly<Record<string, string>>): Answer => ({
  status: 200,
  body: null,
  text: new URLSearchParams(members).toString(),
})

/** RFC 5849 §2.1. */
function giveRequestToken(
  world: World,
  vendor: OAuth1Vendor,
  request: VendorRequest,
  origins: readonly string[],
): Answer {
  if (request.method !== 'POST') return { status: 405, body: null }
  const verified = verifySignature(world, vendor, request, origins, (token) =>
    token === undefined ? { secret: '' } : { problem: 'parameter_rejected' },
  )
  if ('problem' in verified) return refuse(verified.problem)
  const callback = verified.protocol.get('oauth_callback') ?? null
  if (vendor.callbackIn === 'temporary_credentials' && callback === null) return refuse('parameter_absent')
  const { callbackConfirmed, requestTokenLifetimeSeconds, requestTokenLost } = world.switches.of(vendor)
  const [value, secret] = [world.text.make(SECRET), world.text.make(SECRET)]
  world.oauth1.putRequestToken({
    value,
    secret,
    vendor: vendor.key,
    clientId: verified.client.clientId,
    callback,
    approved: null,
    decided: false,
    spent: false,
    expiresAtMs:
      world.clock.nowMs() + (requestTokenLost === 'before-consent' ? 0 : requestTokenLifetimeSeconds * 1_000),
  })
  return form({
    oauth_token: value,
    oauth_token_secret: secret,
    ...(callback === null || callbackConfirmed === 'absent'
      ? {}
      : { oauth_callback_confirmed: String(callbackConfirmed !== 'false') }),
  })
}

/** RFC 5849 §2.3. The verifier is good for once, and so is the request token, whatever comes of it. */
function giveAccessToken(
  world: World,
  vendor: OAuth1Vendor,
  request: VendorRequest,
  origins: readonly string[],
): Answer {
  if (request.method !== 'POST') return { status: 405, body: null }
  const verified = verifySignature(world, vendor, request, origins, (token) => {
    const known = world.oauth1.findRequestToken(token ?? '')
    return known?.vendor === vendor.key ? { secret: known.secret } : { problem: 'token_rejected' }
  })
  if ('problem' in verified) return refuse(verified.problem)
  const requestToken = world.oauth1.findRequestToken(verified.protocol.get('oauth_token') ?? '')
  if (requestToken?.clientId !== verified.client.clientId) return refuse('token_rejected')
  if (world.switches.of(vendor).requestTokenLost === 'after-consent') return refuse('token_rejected')
  if (requestToken.spent) return refuse('token_used')
  if (requestToken.expiresAtMs <= world.clock.nowMs()) return refuse('token_expired')
  world.oauth1.putRequestToken({ ...requestToken, spent: true })
  const { approved } = requestToken
  if (approved === null || approved.verifier !== verified.protocol.get('oauth_verifier'))
    return refuse('verifier_invalid')
  const [value, secret] = [world.text.make(SECRET), world.text.make(SECRET)]
  world.tokens.add({
    value,
    kind: 'access',
    vendor: vendor.key,
    clientId: requestToken.clientId,
    grantId: approved.grantId,
    family: requestToken.value,
    scopes: [],
    expiresAtMs: null,
    idleLifetimeMs: null,
    lastUsedAtMs: world.clock.nowMs(),
    endsAtMs: null,
    endsWithUseOf: null,
  })
  world.oauth1.putSecret(value, secret)
  return form({ oauth_token: value, oauth_token_secret: secret })
}

function answerResource(
  world: World,
  vendor: OAuth1Vendor,
  resource: OAuth1Resource,
  request: VendorRequest,
  origins: readonly string[],
): Answer {
  const { dataStatus, revocation, revocationStatus, revocationGoneStatus } = world.switches.of(vendor)
  const isEnd = resource.does === 'end'
  if (isEnd && revocation === 'missing') return { status: 404, body: null }
  const verified = verifySignature(world, vendor, request, origins, (token) => {
    const secret = world.oauth1.findSecret(token ?? '')
    const isLive = world.tokens.state(token ?? '') === 'live'
    return secret !== undefined && isLive ? { secret } : { problem: 'token_rejected' }
  })
  const grant = 'problem' in verified ? undefined : grantOf(world, verified)
  if (grant === undefined) {
    const refusal = refuse('problem' in verified ? verified.problem : 'token_rejected')
    return isEnd ? { ...refusal, status: revocationGoneStatus ?? refusal.status } : refusal
  }
  if (resource.operation === 'data' && dataStatus !== null) return { status: dataStatus, body: null }
  if (resource.does === 'exchange') return exchange(world, vendor, grant)
  if (isEnd) {
    // One registration of a person at one consumer: the other generation's grant is the same one.
    const keys = [vendor.key, vendor.twin]
    for (const one of world.grants.list())
      if (keys.includes(one.vendor) && one.account === grant.account) world.grants.end(one.id, 'application')
    return { ...resource.answer, status: revocationStatus ?? resource.answer.status }
  }
  return read(world, vendor, resource, grant)
}

/** What a read gives: whose account it is, and what of it is allowed. */
function read(
  world: World,
  vendor: OAuth1Vendor,
  { operation, answer }: OAuth1Resource,
  grant: Grant,
): Answer {
  const switches = world.switches.of(vendor)
  const whose = world.vendors.find(({ key }) => key === vendor.twin) ?? vendor
  const account = whose.accounts.find(({ key }) => key === grant.account)
  const subject = account === undefined ? undefined : accountId(whose, switches, account)
  const isStale =
    operation === 'permissions' && world.marks.count(`read ${grant.id}`) <= switches.stalePermissionReads
  return fill(answer, { subject, scopes: isStale ? [] : grant.scopes })
}

type Grant = NonNullable<ReturnType<World['grants']['find']>>

function grantOf(world: World, { protocol, client }: VerifiedRequest): Grant | undefined {
  const token = world.tokens.find(protocol.get('oauth_token') ?? '')
  return token?.clientId === client.clientId ? world.grants.find(token.grantId) : undefined
}

/** The same person's tokens of the vendor's OAuth 2.0 generation. The old token lives on. */
function exchange(world: World, { twin }: OAuth1Vendor, old: Grant): Answer {
  const vendor = world.vendors.find(({ key }) => key === twin)
  const clients = world.clients.filter((client) => client.vendor === twin)
  // At the vendor both generations have one key; here each may have its own.
  const client = clients.find(({ clientId }) => clientId === old.clientId) ?? clients[0]
  if (vendor === undefined || client === undefined)
    return { status: 403, body: { error: 'unauthorized_client' } }
  const grant = world.grants.consent({
    vendor: vendor.key,
    clientId: client.clientId,
    account: old.account,
    scopes: old.scopes,
    incremental: false,
  })
  const origin = { grant, family: world.text.id(), scopes: grant.scopes }
  const access = issueAccessToken(world, vendor, origin)
  const refresh = issueRefreshToken(world, vendor, origin)
  return fill(vendor.token.exchangeAnswer, tokenValues(world, vendor, grant, access, refresh))
}
