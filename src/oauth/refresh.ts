import * as oauth from 'oauth4webapi'
import { limits } from '../limits.ts'
import type { Client } from '../model/application.ts'
import type { Authorization } from '../model/source.ts'
import { authorizationServer, clientAuthentication } from './authorization-server.ts'
import { type AbsentMembers, conformTokenAnswer } from './conform.ts'
import type { Grant, Tokens } from './grant.ts'
import type { JsonObject } from './json.ts'
import { scopeMember, splitScopes } from './scopes.ts'
import {
  accessExpiryOf,
  processTokenAnswer,
  readTokens,
  refreshExpiryOf,
  throughTokenRequest,
} from './token-endpoint.ts'
import type { VendorContext } from './vendor-answer.ts'
import { VendorError } from './vendor-error.ts'

/** What a refresh needs of a grant. */
export type RefreshableGrant = Pick<Grant, 'tokens'> &
  Partial<Pick<Grant, 'refreshExpiresAt' | 'grantedScopes'>>

/** A grant's tokens after a refresh. Instants are epoch milliseconds. */
export interface RefreshedGrant {
  /** To be used and kept instead of all that were known before, the refresh token also when the old one lives on. */
  readonly tokens: Tokens
  /** Null when the access token does not expire. */
  readonly accessExpiresAt: number | null
  readonly refreshExpiresAt: number | null
  /** Null when the answer does not say: then they are as they were (RFC 6749 §6). */
  readonly grantedScopes: readonly string[] | null
}

/**
 * Renews a grant (RFC 6749 §6) in the way of its definition, by one request that is never repeated here: at many vendors a
 * refresh token works once, so the answer must be stored before anything else is done with it.
 * Throws a {@link VendorError}. Its `endsGrant` tells that this grant is dead; whether to believe that at once
 * (`confirmRefusalAfterSeconds`) is for the caller to decide. `unavailable` passes by itself, anything else is a fault
 * that leaves the grant as it is.
 */
export async function refreshGrant(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  grant: RefreshableGrant,
): Promise<RefreshedGrant> {
  const { refreshToken } = grant.tokens
  if (authorization.refresh.mode === 'none' || refreshToken === null)
    throw new VendorError('rejected', 'no_refresh_token')
  const response = await requestRefresh(context, authorization, client, refreshToken.reveal(), grant)
  const now = context.now()
  const { conform, data } = await conformTokenAnswer(
    authorization,
    response,
    now,
    membersOfKept(authorization, grant.tokens),
    limits.renewedLifetimeUnsaidSeconds,
  )
  const token = await processTokenAnswer(() =>
    oauth.processRefreshTokenResponse(
      authorizationServer(authorization),
      { client_id: client.clientId },
      conform,
    ),
  )
  const received = readTokens(token)
  return Object.freeze({
    // Also a vendor that rotates may send none, and then the old one is all there is.
    tokens: Object.freeze({ ...received, refreshToken: received.refreshToken ?? refreshToken }),
    accessExpiresAt: accessExpiryOf(token, now),
    refreshExpiresAt: findRefreshExpiry(authorization, data, now, received, grant),
    grantedScopes: findScopes(authorization, token.scope),
  })
}

/**
 * What an answer says of the scopes; null for nothing. Where the person's choice is read elsewhere, as a list at the vendor
 * or in the callback, the token answer names what the client may ask for, which is another thing.
 */
function findScopes(authorization: Authorization, scope: string | undefined): readonly string[] | null {
  const { permissions, authorizationResponse } = authorization
  if (permissions !== undefined || authorizationResponse.grantedScopeParameter !== null) return null
  const scopes = splitScopes(authorization, scope ?? '')
  return scopes.length === 0 ? null : scopes
}

function requestRefresh(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  refreshToken: string,
  { grantedScopes = [] }: RefreshableGrant,
): Promise<Response> {
  const { tokenRequest, refresh } = authorization
  return oauth.refreshTokenGrantRequest(
    { ...authorizationServer(authorization), token_endpoint: refresh.endpoint ?? tokenRequest.endpoint },
    { client_id: client.clientId },
    clientAuthentication(tokenRequest.clientAuthentication, client),
    refreshToken,
    {
      // What was not granted must not be asked for here (RFC 6749 §6).
      ...(tokenRequest.sendsScope === true
        ? { additionalParameters: scopeMember(authorization, grantedScopes) }
        : {}),
      ...throughTokenRequest(context, authorization, client, refresh.parameters ?? tokenRequest.parameters),
    },
  )
}

/** Where a refresh only makes the same tokens live longer, what the answer leaves out is what is known. */
function membersOfKept({ tokenResponse, refresh }: Authorization, { accessToken }: Tokens): AbsentMembers {
  if (refresh.mode !== 'extending') return {}
  const { lifetimeSecondsWhenSilent = refresh.lifetimeSeconds ?? undefined } = tokenResponse
  return {
    access_token: accessToken.reveal(),
    token_type: 'bearer',
    expires_in: lifetimeSecondsWhenSilent,
  }
}

/**
 * An old refresh token that lives on, with nothing said about it by anybody, lives as long as it did. A lifetime that is
 * none counts as not said: the pair must not be lost over it.
 */
function findRefreshExpiry(
  authorization: Authorization,
  data: JsonObject,
  now: number,
  received: Tokens,
  { refreshExpiresAt = null }: RefreshableGrant,
): number | null {
  const told = () => refreshExpiryOf(authorization, data, now)
  const untold = () => refreshExpiryOf(authorization, {}, now)
  return orElse(told, untold) ?? (received.refreshToken === null ? refreshExpiresAt : null)
}

function orElse<T>(first: () => T, second: () => T): T {
  try {
    return first()
  } catch (error) {
    if (error instanceof VendorError) return second()
    throw error
  }
}
