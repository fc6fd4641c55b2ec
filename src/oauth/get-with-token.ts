import * as oauth from 'oauth4webapi'
import type { Client } from '../model/application.ts'
import type { Authorization } from '../model/source.ts'
import { throughGuardedFetch } from './authorization-server.ts'
import type { Tokens } from './grant.ts'
import type { JsonObject } from './json.ts'
import { fillHeaders, valuesOf } from './template.ts'
import { readJsonObject, requireAvailable, type VendorContext } from './vendor-answer.ts'
import { VendorError } from './vendor-error.ts'

/**
 * What the vendor answers to a GET with the access token (RFC 6750 §2.1). Throws a {@link VendorError}; `scope_missing`
 * when the granted scopes do not reach so far (403, RFC 6750 §3.1).
 */
export async function getWithToken(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  request: { readonly url: string; readonly headers?: Readonly<Record<string, string>> | undefined },
  tokens: Tokens,
): Promise<JsonObject> {
  const headers = new Headers({ accept: 'application/json' })
  const response = await oauth.protectedResourceRequest(
    tokens.accessToken.reveal(),
    'GET',
    new URL(request.url),
    fillHeaders(headers, request.headers, valuesOf(client, { tokens })),
    null,
    throughGuardedFetch(context, authorization),
  )
  requireAvailable(response, context.now())
  if (response.status === 403) throw new VendorError('scope_missing', 'insufficient_scope', { status: 403 })
  if (response.status !== 200) throw new VendorError('rejected', 'http_status', { status: response.status })
  return readJsonObject(response)
}
