import type { Authorization } from '../../model/source.ts'
import type { JsonValue } from '../template.ts'
import type { Answer } from '../vendor.ts'
import { place } from './place.ts'

/** Members that a vendor adds beside what the definition reads. */
export type Extra = Readonly<Record<string, JsonValue>>

/** Where token answers tell the granted scopes: not where another place does. */
const tellsScope = ({ scopes, authorizationResponse, permissions }: Authorization): boolean =>
  scopes.length > 0 && authorizationResponse.grantedScopeParameter === null && permissions === undefined

function wrap({ tokenResponse }: Authorization, data: JsonValue, isRefreshWithoutTokens = false): JsonValue {
  const { envelope } = tokenResponse
  if (envelope === null) return data
  const inside = envelope.dataPath === null ? data : place({}, envelope.dataPath, data)
  if (envelope.onlyOnFailure && !isRefreshWithoutTokens) return inside
  return place(inside, envelope.statusPath, envelope.successStatus)
}

function tokens(authorization: Authorization, withRefreshToken: boolean): JsonValue {
  const { members, tokenTypeOptional, lifetimeSecondsWhenSilent } = authorization.tokenResponse
  const { lifetimePath } = authorization.refresh
  const entries: (readonly [path: string, value: JsonValue] | false)[] = [
    !tokenTypeOptional && ['token_type', 'Bearer'],
    [members?.accessToken ?? 'access_token', '{accessToken}'],
    withRefreshToken && [members?.refreshToken ?? 'refresh_token', '{refreshToken}'],
    lifetimeSecondsWhenSilent === undefined && [members?.expiresIn ?? 'expires_in', '{expiresIn}'],
    tellsScope(authorization) && [members?.scope ?? 'scope', '{scope}'],
    withRefreshToken && lifetimePath !== null && [lifetimePath, '{refreshExpiresIn}'],
  ]
  return entries
    .filter((entry) => entry !== false)
    .reduce((body: JsonValue, [path, value]) => place(body, path, value), {})
}

/** The answer to a code exchange. */
export function exchangeAnswer(authorization: Authorization, extra: Extra): Answer {
  const { account, refresh } = authorization
  const pair = tokens(authorization, refresh.mode !== 'none')
  const withAccount = account.from === 'token' ? place(pair, account.path, '{subject}') : pair
  const withIdToken = account.from === 'idToken' ? place(withAccount, 'id_token', '{idToken}') : withAccount
  return { status: 200, body: wrap(authorization, merge(withIdToken, extra)) }
}

/** The answer to a refresh. */
export function refreshAnswer(authorization: Authorization, extra: Extra): Answer {
  const { mode } = authorization.refresh
  if (mode === 'extending') return { status: 200, body: wrap(authorization, { ...extra }, true) }
  const pair = tokens(authorization, mode === 'rotating' || mode === 'mayRotate')
  return { status: 200, body: wrap(authorization, merge(pair, extra)) }
}

const merge = (body: JsonValue, extra: Extra): JsonValue =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body, ...extra } : body
