import type { Application, Client } from '../../model/application.ts'
import type { ApplicationId } from '../../model/ids.ts'
import type { Context } from '../context.ts'

/**
 * The application, and those of the same customer that have the same client at a vendor: to the vendor they are one. None
 * when the application has no client there. The secret must be the same too: an id alone is no secret.
 */
export function applicationsSharing(
  context: Pick<Context, 'applications'>,
  applicationId: ApplicationId,
  vendor: string,
): readonly Application[] {
  const application = context.applications.get(applicationId)
  const client = application?.clients.get(vendor)
  if (application === undefined || client === undefined) return []
  return [...context.applications.values()].filter(
    (one) =>
      one.id === application.id ||
      (one.accountUsername === application.accountUsername && isSame(one.clients.get(vendor), client)),
  )
}

const isSame = (one: Client | undefined, other: Client): boolean =>
  one?.clientId === other.clientId && one.clientSecret.reveal() === other.clientSecret.reveal()
