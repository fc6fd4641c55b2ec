import { SpringbarError } from '../../errors.ts'
import type { AnyAuthorization, Source } from '../../model/source.ts'

/** Which of a source's authorizations is meant; null where nothing was said. */
export interface AuthorizationChoice {
  readonly vendor: string | null
  readonly environment: 'production' | 'sandbox' | null
}

/** The vendor's system that an authorization belongs to. */
export const environmentOf = (authorization: AnyAuthorization): 'production' | 'sandbox' =>
  authorization.environment ?? 'production'

/**
 * The one authorization of a source that a choice leaves; when nothing was said, among those of the real system. Throws `source_not_available` for a source that takes no
 * client, and `invalid_request`, naming what there is, when none or several are left.
 */
export function chooseAuthorization(
  source: Source,
  { vendor, environment }: AuthorizationChoice,
): AnyAuthorization {
  if (source.kind !== 'oauth2')
    throw new SpringbarError('source_not_available', 'This data source is connected without a client.')
  const asked = environment ?? (vendor === null ? 'production' : null)
  const left = source.authorizations.filter(
    (one) => (vendor === null || one.vendor === vendor) && (asked === null || environmentOf(one) === asked),
  )
  const [chosen, ...others] = left
  if (chosen !== undefined && others.length === 0) return chosen
  const choices = source.authorizations.map((one) => `${one.vendor} (${environmentOf(one)})`).join(', ')
  const fault = chosen === undefined ? 'no authorization fits' : 'say which authorization is meant'
  throw new SpringbarError('invalid_request', `vendor: ${fault}; there are ${choices}.`)
}
