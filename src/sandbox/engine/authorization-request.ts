import type { Problem, SandboxClient, Switches, Vendor, VendorScope } from '../vendor.ts'
import { findClient, type World } from '../world.ts'
import { checkRedirectUri } from './redirect-uri.ts'

/** An authorization request that may be put to the person. */
export interface AuthorizationRequest {
  readonly client: SandboxClient
  /** Where the person goes afterwards. */
  readonly redirectUri: string
  /** Whether the request named it: some vendors want it again in the token call only then. */
  readonly redirectUriSent: boolean
  readonly state: string | null
  readonly asked: readonly VendorScope[]
  readonly codeChallenge: string | null
  readonly codeChallengeMethod: string
  readonly query: URLSearchParams
}

/** A request that is right, or what is wrong with it. */
export type CheckedRequest = { readonly request: AuthorizationRequest } | { readonly problem: Problem }

type Step<Value> = { readonly value: Value } | { readonly problem: Problem }

const ok = <Value>(value: Value): Step<Value> => ({ value })
const no = (problem: Problem) => ({ problem })

/** A challenge is as long as a verifier may be: RFC 7636 §4.2. */
const CHALLENGE = /^[A-Za-z0-9\-._~]{43,128}$/

function readClient(world: World, vendor: Vendor, query: URLSearchParams): Step<SandboxClient> {
  const clientId = query.get('client_id')
  if (!clientId) return no('client.missing')
  const client = findClient(world, vendor, clientId)
  return client ? ok(client) : no('client.unknown')
}

function readRedirectUri(
  vendor: Vendor,
  client: SandboxClient,
  query: URLSearchParams,
  switches: Switches,
): Step<string> {
  const rules = vendor.authorization.redirectUri
  const sent = query.get('redirect_uri')
  const only = client.redirectUris.length === 1 ? client.redirectUris[0] : undefined
  const uri = sent || (rules.optional ? only : undefined)
  if (!uri) return no('redirect_uri.missing')
  const verdict = checkRedirectUri(uri, client, rules, switches.allowLocalhost)
  return verdict === 'ok' ? ok(uri) : no(`redirect_uri.${verdict}`)
}

function readScopes(vendor: Vendor, query: URLSearchParams): Step<readonly VendorScope[]> {
  const { scopeParameter = 'scope', scopeOptional, scopeSeparator } = vendor.authorization
  if (scopeParameter === null) return ok(vendor.scopes)
  const words = (query.get(scopeParameter) ?? '').split(scopeSeparator).filter(Boolean)
  if (words.length === 0) return scopeOptional ? ok(vendor.scopes) : no('scope.missing')
  const known = new Map(vendor.scopes.map((scope) => [scope.value, scope]))
  const asked = [...new Set(words)].map((word) => known.get(word))
  const found = asked.filter((scope) => scope !== undefined)
  return found.length === asked.length ? ok(found) : no('scope.unknown')
}

function checkChallenge(vendor: Vendor, query: URLSearchParams): Problem | null {
  const { pkce, pkceMethods } = vendor.authorization
  if (pkce === 'ignored') return null
  const challenge = query.get('code_challenge')
  const method = query.get('code_challenge_method')
  if (challenge === null) {
    if (pkce === 'required') return 'code_challenge.missing'
    return method === null ? null : 'code_challenge.malformed'
  }
  // Without a method the challenge is a plain one: RFC 7636 §4.3.
  if (!pkceMethods.some((known) => known === (method ?? 'plain'))) return 'code_challenge_method.unknown'
  return CHALLENGE.test(challenge) ? null : 'code_challenge.malformed'
}

function checkRest(vendor: Vendor, query: URLSearchParams, switches: Switches): Problem | null {
  const responseType = query.get('response_type')
  if (!responseType) return 'response_type.missing'
  if (responseType !== 'code') return 'response_type.unknown'
  const state = query.get('state') ?? ''
  if (vendor.authorization.stateRequired && state === '') return 'state.missing'
  if (state.length < switches.stateMinCharacters) return 'state.short'
  return checkChallenge(vendor, query)
}

/** Checks an authorization request in the vendor's way. A problem is shown on a page and never redirected. */
export function checkAuthorizationRequest(
  world: World,
  vendor: Vendor,
  query: URLSearchParams,
): CheckedRequest {
  const switches = world.switches.of(vendor)
  const client = readClient(world, vendor, query)
  if ('problem' in client) return client
  const redirectUri = readRedirectUri(vendor, client.value, query, switches)
  if ('problem' in redirectUri) return redirectUri
  const problem = checkRest(vendor, query, switches)
  if (problem) return { problem }
  const scopes = readScopes(vendor, query)
  if ('problem' in scopes) return scopes
  const knowsPkce = vendor.authorization.pkce !== 'ignored'
  return {
    request: {
      client: client.value,
      redirectUri: redirectUri.value,
      redirectUriSent: query.has('redirect_uri'),
      state: query.get('state'),
      asked: scopes.value,
      codeChallenge: knowsPkce ? query.get('code_challenge') : null,
      codeChallengeMethod: query.get('code_challenge_method') ?? 'plain',
      query,
    },
  }
}
