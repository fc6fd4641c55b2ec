import * as oauth from 'oauth4webapi'
import { limits } from '../limits.ts'
import type { Authorization } from '../model/source.ts'
import { authorizationServer } from './authorization-server.ts'
import { splitScopes } from './scopes.ts'
import { registeredError, VendorError } from './vendor-error.ts'

/** What a vendor sent the browser back with, when all is well. */
export interface AuthorizationResponse {
  readonly code: string
  /** The scopes that the callback says were granted; null when it says nothing, as at most vendors. */
  readonly grantedScopes: readonly string[] | null
}

/** The library wants to know who asks, and does not use it here. */
const NOBODY: oauth.Client = { client_id: '-' }
const TEMPORARY_ERRORS = ['server_error', 'temporarily_unavailable']

/**
 * Reads the parameters that came to the callback (RFC 6749 §4.1.2, RFC 9207), names and values decoded. Only those of
 * the code flow are looked at: an `access_token` or `id_token` that somebody put there means nothing.
 * Throws a {@link VendorError}: `denied` when the person cancelled, `unavailable` or `rejected` when the vendor reports
 * a fault, `malformed` for a repeated or overlong parameter, a foreign `iss`, another `state`, no code.
 */
export function readAuthorizationResponse(
  authorization: Authorization,
  parameters: Iterable<readonly [string, string]>,
  expectedState: string,
): AuthorizationResponse {
  const { grantedScopeParameter } = authorization.authorizationResponse
  const read = pick(parameters, ['code', 'state', 'iss', 'error', grantedScopeParameter ?? 'code'])
  validate(authorization, read, expectedState)

  const code = read.get('code') ?? ''
  if (code === '') throw new VendorError('malformed', 'code')
  if (grantedScopeParameter === null) return { code, grantedScopes: null }
  const scope = read.get(grantedScopeParameter)
  return { code, grantedScopes: scope === null ? null : splitScopes(authorization, scope) }
}

function pick(parameters: Iterable<readonly [string, string]>, names: readonly string[]): URLSearchParams {
  const read = new URLSearchParams()
  for (const [name, value] of parameters) {
    if (!names.includes(name)) continue
    if (read.has(name) || value.length > limits.callbackParameterCharacters) {
      throw new VendorError('malformed', 'parameter')
    }
    read.set(name, value)
  }
  return read
}

/** The library checks all of this; `iss` and `state` are looked at before, so that each has a cause of its own. */
function validate(authorization: Authorization, read: URLSearchParams, expectedState: string): void {
  const server = authorizationServer(authorization)
  const issuer = read.get('iss')
  if (issuer === null ? server.authorization_response_iss_parameter_supported : issuer !== server.issuer) {
    throw new VendorError('malformed', 'issuer')
  }
  if (read.get('state') !== expectedState || expectedState === '') throw new VendorError('malformed', 'state')
  try {
    oauth.validateAuthResponse(server, NOBODY, read, expectedState)
  } catch (error) {
    if (!(error instanceof oauth.AuthorizationResponseError))
      throw new VendorError('malformed', 'not_conform')
    const cause = registeredError(error.error)
    if (cause === 'access_denied') throw new VendorError('denied', cause)
    throw new VendorError(TEMPORARY_ERRORS.includes(cause) ? 'unavailable' : 'rejected', cause)
  }
}
