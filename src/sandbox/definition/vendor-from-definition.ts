/**
 * A sandbox vendor out of a source definition.
 *
 * @module sandbox/definition — owns what a definition means seen from the vendor's side: which calls there are, what they
 * demand and what they answer. What a definition leaves open is filled with the strict or the usual reading, or by the
 * vendor's oddities. It knows no vendor and imports no definition: they are handed in.
 */
import type { Authorization } from '../../model/source.ts'
import type { JsonValue } from '../template.ts'
import type {
  AuthorizationRules,
  DemoAccount,
  JwtFormat,
  RefreshRules,
  TokenFormat,
  TokenRules,
  Vendor,
} from '../vendor.ts'
import { accountOf } from '../vendors/people.ts'
import { exchangeAnswer, refreshAnswer } from './answers.ts'
import { resourcesOf, revocationsOf, splitUrl, stepsOf } from './calls.ts'
import type { Oddities } from './oddities.ts'
import { place } from './place.ts'
import { refusalsOf } from './refusals.ts'

const HOUR_SECONDS = 3_600

/** Another number for each vendor, so that an id never fits at two of them by chance. */
const subjectOf = (vendor: string, person: number): string => {
  const sum = [...vendor].reduce((total, letter, at) => total + letter.charCodeAt(0) * (at + 1), 0)
  return String(40_000_000 + sum * 1_000 + person)
}

function accountsOf(vendor: string, oddities: Oddities): readonly DemoAccount[] {
  return (['robin', 'kim', 'noor'] as const).map((key, at) =>
    accountOf(key, oddities.subjects?.[at] ?? subjectOf(vendor, at + 1), oddities.details),
  )
}

function authorizationRules(definition: Authorization, oddities: Oddities): AuthorizationRules {
  const { authorizationRequest, authorizationResponse, registration, scopes } = definition
  const { scopeParameter } = authorizationRequest
  const issuer =
    authorizationResponse.issuer === null ? [] : [['iss', authorizationResponse.issuer.value] as const]
  const granted = authorizationResponse.grantedScopeParameter
  const loopback = registration?.redirectUri.loopback
  return {
    urls: [splitUrl(authorizationRequest.endpoint).address],
    scopeSeparator: definition.scopeSeparator,
    ...(scopeParameter === undefined ? {} : { scopeParameter }),
    scopeOptional: scopes.length === 0,
    stateRequired: false,
    pkce: authorizationRequest.pkce ? 'optional' : 'ignored',
    pkceMethods: ['S256'],
    callback: [
      ['code', '{code}'],
      ...(authorizationRequest.stateIn === 'redirect_uri' ? [] : [['state', '{state}'] as const]),
      ...(granted === null ? [] : [[granted, '{scope}'] as const]),
      ...issuer,
    ],
    errorCallback: [
      ['error', '{error}'],
      ['error_description', '{errorDescription}'],
      ['state', '{state}'],
      ...issuer,
    ],
    append: 'standard',
    problems: {
      client: 'invalid_client',
      redirect_uri: 'redirect_uri_mismatch',
      response_type: 'unsupported_response_type',
      scope: 'invalid_scope',
      default: 'invalid_request',
    },
    ...oddities.authorization,
    redirectUri: {
      match: registration?.redirectUri.match === 'domain' ? 'host' : 'exact',
      loopbackAlways: false,
      publicOnly: loopback === 'refused',
      noIpAddress: loopback === 'name',
      optional: false,
      ignoresQuery: authorizationRequest.stateIn === 'redirect_uri',
      ...oddities.redirectUri,
    },
  }
}

function accessTokenFormat({ account }: Authorization): TokenFormat {
  if (account.from !== 'accessToken') return { encoding: 'hex', bytes: 32 }
  return { encoding: 'jwt', claims: claims(account.claim) }
}

/** Claims with the account's id where the definition looks for it. */
const claims = (path: string): JwtFormat['claims'] => ({
  iat: '{nowSeconds}',
  exp: '{expiresAt}',
  jti: '{jti}',
  ...objectOf(path),
})

/** A path that begins with a name gives an object. */
const objectOf = (path: string): Readonly<Record<string, JsonValue>> => Object(place({}, path, '{subject}'))

/** What a refresh must carry beside the standard's parameters: some vendors replace those too. */
function refreshParameters({ tokenRequest, refresh }: Authorization): Readonly<Record<string, string>> {
  return refresh.parameters ?? tokenRequest.parameters
}

