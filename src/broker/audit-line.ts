import type { Application } from '../model/application.ts'
import type { AuditEntry } from '../model/audit.ts'
import type { Context } from './context.ts'

/** An audit line about something that an application did, to be appended in the transaction of the change. */
export const auditByApplication = (
  context: Context,
  application: Application,
  action: string,
  object: string,
): AuditEntry => ({
  at: context.now(),
  actor: 'application',
  applicationId: application.id,
  action,
  object,
  result: 'ok',
  requestId: null,
})
