import type { Application } from '../../model/application.ts'
import type { Attempt } from '../../model/attempt.ts'
import type { HeldGrant } from '../../model/held-grant.ts'
import type { ConnectionId } from '../../model/ids.ts'
import type { AnyGrant } from '../../oauth/index.ts'
import { authorizationOf } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'
import { type Life, lifeSince, outliveRevocation } from '../revocations/outlive-revocation.ts'
import { moveProof } from './answer-move.ts'
import { browserSecretOf } from './begin-connect.ts'
import { ticketProof } from './confirm-attempt.ts'
import { holdTokens } from './held-grant.ts'
import { holdGrant, keepGrant } from './keep-grant.ts'

/** A grant that a vendor just gave, and for whom. */
export interface ReceivedGrant {
  readonly application: Application
  readonly vendor: string
  readonly grant: AnyGrant
  /** The attempt's `state`, of which its proofs are derived. */
  readonly state: string
  /** What a connection that is new is called; null for an id of its own. */
  readonly connectionId: ConnectionId | null
}

/**
 * Makes a connection of what was received, or sets the attempt waiting where somebody's word is needed first. Throws a
 * `VendorError` when the grant was ended at the vendor meanwhile.
 */
export async function keepOrHold(
  context: Context,
  attempt: Attempt,
  { application, vendor, grant, state, connectionId }: ReceivedGrant,
): Promise<Attempt> {
  const { kind } = application.binding
  const known = authorizationOf(context.sources, application, attempt.sourceId, vendor)
  return outliveRevocation(context, known, { grant, life: lifeSince(attempt.returnedAt) }, (living, life) => {
    if (kind === 'confirm')
      return hold(context, holdTokens(context, attempt, ticketProof(context, state), living), life)
    return keepGrant(context, attempt, { vendor }, living, {
      life,
      holdBeforeMoving:
        kind === 'page'
          ? () => holdTokens(context, attempt, moveProof(context, browserSecretOf(context, state)), living)
          : null,
      ...(connectionId === null ? {} : { connectionId }),
    })
  })
}

/** Sets the attempt waiting for a word, with what was received, in one unit. A code has no life to know of. */
export const hold = (
  context: Context,
  held: HeldGrant,
  life: Life = lifeSince(held.createdAt),
): Promise<Attempt> => context.storage.write((tables) => holdGrant(context, tables, held, life))
