import type { Context } from '../broker/context.ts'
import { endAllSessions } from '../broker/sessions/end-session.ts'
import { asApplicationId } from '../model/ids.ts'

/**
 * `springbar sessions end`: ends every living session of an application and prints how many there were. Resolves to the
 * exit code: 0, or 1 when the configuration has no such application.
 */
export async function endSessionsOf(
  context: Context,
  name: string,
  print: (line: string) => void,
): Promise<number> {
  const application = context.applications.get(asApplicationId(name))
  if (application === undefined) {
    print(`${name} is no application of the configuration. Nothing was changed.`)
    return 1
  }
  const { ended } = await endAllSessions(context, application.id, 'operator')
  print(`${ended} sessions of ${name} were ended.`)
  return 0
}