function tokenRules(definition: Authorization, oddities: Oddities): TokenRules {
  const { tokenRequest, refresh, account, authorizationRequest } = definition
  const issuer =
    definition.authorizationResponse.issuer?.value ?? new URL(authorizationRequest.endpoint).origin
  return {
    urls: [splitUrl(tokenRequest.endpoint).address],
    ...(refresh.endpoint === undefined ? {} : { refreshUrls: [splitUrl(refresh.endpoint).address] }),
    format: tokenRequest.format ?? 'form',
    parameters: tokenRequest.parameters,
    refreshParameters: refreshParameters(definition),
    headers: tokenRequest.headers ?? {},
    ...(tokenRequest.sendsScope ? { repeatsScopeAs: authorizationRequest.scopeParameter ?? 'scope' } : {}),
    clientAuthentication: [tokenRequest.clientAuthentication],
    redirectUri: 'if-sent',
    accessToken: oddities.accessToken ?? accessTokenFormat(definition),
    refreshToken: oddities.refreshToken ?? { encoding: 'hex', bytes: 32 },
    ...(account.from === 'idToken'
      ? {
          idToken: {
            encoding: 'jwt' as const,
            claims: { iss: issuer, aud: '{clientId}', ...claims(account.claim) },
          },
        }
      : {}),
    scopeSeparator: definition.scopeSeparator,
    exchangeAnswer: exchangeAnswer(definition, oddities.exchangeExtra ?? {}),
    refreshAnswer: refreshAnswer(definition, oddities.refreshExtra ?? {}),
    ...oddities.token,
  }
}

const ROTATES: Readonly<Record<Authorization['refresh']['mode'], RefreshRules['rotates']>> = {
  rotating: 'always',
  mayRotate: 'sometimes',
  stable: 'never',
  extending: 'extends',
  none: 'none',
}

function refreshRules({ refresh }: Authorization, oddities: Oddities): RefreshRules {
  // A refresh token that stays lives by its use, one that is replaced by its age.
  const byUse = refresh.mode === 'stable' || refresh.mode === 'mayRotate'
  return {
    rotates: ROTATES[refresh.mode],
    ...(refresh.overlapSeconds === undefined ? {} : { overlapSeconds: refresh.overlapSeconds }),
    endsOlderAccessTokens: false,
    lifetimeSeconds: byUse ? null : refresh.lifetimeSeconds,
    idleLifetimeSeconds: byUse ? refresh.lifetimeSeconds : null,
    ...oddities.refresh,
  }
}

/**
 * The vendor that a definition describes, with three people's accounts. Throws nothing: a definition that the schema
 * accepts can be played. A revocation that is code (`hook`) is missing unless the oddities bring it.
 */
export function vendorFromDefinition(definition: Authorization, oddities: Oddities = {}): Vendor {
  const { tokenRequest, tokenResponse, documentation, scopes } = definition
  const silent = tokenResponse.lifetimeSecondsWhenSilent
  return {
    key: definition.vendor,
    name: definition.name,
    documentation: { ...documentation, doubts: [...documentation.doubts, ...(oddities.doubts ?? [])] },
    accounts: accountsOf(definition.vendor, oddities),
    scopes: scopes.map(({ value, label }) => ({ value, sentence: label })),
    authorization: authorizationRules(definition, oddities),
    code: oddities.code ?? { encoding: 'hex', bytes: 20 },
    token: tokenRules(definition, oddities),
    refresh: refreshRules(definition, oddities),
    revocations: [...revocationsOf(definition), ...(oddities.revocations ?? [])],
    resources: [...(oddities.resources ?? []), ...resourcesOf(definition)],
    steps: stepsOf(definition),
    refusals: { ...refusalsOf(tokenResponse), ...oddities.refusals },
    switches: {
      codeLifetimeSeconds: tokenRequest.codeLifetimeSeconds,
      accessTokenLifetimeSeconds: silent === undefined ? HOUR_SECONDS : silent,
      allowLocalhost: definition.registration?.redirectUri.loopback !== 'refused',
      ...oddities.switches,
    },
    ...(oddities.events ? { events: oddities.events } : {}),
    ...(oddities.subscription ? { subscription: oddities.subscription } : {}),
    ...(oddities.liveAccessTokens === undefined ? {} : { liveAccessTokens: oddities.liveAccessTokens }),
  }
}
