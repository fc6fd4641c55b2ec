import type { Application } from '../../model/application.ts'
import type { EndUserProfile } from '../../model/end-user.ts'
import type { EndUserId } from '../../model/ids.ts'
import type { Context } from '../context.ts'
import { foreignEndUser, requireEndUser } from '../require-end-user.ts'

/** Changes the given fields. Throws `invalid_end_user`. */
export async function updateEndUser(
  context: Context,
  application: Application,
  id: EndUserId,
  profile: Partial<EndUserProfile>,
): Promise<void> {
  if (Object.keys(profile).length === 0) {
    await requireEndUser(context.storage.read, application, id)
    return
  }
  const found = await context.storage.write((tables) =>
    tables.endUsers.updateProfile(application.id, id, profile),
  )
  if (!found) throw foreignEndUser()
}
