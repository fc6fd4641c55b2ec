import type { Authorization } from '../../model/source.ts'
import type { Answer, Refusal, Table } from '../vendor.ts'
import { place } from './place.ts'

/** Status, RFC 6749 §5.2 code and description of each refusal. */
const WORDS: Table<Refusal, readonly [status: number, error: string, description: string]> = {
  'client.missing': [401, 'invalid_client', 'No client authentication was included.'],
  client: [401, 'invalid_client', 'Client authentication failed.'],
  grant_type: [400, 'unsupported_grant_type', 'The grant type is not supported.'],
  'grant_type.missing': [400, 'invalid_request', 'The grant_type is missing.'],
  'code.missing': [400, 'invalid_request', 'The code is missing.'],
  code: [400, 'invalid_grant', 'The authorization code is invalid, used or expired.'],
  redirect_uri: [400, 'invalid_grant', 'The redirect URI does not match the authorization request.'],
  code_verifier: [400, 'invalid_grant', 'The code verifier does not match the challenge.'],
  'refresh_token.missing': [400, 'invalid_request', 'The refresh_token is missing.'],
  refresh_token: [400, 'invalid_grant', 'The refresh token is invalid, used or expired.'],
  access_token: [401, 'invalid_token', 'The access token is invalid or expired.'],
  scope: [403, 'insufficient_scope', 'The access token does not reach that far.'],
  'scope.missing': [403, 'insufficient_scope', 'The access token does not reach that far.'],
  token: [401, 'invalid_token', 'The token is invalid or has ended.'],
  subject: [404, 'not_found', 'There is no such user.'],
  rate: [429, 'rate_limited', 'Too many requests.'],
  header: [400, 'invalid_request', 'A header is missing: {value}.'],
  parameter: [400, 'invalid_request', 'A parameter is missing or wrong: {value}.'],
  consent: [403, 'consent_missing', 'The person has not accepted the terms.'],
  access: [403, 'forbidden', 'The person’s plan does not include this.'],
  default: [400, 'invalid_request', 'The request is malformed.'],
}

type TokenResponse = Authorization['tokenResponse']

/** A status inside an envelope that means neither success nor, unless it is meant, something that passes. */
function failure(envelope: NonNullable<TokenResponse['envelope']>, http: number, error: string) {
  const { successStatus, temporaryStatuses, invalidGrantStatuses } = envelope
  const [ended] = invalidGrantStatuses ?? []
  if (ended !== undefined && error === 'invalid_grant') return ended
  if (typeof successStatus === 'number') {
    const own = successStatus === http ? http + 1_000 : http
    return http === 429 ? (temporaryStatuses[0] ?? own) : own
  }
  return http === 429 ? (temporaryStatuses[0] ?? '5429') : `5${http}`
}

/** What the vendor writes for a code of RFC 6749 §5.2. */
const ownWord = ({ errorNames = {} }: TokenResponse, error: string): string =>
  Object.entries(errorNames).find(([, meaning]) => meaning === error)?.[0] ?? error

function answer(response: TokenResponse, status: number, error: string, description: string): Answer {
  const { envelope, errorPath } = response
  const words = place({}, errorPath, ownWord(response, error))
  if (envelope === null) {
    const body = errorPath === 'error' ? place(words, 'error_description', description) : words
    return { status, body }
  }
  return { status: 200, body: place(words, envelope.statusPath, failure(envelope, status, error)) }
}

/** The vendor's words for every refusal, where its definition says that an error stands. */
export function refusalsOf(response: TokenResponse): Table<Refusal, Answer> {
  const entries = Object.entries(WORDS).map(([name, [status, error, description]]) => [
    name,
    answer(response, status, error, description),
  ])
  const [status, error, description] = WORDS.default
  return { ...Object.fromEntries(entries), default: answer(response, status, error, description) }
}
