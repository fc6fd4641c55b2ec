import type { Secret } from '../model/secret.ts'
import type { CredentialsSource } from '../model/source.ts'
import type { Grant } from './grant.ts'
import type { VendorContext } from './vendor-answer.ts'

/** What a person typed. It is used for one log-in and kept nowhere. */
export interface Credentials {
  readonly loginName: string
  readonly password: Secret
}

/**
 * Why a vendor let nobody in, where the person can do something about it: `wrong_password`, and so for an unknown name;
 * `terms`: new terms wait to be accepted; `extra_step`: something else that only the vendor's app can show, such as a
 * code by e-mail; `locked`: too many tries.
 */
export type LogInRefusal = 'wrong_password' | 'terms' | 'extra_step' | 'locked'

/** What became of a log-in at a vendor. */
export type LogInAnswer =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly reason: LogInRefusal }

/**
 * Logs a person in at a vendor that has no consent page. Throws a `VendorError` when the vendor cannot be reached or gives
 * an answer that cannot be used.
 */
export type LogInHook = (
  context: VendorContext,
  source: CredentialsSource,
  credentials: Credentials,
) => Promise<LogInAnswer>

/** The code that definitions of the kind `credentials` bring along, by vendor key. */
export type LogInHooks = ReadonlyMap<string, LogInHook>
