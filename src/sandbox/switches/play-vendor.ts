import type {
  AuthorizationRules,
  ClientAuthentication,
  EventRules,
  RefreshRules,
  RevocationRules,
  TokenRules,
  Vendor,
} from '../vendor.ts'
import { refusalsInShape } from './error-shapes.ts'
import { playEvents } from './play-events.ts'
import { playTokenAnswer } from './play-token-answer.ts'
import type { Switches } from './switches.ts'

function playAuthorization(rules: AuthorizationRules, switches: Switches): AuthorizationRules {
  const { pkce, callbackAppend, redirectUriMatch } = switches
  const method = { pkceMethods: rules.pkceMethods.length > 0 ? rules.pkceMethods : (['S256'] as const) }
  return {
    ...rules,
    ...(pkce === 'vendor' ? {} : { pkce, ...method }),
    ...(callbackAppend === 'vendor' ? {} : { append: callbackAppend }),
    redirectUri: {
      ...rules.redirectUri,
      ...(redirectUriMatch === 'vendor' ? {} : { match: redirectUriMatch, loopbackAlways: false }),
    },
    callback: withIssuer(rules, rules.callback, switches),
    errorCallback: withIssuer(rules, rules.errorCallback, switches),
  }
}

/** The callback's parameters with another `iss` (RFC 9207), or without one. */
function withIssuer(
  rules: AuthorizationRules,
  parameters: AuthorizationRules['callback'],
  { issuer }: Switches,
): AuthorizationRules['callback'] {
  if (issuer === 'vendor') return parameters
  const others = parameters.filter(([name]) => name !== 'iss')
  if (issuer === 'none') return others
  const own = parameters.find(([name]) => name === 'iss')?.[1] ?? `https://${rules.urls[0]?.split('/')[0]}`
  return [...others, ['iss', issuer === 'own' ? own : 'https://another-issuer.example']]
}

const CLIENT_AUTHENTICATION: Readonly<
  Record<Exclude<Switches['clientAuthentication'], 'vendor' | 'none'>, readonly ClientAuthentication[]>
> = {
  basic: ['client_secret_basic'],
  post: ['client_secret_post'],
  both: ['client_secret_basic', 'client_secret_post'],
}

function playToken(rules: TokenRules, switches: Switches): TokenRules {
  const { clientAuthentication, tokenRedirectUri, tokenFormat, requiredHeader, requiredParameter } = switches
  const [name = '', value = ''] = requiredParameter?.split(/=(.*)/s, 2) ?? []
  const more = requiredParameter === null ? {} : { [name]: value }
  return {
    ...rules,
    ...(clientAuthentication === 'vendor'
      ? {}
      : {
          clientAuthentication:
            clientAuthentication === 'none' ? ['none'] : CLIENT_AUTHENTICATION[clientAuthentication],
        }),
    ...(tokenRedirectUri === 'vendor' ? {} : { redirectUri: tokenRedirectUri }),
    ...(tokenFormat === 'vendor' ? {} : { format: tokenFormat }),
    headers: { ...rules.headers, ...(requiredHeader === null ? {} : { [requiredHeader]: '{any}' }) },
    parameters: { ...rules.parameters, ...more },
    refreshParameters: { ...rules.refreshParameters, ...more },
    exchangeAnswer: playTokenAnswer(rules.exchangeAnswer, switches),
    refreshAnswer: playTokenAnswer(rules.refreshAnswer, switches),
  }
}

/** The rules of each way of refreshing, where they are not the vendor's own. */
const REFRESH: Readonly<Record<Exclude<Switches['refresh'], 'vendor'>, Partial<RefreshRules>>> = {
  rotating: { rotates: 'always' },
  overlapping: { rotates: 'always', overlapSeconds: 28_800 },
  stable: { rotates: 'never' },
  'same-while-fresh': { rotates: 'with-access-token', keepsAccessTokenAboveSeconds: 600 },
  sometimes: { rotates: 'sometimes' },
  extending: { rotates: 'extends' },
  none: { rotates: 'none' },
}

function playRefresh(rules: RefreshRules, switches: Switches): RefreshRules {
  const { refresh, refreshTokenLifetimeSeconds, refreshTokenNeedsScope } = switches
  const { overlapSeconds: _, keepsAccessTokenAboveSeconds: __, ...base } = rules
  return {
    ...(refresh === 'vendor' ? rules : { ...base, ...REFRESH[refresh] }),
    ...(refreshTokenLifetimeSeconds === null ? {} : { lifetimeSeconds: refreshTokenLifetimeSeconds }),
    ...(refreshTokenNeedsScope === null ? {} : { needsScope: refreshTokenNeedsScope }),
  }
}

const REVOCATION_AUTHENTICATION = {
  bearer: 'bearer',
  basic: 'client_secret_basic',
  post: 'client_secret_post',
  none: 'none',
} as const

function playRevocation(rules: RevocationRules, switches: Switches): RevocationRules {
  const {
    revocationAuthentication: authentication,
    revocationMethod,
    revocationReach,
    revocationStatus,
    revocationGoneStatus,
  } = switches
  const gone =
    revocationGoneStatus === null ? null : { status: revocationGoneStatus, body: { error: 'gone' } }
  return {
    ...rules,
    ...(authentication === 'vendor'
      ? {}
      : { authentication: REVOCATION_AUTHENTICATION[authentication], ...targetOf(rules, authentication) }),
    ...(revocationMethod === 'vendor' ? {} : { method: revocationMethod }),
    ...(revocationReach === 'vendor' ? {} : { reach: revocationReach }),
    ...(revocationStatus === null
      ? {}
      : { answer: { status: revocationStatus, body: revocationStatus === 204 ? null : {} } }),
    ...(gone ? { gone: 'refusal', refusals: { ...rules.refusals, token: gone, subject: gone } } : {}),
  }
}

/** Without a token in the request there is only the header's. */
const targetOf = (rules: RevocationRules, authentication: keyof typeof REVOCATION_AUTHENTICATION) =>
  rules.target.kind === 'token' && rules.target.parameter !== undefined && authentication !== 'bearer'
    ? {}
    : { target: authentication === 'bearer' ? ({ kind: 'token' } as const) : tokenParameter }

const tokenParameter = { kind: 'token', parameter: 'token' } as const

/**
 * The vendor as its switches want it: the same kind of data, so that the engine has one set of rules and no exceptions.
 * What changes nothing in the rules (lifetimes, ids, conditions) the engine asks of the switches themselves.
 */
export function playVendor(vendor: Vendor, switches: Switches): Vendor {
  const events: EventRules | undefined = vendor.events && playEvents(vendor.events, switches)
  return {
    ...vendor,
    authorization: playAuthorization(vendor.authorization, switches),
    token: playToken(vendor.token, switches),
    refresh: playRefresh(vendor.refresh, switches),
    revocations:
      switches.revocation === 'missing'
        ? []
        : vendor.revocations.map((rules) => playRevocation(rules, switches)),
    refusals: refusalsInShape(vendor.refusals, switches.errorShape),
    ...(events ? { events } : {}),
    ...(switches.liveAccessTokens === null ? {} : { liveAccessTokens: switches.liveAccessTokens }),
  }
}
