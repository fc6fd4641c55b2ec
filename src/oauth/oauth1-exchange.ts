import * as oauth from 'oauth4webapi'
import type { Client } from '../model/application.ts'
import type { Authorization, OAuth1Authorization } from '../model/source.ts'
import { findAccountId } from './account.ts'
import { authorizationServer } from './authorization-server.ts'
import { conformTokenAnswer } from './conform.ts'
import type { Grant } from './grant.ts'
import type { OAuth1Grant } from './oauth1-grant.ts'
import { type OAuth1Context, sendSigned } from './oauth1-request.ts'
import { accessExpiryOf, processTokenAnswer, readTokens, refreshExpiryOf } from './token-endpoint.ts'
import { VendorError } from './vendor-error.ts'

/** The two generations of one vendor's authorization, with our client at each. */
export interface Generations {
  readonly from: { readonly authorization: OAuth1Authorization; readonly client: Client }
  readonly to: { readonly authorization: Authorization; readonly client: Client }
}

/** What an exchange gives: the grant of the new generation, without the scopes, which the person chose before. */
export type ExchangedGrant = Pick<Grant, 'accountId' | 'tokens' | 'accessExpiresAt' | 'refreshExpiresAt'>

/**
 * Exchanges a token of OAuth 1.0a for the same person's tokens of OAuth 2.0, by the vendor's own call, signed with the
 * old token; the answer is that of a token endpoint (RFC 6749 §5.1). Throws a {@link VendorError}; `malformed` with the
 * cause `account_id` when the new tokens belong to another account.
 */
export async function exchangeGeneration(
  context: OAuth1Context,
  { from, to }: Generations,
  { accountId, tokens: old }: Pick<OAuth1Grant, 'accountId' | 'tokens'>,
): Promise<ExchangedGrant> {
  const { exchange, vendor } = from.authorization
  if (exchange === undefined) throw new TypeError('a definition without an exchange cannot be exchanged')
  const response = await sendSigned(context, {
    vendor,
    method: 'POST',
    url: exchange.url,
    client: from.client,
    token: { token: old.accessToken, tokenSecret: old.tokenSecret },
    headers: { accept: 'application/json' },
  })
  const now = context.now()
  const { conform, data } = await conformTokenAnswer(to.authorization, response, now)
  const token = await processTokenAnswer(() =>
    oauth.processRefreshTokenResponse(
      authorizationServer(to.authorization),
      { client_id: to.client.clientId },
      conform,
    ),
  )
  const tokens = readTokens(token)
  // Without one the connection would end with its first access token.
  if (tokens.refreshToken === null && to.authorization.refresh.mode !== 'none')
    throw new VendorError('malformed', 'refresh_token')
  const found = await findAccountId(context, to.authorization, to.client, data, tokens)
  if (found !== accountId) throw new VendorError('malformed', 'account_id')
  return Object.freeze({
    accountId,
    tokens,
    accessExpiresAt: accessExpiryOf(token, now),
    refreshExpiresAt: tokens.refreshToken === null ? null : refreshExpiryOf(to.authorization, data, now),
  })
}
