/** The words for what is called at a vendor and for why it says no. */
/** What a caller can do at a vendor. Faults and recorded calls go by these names. */
export const OPERATIONS = [
  'authorize',
  'request_token',
  'token',
  'exchange',
  'refresh',
  'identity',
  'permissions',
  'afterConnect',
  'revoke',
  'nonce',
  'subscription',
  'data',
  'log_in',
  'other',
] as const
/** One of {@link OPERATIONS}. */
export type Operation = (typeof OPERATIONS)[number]

/** Why a server-to-server call is refused. The part before the dot is its family. */
export const REFUSALS = [
  'client.missing',
  'client.unknown',
  'client.secret',
  'action.missing',
  'action.unknown',
  'grant_type.missing',
  'grant_type.unknown',
  'code.missing',
  'code.unknown',
  'code.used',
  'code.expired',
  'redirect_uri.missing',
  'redirect_uri.mismatch',
  'code_verifier.missing',
  'code_verifier.wrong',
  'code_verifier.unexpected',
  'refresh_token.missing',
  'refresh_token.unknown',
  'refresh_token.ended',
  'refresh_token.expired',
  'access_token.missing',
  'access_token.unknown',
  'access_token.ended',
  'access_token.expired',
  'scope.missing',
  'token.missing',
  'token.unknown',
  'subject.missing',
  'subject.unknown',
  'nonce.missing',
  'nonce.unknown',
  'nonce.used',
  'nonce.expired',
  'timestamp.missing',
  'signature.missing',
  'signature.wrong',
  'rate.exceeded',
  'header.missing',
  'parameter.missing',
  'consent.missing',
  'access.forbidden',
  'notification_url.unverified',
  'notification_url.forbidden',
] as const
/** One of {@link REFUSALS}. */
export type Refusal = (typeof REFUSALS)[number]

/** Why an authorization request is answered with a page instead of the consent question. */
export type Problem =
  | 'client.missing'
  | 'client.unknown'
  | 'redirect_uri.missing'
  | 'redirect_uri.mismatch'
  | 'redirect_uri.private'
  | 'response_type.missing'
  | 'response_type.unknown'
  | 'scope.missing'
  | 'scope.unknown'
  | 'state.missing'
  | 'state.short'
  | 'code_challenge.missing'
  | 'code_challenge.malformed'
  | 'code_challenge_method.unknown'
  | 'vendor.trouble'

/** The part of a name before its dot. */
export type Family<Name extends string> = Name extends `${infer First}.${string}` ? First : never

/** An answer for each name, for a whole family of names, and for all the rest. */
export type Table<Name extends string, Value> = Readonly<
  Partial<Record<Name | Family<Name>, Value>> & { default: Value }
>

/** The entry for a name, else for its family, else the default. */
export function lookUp<Name extends string, Value>(table: Table<Name, Value>, name: Name): Value {
  // The family's type is computed from the name's; at run time it is what stands before the dot.
  const family = name.slice(0, name.indexOf('.')) as Family<Name>
  return table[name] ?? table[family] ?? table.default
}
