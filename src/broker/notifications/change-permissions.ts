import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { Connection } from '../../model/connection.ts'
import { type Authorization, isOAuth2 } from '../../model/source.ts'
import { askForPermissions, requestedScopes, VendorError } from '../../oauth/index.ts'
import { authorizationOf } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'
import { connectionEvent } from '../events/new-event.ts'
import { readToken } from '../tokens/read-token.ts'
import { writeAgain } from '../write-again.ts'
import { again, DONE, type Heard } from './end-removed.ts'

/**
 * Writes down what a person allows now, after the vendor said that it changed, and tells the application when it did. The
 * vendor's own list counts where there is one, whatever the notification says and in whatever order several arrive; else
 * `said`, which is null for a notification that did not prove itself.
 */
export async function changePermissions(
  context: Context,
  application: Application,
  connection: Connection,
  said: readonly string[] | null,
): Promise<Heard> {
  const { sourceId, vendor } = connection
  const known = authorizationOf(context.sources, application, sourceId, vendor)
  if (known === null) return again('no_client')
  const { authorization, client } = known
  if (connection.status !== 'active' || !isOAuth2(authorization)) return DONE
  const answer =
    authorization.permissions === undefined
      ? said
      : await askVendor(context, application, authorization, connection).catch(heardInstead)
  if (answer === null) return DONE
  if ('kind' in answer) return answer
  await note(context, connection, answer, requestedScopes(authorization, client))
  return DONE
}

async function askVendor(
  context: Context,
  application: Application,
  authorization: Authorization,
  { id, vendor }: Connection,
): Promise<readonly string[] | null> {
  const client = application.clients.get(vendor)
  const { permissions } = authorization
  if (client === undefined || permissions === undefined) return null
  const { accessToken } = await readToken(context, application, id)
  const tokens = { accessToken, refreshToken: null, tokenType: 'bearer' } as const
  return askForPermissions(context, authorization, permissions, client, tokens)
}

/** Why the vendor's list could not be had: for now, or because there is no living grant to ask with. */
function heardInstead(error: unknown): Heard {
  if (error instanceof VendorError) return again(error.cause, (error.retryAfterSeconds ?? 0) * 1_000)
  if (!(error instanceof SpringbarError)) throw error
  if (error.code === 'vendor_unavailable') return again('vendor_unavailable')
  return DONE
}

async function note(
  context: Context,
  { applicationId, id }: Connection,
  granted: readonly string[],
  requested: readonly string[],
): Promise<void> {
  const grantedScopes = [...granted]
  const missingScopes = requested.filter((scope) => !granted.includes(scope))
  await writeAgain(context, async (tables) => {
    const current = await tables.connections.find(applicationId, id)
    if (current?.status !== 'active' || isSameSet(current.grantedScopes, granted)) return
    const changed = { grantedScopes, missingScopes, updatedAt: context.now() }
    if (!(await tables.connections.update(applicationId, id, current.version, changed)))
      throw new SpringbarError('conflict', 'The connection changed meanwhile.')
    const detail = { grantedScopes, missingScopes }
    await tables.events.append(
      await connectionEvent(context, tables, 'connection.scopes_changed', current, detail),
    )
  })
}

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((scope) => other.includes(scope))
