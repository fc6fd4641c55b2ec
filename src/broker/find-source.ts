import type { Application, Client } from '../model/application.ts'
import type { Session } from '../model/session.ts'
import type {
  AnyAuthorization,
  CredentialsSource,
  NativeSource,
  OAuthSource,
  Source,
} from '../model/source.ts'
import type { SourceMap } from './context.ts'

/** Why a source that exists cannot be connected here and now. */
export type Unavailability =
  | 'planned'
  | 'ended'
  | 'closed'
  | 'native'
  | 'no_client'
  | 'credentials_off'
  | 'not_in_session'

/** Whether, and how, an application can connect a source. */
export type Availability =
  | {
      readonly kind: 'available'
      readonly by: 'authorization'
      readonly source: OAuthSource
      readonly authorization: AnyAuthorization
      readonly client: Client
    }
  | { readonly kind: 'available'; readonly by: 'log-in'; readonly source: CredentialsSource }
  | { readonly kind: 'available'; readonly by: 'pairing'; readonly source: NativeSource }
  | { readonly kind: 'unavailable'; readonly source: Source; readonly reason: Unavailability }

/** The source of a link's `dataSource`: a decimal catalogue id, or our key. Null for anything else. */
export function findSource(sources: SourceMap, dataSource: string): Source | null {
  if (/^[1-9][0-9]{0,8}$/.test(dataSource)) return sources.get(Number(dataSource)) ?? null
  for (const source of sources.values()) if (source.key === dataSource) return source
  return null
}

/**
 * The authorization that an application uses for a source: the first one, in the source's order of preference, for
 * which it has a client. Giving a client for another authorization alone is how an application picks that one.
 */
export function availabilityOf(source: Source, application: Application): Availability {
  if (source.kind !== 'oauth2') {
    if (source.kind === 'credentials')
      return application.unofficialLogIns.has(source.key)
        ? { kind: 'available', by: 'log-in', source }
        : { kind: 'unavailable', source, reason: 'credentials_off' }
    if (source.kind === 'native')
      return application.phoneApp?.sources.has(source.key) === true
        ? { kind: 'available', by: 'pairing', source }
        : { kind: 'unavailable', source, reason: 'native' }
    // One that is no more is not to be looked for on the phone.
    const isOnPhone = source.connectedBy === 'native' && source.status === 'planned'
    return { kind: 'unavailable', source, reason: isOnPhone ? 'native' : source.status }
  }
  const usable = source.authorizations.flatMap((authorization) => {
    const client = application.clients.get(authorization.vendor)
    return client === undefined ? [] : [{ authorization, client }]
  })
  const chosen = usable[0]
  if (chosen === undefined) return { kind: 'unavailable', source, reason: 'no_client' }
  return { kind: 'available', by: 'authorization', source, ...chosen }
}

/** As {@link availabilityOf}, within what a session allows. */
export function availabilityIn(source: Source, application: Application, session: Session): Availability {
  if (session.allowedSources !== null && !session.allowedSources.includes(source.id))
    return { kind: 'unavailable', source, reason: 'not_in_session' }
  return availabilityOf(source, application)
}

/** The authorization and the client of an attempt that left for a vendor; null when the configuration lost them. */
export function authorizationOf(
  sources: SourceMap,
  application: Application,
  sourceId: number | null,
  vendor: string | null,
): {
  readonly source: OAuthSource
  readonly authorization: AnyAuthorization
  readonly client: Client
} | null {
  const source = sourceId === null ? undefined : sources.get(sourceId)
  if (source?.kind !== 'oauth2' || vendor === null) return null
  const authorization = source.authorizations.find((one) => one.vendor === vendor)
  const client = application.clients.get(vendor)
  return authorization === undefined || client === undefined ? null : { source, authorization, client }
}
