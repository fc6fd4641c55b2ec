import type { Client } from '../model/application.ts'
import type { Authorization } from '../model/source.ts'
import type { TemplateGrant } from './template.ts'
import { requireAvailable, type VendorContext } from './vendor-answer.ts'
import { requireCallSuccess, sendVendorCall } from './vendor-call.ts'
import { VendorError } from './vendor-error.ts'

/**
 * Takes the steps that a vendor wants between the exchange and the connection, one after the other, each once. A step
 * that was taken before, by an earlier connection, is as good as one that is taken now.
 * Throws a {@link VendorError} at the first one that fails: `scope_missing` with `consent_missing` when the person must
 * agree to something at the vendor first, `unavailable` when it may work later, `rejected` otherwise.
 */
export async function runAfterConnect(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  grant: Required<TemplateGrant>,
): Promise<void> {
  for (const step of authorization.afterConnect ?? []) {
    const response = await sendVendorCall(context, authorization, client, step, grant)
    const { status } = response
    if (step.doneStatuses.includes(status)) continue
    if (step.consentMissingStatuses.includes(status))
      throw new VendorError('scope_missing', 'consent_missing', { status })
    requireAvailable(response, context.now())
    if (!step.successStatuses.includes(status)) throw new VendorError('rejected', 'after_connect', { status })
    await requireCallSuccess(context, authorization, step, response)
  }
}
