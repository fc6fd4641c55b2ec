import { limits } from '../../limits.ts'
import type { Client } from '../../model/application.ts'
import type { Connection } from '../../model/connection.ts'
import type { ApplicationId } from '../../model/ids.ts'
import { type AnyAuthorization, isOAuth2 } from '../../model/source.ts'
import {
  type AnyGrant,
  asksAccount,
  asksOAuth1Account,
  findAccountAgain,
  findOAuth1AccountAgain,
  refreshGrant,
  VendorError,
} from '../../oauth/index.ts'
import type { SentRequest, Tables } from '../../storage/storage.ts'
import { applicationOf, type Context } from '../context.ts'

type Account = Pick<Connection, 'applicationId' | 'vendor' | 'accountId'>

/** What is known of the life of a grant that is about to be stored. */
export interface Life {
  /** An instant before the vendor gave it. */
  readonly since: number
  /** Requests that end every grant of its account, by {@link nameOf}, after which the vendor took it for a living one. */
  readonly outlived: ReadonlySet<string>
}

/** The life of a grant that the vendor gave after `since`. */
export const lifeSince = (since: number | null): Life => ({ since: since ?? 0, outlived: new Set() })

/** A request that ends every grant of the vendor account is under way, or ended since the grant was received. */
export class PerhapsRevoked extends Error {
  readonly account: Account
  readonly life: Life

  constructor(account: Account, life: Life) {
    super('Every grant of this vendor account is being ended, or was just now.')
    this.name = 'PerhapsRevoked'
    this.account = account
    this.life = life
  }
}

/**
 * The applications whose grants at a vendor end together: those that have the same client there, of whichever customer. The
 * vendor goes by the id alone, so a secret that differs for a while, when it is being replaced, makes no difference.
 */
export const applicationsWithClient = (
  { applications }: Pick<Context, 'applications'>,
  vendor: string,
  clientId: string,
): readonly ApplicationId[] =>
  [...applications.values()]
    .filter(({ clients }) => clients.get(vendor)?.clientId === clientId)
    .map(({ id }) => id)

/** A vendor account with our client there, whose grants end together, where it is remembered after its own end. */
export const accountDigestOf = (
  { vault }: Pick<Context, 'vault'>,
  { vendor, accountId }: Pick<Account, 'vendor' | 'accountId'>,
  clientId: string,
): string => vault.ofAny('ended-account', JSON.stringify([vendor, clientId, accountId]))

/** A job that is tried again sends another request. */
const nameOf = ({ id, sendingUntil }: SentRequest): string => `${id} ${sendingUntil}`

/**
 * Refuses to store a grant, inside the unit of work that would, while it may be ended at the vendor by a request that left
 * before, and when one that the grant has not outlived is over already. A request that would leave later finds what was
 * stored, and is not sent. Throws {@link PerhapsRevoked}.
 */
export async function assertUnrevoked(
  context: Context,
  tables: Tables,
  account: Account,
  life: Life,
): Promise<void> {
  const sent = await sentSince(context, tables, account, life)
  if (sent.some((one) => !life.outlived.has(nameOf(one)))) throw new PerhapsRevoked(account, life)
}

async function sentSince(
  context: Context,
  { revocations }: Pick<Tables, 'revocations'>,
  account: Account,
  { since }: Life,
): Promise<readonly SentRequest[]> {
  const client = applicationOf(context, account.applicationId)?.clients.get(account.vendor)
  if (client === undefined) return []
  // Another replica's clock may have said when a request was over.
  return revocations.sentFor(accountDigestOf(context, account, client.clientId), since - limits.clocksApartMs)
}

/** What is known of a grant once no request is under way any more. Throws a {@link VendorError} when that takes too long. */
async function afterRequests(context: Context, { account, life }: PerhapsRevoked): Promise<Life> {
  const until = context.now() + limits.revocationWaitMs
  for (;;) {
    const sent = await sentSince(context, context.storage.read, account, life)
    if (sent.every(({ sendingUntil }) => sendingUntil <= context.now()))
      return { ...life, outlived: new Set(sent.map(nameOf)) }
    if (context.now() >= until) throw new VendorError('unavailable', 'busy')
    await context.wait(limits.revocationPollMs)
  }
}

/**
 * Stores a grant by `store`, of whose life `life` is known. When that finds that a revocation of the same account is or was
 * under way since, its end is waited for, the grant is shown to the vendor, and stored only if it lives. Throws a
 * {@link VendorError} when it does not, or when that cannot be learned in time.
 */
export async function outliveRevocation<T>(
  context: Context,
  known: { readonly authorization: AnyAuthorization; readonly client: Client } | null,
  received: { readonly grant: AnyGrant; readonly life: Life },
  store: (grant: AnyGrant, life: Life) => Promise<T>,
): Promise<T> {
  let { grant, life } = received
  for (;;) {
    try {
      return await store(grant, life)
    } catch (error) {
      if (!(error instanceof PerhapsRevoked) || known === null) throw error
      life = await afterRequests(context, error)
      grant = await proveLiving(context, known, grant)
    }
  }
}

/** The grant, after the vendor has taken it for a living one; as it is where there is nothing to ask. */
async function proveLiving(
  context: Context,
  { authorization, client }: { readonly authorization: AnyAuthorization; readonly client: Client },
  grant: AnyGrant,
): Promise<AnyGrant> {
  const { tokens } = grant
  if (tokens.tokenType === 'oauth1') {
    if (!isOAuth2(authorization) && asksOAuth1Account(authorization))
      await findOAuth1AccountAgain(context, authorization, client, tokens)
    return grant
  }
  if (!isOAuth2(authorization)) return grant
  if (authorization.refresh.mode !== 'none' && tokens.refreshToken !== null) {
    const renewed = await refreshGrant(context, authorization, client, { ...grant, tokens })
    return { ...grant, ...renewed, grantedScopes: renewed.grantedScopes ?? grant.grantedScopes }
  }
  if (asksAccount(authorization)) await findAccountAgain(context, authorization, client, tokens)
  return grant
}
