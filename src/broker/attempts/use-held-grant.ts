import { errorName } from '../../errors.ts'
import type { Attempt } from '../../model/attempt.ts'
import type { HeldGrant } from '../../model/held-grant.ts'
import type { ConnectionId } from '../../model/ids.ts'
import type { OutcomeError } from '../../model/result.ts'
import { isOAuth2 } from '../../model/source.ts'
import { type AnyGrant, exchangeCode, type Grant, VendorError } from '../../oauth/index.ts'
import { VaultError } from '../../vault/index.ts'
import { authorizationOf } from '../catalogue/find-source.ts'
import { causeOf } from '../cause-of.ts'
import { applicationOf, type Context } from '../context.ts'
import { lifeSince, outliveRevocation } from '../revocations/outlive-revocation.ts'
import { callbackUri } from './begin-connect.ts'
import { dropHeldGrant } from './drop-held-grant.ts'
import { type HeldCode, openHeld } from './held-grant.ts'
import { abandonGrant, keepGrant } from './keep-grant.ts'
import { prepareConnection } from './prepare-connection.ts'

/**
 * Makes a connection of what was held, once the word was given (`HeldGrants.release`): a code is exchanged now, tokens
 * are kept. Whatever goes wrong, the attempt ends, and what was received is ended at the vendor.
 */
export async function useHeldGrant(context: Context, attempt: Attempt, held: HeldGrant): Promise<void> {
  const failed = (error: OutcomeError, cause: string, isAbandoned = false) =>
    dropHeldGrant(context, attempt, { error, cause, isAbandoned })
  const application = applicationOf(context, attempt.applicationId)
  const known = application && authorizationOf(context.sources, application, attempt.sourceId, attempt.vendor)
  const source = attempt.sourceId === null ? undefined : context.sources.get(attempt.sourceId)
  if (source?.kind === 'oauth2' && !known) return void (await failed('source_not_available', 'no_client'))
  const session = await context.storage.read.sessions.find(attempt.sessionLookup)
  if (session === null || session.endedAt !== null)
    return void (await failed('session_expired', 'session_ended'))

  let grant: AnyGrant | null = null
  let isFresh: boolean
  let connectionId: ConnectionId | undefined
  try {
    const opened = openHeld(context, attempt, held)
    if (opened === null) return
    isFresh = opened.kind === 'code'
    grant = opened.kind === 'grant' ? opened.grant : await exchange(context, known, opened.code)
    if (known) connectionId = await prepareConnection(context, attempt, known, grant)
  } catch (error) {
    // What was received and could not be prepared is on its way to being ended.
    if (error instanceof VendorError)
      return void (await failed(error.outcome, causeOf(error), grant !== null))
    context.log.error('what was held cannot be used', {
      vendor: held.vendor,
      error: errorName(error),
    })
    const cause = error instanceof VaultError ? `vault_${error.reason}` : 'unexpected'
    return void (await failed('server_error', cause))
  }
  try {
    // Tokens that were held lived then; a code was exchanged after the word.
    const life = lifeSince(isFresh ? held.releasedAt : held.createdAt)
    await outliveRevocation(context, known, { grant, life }, (living, since) =>
      keepGrant(context, attempt, held, living, {
        from: 'pending',
        life: since,
        ...(connectionId === undefined ? {} : { connectionId }),
      }),
    )
  } catch (error) {
    // Tokens that were held are still there, and go to the queue with the failure.
    if (isFresh) await abandonGrant(context, attempt, held, grant)
    if (error instanceof VendorError) return void (await failed(error.outcome, causeOf(error)))
    context.log.error('grant was not kept', { vendor: held.vendor, error: errorName(error) })
    await failed('server_error', 'not_stored')
  }
}

function exchange(
  context: Context,
  known: ReturnType<typeof authorizationOf>,
  code: HeldCode,
): Promise<Grant> {
  // The definition changed since the code was held.
  if (known === null || !isOAuth2(known.authorization)) throw new VendorError('malformed', 'state')
  const { authorization, client } = known
  const redirectUri = callbackUri(context, authorization.vendor)
  return exchangeCode(context, authorization, client, { ...code, redirectUri })
}
