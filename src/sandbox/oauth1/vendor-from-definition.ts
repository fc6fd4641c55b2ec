import type { OAuth1Authorization } from '../../model/source.ts'
import { place } from '../definition/place.ts'
import { accountOf } from '../vendors/people.ts'
import type { OAuth1Resource, OAuth1Vendor } from './oauth1-vendor.ts'
import { OAUTH1_HABITS, OAUTH1_VENDORS } from './vendors.ts'

const bare = (url: string): string => url.replace(/^https?:\/\//, '')

/** What a definition asks a vendor for, each answered in the shape that it says. */
function resourcesOf({ account, permissions, revocation, exchange }: OAuth1Authorization) {
  const read = (url: string, operation: 'identity' | 'permissions', path: string, value: string) => ({
    method: 'GET' as const,
    url: bare(url),
    operation,
    does: 'read' as const,
    answer: { status: 200, body: place({}, path, value) },
  })
  const resources: OAuth1Resource[] = []
  if (account.from === 'request') resources.push(read(account.url, 'identity', account.path, '{subject}'))
  if (permissions !== undefined)
    resources.push(read(permissions.url, 'permissions', permissions.path, '{scopes}'))
  if (revocation.kind === 'request')
    resources.push({
      method: revocation.method,
      url: bare(revocation.url),
      operation: 'revoke',
      does: 'end',
      answer: { status: revocation.successStatuses[0] ?? 200, body: null },
    })
  if (exchange !== undefined)
    resources.push({
      method: 'POST',
      url: bare(exchange.url),
      operation: 'exchange',
      does: 'exchange',
      answer: { status: 200, body: null },
    })
  return resources
}

/**
 * The vendor that plays an authorization of OAuth 1.0a: the sandbox's own where it has one, else one made out of the
 * definition. An address with a placeholder is not played, nor an account that comes with the token.
 */
export function oauth1VendorFor(authorization: OAuth1Authorization): OAuth1Vendor {
  const known = OAUTH1_VENDORS.find(({ key }) => key === authorization.vendor)
  if (known !== undefined) return known
  return Object.freeze({
    key: authorization.vendor,
    name: authorization.name,
    ...(authorization.exchange === undefined ? {} : { twin: authorization.exchange.vendor }),
    documentation: authorization.documentation,
    accounts: [accountOf('robin', '7001'), accountOf('kim', '7002'), accountOf('noor', '7003')],
    scopes: authorization.scopes.map(({ value, label }) => ({ value, sentence: label })),
    temporaryCredentialUrl: bare(authorization.temporaryCredentialEndpoint),
    authorizationUrl: bare(authorization.authorizationEndpoint),
    tokenUrl: bare(authorization.tokenEndpoint),
    callbackIn: authorization.callbackIn,
    denial: 'no-verifier',
    resources: resourcesOf(authorization),
    ...OAUTH1_HABITS,
  })
}
