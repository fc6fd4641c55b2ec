import type { Context } from '../broker/context.ts'
import { limits } from '../limits.ts'

/** Removes deliveries that are kept no longer, and what is left of removed endpoints. Bounded; safe in many processes. */
export async function sweepWebhooks({ storage: { write }, now }: Context): Promise<void> {
  const before = now() - limits.webhookDeliveryKeptMs
  await inBatches(() =>
    write(({ webhookDeliveries }) => webhookDeliveries.deleteFinished(before, limits.sweepBatch)),
  )
  await inBatches(() => write(({ webhookEndpoints }) => webhookEndpoints.purge(limits.sweepBatch)))
}

async function inBatches(remove: () => Promise<number>): Promise<void> {
  for (let round = 0; round < limits.sweepRounds; round++) if ((await remove()) < limits.sweepBatch) return
}
