import { errorName, SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Application, Client } from '../../model/application.ts'
import type { Connection } from '../../model/connection.ts'
import { type Authorization, isOAuth2, type OAuth1Authorization } from '../../model/source.ts'
import { type ExchangedGrant, exchangeGeneration, VendorError } from '../../oauth/index.ts'
import type { Tables } from '../../storage/storage.ts'
import { VaultError } from '../../vault/index.ts'
import { appendAudit } from '../audit/append-audit.ts'
import { causeOf } from '../cause-of.ts'
import type { Context, SourceMap } from '../context.ts'
import { connectionEvent } from '../events/new-event.ts'
import { newRevocation } from '../revocations/new-revocation.ts'
import { openOAuth1Tokens, sealTokens } from '../sealing/sealed-tokens.ts'
import { scheduleRenewal } from '../tokens/renewal-schedule.ts'

/** What became of one connection. Whatever is not `exchanged` is as it was. */
export const EXCHANGE_OUTCOMES = [
  'exchanged',
  /** The vendor does not take the old token any more. */
  'refused',
  /** The vendor did not answer, or asked for a pause. */
  'unavailable',
  /** The answer was no usable one, or the tokens did not open. */
  'failed',
  /** Somebody disconnected or connected again meanwhile. */
  'changed',
  /** Another living connection holds the account by the newer generation. */
  'account-in-use',
] as const

/** One of {@link EXCHANGE_OUTCOMES}. */
export type ExchangeOutcome = (typeof EXCHANGE_OUTCOMES)[number]

/** A vendor's two generations, as the definitions name them. */
export interface ExchangePlan {
  readonly sourceId: number
  readonly from: OAuth1Authorization
  readonly to: Authorization
}

/** What an exchange did. */
export interface ExchangeReport {
  readonly counts: Readonly<Record<ExchangeOutcome, number>>
  /** Applications that have connections of the older generation and lack one of the two clients. */
  readonly withoutClient: readonly Application['id'][]
  /** Whether it ended early, because the vendor was unavailable again and again. */
  readonly stopped: boolean
}

/** The older generation with this vendor key, and the one that its connections become; null when there is none. */
export function findExchange(sources: SourceMap, vendor: string): ExchangePlan | null {
  for (const source of sources.values()) {
    if (source.kind !== 'oauth2') continue
    const from = source.authorizations.find((one) => one.vendor === vendor)
    if (from === undefined || isOAuth2(from) || from.exchange === undefined) continue
    const { exchange } = from
    const to = source.authorizations.filter(isOAuth2).find((one) => one.vendor === exchange.vendor)
    if (to !== undefined) return { sourceId: source.id, from, to }
  }
  return null
}

/** How many living connections of the older generation each application has. */
export async function countExchangeable(
  context: Context,
  plan: ExchangePlan,
): Promise<ReadonlyMap<Application['id'], number>> {
  const counts = new Map<Application['id'], number>()
  for (const { id } of context.applications.values()) {
    let count = 0
    for await (const _ of livingAt(context, id, plan)) count++
    if (count > 0) counts.set(id, count)
  }
  return counts
}

/**
 * Turns every living connection of the older generation into one of the newer, in place: one signed call for each, one
 * after the other with a pause between them. It may be cut off at any moment and run again, beside a running service:
 * what is exchanged has left its list, and a row that changes meanwhile is let alone.
 */
export async function exchangeConnections(context: Context, plan: ExchangePlan): Promise<ExchangeReport> {
  const counts = { exchanged: 0, refused: 0, unavailable: 0, failed: 0, changed: 0, 'account-in-use': 0 }
  const withoutClient: Application['id'][] = []
  let inARow = 0
  for (const { id, clients } of context.applications.values()) {
    const [from, to] = [clients.get(plan.from.vendor), clients.get(plan.to.vendor)]
    for await (const connection of livingAt(context, id, plan)) {
      if (from === undefined || to === undefined) {
        withoutClient.push(id)
        break
      }
      const outcome = await exchangeOne(context, plan, { from, to }, connection)
      counts[outcome] += 1
      inARow = outcome === 'unavailable' ? inARow + 1 : 0
      if (inARow === limits.exchangeUnavailableInARow) return { counts, withoutClient, stopped: true }
      await context.wait(limits.exchangePauseMs)
    }
  }
  return { counts, withoutClient, stopped: false }
}

