import { SpringbarError } from '../../errors.ts'
import type { Application, Client } from '../../model/application.ts'
import type { Connection } from '../../model/connection.ts'
import type { ConnectionId } from '../../model/ids.ts'
import { type AnyAuthorization, isOAuth2 } from '../../model/source.ts'
import { signedHeader } from '../../oauth/index.ts'
import { authorizationOf } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'
import { openOAuth1Tokens } from '../sealing/sealed-tokens.ts'
import { type LiveToken, readToken, requireLiving } from './read-token.ts'

/** All that a call to a vendor's interface needs beside itself. */
export interface VendorAccess {
  readonly vendor: string
  readonly client: Client
  readonly api: NonNullable<AnyAuthorization['api']>
  /** The `Authorization` header of one request, sent once. */
  readonly authorize: (method: string, url: string) => string
  /** The same with a newer token, after the vendor refused this one; null where there can be none. */
  readonly renew: (() => Promise<VendorAccess>) | null
}

/** Opens a connection for calls to its vendor. Throws as `readToken` does. */
export async function openAccess(
  context: Context,
  application: Application,
  id: ConnectionId,
): Promise<VendorAccess> {
  const connection = requireLiving(await context.storage.read.connections.find(application.id, id))
  const known = authorizationOf(context.sources, application, connection.sourceId, connection.vendor)
  if (known === null)
    throw new SpringbarError('not_readable', 'The application has no client for this source any more.')
  const { authorization, client } = known
  const { api, vendor } = authorization
  if (api === undefined)
    throw new SpringbarError('not_readable', 'The definition of this source names no interface to call.')
  if (!isOAuth2(authorization))
    return { vendor, client, api, authorize: signerOf(context, connection, client), renew: null }
  const access = (live: LiveToken): VendorAccess => ({
    vendor,
    client,
    api,
    authorize: () => `Bearer ${live.accessToken.reveal()}`,
    renew: async () =>
      access(await readToken(context, application, id, { unlessStillValid: live.accessToken })),
  })
  return access(await readToken(context, application, id))
}

/** OAuth 1.0a signs each request anew (RFC 5849 §3.4). */
function signerOf(context: Context, connection: Connection, client: Client): VendorAccess['authorize'] {
  if (connection.sealedTokens === null)
    throw new SpringbarError('not_readable', 'There is no token of this connection to sign with.')
  const { accessToken, tokenSecret } = openOAuth1Tokens(context, connection, connection.sealedTokens)
  const token = { token: accessToken, tokenSecret }
  return (method, url) => signedHeader(context, { method, url, client, token })
}
