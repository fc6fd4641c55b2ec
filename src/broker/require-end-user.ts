import { SpringbarError } from '../errors.ts'
import type { Application } from '../model/application.ts'
import type { EndUser } from '../model/end-user.ts'
import { asEndUserId, type EndUserId, isHexId } from '../model/ids.ts'
import type { Tables } from '../storage/storage.ts'

/** What clients of the documented service look for in the body of a 403. */
const FOREIGN = 'AuthenticationToken is invalid for given appID'

/** The error for an end user that the application does not have, whoever else may have one of that id. */
export const foreignEndUser = () => new SpringbarError('invalid_end_user', FOREIGN)

/** Reads an end user id from outside; one of the wrong form is nobody's. */
export function readEndUserId(value: string): EndUserId {
  if (!isHexId(value)) throw foreignEndUser()
  return asEndUserId(value)
}

/** The application's end user, or `invalid_end_user`. */
export async function requireEndUser(
  tables: Tables,
  application: Application,
  id: EndUserId,
): Promise<EndUser> {
  const endUser = await tables.endUsers.find(application.id, id)
  if (endUser === null) throw foreignEndUser()
  return endUser
}
