import type { Attempt } from '../../model/attempt.ts'
import { handleOf, type Pairing, pairingCodeFrom } from '../../model/pairing.ts'
import type { Context } from '../context.ts'

type Vault = Pick<Context, 'vault'>

/**
 * The pairing code of an attempt: derived from its `state` under a key of ours, so that its page can be shown again and
 * nothing but a digest has to be stored.
 */
export const pairingCodeOf = ({ vault }: Vault, state: string): string =>
  pairingCodeFrom(vault.ofRandom('pairing-code', state))

/** What is stored of a code, also of one that somebody brings. */
export const pairingCodeHash = ({ vault }: Vault, code: string): string => vault.ofRandom('pairing', code)

/** The offer of an attempt to connect a phone; it lasts as long as the attempt. */
export function newPairing(context: Vault, attempt: Attempt, state: string): Pairing {
  const code = pairingCodeOf(context, state)
  return {
    applicationId: attempt.applicationId,
    handle: handleOf(code),
    codeHash: pairingCodeHash(context, code),
    attemptId: attempt.id,
    tries: 0,
    createdAt: attempt.createdAt,
    expiresAt: attempt.expiresAt,
  }
}
