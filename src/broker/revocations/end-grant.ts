import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Client } from '../../model/application.ts'
import type { Revocation } from '../../model/revocation.ts'
import { type Authorization, isOAuth2 } from '../../model/source.ts'
import {
  type Revoked,
  refreshGrant,
  revokeGrant,
  revokeOAuth1Grant,
  type Tokens,
  VendorError,
} from '../../oauth/index.ts'
import type { authorizationOf } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'
import { openOAuth1Tokens, openTokens, sealTokens } from '../sealing/sealed-tokens.ts'

/** A revocation that is being carried out, and by whom. */
export interface HeldRevocation {
  readonly job: Revocation & { readonly sealedTokens: string }
  readonly worker: string
}

const rowOf = ({ applicationId, connectionId }: Revocation) => ({ applicationId, id: connectionId })

/**
 * Asks the vendor to end the grant of a revocation, in its protocol. Throws a `VendorError` when that did not happen, a
 * `VaultError` when the tokens do not open, and `conflict` when somebody else holds the job meanwhile.
 */
export async function endGrant(
  context: Context,
  { authorization, client }: NonNullable<ReturnType<typeof authorizationOf>>,
  held: HeldRevocation,
): Promise<Revoked | 'unsupported'> {
  const { job } = held
  const { accountId, connectionId } = job
  if (!isOAuth2(authorization)) {
    const tokens = openOAuth1Tokens(context, rowOf(job), job.sealedTokens)
    return revokeOAuth1Grant(context, authorization, client, { accountId, tokens })
  }
  const tokens = await freshTokens(context, authorization, client, held)
  if (tokens === null) return 'gone'
  return revokeGrant(context, authorization, context.revocationHooks, client, {
    accountId,
    connectionId,
    tokens,
  })
}

/** The tokens to end a grant with, renewed before where the vendor demands it; null when the vendor calls the grant dead. */
async function freshTokens(
  context: Context,
  authorization: Authorization,
  client: Client,
  held: HeldRevocation,
): Promise<Tokens | null> {
  const { job } = held
  const tokens = openTokens(context, rowOf(job), job.sealedTokens)
  const { revocation } = authorization
  const needsFresh = revocation.kind === 'request' && revocation.needsFreshToken
  const worksUntil = job.accessExpiresAt ?? Number.POSITIVE_INFINITY
  if (!needsFresh || worksUntil > context.now() + limits.accessTokenLeftMs) return tokens
  try {
    return await renew(context, authorization, client, held, tokens)
  } catch (error) {
    if (!(error instanceof VendorError && error.endsGrant)) throw error
    const { confirmRefusalAfterSeconds } = authorization.refresh
    // What may be a false alarm is believed when it is said a second time.
    if (confirmRefusalAfterSeconds === undefined || job.cause === error.cause) return null
    throw new VendorError(error.kind, error.cause, { retryAfterSeconds: confirmRefusalAfterSeconds })
  }
}

/** New tokens are durable before they are used: the old refresh token may have died with the answer. */
async function renew(
  context: Context,
  authorization: Authorization,
  client: Client,
  { job, worker }: HeldRevocation,
  tokens: Tokens,
): Promise<Tokens> {
  const renewed = await refreshGrant(context, authorization, client, { tokens })
  const kept = await context.storage.write((tables) =>
    tables.revocations.keepTokens(job.id, worker, {
      sealedTokens: sealTokens(context, rowOf(job), renewed.tokens),
      accessExpiresAt: renewed.accessExpiresAt,
    }),
  )
  if (!kept) throw new SpringbarError('conflict', 'Somebody else carries out this revocation.')
  return renewed.tokens
}
