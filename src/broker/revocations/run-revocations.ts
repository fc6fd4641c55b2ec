/**
 * The end of a grant at its vendor.
 *
 * @module broker/revocations — owns how it is wished for, carried out and settled, and that it never hits a grant that
 * lives. That a connection has ended here was decided before.
 */

import { limits } from '../../limits.ts'
import { newHexId } from '../../model/ids.ts'
import type { Revocation } from '../../model/revocation.ts'
import { VendorError } from '../../oauth/index.ts'
import type { Tables } from '../../storage/storage.ts'
import { VaultError } from '../../vault/index.ts'
import { authorizationOf } from '../catalogue/find-source.ts'
import { applicationOf, type Context } from '../context.ts'
import { connectionEvent } from '../events/new-event.ts'
import { noteHistory } from '../events/note-history.ts'
import { endGrant } from './end-grant.ts'
import { accountDigestOf, applicationsWithClient } from './outlive-revocation.ts'

type Verdict =
  | {
      readonly kind: 'settled'
      readonly status: Exclude<Revocation['status'], 'pending'>
      readonly cause: string | null
    }
  | { readonly kind: 'again'; readonly cause: string; readonly afterMs: number }

/**
 * Takes the revocations that are due and carries each out at its vendor once. What fails for a while is tried again
 * later, with growing waits, until it is settled or given up. Returns how many were taken.
 */
export async function runRevocations(context: Context): Promise<number> {
  const now = context.now()
  const worker = newHexId(context.random)
  const jobs = await context.storage.write((tables) =>
    tables.revocations.lease(worker, now, now + limits.jobLeaseMs, limits.jobBatch),
  )
  await Promise.all(jobs.map((job) => run(context, worker, job)))
  return jobs.length
}

/** A settled job keeps nothing of the vendor account: its end user may be erased. */
const NOTHING_LEFT = Object.freeze({ accountId: '', sealedTokens: null })

async function run(context: Context, worker: string, job: Revocation): Promise<void> {
  const verdict = await judge(context, worker, job)
  const change =
    verdict.kind === 'again'
      ? { nextTryAt: context.now() + verdict.afterMs, cause: verdict.cause }
      : { status: verdict.status, cause: verdict.cause, finishedAt: context.now(), ...NOTHING_LEFT }
  await context.storage.write(async (tables) => {
    const settled = await tables.revocations.settle(job.id, worker, context.now(), change)
    if (settled && verdict.kind === 'settled') await announce(context, tables, job, verdict.status)
    if (settled && verdict.kind === 'again' && job.cause !== verdict.cause)
      await noteTry(context, tables, job, verdict.cause)
  })
  const fields = { vendor: job.vendor, connection: job.connectionId, tries: job.tries, cause: verdict.cause }
  if (verdict.kind === 'again') context.log.warn('revocation will be tried again', fields)
  else context.log.info(`revocation ended: ${verdict.status}`, fields)
}

/** A grant that was never stored has no connection whose history it could be part of. */
async function noteTry(context: Context, tables: Tables, job: Revocation, cause: string): Promise<void> {
  const connection = await tables.connections.find(job.applicationId, job.connectionId)
  if (connection !== null) await noteHistory(context, tables, connection, 'revocation_tried', cause)
}

async function judge(context: Context, worker: string, job: Revocation): Promise<Verdict> {
  const application = applicationOf(context, job.applicationId)
  const known = application && authorizationOf(context.sources, application, job.sourceId, job.vendor)
  const { sealedTokens } = job
  if (sealedTokens === null) return settled('gave_up', 'no_tokens')
  // No vendor of these lets another program end what its own app may do.
  if (context.sources.get(job.sourceId)?.kind === 'credentials') return settled('unsupported', null)
  // The configuration lost it, which may be a mistake of today.
  if (!known) return later(context, job, 'no_client')
  const { authorization, client } = known
  if (authorization.revocation.kind === 'unsupported') return settled('unsupported', null)
  if (authorization.revocation.reach === 'account') {
    const hindrance = await open(context, worker, job, client.clientId)
    if (hindrance !== null) return hindrance
  }
  try {
    const ended = await endGrant(context, known, { job: { ...job, sealedTokens }, worker })
    return settled(
      ended === 'unsupported' ? 'unsupported' : 'revoked',
      ended === 'gone' ? 'already_gone' : null,
    )
  } catch (error) {
    if (error instanceof VaultError && error.reason !== 'unknown_key')
      return settled('gave_up', `vault_${error.reason}`)
    if (error instanceof VaultError) return later(context, job, 'vault_unknown_key')
    if (!(error instanceof VendorError)) return later(context, job, 'unexpected')
    return later(context, job, error.cause, (error.retryAfterSeconds ?? 0) * 1000)
  }
}

