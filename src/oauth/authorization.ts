import type { Client } from '../model/application.ts'
import type { Authorization } from '../model/source.ts'
import { scopeParameterOf } from './scopes.ts'

/** What one authorization request is made of. */
export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly state: string
  /** Left out of the URL where the vendor knows no PKCE; may be null then. */
  readonly codeChallenge: string | null
  /** As `requestedScopes` gives them. */
  readonly scopes: readonly string[]
}

interface Prepared {
  readonly authorization: Authorization
  readonly redirectUri: string
  readonly scopes: readonly string[]
  /** Everything up to the value of `state`. */
  readonly url: string
}

/** A client has one redirect URI and one choice of scopes, so the last request's constant part nearly always fits. */
const prepared = new WeakMap<object, Prepared>()

/**
 * The URL of the vendor's consent page (RFC 6749 §4.1.1, RFC 7636 §4.3), the same to the letter for the same input:
 * `response_type`, `client_id`, `redirect_uri`, the scopes, the vendor's own parameters in the definition's order, `state`,
 * then the challenge. Where a vendor hands no `state` back, the redirect URI takes its place and has it in its query.
 * Only `state` and the challenge change between two requests, so the rest is kept.
 */
export function buildAuthorizationUrl(
  authorization: Authorization,
  client: Pick<Client, 'clientId'>,
  request: AuthorizationRequest,
): string {
  let constant = prepared.get(client)
  if (constant === undefined || !fits(constant, authorization, request)) {
    constant = prepare(authorization, client, request)
    prepared.set(client, constant)
  }
  const state = encodeURIComponent(request.state)
  const url = constant.url + (hasStateInRedirectUri(authorization) ? encodeURIComponent(state) : state)
  if (!authorization.authorizationRequest.pkce || request.codeChallenge === null) return url
  return `${url}&code_challenge=${request.codeChallenge}&code_challenge_method=S256`
}

const hasStateInRedirectUri = ({ authorizationRequest }: Authorization): boolean =>
  authorizationRequest.stateIn === 'redirect_uri'

function fits(constant: Prepared, authorization: Authorization, request: AuthorizationRequest): boolean {
  return (
    constant.authorization === authorization &&
    constant.redirectUri === request.redirectUri &&
    isSameList(constant.scopes, request.scopes)
  )
}

/** Nearly always the very same list, which need not be read. */
const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one === other || (one.length === other.length && one.every((scope, i) => scope === other[i]))

function prepare(
  authorization: Authorization,
  client: Pick<Client, 'clientId'>,
  { redirectUri, scopes }: AuthorizationRequest,
): Prepared {
  const { endpoint, parameters } = authorization.authorizationRequest
  const stateComesBack = !hasStateInRedirectUri(authorization)
  const scopeParameter = scopeParameterOf(authorization)
  const pairs = [
    'response_type=code',
    `client_id=${encodeURIComponent(client.clientId)}`,
    ...(stateComesBack ? [`redirect_uri=${encodeURIComponent(redirectUri)}`] : []),
    ...(scopes.length === 0 || scopeParameter === null
      ? []
      : [`${encodeURIComponent(scopeParameter)}=${encodeScopes(authorization, scopes)}`]),
    ...Object.entries(parameters).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    ),
    stateComesBack ? 'state=' : `redirect_uri=${encodeURIComponent(`${redirectUri}?state=`)}`,
  ]
  const url = `${endpoint}${endpoint.includes('?') ? '&' : '?'}${pairs.join('&')}`
  return Object.freeze({ authorization, redirectUri, scopes, url })
}

/** As vendors write it themselves: `,` `:` and `/` are legal in a query (RFC 3986 §3.4) and stay readable. */
function encodeScopes(authorization: Authorization, scopes: readonly string[]): string {
  const values = scopes.map((scope) =>
    encodeURIComponent(scope).replaceAll('%3A', ':').replaceAll('%2F', '/'),
  )
  return values.join(authorization.scopeSeparator === ',' ? ',' : '%20')
}
