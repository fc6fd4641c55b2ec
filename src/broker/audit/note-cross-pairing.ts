import type { ApplicationId } from '../../model/ids.ts'
import type { Context } from '../context.ts'
import { appendAudit } from './append-audit.ts'

/**
 * Writes down that the secret of an application came with the log-in of another account: somebody has secrets of two, or
 * mixed up their configuration. The caller bounds how often.
 */
export async function noteCrossPairing(
  context: Context,
  applicationId: ApplicationId,
  requestId: string,
): Promise<void> {
  await context.storage.write((tables) =>
    appendAudit(context, tables, {
      at: context.now(),
      actor: 'application',
      applicationId,
      action: 'credentials.cross-pairing',
      object: applicationId,
      result: 'refused',
      requestId,
    }),
  )
}
