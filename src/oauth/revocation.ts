import * as oauth from 'oauth4webapi'
import type { Client } from '../model/application.ts'
import type { Authorization } from '../model/source.ts'
import { authorizationServer, clientAuthentication, throughGuardedFetch } from './authorization-server.ts'
import type { Grant } from './grant.ts'
import { requireAvailable, type VendorContext } from './vendor-answer.ts'
import { requireCallSuccess, sendVendorCall } from './vendor-call.ts'
import { registeredError, VendorError } from './vendor-error.ts'

/** What a revocation needs of a grant. */
export type RevocableGrant = Pick<Grant, 'accountId' | 'tokens'> & { readonly connectionId?: string }

/** `gone`: the grant had ended before. */
export type Revoked = 'revoked' | 'gone'

/** A revocation that data cannot describe. Throws a {@link VendorError} when it did not happen. */
export type RevocationHook = (
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  grant: RevocableGrant,
) => Promise<Revoked>

/** The code that definitions bring along, by vendor key. */
export type RevocationHooks = ReadonlyMap<string, RevocationHook>

/**
 * Ends a grant at the vendor, in whatever way its definition says. Throws a {@link VendorError} when that did not work;
 * its `retryable` tells whether a later try may.
 */
export async function revokeGrant(
  context: VendorContext,
  authorization: Authorization,
  hooks: RevocationHooks,
  client: Client,
  grant: RevocableGrant,
): Promise<Revoked | 'unsupported'> {
  const { revocation } = authorization
  if (revocation.kind === 'unsupported') return 'unsupported'
  if (revocation.kind === 'token') return revokeToken(context, authorization, revocation, client, grant)
  if (revocation.kind === 'request')
    return requestRevocation(context, authorization, revocation, client, grant)
  const hook = hooks.get(authorization.vendor)
  if (hook === undefined) throw new TypeError('a definition names a revocation hook that nobody brought')
  return hook(context, authorization, client, grant)
}

type RevocationOf<Kind extends string> = Extract<Authorization['revocation'], { kind: Kind }>

/** The vendor's own call. Whether the access token still works is for the caller to see to (`needsFreshToken`). */
async function requestRevocation(
  context: VendorContext,
  authorization: Authorization,
  revocation: RevocationOf<'request'>,
  client: Client,
  grant: RevocableGrant,
): Promise<Revoked> {
  const response = await sendVendorCall(context, authorization, client, revocation, grant)
  if (revocation.goneStatuses.includes(response.status)) return 'gone'
  try {
    await requireCallSuccess(context, authorization, revocation, response)
  } catch (error) {
    if (error instanceof VendorError && error.endsGrant) return 'gone'
    throw error
  }
  return 'revoked'
}

/** RFC 7009. The refresh token goes before the access token: it lives longer, and takes its access tokens with it. */
async function revokeToken(
  context: VendorContext,
  authorization: Authorization,
  revocation: RevocationOf<'token'>,
  client: Client,
  { tokens }: RevocableGrant,
): Promise<Revoked> {
  const token = tokens.refreshToken ?? tokens.accessToken
  const hint = tokens.refreshToken === null ? 'access_token' : 'refresh_token'
  const response = await oauth.revocationRequest(
    authorizationServer(authorization),
    { client_id: client.clientId },
    clientAuthentication(revocation.clientAuthentication, client),
    token.reveal(),
    {
      ...throughGuardedFetch(context, authorization),
      additionalParameters: revocation.sendTypeHint ? { token_type_hint: hint } : {},
    },
  )
  requireAvailable(response, context.now())
  if (revocation.goneStatuses.includes(response.status)) return 'gone'
  try {
    await oauth.processRevocationResponse(response)
  } catch (error) {
    const code = error instanceof oauth.ResponseBodyError ? registeredError(error.error) : 'http_status'
    throw new VendorError('rejected', code, { status: response.status })
  }
  return 'revoked'
}
