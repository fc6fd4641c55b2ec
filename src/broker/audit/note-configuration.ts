import { z } from 'zod'
import type { Context } from '../context.ts'
import { appendAudit } from './append-audit.ts'

const SETTING = 'configured-redirect-uris'
const stored = z.record(z.string(), z.array(z.string()))

/**
 * Writes an audit line for each redirect URI that the configuration listed at the last start and lists no more, and
 * remembers what it lists now. Several replicas that start together may write the same line twice.
 */
export async function noteConfiguration(context: Context): Promise<void> {
  const listed = Object.fromEntries(
    [...context.applications.values()].map(({ id, redirectUris }) => [id, [...redirectUris]]),
  )
  const current = JSON.stringify(listed)
  await context.storage.write(async (tables) => {
    const before = await tables.records.putSettingIfAbsent(SETTING, current)
    if (before === current) return
    for (const [applicationId, uris] of Object.entries(stored.parse(JSON.parse(before))))
      for (const uri of uris.filter((one) => !(listed[applicationId]?.includes(one) ?? false)))
        await appendAudit(context, tables, {
          at: context.now(),
          actor: 'operator',
          applicationId: [...context.applications.keys()].find((id) => id === applicationId) ?? null,
          action: 'redirect-uri.remove-from-configuration',
          object: uri,
          result: 'ok',
          requestId: null,
        })
    await tables.records.replaceSetting(SETTING, current)
  })
}
