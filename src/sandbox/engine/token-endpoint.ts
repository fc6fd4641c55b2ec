/**
 * The token endpoint: codes and refresh tokens against tokens.
 *
 * @module sandbox/engine/token-endpoint — owns the order of the checks. It finds the first thing that is wrong and
 * leaves the words to the vendor.
 */
import type { Answer, Refusal, SandboxClient, Vendor } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { fill, refuse } from './answer.ts'
import { authenticateClient } from './client-authentication.ts'
import type { Code } from './codes.ts'
import { issueAccessToken, issueRefreshToken, tokenValues } from './issue-tokens.ts'
import { checkVerifier } from './pkce.ts'
import { refresh } from './refresh.ts'

function checkCode(world: World, client: SandboxClient, code: Code | undefined): Refusal | null {
  if (!code || code.clientId !== client.clientId || code.vendor !== client.vendor) return 'code.unknown'
  if (code.spent) return 'code.used'
  if (code.expiresAtMs <= world.clock.nowMs()) return 'code.expired'
  const grant = world.grants.find(code.grantId)
  return !grant || grant.ended ? 'code.unknown' : null
}

function checkRedirectUri(vendor: Vendor, code: Code, sent: string | null): Refusal | null {
  const rule = vendor.token.redirectUri
  if (rule === 'ignored' || (rule === 'if-sent' && code.redirectUri === null && sent === null)) return null
  if (sent === null) return 'redirect_uri.missing'
  return sent === code.redirectUri ? null : 'redirect_uri.mismatch'
}

function exchange(world: World, vendor: Vendor, client: SandboxClient, form: URLSearchParams): Answer {
  const value = form.get('code')
  if (!value) return refuse(vendor, 'code.missing')
  const code = world.codes.find(value)
  const refusal = checkCode(world, client, code)
  if (refusal || !code) return refuse(vendor, refusal ?? 'code.unknown', value)
  const wrong =
    checkRedirectUri(vendor, code, form.get('redirect_uri')) ??
    (vendor.authorization.pkce === 'ignored' ? null : checkVerifier(code, form.get('code_verifier')))
  if (wrong) {
    if (world.switches.of(vendor).burnCodeOnFailedTry) world.codes.spend(code)
    return refuse(vendor, wrong, form.get('redirect_uri') ?? '')
  }
  world.codes.spend(code)
  const grant = world.grants.find(code.grantId)
  if (!grant) return refuse(vendor, 'code.unknown', value)
  const origin = { grant, family: world.text.id(), scopes: code.scopes }
  const access = issueAccessToken(world, vendor, origin)
  const refreshToken = code.offersRefreshToken ? issueRefreshToken(world, vendor, origin) : null
  return fill(vendor.token.exchangeAnswer, tokenValues(world, vendor, grant, access, refreshToken))
}

/** Answers a token call. */
export function answerToken(world: World, vendor: Vendor, request: VendorRequest): Answer {
  const { form } = request
  const authenticated = authenticateClient(world, vendor, vendor.token.clientAuthentication, request)
  if ('refusal' in authenticated) return refuse(vendor, authenticated.refusal, authenticated.value)
  const grantType = form.get('grant_type')
  if (!grantType) return refuse(vendor, 'grant_type.missing')
  if (grantType === 'authorization_code') return exchange(world, vendor, authenticated.client, form)
  if (grantType === 'refresh_token') return refresh(world, vendor, authenticated.client, form)
  return refuse(vendor, 'grant_type.unknown', grantType)
}
