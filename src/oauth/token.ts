import * as oauth from 'oauth4webapi'
import type { Client } from '../model/application.ts'
import { type Secret, secret } from '../model/secret.ts'
import type { Authorization } from '../model/source.ts'
import { findAccountId } from './account.ts'
import { authorizationServer, clientAuthentication, throughGuardedFetch } from './authorization-server.ts'
import { conformTokenAnswer, readLifetimeSeconds, type TokenAnswer } from './conform.ts'
import { type JsonObject, valueAt } from './json.ts'
import { requestedScopes, requireUsefulScopes, splitScopes } from './scopes.ts'
import type { VendorContext } from './vendor-answer.ts'
import { registeredError, VendorError } from './vendor-error.ts'

/** What a vendor gave for us to use. */
export interface Tokens {
  readonly accessToken: Secret
  readonly refreshToken: Secret | null
  /** Always bearer: we ask for nothing else and accept nothing else. */
  readonly tokenType: 'bearer'
}

/** What a person granted: whose account, and what may be done with it. Instants are epoch milliseconds. */
export interface Grant {
  readonly accountId: string
  readonly tokens: Tokens
  readonly accessExpiresAt: number
  /** When the refresh token dies if it is not used; null when the vendor does not say. */
  readonly refreshExpiresAt: number | null
  readonly grantedScopes: readonly string[]
  /** What was asked for and not granted. */
  readonly missingScopes: readonly string[]
}

/** What the exchange needs to know of the attempt. */
export interface CodeExchange {
  readonly code: string
  /** The same as in the authorization request. */
  readonly redirectUri: string
  /** Not sent where the vendor knows no PKCE; never left out where it does. */
  readonly codeVerifier: string
  /** What `readAuthorizationResponse` found in the callback. */
  readonly callbackScopes: readonly string[] | null
}

/** RFC 6749 Appendix A.12 and A.17: visible ASCII, and space. Nothing that could split a header. */
const TOKEN = /^[\x20-\x7e]+$/

/**
 * Exchanges a code for a grant (RFC 6749 §4.1.3) and finds out whose account it is. One request, never repeated: a code
 * may be burnt by a failed try, and one without the verifier would undo PKCE.
 * Throws a {@link VendorError}: `denied` or `scope_missing` when the person granted too little, before the exchange where
 * the callback says so. Tokens received before a failure are dropped here: they are stored nowhere, and to revoke them
 * could end another living grant of the same account, which is not known then.
 */
export async function exchangeCode(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  exchange: CodeExchange,
): Promise<Grant> {
  const requested = requestedScopes(authorization, client)
  if (exchange.callbackScopes !== null) {
    requireUsefulScopes(authorization, requested, exchange.callbackScopes)
  }
  const response = await requestToken(context, authorization, client, exchange)
  const now = context.now()
  const answer = await conformTokenAnswer(authorization, response, now)
  const token = await processTokenAnswer(authorization, client, answer)
  const tokens = readTokens(token)
  const accessExpiresAt = now + readLifetimeSeconds(token.expires_in) * 1000
  const grantedScopes = findGrantedScopes(authorization, requested, exchange.callbackScopes, token.scope)
  requireUsefulScopes(authorization, requested, grantedScopes)
  return Object.freeze({
    accountId: await findAccountId(context, authorization, answer.data, tokens.accessToken),
    tokens,
    accessExpiresAt,
    refreshExpiresAt:
      tokens.refreshToken === null ? null : findRefreshExpiry(authorization, answer.data, now),
    grantedScopes,
    missingScopes: requested.filter((scope) => !grantedScopes.includes(scope)),
  })
}

function requestToken(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  { code, redirectUri, codeVerifier }: CodeExchange,
): Promise<Response> {
  const { tokenRequest, authorizationRequest } = authorization
  const server = authorizationServer(authorization)
  const identity: oauth.Client = { client_id: client.clientId }
  return oauth.authorizationCodeGrantRequest(
    server,
    identity,
    clientAuthentication(tokenRequest.clientAuthentication, client),
    // The callback was validated when it came; the library takes a code only from parameters that passed it.
    oauth.validateAuthResponse(server, identity, codeParameters(server, code), oauth.expectNoState),
    redirectUri,
    authorizationRequest.pkce ? codeVerifier : oauth.nopkce,
    {
      ...throughGuardedFetch(context, authorization),
      additionalParameters: { ...tokenRequest.parameters },
    },
  )
}

function codeParameters(server: oauth.AuthorizationServer, code: string): URLSearchParams {
  const parameters = new URLSearchParams({ code })
  if (server.authorization_response_iss_parameter_supported) parameters.set('iss', server.issuer)
  return parameters
}

async function processTokenAnswer(
  authorization: Authorization,
  client: Client,
  { conform }: TokenAnswer,
): Promise<oauth.TokenEndpointResponse> {
  try {
    return await oauth.processAuthorizationCodeResponse(
      authorizationServer(authorization),
      { client_id: client.clientId },
      conform,
    )
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) {
      throw new VendorError('rejected', registeredError(error.error), { status: error.status })
    }
    throw new VendorError('malformed', 'not_conform')
  }
}

function readTokens(token: oauth.TokenEndpointResponse): Tokens {
  if (token.token_type !== 'bearer') throw new VendorError('malformed', 'token_type')
  if (!TOKEN.test(token.access_token)) throw new VendorError('malformed', 'access_token')
  if (token.refresh_token !== undefined && !TOKEN.test(token.refresh_token)) {
    throw new VendorError('malformed', 'refresh_token')
  }
  return Object.freeze({
    accessToken: secret(token.access_token),
    refreshToken: token.refresh_token === undefined ? null : secret(token.refresh_token),
    tokenType: 'bearer',
  })
}

/** Absent from the token answer, the granted scopes are those asked for (RFC 6749 §5.1), unless the callback tells. */
function findGrantedScopes(
  authorization: Authorization,
  requested: readonly string[],
  callbackScopes: readonly string[] | null,
  scope: string | undefined,
): readonly string[] {
  if (callbackScopes !== null) return callbackScopes
  if (scope !== undefined) return splitScopes(authorization, scope)
  if (authorization.authorizationResponse.grantedScopeParameter === null) return requested
  throw new VendorError('malformed', 'scope') // where people can untick, what they granted is never assumed
}

/** What the answer says of this refresh token goes before what the vendor says of all. */
function findRefreshExpiry(authorization: Authorization, data: JsonObject, now: number): number | null {
  const { lifetimePath, lifetimeSeconds } = authorization.refresh
  const said = lifetimePath === null ? undefined : valueAt(data, lifetimePath)
  if (said !== undefined) return now + readLifetimeSeconds(said) * 1000
  return lifetimeSeconds === null ? null : now + lifetimeSeconds * 1000
}
