/**
 * The people of an application.
 *
 * @module broker/end-users — owns end users from their first mention to their erasure, which ends everything of
 * theirs.
 */

import type { Application } from '../../model/application.ts'
import type { EndUser } from '../../model/end-user.ts'
import { asEndUserId, newHexId } from '../../model/ids.ts'
import type { Context } from '../context.ts'

/** The end user with this alias, made now if there is none. Without an alias it is a new one each time. */
export async function createEndUser(
  context: Context,
  application: Application,
  wish: { readonly alias: string | null; readonly language: string | null },
): Promise<EndUser> {
  if (wish.alias !== null) {
    const known = await context.storage.read.endUsers.findByAlias(application.id, wish.alias)
    if (known !== null) return known
  }
  const endUser: EndUser = {
    id: asEndUserId(newHexId(context.random)),
    applicationId: application.id,
    alias: wish.alias,
    language: wish.language,
    heightCm: null,
    weightKg: null,
    birthdate: null,
    gender: null,
    createdAt: context.now(),
    deleteAt: null,
  }
  return context.storage.write((tables) => tables.endUsers.createOrGet(endUser))
}
