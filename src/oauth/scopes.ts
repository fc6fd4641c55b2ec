import type { Client } from '../model/application.ts'
import type { AnyAuthorization, Authorization } from '../model/source.ts'
import { VendorError } from './vendor-error.ts'

/** By the scopes of an authorization, the ones that it asks for by itself; definitions do not change. */
const requestedByDefault = new WeakMap<AnyAuthorization['scopes'], readonly string[]>()

/** The scopes to ask for: the application's own choice, or those that the source asks for by itself, in its order. */
export function requestedScopes(
  authorization: Pick<AnyAuthorization, 'scopes'>,
  client: Pick<Client, 'scopes'>,
): readonly string[] {
  if (client.scopes !== null) return client.scopes
  const known = requestedByDefault.get(authorization.scopes)
  if (known !== undefined) return known
  const requested = authorization.scopes.filter((scope) => scope.requested).map((scope) => scope.value)
  requestedByDefault.set(authorization.scopes, Object.freeze(requested))
  return requested
}

/** The parameter that carries scopes to this vendor; null where it takes none. */
export function scopeParameterOf({ authorizationRequest }: Authorization): string | null {
  return authorizationRequest.scopeParameter === undefined ? 'scope' : authorizationRequest.scopeParameter
}

/** The body member that carries scopes, where there are any and this vendor takes them. */
export function scopeMember(
  authorization: Authorization,
  scopes: readonly string[],
): Readonly<Record<string, string>> {
  const name = scopeParameterOf(authorization)
  return name === null || scopes.length === 0 ? {} : { [name]: scopes.join(authorization.scopeSeparator) }
}

/** Reads a list of scopes as this vendor writes them. One that uses commas may put spaces beside or between. */
export function splitScopes(authorization: Authorization, list: string): readonly string[] {
  const separator = authorization.scopeSeparator === ',' ? /[, ]+/ : / +/
  return [...new Set(list.split(separator).filter((scope) => scope !== ''))]
}

/**
 * Throws when a grant is not worth a connection: `denied` when nothing was granted of what was asked (the person went
 * on with every box unticked), `scope_missing` when nothing of it gives data. Scopes that a definition does not know
 * count as data: the application chose them.
 */
export function requireUsefulScopes(
  authorization: Pick<AnyAuthorization, 'scopes'>,
  requested: readonly string[],
  granted: readonly string[],
): void {
  if (requested.length === 0) return
  const usable = requested.filter((scope) => granted.includes(scope))
  if (usable.length === 0) throw new VendorError('denied', 'nothing_granted')
  const withoutData = new Set(
    authorization.scopes.filter((scope) => !scope.givesData).map(({ value }) => value),
  )
  const askedForData = requested.some((scope) => !withoutData.has(scope))
  if (askedForData && usable.every((scope) => withoutData.has(scope))) {
    throw new VendorError('scope_missing', 'no_data_granted')
  }
}
