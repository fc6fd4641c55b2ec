import type { Attempt } from '../../model/attempt.ts'
import type { ConnectionId } from '../../model/ids.ts'
import { isOAuth2 } from '../../model/source.ts'
import { type AnyGrant, runAfterConnect } from '../../oauth/index.ts'
import type { authorizationOf } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'
import { abandonGrant, newConnectionId } from './keep-grant.ts'

/**
 * Takes the steps that the vendor wants before a grant is worth a connection, and gives the id that the connection will
 * have. Throws the `VendorError` of the step that failed; the grant is on its way to being ended then. Unlike in the
 * exchange, the account is known here, so the revocation queue can leave alone what another connection lives by.
 */
export async function prepareConnection(
  context: Context,
  attempt: Attempt,
  { authorization, client }: NonNullable<ReturnType<typeof authorizationOf>>,
  grant: AnyGrant,
): Promise<ConnectionId> {
  const hasSteps = isOAuth2(authorization) && authorization.afterConnect !== undefined
  if (!hasSteps || grant.tokens.tokenType === 'oauth1') return newConnectionId(context)
  const { accountId, tokens } = grant
  const connectionId = await idFor(context, attempt, authorization.vendor, accountId)
  try {
    await runAfterConnect(context, authorization, client, { accountId, tokens, connectionId })
  } catch (error) {
    await abandonGrant(context, attempt, authorization, grant)
    throw error
  }
  return connectionId
}

/** What a vendor is told that the connection is called: the same for as long as the person keeps the account connected. */
async function idFor(
  context: Context,
  { applicationId, endUserId }: Attempt,
  vendor: string,
  accountId: string,
): Promise<ConnectionId> {
  const owners = await context.storage.read.connections.ownersOf(applicationId, vendor, accountId)
  return owners.find((owner) => owner.endUserId === endUserId)?.id ?? newConnectionId(context)
}
