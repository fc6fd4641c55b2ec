import * as oauth from 'oauth4webapi'
import type { Client } from '../model/application.ts'
import type { Authorization } from '../model/source.ts'
import { findAccountId } from './account.ts'
import { authorizationServer, clientAuthentication } from './authorization-server.ts'
import { conformTokenAnswer } from './conform.ts'
import type { Grant, Tokens } from './grant.ts'
import { askForPermissions } from './permissions.ts'
import { requestedScopes, requireUsefulScopes, scopeMember, splitScopes } from './scopes.ts'
import {
  accessExpiryOf,
  processTokenAnswer,
  readTokens,
  refreshExpiryOf,
  throughTokenRequest,
} from './token-endpoint.ts'
import type { VendorContext } from './vendor-answer.ts'
import { VendorError } from './vendor-error.ts'

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
  const response = await requestToken(context, authorization, client, requested, exchange)
  const now = context.now()
  const { conform, data } = await conformTokenAnswer(authorization, response, now)
  const token = await processTokenAnswer(() =>
    oauth.processAuthorizationCodeResponse(
      authorizationServer(authorization),
      { client_id: client.clientId },
      conform,
    ),
  )
  const tokens = readTokens(token)
  const told = { callback: exchange.callbackScopes, answer: token.scope }
  const grantedScopes = await findGrantedScopes(context, authorization, client, tokens, told)
  requireUsefulScopes(authorization, requested, grantedScopes)
  return Object.freeze({
    accountId: await findAccountId(context, authorization, client, data, tokens),
    tokens,
    accessExpiresAt: accessExpiryOf(token, now),
    refreshExpiresAt: tokens.refreshToken === null ? null : refreshExpiryOf(authorization, data, now),
    grantedScopes,
    missingScopes: requested.filter((scope) => !grantedScopes.includes(scope)),
  })
}

function requestToken(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  requested: readonly string[],
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
      ...throughTokenRequest(context, authorization, client),
      additionalParameters: {
        ...(tokenRequest.sendsScope === true ? scopeMember(authorization, requested) : {}),
        ...tokenRequest.parameters,
      },
    },
  )
}

function codeParameters(server: oauth.AuthorizationServer, code: string): URLSearchParams {
  const parameters = new URLSearchParams({ code })
  if (server.authorization_response_iss_parameter_supported) parameters.set('iss', server.issuer)
  return parameters
}

/**
 * What was granted, from whoever knows best: the vendor's own list of what the person allowed, else the callback, else the
 * token answer. Where none of them tells, the granted scopes are those asked for (RFC 6749 §5.1).
 */
async function findGrantedScopes(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  tokens: Tokens,
  told: { readonly callback: readonly string[] | null; readonly answer: string | undefined },
): Promise<readonly string[]> {
  const { permissions, authorizationResponse } = authorization
  if (permissions !== undefined) return askForPermissions(context, authorization, permissions, client, tokens)
  if (told.callback !== null) return told.callback
  if (told.answer !== undefined) return splitScopes(authorization, told.answer)
  const { grantedScopeParameter, grantedScopeMayBeMissing = false } = authorizationResponse
  if (grantedScopeParameter === null || grantedScopeMayBeMissing)
    return requestedScopes(authorization, client)
  throw new VendorError('malformed', 'scope') // where people can untick, what they granted is never assumed
}
