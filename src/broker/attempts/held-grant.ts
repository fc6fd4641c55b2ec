import { z } from 'zod'
import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { Attempt } from '../../model/attempt.ts'
import type { HeldGrant } from '../../model/held-grant.ts'
import { asConnectionId, newHexId } from '../../model/ids.ts'
import type { AnyGrant, CodeExchange } from '../../oauth/index.ts'
import type { Context } from '../context.ts'
import type { RevocableRow } from '../revocations/new-revocation.ts'
import { openOAuth1Tokens, openTokens, sealTokens } from '../sealing/sealed-tokens.ts'

/** Who may give the word, and how they show it. */
export type Proof = Pick<HeldGrant, 'awaits' | 'proofHash'>

/** What an exchange needs of the callback; the rest is configuration. */
export type HeldCode = Omit<CodeExchange, 'redirectUri'>

/** What was held, opened. */
export type OpenedGrant =
  | { readonly kind: 'code'; readonly code: HeldCode }
  | {
      readonly kind: 'grant'
      readonly grant: AnyGrant
      /** The same grant as the revocation queue wants it. */
      readonly orphan: RevocableRow
    }

const heldCode = z.object({
  code: z.string(),
  codeVerifier: z.string(),
  callbackScopes: z.array(z.string()).nullable(),
})

const heldTokens = z.object({
  connectionId: z.string(),
  accountId: z.string(),
  /** Sealed for the connection that they may become, so that they can be revoked without being one. */
  sealedTokens: z.string(),
  protocol: z.enum(['bearer', 'oauth1']),
  accessExpiresAt: z.number().nullable(),
  refreshExpiresAt: z.number().nullable(),
  grantedScopes: z.array(z.string()),
  missingScopes: z.array(z.string()),
})

/** Holds a code that is not exchanged before the word comes. It can be used for as long as the vendor keeps it. */
export const holdCode = (
  context: Context,
  attempt: Attempt,
  proof: Proof,
  { code, codeLifetimeSeconds }: { readonly code: HeldCode; readonly codeLifetimeSeconds: number },
): HeldGrant => ({
  ...newHeld(context, attempt, proof),
  accountId: null,
  sealed: context.vault.seal(JSON.stringify(code), placeOf(attempt, 'held-code')),
  expiresAt: context.now() + Math.min(limits.heldGrantMs, codeLifetimeSeconds * 1000),
})

/** Holds tokens that were received and belong to nobody yet. */
export function holdTokens(context: Context, attempt: Attempt, proof: Proof, grant: AnyGrant): HeldGrant {
  const connectionId = asConnectionId(newHexId(context.random))
  const { accountId, tokens, accessExpiresAt, refreshExpiresAt, grantedScopes, missingScopes } = grant
  const contents: z.infer<typeof heldTokens> = {
    connectionId,
    accountId,
    sealedTokens: sealTokens(context, { applicationId: attempt.applicationId, id: connectionId }, tokens),
    protocol: tokens.tokenType,
    accessExpiresAt,
    refreshExpiresAt,
    grantedScopes: [...grantedScopes],
    missingScopes: [...missingScopes],
  }
  return {
    ...newHeld(context, attempt, proof),
    accountId,
    sealed: context.vault.seal(JSON.stringify(contents), placeOf(attempt, 'held-tokens')),
    expiresAt: context.now() + limits.heldGrantMs,
  }
}

function newHeld(context: Context, attempt: Attempt, proof: Proof) {
  if (attempt.vendor === null) throw new SpringbarError('server_error', 'An attempt that left has a vendor.')
  return {
    attemptId: attempt.id,
    applicationId: attempt.applicationId,
    endUserId: attempt.endUserId,
    vendor: attempt.vendor,
    ...proof,
    createdAt: context.now(),
    releasedAt: null,
  }
}

/**
 * Opens what is held for an attempt; null when it is settled. Throws a `VaultError` when it was altered, moved, or its
 * key is gone.
 */
export function openHeld(context: Context, attempt: Attempt, held: HeldGrant): OpenedGrant | null {
  const { sealed, accountId, applicationId, vendor } = held
  if (sealed === null) return null
  if (accountId === null) {
    const text = context.vault.open(sealed, placeOf(attempt, 'held-code'))
    return { kind: 'code', code: heldCode.parse(JSON.parse(text)) }
  }
  const text = context.vault.open(sealed, placeOf(attempt, 'held-tokens'))
  const { connectionId, sealedTokens, protocol, accessExpiresAt, ...rest } = heldTokens.parse(
    JSON.parse(text),
  )
  if (attempt.sourceId === null)
    throw new SpringbarError('server_error', 'An attempt that left has a source.')
  const row = { applicationId, id: asConnectionId(connectionId) }
  return {
    kind: 'grant',
    grant:
      protocol === 'oauth1'
        ? {
            ...rest,
            accessExpiresAt: null,
            refreshExpiresAt: null,
            tokens: openOAuth1Tokens(context, row, sealedTokens),
          }
        : {
            ...rest,
            accessExpiresAt,
            tokens: openTokens(context, row, sealedTokens),
          },
    orphan: { ...row, sourceId: attempt.sourceId, vendor, accountId, sealedTokens, accessExpiresAt },
  }
}

/** Sealed for one attempt and one kind; in any other place it does not open. */
const placeOf = ({ applicationId, id }: Attempt, field: 'held-code' | 'held-tokens') => ({
  applicationId,
  object: id,
  field,
})
