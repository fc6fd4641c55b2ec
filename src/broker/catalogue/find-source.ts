/**
 * Which source is meant, and whether it can be connected.
 *
 * @module broker/catalogue — owns what an application can connect right now, and through which authorization. The
 * sources themselves are data that comes with the context.
 */

import type { Application, Client } from '../../model/application.ts'
import type { Session } from '../../model/session.ts'
import type {
  AnyAuthorization,
  CredentialsSource,
  NativeSource,
  OAuthSource,
  Source,
} from '../../model/source.ts'
import type { Context, SourceMap } from '../context.ts'

/** Why a source that exists cannot be connected here and now. */
export type Unavailability =
  | 'planned'
  | 'ended'
  | 'closed'
  | 'native'
  | 'no_client'
  | 'credentials_off'
  | 'not_in_session'

/** The way to the accounts of one part of the world. */
export interface RegionalAuthorization {
  readonly region: NonNullable<AnyAuthorization['region']>
  readonly authorization: AnyAuthorization
  readonly client: Client
}

/** Whether, and how, an application can connect a source. */
export type Availability =
  | {
      readonly kind: 'available'
      readonly by: 'authorization'
      readonly source: OAuthSource
      readonly authorization: AnyAuthorization
      readonly client: Client
      /** What the person must choose from first; empty where there is one way only. */
      readonly regions: readonly RegionalAuthorization[]
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
 * which it has a client; a vendor's test system only when it has none for the real one. Giving a client for another
 * authorization alone is how an application picks that one.
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
  return byAuthorization(source, application)
}

function byAuthorization(source: OAuthSource, application: Application): Availability {
  let testSystem: AnyAuthorization | null = null
  for (const authorization of source.authorizations) {
    const client = application.clients.get(authorization.vendor)
    if (client === undefined) continue
    if (authorization.environment === 'sandbox') testSystem ??= authorization
    else {
      const regions = authorization.region === undefined ? NO_CHOICE : regionsOf(source, application)
      return { kind: 'available', by: 'authorization', source, authorization, client, regions }
    }
  }
  const client = testSystem === null ? undefined : application.clients.get(testSystem.vendor)
  if (testSystem === null || client === undefined) return { kind: 'unavailable', source, reason: 'no_client' }
  return {
    kind: 'available',
    by: 'authorization',
    source,
    authorization: testSystem,
    client,
    regions: NO_CHOICE,
  }
}

const NO_CHOICE: readonly RegionalAuthorization[] = Object.freeze([])

/** The places of a vendor's accounts for which the application has clients, each once; none when there is just one. */
function regionsOf(source: OAuthSource, application: Application): readonly RegionalAuthorization[] {
  const found = new Map<string, RegionalAuthorization>()
  for (const authorization of source.authorizations) {
    const { region, environment, vendor } = authorization
    const client = application.clients.get(vendor)
    if (region === undefined || client === undefined || environment === 'sandbox') continue
    if (!found.has(region.key)) found.set(region.key, { region, authorization, client })
  }
  return found.size > 1 ? [...found.values()] : NO_CHOICE
}

/** The keys of what at least one of the applications can connect now, and of the vendors that one of them has a client at. */
export function connectableNow({ sources, applications }: Pick<Context, 'sources' | 'applications'>): {
  readonly sources: readonly string[]
  readonly vendors: readonly string[]
} {
  const all = [...applications.values()]
  const isConnectable = (source: Source) =>
    all.some((application) => availabilityOf(source, application).kind === 'available')
  return {
    sources: [...sources.values()].filter(isConnectable).map(({ key }) => key),
    vendors: [...new Set(all.flatMap(({ clients }) => [...clients.keys()]))],
  }
}

/** The authorization of a vendor key; null where no source has it. */
export function authorizationAt(sources: SourceMap, vendor: string): AnyAuthorization | null {
  for (const source of sources.values()) {
    const found =
      source.kind === 'oauth2' ? source.authorizations.find((one) => one.vendor === vendor) : undefined
    if (found !== undefined) return found
  }
  return null
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
