import type { Authorization, Source } from '../model/source.ts'

/**
 * The same source at another origin: every address that we call or send people to, `https://HOST/PATH`, becomes
 * `<origin>/HOST/PATH`. Scopes and issuers look like addresses at some vendors, but are names, and stay.
 */
export function pointAt(source: Source, origin: string): Source {
  if (source.kind !== 'oauth2') return source
  const move = (url: string) => `${origin}/${url.slice(url.indexOf('//') + 2)}`
  return { ...source, authorizations: source.authorizations.map((one) => moveAuthorization(one, move)) }
}

function moveAuthorization(authorization: Authorization, move: (url: string) => string): Authorization {
  const { authorizationRequest, tokenRequest, account, revocation } = authorization
  return {
    ...authorization,
    authorizationRequest: { ...authorizationRequest, endpoint: move(authorizationRequest.endpoint) },
    tokenRequest: { ...tokenRequest, endpoint: move(tokenRequest.endpoint) },
    account: account.from === 'request' ? { ...account, url: move(account.url) } : account,
    revocation: moveRevocation(revocation, move),
  }
}

function moveRevocation(
  revocation: Authorization['revocation'],
  move: (url: string) => string,
): Authorization['revocation'] {
  if (revocation.kind === 'token') return { ...revocation, endpoint: move(revocation.endpoint) }
  if (revocation.kind === 'unsupported') return revocation
  const endpoints = Object.entries(revocation.endpoints).map(([name, url]) => [name, move(url)] as const)
  return { ...revocation, endpoints: Object.fromEntries(endpoints) }
}
