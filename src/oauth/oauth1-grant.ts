import { createHash } from 'node:crypto'
import { limits } from '../limits.ts'
import type { Client } from '../model/application.ts'
import { type Secret, secret } from '../model/secret.ts'
import type { OAuth1Authorization } from '../model/source.ts'
import { readAccountId } from './account.ts'
import type { Grant, Tokens } from './grant.ts'
import { valueAt } from './json.ts'
import { type OAuth1Context, type OAuth1Token, sendSigned } from './oauth1-request.ts'
import { percentEncode } from './oauth1-signature.ts'
import { collectPermissions } from './permissions.ts'
import { requestedScopes, requireUsefulScopes } from './scopes.ts'
import { readJsonObject, requireAvailable } from './vendor-answer.ts'
import { VendorError } from './vendor-error.ts'

/** An access token of OAuth 1.0a. It does not expire and is never renewed; with its secret it signs every call. */
export interface OAuth1Tokens {
  readonly accessToken: Secret
  readonly tokenSecret: Secret
  readonly refreshToken: null
  readonly tokenType: 'oauth1'
}

/** What a person granted, in the form of an OAuth 2.0 grant; there are no scopes in this protocol. */
export interface OAuth1Grant {
  readonly accountId: string
  readonly tokens: OAuth1Tokens
  readonly accessExpiresAt: null
  readonly refreshExpiresAt: null
  readonly grantedScopes: readonly string[]
  readonly missingScopes: readonly string[]
}

/** Tokens of either protocol. */
export type AnyTokens = Tokens | OAuth1Tokens
/** A grant of either protocol. */
export type AnyGrant = Grant | OAuth1Grant

/** What the vendor made the browser bring back. */
export interface OAuth1Callback {
  readonly verifier: string
}

/** Visible ASCII: nothing that could split a header. */
const CREDENTIAL = /^[\x21-\x7e]+$/
/** Words by which a vendor may say that the person said no; the RFC has none. */
const REFUSALS = ['access_denied', 'user_refused', 'permission_denied']

/**
 * Asks for temporary credentials (RFC 5849 §2.1), which name this one trip. Throws a {@link VendorError}; `malformed` also
 * where the vendor does not confirm the callback, since one without confirmation is the protocol before revision A,
 * which lets somebody else finish the trip.
 */
export async function requestTemporaryCredentials(
  context: OAuth1Context,
  authorization: OAuth1Authorization,
  client: Client,
  callbackUri: string,
): Promise<OAuth1Token> {
  const told = authorization.callbackIn === 'temporary_credentials'
  const answer = await requestCredentials(context, authorization, client, {
    url: authorization.temporaryCredentialEndpoint,
    token: null,
    protocolParameters: told ? [['oauth_callback', callbackUri]] : [],
  })
  if (told && answer.members.get('oauth_callback_confirmed') !== 'true')
    throw new VendorError('malformed', 'not_conform')
  return answer.credentials
}

/** The URL of the vendor's consent page (RFC 5849 §2.2). */
export function oauth1AuthorizationUrl(
  authorization: OAuth1Authorization,
  requestToken: OAuth1Token,
  callbackUri: string,
): string {
  const { authorizationEndpoint, callbackIn } = authorization
  const separator = authorizationEndpoint.includes('?') ? '&' : '?'
  const url = `${authorizationEndpoint}${separator}oauth_token=${percentEncode(requestToken.token.reveal())}`
  return callbackIn === 'authorization_url' ? `${url}&oauth_callback=${percentEncode(callbackUri)}` : url
}

/**
 * Reads the parameters of the callback, names and values decoded (RFC 5849 §2.2). Throws a {@link VendorError}: `denied`
 * when the person cancelled, `malformed` when the token is not that of this trip or a value is overlong.
 * The RFC leaves open how a vendor says no. Some bring an error's word, some no verifier, some the word `null` for one.
 */
export function readOAuth1Callback(parameters: URLSearchParams, requestToken: OAuth1Token): OAuth1Callback {
  const verifier = parameters.get('oauth_verifier') ?? ''
  const token = parameters.get('oauth_token')
  if (verifier.length > limits.callbackParameterCharacters) throw new VendorError('malformed', 'parameter')
  const refused = [parameters.get('error'), parameters.get('oauth_problem')].some(
    (word) => word !== null && REFUSALS.includes(word),
  )
  if (token !== null && token !== requestToken.token.reveal()) throw new VendorError('malformed', 'state')
  if (refused || parameters.has('denied') || verifier === '' || verifier.toLowerCase() === 'null')
    throw new VendorError('denied', 'access_denied')
  if (token === null) throw new VendorError('malformed', 'state')
  if (!CREDENTIAL.test(verifier)) throw new VendorError('malformed', 'code')
  return { verifier }
}

/**
 * Exchanges the verifier for an access token (RFC 5849 §2.3), finds out whose account it is and what of it was allowed.
 * One request for the token, never repeated. Throws a {@link VendorError}.
 */