/** The living connections of one application by the older generation, a page at a time, in the order of the accounts. */
async function* livingAt(
  { storage }: Context,
  applicationId: Application['id'],
  { from }: ExchangePlan,
): AsyncGenerator<Connection> {
  let after: Connection | null = null
  for (;;) {
    const { connections } = storage.read
    const page: readonly Connection[] = await connections.livingAt(
      applicationId,
      from.vendor,
      after,
      limits.exchangePage,
    )
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    after = last
  }
}

async function exchangeOne(
  context: Context,
  plan: ExchangePlan,
  clients: { readonly from: Client; readonly to: Client },
  connection: Connection,
): Promise<ExchangeOutcome> {
  const report = (outcome: ExchangeOutcome, cause: string | null): ExchangeOutcome => {
    const fields = {
      connection: connection.id,
      application: connection.applicationId,
      vendor: plan.from.vendor,
    }
    if (outcome === 'exchanged') context.log.info('connection exchanged', fields)
    else context.log.warn('connection not exchanged', { ...fields, outcome, cause })
    return outcome
  }
  if (connection.sealedTokens === null) return report('failed', 'no_tokens')
  // Asked before the call, which would be for nothing, and again when the row is written.
  if (await isHeld(context.storage.read, plan, connection)) return report('account-in-use', null)
  try {
    const tokens = openOAuth1Tokens(context, connection, connection.sealedTokens)
    const generations = {
      from: { authorization: plan.from, client: clients.from },
      to: { authorization: plan.to, client: clients.to },
    }
    const grant = await exchangeGeneration(context, generations, { accountId: connection.accountId, tokens })
    return report(await keepExchanged(context, plan, connection, grant), null)
  } catch (error) {
    if (error instanceof VaultError) return report('failed', `vault_${error.reason}`)
    if (!(error instanceof VendorError)) return report('failed', errorName(error))
    if (error.retryable) return report('unavailable', causeOf(error))
    return report(error.kind === 'rejected' ? 'refused' : 'failed', causeOf(error))
  }
}

/** Whether another living connection of the application has the account by the newer generation. */
const isHeld = async (
  { connections }: Pick<Tables, 'connections'>,
  { to }: ExchangePlan,
  { applicationId, accountId, shareKey }: Connection,
): Promise<boolean> =>
  (await connections.ownersOf(applicationId, to.vendor, accountId)).some((one) => one.shareKey === shareKey)

/** Writes the new generation into the row that was read, with its event and audit line; or into none. */
async function keepExchanged(
  context: Context,
  plan: ExchangePlan,
  connection: Connection,
  grant: ExchangedGrant,
): Promise<ExchangeOutcome> {
  const { to } = plan
  const sealedTokens = sealTokens(context, connection, grant.tokens)
  const { applicationId, id, version } = connection
  const { accessExpiresAt, refreshExpiresAt } = grant
  const exchanged = { ...connection, vendor: to.vendor, sealedTokens, accessExpiresAt, refreshExpiresAt }
  return context.storage
    .write(async (tables) => {
      if (await isHeld(tables, plan, connection)) return 'account-in-use'
      const written = await tables.connections.update(applicationId, id, version, {
        vendor: to.vendor,
        status: 'active',
        reauthReason: null,
        sealedTokens,
        accessExpiresAt,
        refreshExpiresAt,
        updatedAt: context.now(),
      })
      if (!written) {
        const now = await tables.connections.find(applicationId, id)
        // Nobody wants what the vendor has just given: it ends there as the old token does.
        if (now === null || now.status === 'disconnected')
          await tables.revocations.enqueue(newRevocation(context, exchanged))
        return 'changed'
      }
      await scheduleRenewal(context, tables, exchanged, grant.tokens)
      await tables.events.append(await connectionEvent(context, tables, 'connection.repaired', exchanged))
      await appendAudit(context, tables, {
        at: context.now(),
        actor: 'operator',
        applicationId,
        action: 'connection.exchange',
        object: id,
        result: 'ok',
        requestId: null,
      })
      return 'exchanged'
    })
    .catch((error: unknown) => {
      // The account was taken between the look and the write.
      if (error instanceof SpringbarError && error.code === 'conflict') return 'account-in-use'
      throw error
    })
}
