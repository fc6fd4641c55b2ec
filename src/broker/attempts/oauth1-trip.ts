import { z } from 'zod'
import type { Client } from '../../model/application.ts'
import type { Attempt } from '../../model/attempt.ts'
import { secret } from '../../model/secret.ts'
import type { OAuth1Authorization } from '../../model/source.ts'
import {
  exchangeVerifier,
  type OAuth1Grant,
  type OAuth1Token,
  oauth1AuthorizationUrl,
  readOAuth1Callback,
  requestTemporaryCredentials,
  VendorError,
} from '../../oauth/index.ts'
import type { Context } from '../context.ts'

/** What the start of a trip gives: where the browser goes, and what the attempt keeps until it comes back. */
export interface OAuth1Departure {
  readonly location: string
  readonly sealedRequestToken: string
}

type AttemptRow = Pick<Attempt, 'applicationId' | 'id'>

const contents = z.object({ token: z.string(), tokenSecret: z.string() })

const placeOf = (attempt: AttemptRow) => ({
  applicationId: attempt.applicationId,
  object: attempt.id,
  field: 'request-token',
})

/**
 * Fetches the temporary credentials of one trip and makes the consent page's URL of them. The protocol has no `state`, so
 * ours travels in the query of the callback that the vendor is told, to which the vendor appends (RFC 5849 §2.2). Throws
 * a {@link VendorError}.
 */
export async function departWithOAuth1(
  context: Context,
  attempt: AttemptRow,
  { authorization, client }: { readonly authorization: OAuth1Authorization; readonly client: Client },
  redirectUri: string,
  state: string,
): Promise<OAuth1Departure> {
  const callbackUri = `${redirectUri}?state=${encodeURIComponent(state)}`
  const requestToken = await requestTemporaryCredentials(context, authorization, client, callbackUri)
  const text = JSON.stringify({
    token: requestToken.token.reveal(),
    tokenSecret: requestToken.tokenSecret.reveal(),
  })
  return {
    location: oauth1AuthorizationUrl(authorization, requestToken, callbackUri),
    sealedRequestToken: context.vault.seal(text, placeOf(attempt)),
  }
}

/**
 * Makes a grant of what the browser brought back. Throws a {@link VendorError}, or a `VaultError` when the request token
 * does not open any more.
 */
export async function returnWithOAuth1(
  context: Context,
  attempt: AttemptRow & Pick<Attempt, 'sealedRequestToken'>,
  { authorization, client }: { readonly authorization: OAuth1Authorization; readonly client: Client },
  parameters: URLSearchParams,
): Promise<OAuth1Grant> {
  const requestToken = openRequestToken(context, attempt)
  const callback = readOAuth1Callback(parameters, requestToken)
  return exchangeVerifier(context, authorization, client, requestToken, callback)
}

function openRequestToken(
  { vault }: Context,
  attempt: AttemptRow & Pick<Attempt, 'sealedRequestToken'>,
): OAuth1Token {
  // Begun before the definition's protocol changed: nothing of it can be finished.
  if (attempt.sealedRequestToken === null) throw new VendorError('malformed', 'state')
  const opened = contents.parse(JSON.parse(vault.open(attempt.sealedRequestToken, placeOf(attempt))))
  return { token: secret(opened.token), tokenSecret: secret(opened.tokenSecret) }
}