export async function exchangeVerifier(
  context: OAuth1Context,
  authorization: OAuth1Authorization,
  client: Client,
  requestToken: OAuth1Token,
  { verifier }: OAuth1Callback,
): Promise<OAuth1Grant> {
  const { credentials, members } = await requestCredentials(context, authorization, client, {
    url: authorization.tokenEndpoint,
    token: requestToken,
    protocolParameters: [['oauth_verifier', verifier]],
  })
  const { token, tokenSecret } = credentials
  return Object.freeze({
    accountId: await findAccount(context, authorization, client, credentials, members),
    tokens: Object.freeze({
      accessToken: token,
      tokenSecret,
      refreshToken: null,
      tokenType: 'oauth1' as const,
    }),
    accessExpiresAt: null,
    refreshExpiresAt: null,
    ...(await findPermissions(context, authorization, client, credentials)),
  })
}

/** Whether the person's id can be asked for at any time. */
export const asksOAuth1Account = ({ account }: Pick<OAuth1Authorization, 'account'>): boolean =>
  account.from === 'request'

/**
 * Asks for the person's id with a token that may be dead. Throws a {@link VendorError}, `rejected` when it is, and a
 * TypeError where the vendor has no such call.
 */
export async function findOAuth1AccountAgain(
  context: OAuth1Context,
  authorization: OAuth1Authorization,
  client: Client,
  { accessToken, tokenSecret }: OAuth1Tokens,
): Promise<string> {
  if (!asksOAuth1Account(authorization))
    throw new TypeError('this vendor tells the account with the token alone')
  const token = { token: accessToken, tokenSecret }
  return findAccount(context, authorization, client, token, new URLSearchParams())
}

interface CredentialsRequest {
  readonly url: string
  readonly token: OAuth1Token | null
  readonly protocolParameters: readonly (readonly [string, string])[]
}

/** Both token requests are a POST, and both answers a form (RFC 5849 §2.1, §2.3). */
async function requestCredentials(
  context: OAuth1Context,
  { vendor, parametersIn = 'header' }: OAuth1Authorization,
  client: Client,
  request: CredentialsRequest,
): Promise<{ readonly credentials: OAuth1Token; readonly members: URLSearchParams }> {
  const response = await sendSigned(context, { vendor, method: 'POST', client, parametersIn, ...request })
  requireAvailable(response, context.now())
  if (response.status !== 200) throw new VendorError('rejected', 'http_status', { status: response.status })
  const members = readForm(await response.arrayBuffer())
  const token = members.get('oauth_token') ?? ''
  const tokenSecret = members.get('oauth_token_secret') ?? ''
  if (!isCredential(token) || !isCredential(tokenSecret)) throw new VendorError('malformed', 'access_token')
  return { credentials: { token: secret(token), tokenSecret: secret(tokenSecret) }, members }
}

const isCredential = (value: string): boolean =>
  CREDENTIAL.test(value) && value.length <= limits.callbackParameterCharacters

/** Vendors label these answers as plain text or as a page as often as they label them as a form, so the label is not read. */
function readForm(bytes: ArrayBuffer): URLSearchParams {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new VendorError('malformed', 'not_utf8')
  }
  const members = new URLSearchParams(text.trim())
  if (new Set(members.keys()).size !== members.size) throw new VendorError('malformed', 'duplicate_member')
  return members
}

async function findAccount(
  context: OAuth1Context,
  authorization: OAuth1Authorization,
  client: Client,
  token: OAuth1Token,
  members: URLSearchParams,
): Promise<string> {
  const { account } = authorization
  if (account.from === 'token') return readAccountId(members.get(account.path))
  if (account.from === 'tokenDigest')
    return createHash('sha256').update(token.token.reveal()).digest('base64url')
  const { url, path, headers = {} } = account
  return readAccountId(
    valueAt(await getSigned(context, authorization, client, token, { url, headers }), path),
  )
}

/** What the person allowed, where the vendor lists it; nothing where the protocol is all or nothing. */
async function findPermissions(
  context: OAuth1Context,
  authorization: OAuth1Authorization,
  client: Client,
  token: OAuth1Token,
): Promise<Pick<OAuth1Grant, 'grantedScopes' | 'missingScopes'>> {
  const { permissions } = authorization
  if (permissions === undefined) return { grantedScopes: [], missingScopes: [] }
  const requested = requestedScopes(authorization, client)
  const grantedScopes = await collectPermissions(context, permissions, () =>
    getSigned(context, authorization, client, token, permissions),
  )
  requireUsefulScopes(authorization, requested, grantedScopes)
  return { grantedScopes, missingScopes: requested.filter((scope) => !grantedScopes.includes(scope)) }
}

async function getSigned(
  context: OAuth1Context,
  { vendor }: OAuth1Authorization,
  client: Client,
  token: OAuth1Token,
  {
    url,
    headers = {},
  }: { readonly url: string; readonly headers?: Readonly<Record<string, string>> | undefined },
) {
  const response = await sendSigned(context, {
    vendor,
    method: 'GET',
    url,
    client,
    token,
    headers: { accept: 'application/json', ...headers },
  })
  requireAvailable(response, context.now())
  if (response.status === 403) throw new VendorError('scope_missing', 'insufficient_scope', { status: 403 })
  if (response.status !== 200) throw new VendorError('rejected', 'http_status', { status: response.status })
  return readJsonObject(response)
}