/** Another try after a wait, at least as long as asked for, until it is given up. */
function later(context: Context, job: Revocation, cause: string, askedMs = 0): Verdict {
  if (context.now() - job.createdAt > limits.revocationGiveUpMs) return settled('gave_up', cause)
  return { kind: 'again', cause, afterMs: Math.max(askedMs, waitBefore(context, job.tries)) }
}

const settled = (status: Exclude<Revocation['status'], 'pending'>, cause: string | null): Verdict => ({
  kind: 'settled',
  status,
  cause,
})

/**
 * Looks whether a request may be sent that ends every grant of the account, and writes down that it is, in one unit: who
 * stores a grant of that account finds one or the other. Null when it may be sent.
 */
async function open(
  context: Context,
  worker: string,
  job: Revocation,
  clientId: string,
): Promise<Verdict | null> {
  const isComing = await isReturning(context, job)
  const digest = accountDigestOf(context, job, clientId)
  const found = await context.storage.write(async (tables) => {
    if (await accountLivesOn(context, tables, job, clientId)) return 'lives'
    if (isComing) return 'comes'
    const until = context.now() + limits.jobLeaseMs
    return (await tables.revocations.open(job.id, worker, digest, until)) ? 'open' : 'lost'
  })
  if (found === 'lives') return settled('superseded', null)
  if (found === 'comes') return { kind: 'again', cause: 'connecting', afterMs: limits.sweepIntervalMs }
  return found === 'open' ? null : later(context, job, 'lease_lost')
}

/**
 * Whether the vendor account is connected through the same client again, or its tokens wait to be, by whomever: at this
 * vendor a revocation ends every grant of the account to the client, and would cut that living connection.
 */
async function accountLivesOn(
  context: Context,
  { connections, heldGrants }: Tables,
  { vendor, accountId }: Revocation,
  clientId: string,
): Promise<boolean> {
  for (const id of applicationsWithClient(context, vendor, clientId)) {
    if ((await connections.findOwner(id, vendor, accountId)) !== null) return true
    if (await heldGrants.holdsAccount(id, vendor, accountId)) return true
  }
  return false
}

/**
 * Whether the same end user is just coming back from the same vendor, or waits to be confirmed. The code that is being
 * exchanged then may be one of the same account, and would be ended with the old grant before it is stored; a moment
 * later that is known.
 */
async function isReturning(
  context: Context,
  { applicationId, connectionId, vendor, createdAt }: Revocation,
): Promise<boolean> {
  const { connections, attempts, heldGrants } = context.storage.read
  const connection = await connections.find(applicationId, connectionId)
  if (connection === null) {
    // A grant that was never stored names nobody, and its person may be trying again: for a while, anybody may be them.
    if (context.now() - createdAt >= limits.attemptLifetimeMs) return false
    const exchanging = await attempts.overdue('exchanging', context.now() + 1, limits.sweepBatch)
    return exchanging.some((one) => one.applicationId === applicationId && one.vendor === vendor)
  }
  const held = await heldGrants.livingOf(applicationId, connection.endUserId)
  if (held.some((one) => one.vendor === vendor)) return true
  const exchanging = await attempts.overdue('exchanging', context.now() + 1, limits.sweepBatch)
  return exchanging.some((one) => one.endUserId === connection.endUserId && one.vendor === vendor)
}

/** Doubled with each try, up to the limit, then anywhere between half and all of it, so that jobs spread out. */
function waitBefore(context: Context, tries: number): number {
  const { first, max } = limits.revocationBackoffMs
  const full = Math.min(max, first * 2 ** Math.min(tries, 30))
  return Math.round(full * (0.5 + (context.random(1)[0] ?? 0) / 510))
}

async function announce(
  context: Context,
  tables: Tables,
  job: Revocation,
  revocation: Revocation['status'],
): Promise<void> {
  // Erased end users have no rows any more, and nothing is said about them.
  const connection = await tables.connections.find(job.applicationId, job.connectionId)
  if (connection === null) return
  const detail = { revocation }
  await tables.events.append(
    await connectionEvent(context, tables, 'connection.revocation_finished', connection, detail),
  )
}
