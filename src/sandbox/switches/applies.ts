import type { AnyVendor, Switches } from '../vendor.ts'
import type { World } from '../world.ts'

/** What a vendor speaks: `log-in` is the person's own log-in, without a consent page. */
export type Protocol = 'oauth2' | 'oauth1' | 'log-in'

/** What a vendor of this sandbox speaks. */
export function protocolOf(world: World, { key }: AnyVendor): Protocol {
  if (world.oauth1Vendors.some((vendor) => vendor.key === key)) return 'oauth1'
  return world.logInVendors.some((vendor) => vendor.key === key) ? 'log-in' : 'oauth2'
}

type Name = keyof Switches

/** The switches that OAuth 1.0a alone has. */
const OF_OAUTH1: readonly Name[] = [
  'callbackConfirmed',
  'requestTokenLifetimeSeconds',
  'requestTokenLost',
  'denial',
  'verifier',
  'callbackToken',
  'signedRequests',
]
const OF_LOG_IN: readonly Name[] = ['logIn']
/** The switches of OAuth 2.0 that do something at a vendor with OAuth 1.0a, too. */
const SHARED: readonly Name[] = [
  'condition',
  'consent',
  'consentAccount',
  'untickedAll',
  'callbackAppend',
  'allowLocalhost',
  'redirectUriMatch',
  'userIdAs',
  'stalePermissionReads',
  'dataStatus',
  'revocation',
  'revocationStatus',
  'revocationGoneStatus',
]

/** Why a switch does nothing with OAuth 1.0a, by how its name begins; the first that fits. */
const WHY_NOT_OAUTH1: readonly (readonly [beginning: string, reason: string])[] = [
  ['refresh', 'its tokens do not expire and are never renewed'],
  ['endGrantOnRefreshReuse', 'its tokens do not expire and are never renewed'],
  ['accessToken', 'its tokens do not expire'],
  ['expires', 'its tokens do not expire'],
  ['liveAccessTokens', 'its tokens do not end one another'],
  ['code', 'it has no code; see requestTokenLifetimeSeconds'],
  ['burnCode', 'it has no code; a verifier is always spent by a failed try'],
  ['pkce', 'a trip is bound by the secret of its request token'],
  ['stateMinCharacters', 'the protocol has no state'],
  ['issuer', 'the protocol has no issuer'],
  ['scopeInAnswer', 'its token answers name no scopes'],
  ['cancelDescription', 'a refusal has no description; see denial'],
  ['event', 'it tells of nothing; what a vendor tells is played where it speaks OAuth 2.0'],
  ['consentMissing', 'it has no step after the consent'],
  ['registeredBefore', 'it has no step after the consent'],
  ['revocationAuthentication', 'every call is signed with the token'],
  ['revocationMethod', 'the method is part of what is signed'],
  ['revocationReach', 'a grant has one token'],
  ['', 'its token calls are signed forms, which RFC 5849 lays down; see signedRequests, or order a fault'],
]

/** Why a switch does nothing at a vendor, as the end of a sentence; null when it does something. */
function whyNot(protocol: Protocol, name: Name): string | null {
  if (protocol === 'oauth2') {
    if (OF_OAUTH1.includes(name)) return 'it is for OAuth 1.0a'
    return OF_LOG_IN.includes(name) ? 'it is for vendors with a log-in of the person’s own' : null
  }
  if (protocol === 'log-in')
    return name === 'condition' || OF_LOG_IN.includes(name)
      ? null
      : 'a log-in is one call, without consent page, code, scopes, renewal or revocation'
  if (SHARED.includes(name) || OF_OAUTH1.includes(name)) return null
  if (OF_LOG_IN.includes(name)) return 'it is for vendors with a log-in of the person’s own'
  return WHY_NOT_OAUTH1.find(([beginning]) => name.startsWith(beginning))?.[1] ?? null
}

/** The same for one vendor, which may do without something that its protocol has. */
export function whyNotAt(world: World, vendor: AnyVendor, name: Name): string | null {
  const reason = whyNot(protocolOf(world, vendor), name)
  const own = world.oauth1Vendors.find(({ key }) => key === vendor.key)
  const isUnasked = name === 'callbackConfirmed' && own?.callbackIn === 'authorization_url'
  return reason ?? (isUnasked ? 'it is told the callback on the address of its consent page' : null)
}

/** Throws a RangeError for a switch that does nothing at the vendor: who set it would wait for something in vain. */
export function requireOwn(world: World, vendor: AnyVendor, change: Partial<Switches>): void {
  for (const name of namesOf(change)) {
    const reason = whyNotAt(world, vendor, name)
    if (reason !== null) throw new RangeError(`${name} does nothing at ${vendor.name}: ${reason}.`)
  }
}

/** The switches that do something at the vendor. */
export function ownSwitches(world: World, vendor: AnyVendor): Partial<Switches> {
  const all = world.switches.of(vendor)
  const own = namesOf(all).filter((name) => whyNotAt(world, vendor, name) === null)
  return Object.fromEntries(own.map((name) => [name, all[name]]))
}

// The board and the schema let nothing else in.
const namesOf = (switches: Partial<Switches>): readonly Name[] => Object.keys(switches) as Name[]
