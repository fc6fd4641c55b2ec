import type { Client } from '../model/application.ts'
import type { Authorization } from '../model/source.ts'
import { authorizationServer, clientAuthentication } from './authorization-server.ts'
import { requireEnvelopeSuccess } from './conform.ts'
import {
  fillHeader,
  fillHeaders,
  fillText,
  fillUrl,
  type Lookup,
  type TemplateGrant,
  valuesOf,
} from './template.ts'
import { readJsonObject, requireAvailable, type VendorContext } from './vendor-answer.ts'
import { VendorError } from './vendor-error.ts'

type AfterConnectStep = NonNullable<Authorization['afterConnect']>[number]

/** A call of the vendor's own for one grant, as a definition describes it. */
export type VendorCall = Pick<
  AfterConnectStep,
  'method' | 'url' | 'authentication' | 'headers' | 'body' | 'successStatuses'
> & {
  /** Members of a JSON body that are lists. */
  readonly lists?: Readonly<Record<string, readonly string[]>> | undefined
}

/**
 * Sends a vendor's own call for one grant. What its answer means is the caller's business. Throws a {@link VendorError}
 * when the vendor cannot be reached, and `rejected` when a value that the call needs is missing.
 */
export async function sendVendorCall(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  call: VendorCall,
  grant: TemplateGrant,
): Promise<Response> {
  return sendCall(context, authorization, client, call, valuesOf(client, grant))
}

/** The same for a call that is filled with other values than those of a grant. */
export async function sendCall(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  call: VendorCall,
  values: Lookup,
): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' })
  const members = new URLSearchParams()
  for (const [name, template] of Object.entries(call.body?.members ?? {}))
    members.set(name, fillText(template, values))
  if (call.authentication === 'bearer')
    headers.set('authorization', fillHeader('Bearer {accessToken}', values))
  else if (call.authentication === 'refresh_bearer')
    headers.set('authorization', fillHeader('Bearer {refreshToken}', values))
  else {
    const authenticate = clientAuthentication(call.authentication, client)
    await authenticate(authorizationServer(authorization), { client_id: client.clientId }, members, headers)
  }
  fillHeaders(headers, call.headers, values)
  return context.fetch(fillUrl(call.url, values), {
    method: call.method,
    headers,
    body: writeBody(call, members, headers),
    vendor: authorization.vendor,
  })
}

function writeBody(call: VendorCall, members: URLSearchParams, headers: Headers): BodyInit | null {
  if (call.body === undefined && members.size === 0) return null
  if (call.body?.format !== 'json') return members
  if (!headers.has('content-type')) headers.set('content-type', 'application/json')
  return JSON.stringify({ ...Object.fromEntries(members), ...call.lists })
}

/**
 * Throws unless the vendor did what a call asked for: by the HTTP status, and by the status in the envelope where the
 * vendor writes one into every answer.
 */
export async function requireCallSuccess(
  context: VendorContext,
  authorization: Authorization,
  call: VendorCall,
  response: Response,
): Promise<void> {
  requireAvailable(response, context.now())
  if (!call.successStatuses.includes(response.status))
    throw new VendorError('rejected', 'http_status', { status: response.status })
  if (authorization.tokenResponse.envelope === null) return
  // Its HTTP status has said yes already, so a body that cannot be read takes nothing back.
  const answer = await readJsonObject(response).catch(() => null)
  if (answer !== null) requireEnvelopeSuccess(authorization, answer)
}
