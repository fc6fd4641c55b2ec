/**
 * The token endpoint: codes and refresh tokens against tokens.
 *
 * @module sandbox/engine/token-endpoint — owns the order of the checks. It finds the first thing that is wrong and
 * leaves the words to the vendor.
 */
import type { Answer, Refusal, SandboxClient, TokenRules, Vendor } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { fill, refuse } from './answer.ts'
import { authenticateClient } from './client-authentication.ts'
import type { Code } from './codes.ts'
import { issueAccessToken, issueRefreshToken, tokenValues } from './issue-tokens.ts'
import { checkVerifier } from './pkce.ts'
import { comparable } from './redirect-uri.ts'
import { refresh } from './refresh.ts'
import { lackedHeader, lackedParameter } from './wanted.ts'

function checkCode(world: World, client: SandboxClient, code: Code | undefined): Refusal | null {
  if (!code || code.clientId !== client.clientId || code.vendor !== client.vendor) return 'code.unknown'
  if (code.spent) return 'code.used'
  if (code.expiresAtMs <= world.clock.nowMs()) return 'code.expired'
  const grant = world.grants.find(code.grantId)
  return !grant || grant.ended ? 'code.unknown' : null
}

function checkRedirectUri(vendor: Vendor, code: Code, sent: string | null): Refusal | null {
  const rule = vendor.token.redirectUri
  if (rule === 'forbidden') return sent === null ? null : 'redirect_uri.mismatch'
  if (rule === 'ignored' || (rule === 'if-sent' && code.redirectUri === null && sent === null)) return null
  if (sent === null) return 'redirect_uri.missing'
  const asked =
    code.redirectUri === null ? null : comparable(code.redirectUri, vendor.authorization.redirectUri)
  return sent === asked ? null : 'redirect_uri.mismatch'
}

/** What is wrong with an exchange whose code is good. */
function checkExchange(vendor: Vendor, code: Code, fields: URLSearchParams): Refusal | null {
  const { repeatsScopeAs } = vendor.token
  if (repeatsScopeAs !== undefined && !fields.get(repeatsScopeAs)) return 'parameter.missing'
  return (
    checkRedirectUri(vendor, code, fields.get('redirect_uri')) ??
    (vendor.authorization.pkce === 'ignored' ? null : checkVerifier(code, fields.get('code_verifier')))
  )
}

function exchange(world: World, vendor: Vendor, client: SandboxClient, fields: URLSearchParams): Answer {
  const value = fields.get('code')
  if (!value) return refuse(vendor, 'code.missing')
  const code = world.codes.find(value)
  const refusal = checkCode(world, client, code)
  if (refusal || !code) return refuse(vendor, refusal ?? 'code.unknown', value)
  const wrong = checkExchange(vendor, code, fields)
  if (wrong) {
    if (world.switches.of(vendor).burnCodeOnFailedTry) world.codes.spend(code)
    return refuse(vendor, wrong, fields.get('redirect_uri') ?? '')
  }
  world.codes.spend(code)
  const grant = world.grants.find(code.grantId)
  if (!grant) return refuse(vendor, 'code.unknown', value)
  const origin = { grant, family: world.text.id(), scopes: code.scopes }
  const access = issueAccessToken(world, vendor, origin)
  const refreshToken = offersRefreshToken(vendor, code) ? issueRefreshToken(world, vendor, origin) : null
  return fill(vendor.token.exchangeAnswer, tokenValues(world, vendor, grant, access, refreshToken))
}

function offersRefreshToken({ refresh: { rotates, needsScope } }: Vendor, code: Code): boolean {
  if (rotates === 'none' || !code.offersRefreshToken) return false
  return needsScope === undefined || code.scopes.includes(needsScope)
}

/** The fields of a token call, from where the vendor looks for them. */
export function fieldsOf({ format = 'form' }: TokenRules, request: VendorRequest): URLSearchParams {
  if (format === 'query') return request.query
  return request.bodyFormat === format ? request.form : new URLSearchParams()
}

/** Whether a token call is a refresh: by its URL, its grant type, or what this vendor sends with a refresh alone. */
export function isRefresh({ token }: Vendor, request: VendorRequest): boolean {
  const fields = fieldsOf(token, request)
  if (token.refreshUrls?.includes(request.url)) return true
  if (fields.get('grant_type') === 'refresh_token') return true
  const own = Object.entries(token.refreshParameters ?? {}).filter(
    ([name, value]) => token.parameters?.[name] !== value,
  )
  return own.length > 0 && own.every(([name, value]) => fields.get(name) === value)
}

/** Answers a token call. */
export function answerToken(world: World, vendor: Vendor, request: VendorRequest): Answer {
  const { token } = vendor
  const fields = fieldsOf(token, request)
  const refreshes = isRefresh(vendor, request)
  const lack =
    lackedHeader(request, token.headers) ??
    lackedParameter(fields, refreshes ? token.refreshParameters : token.parameters)
  if (lack) return refuse(vendor, lack.refusal, lack.value)
  const credentials = { form: fields, authorization: request.authorization }
  const authenticated = authenticateClient(world, vendor, token.clientAuthentication, credentials)
  if ('refusal' in authenticated) return refuse(vendor, authenticated.refusal, authenticated.value)
  if (refreshes) return refresh(world, vendor, authenticated.client, fields)
  const grantType = fields.get('grant_type')
  if (!grantType) return refuse(vendor, 'grant_type.missing')
  if (grantType === (token.parameters?.['grant_type'] ?? 'authorization_code'))
    return exchange(world, vendor, authenticated.client, fields)
  return refuse(vendor, 'grant_type.unknown', grantType)
}
