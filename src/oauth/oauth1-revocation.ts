import type { Client } from '../model/application.ts'
import type { OAuth1Authorization } from '../model/source.ts'
import type { OAuth1Grant } from './oauth1-grant.ts'
import { type OAuth1Context, sendSigned } from './oauth1-request.ts'
import type { Revoked } from './revocation.ts'
import { fillHeader, fillText, fillUrl, type Lookup, valuesOf } from './template.ts'
import { requireAvailable } from './vendor-answer.ts'
import { VendorError } from './vendor-error.ts'

/**
 * Ends a grant of OAuth 1.0a at the vendor by the vendor's own call, signed with the grant's token; RFC 5849 knows no
 * revocation. Throws a {@link VendorError} when that did not work; its `retryable` tells whether a later try may.
 */
export async function revokeOAuth1Grant(
  context: OAuth1Context,
  authorization: OAuth1Authorization,
  client: Client,
  { accountId, tokens }: Pick<OAuth1Grant, 'accountId' | 'tokens'>,
): Promise<Revoked | 'unsupported'> {
  const { revocation, vendor } = authorization
  if (revocation.kind === 'unsupported') return 'unsupported'
  const ofClient = valuesOf(client)
  const values: Lookup = (name) => (name === 'accountId' ? accountId : ofClient(name))
  const { body, headers = {} } = revocation
  const members = Object.entries(body?.members ?? {}).map(
    ([name, template]) => [name, fillText(template, values)] as const,
  )
  const response = await sendSigned(context, {
    vendor,
    method: revocation.method,
    url: fillUrl(revocation.url, values),
    client,
    token: { token: tokens.accessToken, tokenSecret: tokens.tokenSecret },
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, template]) => [name, fillHeader(template, values)]),
    ),
    ...(body?.format === 'json' ? { json: JSON.stringify(Object.fromEntries(members)) } : { form: members }),
  })
  requireAvailable(response, context.now())
  if (revocation.goneStatuses.includes(response.status)) return 'gone'
  if (!revocation.successStatuses.includes(response.status))
    throw new VendorError('rejected', 'http_status', { status: response.status })
  return 'revoked'
}
