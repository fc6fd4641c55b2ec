import type { Context } from '../broker/context.ts'

/** What waits to be delivered at this moment, how long the oldest of it has waited, and which endpoints are off. */
export async function webhookFigures({ storage, now }: Pick<Context, 'storage' | 'now'>): Promise<{
  readonly pending: number
  readonly oldestSeconds: number
  readonly disabled: ReadonlyMap<string, number>
}> {
  const { webhookDeliveries, webhookEndpoints } = storage.read
  const [{ pending, oldestAt }, disabled] = await Promise.all([
    webhookDeliveries.backlog(),
    webhookEndpoints.countDisabled(),
  ])
  const oldestSeconds = oldestAt === null ? 0 : Math.max(0, (now() - oldestAt) / 1000)
  return { pending, oldestSeconds, disabled }
}
