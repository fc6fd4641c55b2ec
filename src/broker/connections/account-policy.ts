import type { AccountPolicy, Application } from '../../model/application.ts'
import type { Connection } from '../../model/connection.ts'
import { applicationOf, type Context } from '../context.ts'

/** What an application wants to happen with the vendor accounts of a source. */
function policyIn(
  { sources }: Pick<Context, 'sources'>,
  application: Application,
  sourceId: number,
): AccountPolicy {
  const key = sources.get(sourceId)?.key
  return (key === undefined ? undefined : application.accountPolicies.get(key)) ?? application.accountPolicy
}

/** The same for a connection that is to be. One whose application was just taken out of the configuration moves nothing. */
export function accountPolicyOf(
  context: Context,
  { applicationId, sourceId }: Pick<Connection, 'applicationId' | 'sourceId'>,
): AccountPolicy {
  const application = applicationOf(context, applicationId)
  return application === null ? LEAVE_ALONE : policyIn(context, application, sourceId)
}

const LEAVE_ALONE: AccountPolicy = Object.freeze({ onAccountTaken: 'refuse', accountsPerSource: 'one' })
