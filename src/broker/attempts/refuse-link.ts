import { type ErrorCode, SpringbarError } from '../../errors.ts'
import type { Attempt } from '../../model/attempt.ts'
import type { OutcomeError } from '../../model/result.ts'
import type { Source } from '../../model/source.ts'
import type { Unavailability } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'
import { recordFailure } from './attempts.ts'
import type { Link } from './open-link.ts'

/** Why a link that is in order otherwise cannot be followed, for each of those who may be told. */
export interface Refusal {
  /** For the application, in the redirect. */
  readonly outcome: OutcomeError
  /** For the person, on a page. */
  readonly code: ErrorCode
  /** For the operator, with the attempt. */
  readonly cause: string
}

const EXPIRED: Refusal = { outcome: 'session_expired', code: 'session_expired', cause: 'session_expired' }

/** A link that may be followed: its session lives and its source exists. */
export type LivingLink = Link & { readonly source: Source }

/** Whether a link's session lives and its source exists. */
export function judgeLink(context: Context, link: Link): LivingLink | Refusal {
  if (context.now() >= link.session.expiresAt) return EXPIRED
  const { source } = link
  return source === null ? sourceRefusal('unknown_source') : { ...link, source }
}

/** The refusal of a source that cannot be connected here and now. */
export function sourceRefusal(cause: Unavailability | 'unknown_source'): Refusal {
  const codes = { unknown_source: 'unknown_source', native: 'source_is_native' } as const
  const code = cause in codes ? codes[cause as keyof typeof codes] : 'source_not_available' // `in` has just looked
  return { outcome: 'source_not_available', code, cause }
}

/**
 * Refuses a link. An application that waits for the outcome gets it, by a failed attempt; otherwise nobody but the
 * person is there to be told, and this throws.
 */
export async function refuse(
  context: Context,
  link: Link,
  action: Attempt['action'],
  { outcome, code, cause }: Refusal,
): Promise<Attempt> {
  if (link.redirect !== null) return recordFailure(context, link, action, outcome, cause)
  throw new SpringbarError(code, 'The link cannot be followed.', {
    about: {
      applicationId: link.application.id,
      ...(link.source === null ? {} : { sourceId: link.source.id }),
      reason: cause,
      locale: link.locale,
    },
  })
}
