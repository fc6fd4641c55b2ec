import * as oauth from 'oauth4webapi'
import type { Client } from '../model/application.ts'
import { secret } from '../model/secret.ts'
import type { Authorization } from '../model/source.ts'
import { type LibraryRequest, throughGuardedFetch } from './authorization-server.ts'
import { readLifetimeSeconds } from './conform.ts'
import type { Tokens } from './grant.ts'
import { type JsonObject, valueAt } from './json.ts'
import { fillHeaders, valuesOf } from './template.ts'
import type { VendorContext } from './vendor-answer.ts'
import { registeredError, VendorError } from './vendor-error.ts'

/** RFC 6749 Appendix A.12 and A.17: visible ASCII, and space. Nothing that could split a header. */
const TOKEN = /^[\x20-\x7e]+$/

/**
 * Sends what the OAuth library made for a token endpoint in the shape that this vendor wants: as a form, a JSON object
 * or a query, with its headers. `replaced` are members whose value the definition decides, whatever the standard says.
 */
export function throughTokenRequest(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  replaced: Readonly<Record<string, string>> = {},
) {
  const { format = 'form', headers: templates } = authorization.tokenRequest
  return {
    ...throughGuardedFetch(context, authorization),
    [oauth.customFetch]: (url: string, request: LibraryRequest) => {
      const headers = new Headers(request.headers)
      const members = new URLSearchParams(request.body instanceof URLSearchParams ? request.body : undefined)
      for (const [name, value] of Object.entries(replaced)) members.set(name, value)
      if (format === 'json') headers.set('content-type', 'application/json')
      if (format === 'query') headers.delete('content-type')
      fillHeaders(headers, templates, valuesOf(client))
      const { vendor } = authorization
      if (format === 'query')
        return context.fetch(`${url}${url.includes('?') ? '&' : '?'}${members}`, {
          method: 'GET',
          headers,
          vendor,
        })
      const body = format === 'json' ? JSON.stringify(Object.fromEntries(members)) : members
      return context.fetch(url, { method: 'POST', headers, body, vendor })
    },
  } as const
}

/** What the OAuth library makes of an answer, with its refusals told as ours. */
export async function processTokenAnswer(
  process: () => Promise<oauth.TokenEndpointResponse>,
): Promise<oauth.TokenEndpointResponse> {
  try {
    return await process()
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) {
      throw new VendorError('rejected', registeredError(error.error), { status: error.status })
    }
    throw new VendorError('malformed', 'not_conform')
  }
}

/** The tokens of an answer. Throws `malformed` for any that could not be sent in a header. */
export function readTokens(token: oauth.TokenEndpointResponse): Tokens {
  if (token.token_type !== 'bearer') throw new VendorError('malformed', 'token_type')
  if (!TOKEN.test(token.access_token)) throw new VendorError('malformed', 'access_token')
  if (token.refresh_token !== undefined && !TOKEN.test(token.refresh_token)) {
    throw new VendorError('malformed', 'refresh_token')
  }
  return Object.freeze({
    accessToken: secret(token.access_token),
    refreshToken: token.refresh_token === undefined ? null : secret(token.refresh_token),
    tokenType: 'bearer',
  })
}

/** When an access token ends, in epoch milliseconds; null when it does not. */
export const accessExpiryOf = ({ expires_in }: oauth.TokenEndpointResponse, now: number): number | null =>
  expires_in === undefined ? null : now + expires_in * 1000

/**
 * When the refresh token dies if it is not used, in epoch milliseconds: what the answer says of this one goes before what
 * the vendor says of all. Null when neither does.
 */
export function refreshExpiryOf(authorization: Authorization, data: JsonObject, now: number): number | null {
  const { lifetimePath, lifetimeSeconds } = authorization.refresh
  const said = lifetimePath === null ? undefined : valueAt(data, lifetimePath)
  if (said !== undefined) return now + readLifetimeSeconds(said) * 1000
  return lifetimeSeconds === null ? null : now + lifetimeSeconds * 1000
}
