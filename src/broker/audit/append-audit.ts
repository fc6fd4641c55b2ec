/**
 * The log of who changed what.
 *
 * @module broker/audit — owns the lines, their chains and how they are read and proved. Which changes are worth a line
 * is decided where they are made.
 */

import type { Application } from '../../model/application.ts'
import type { AuditChain, AuditEntry, ChainedEntry } from '../../model/audit.ts'
import type { Tables } from '../../storage/storage.ts'
import type { Digests } from '../../vault/index.ts'
import type { Context } from '../context.ts'

/** What a chain of the service's own says about each chain of an application, so that a whole one is missed as well. */
export const CHAIN_BEGINS = 'audit.begin'

/**
 * Appends a line to the audit log, in the unit of the change. The lines of an application, and those of the service, are a
 * chain: each carries a keyed digest of itself and the one before. See `verify-audit.ts`.
 */
export async function appendAudit(
  context: Pick<Context, 'vault'>,
  { audit }: Pick<Tables, 'audit'>,
  entry: AuditEntry,
): Promise<void> {
  const chain = await audit.takeChain(entry.applicationId)
  // A lone surrogate would not come back from a database as it went there, and the digest would be another.
  const plain = { ...entry, object: entry.object.toWellFormed() }
  const number = chain.length + 1
  const digest = digestOfLine(context.vault, plain, number, chain.digest)
  const end = { ...chain, length: number, digest }
  await audit.append(
    { ...plain, chainNumber: number, digest },
    { ...end, seal: sealOfChain(context.vault, end) },
  )
  if (number === 1 && entry.applicationId !== null)
    await appendAudit(
      context,
      { audit },
      {
        ...entry,
        actor: 'system',
        applicationId: null,
        action: CHAIN_BEGINS,
        object: entry.applicationId,
        result: 'ok',
      },
    )
}

/** A line about something that an application did. */
export const auditByApplication = (
  context: Pick<Context, 'vault' | 'now'>,
  tables: Pick<Tables, 'audit'>,
  application: Application,
  action: string,
  object: string,
): Promise<void> =>
  appendAudit(context, tables, {
    at: context.now(),
    actor: 'application',
    applicationId: application.id,
    action,
    object,
    result: 'ok',
    requestId: null,
  })

/** The digest of a line at its place. Fixed members in a fixed order: JSON keeps them apart. */
export const digestOfLine = (
  digests: Digests,
  {
    at,
    actor,
    applicationId,
    action,
    object,
    result,
    requestId,
  }: Omit<ChainedEntry, 'chainNumber' | 'digest'>,
  number: number,
  before: string,
): string =>
  digests.ofAny(
    'audit-line',
    JSON.stringify([number, before, at, actor, applicationId, action, object, result, requestId]),
  )

/** The seal of a chain's end. */
export const sealOfChain = (
  digests: Digests,
  { applicationId, unchained, length, digest }: Omit<AuditChain, 'seal'>,
): string => digests.ofAny('audit-chain', JSON.stringify([applicationId, unchained, length, digest]))
