import { limits } from '../limits.ts'
import type { Client } from '../model/application.ts'
import type { Connection } from '../model/connection.ts'
import type { ApplicationId } from '../model/ids.ts'
import { type AnyAuthorization, isOAuth2 } from '../model/source.ts'
import {
  type AnyGrant,
  asksAccount,
  asksOAuth1Account,
  findAccountAgain,
  findOAuth1AccountAgain,
  refreshGrant,
  VendorError,
} from '../oauth/index.ts'
import type { Tables } from '../storage/storage.ts'
import { applicationOf, type Context } from './context.ts'

type Account = Pick<Connection, 'applicationId' | 'vendor' | 'accountId'>

/** A request may be under way that ends every grant of the vendor account, also one that was received just now. */
export class RevocationUnderWay extends Error {
  readonly account: Account

  constructor(account: Account) {
    super('A revocation of this vendor account is under way.')
    this.name = 'RevocationUnderWay'
    this.account = account
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

/**
 * Refuses to store a grant, inside the unit of work that would, while it may be ended at the vendor by a request that left
 * before. A request that would leave later finds what was stored, and is not sent. Throws {@link RevocationUnderWay}.
 */
export async function assertNoneUnderWay(context: Context, tables: Tables, account: Account): Promise<void> {
  if (await isUnderWay(context, tables, account)) throw new RevocationUnderWay(account)
}

async function isUnderWay(
  context: Context,
  { revocations }: Pick<Tables, 'revocations'>,
  { applicationId, vendor, accountId }: Account,
): Promise<boolean> {
  const client = applicationOf(context, applicationId)?.clients.get(vendor)
  if (client === undefined) return false
  const sharing = applicationsWithClient(context, vendor, client.clientId)
  return revocations.isOpen(sharing, vendor, accountId, context.now())
}

/**
 * Stores a grant that was just received by `store`. When that finds a revocation of the same account under way, it is
 * waited for, the grant is shown to the vendor, and stored only if it lives. Throws a {@link VendorError} when it does not,
 * or when that cannot be learned in time.
 */
export async function outliveRevocation<T>(
  context: Context,
  known: { readonly authorization: AnyAuthorization; readonly client: Client } | null,
  grant: AnyGrant,
  store: (grant: AnyGrant) => Promise<T>,
): Promise<T> {
  const until = context.now() + limits.revocationWaitMs
  for (let living = grant; ; ) {
    try {
      return await store(living)
    } catch (error) {
      if (!(error instanceof RevocationUnderWay) || known === null) throw error
      do {
        if (context.now() >= until) throw new VendorError('unavailable', 'busy')
        await context.wait(limits.revocationPollMs)
      } while (await isUnderWay(context, context.storage.read, error.account))
      living = await proveLiving(context, known, living)
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
