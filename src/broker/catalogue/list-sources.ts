import type { Application } from '../../model/application.ts'
import type { AnyAuthorization, Source } from '../../model/source.ts'
import type { Context } from '../context.ts'
import { type Availability, availabilityOf } from './find-source.ts'

/** A source as one application sees it. */
export interface ListedSource {
  readonly source: Source
  readonly availability: Availability
  /** The authorization that the application uses, or would use by default; null for a source without a definition. */
  readonly authorization: AnyAuthorization | null
}

/** The whole catalogue as the application sees it, by catalogue id. */
export function listSources(context: Context, application: Application): readonly ListedSource[] {
  return [...context.sources.values()]
    .sort((a, b) => a.id - b.id)
    .map((source) => listedSource(source, application))
}

/** One source as the application sees it. */
export function listedSource(source: Source, application: Application): ListedSource {
  const availability = availabilityOf(source, application)
  const first = source.kind === 'oauth2' ? (source.authorizations[0] ?? null) : null
  return {
    source,
    availability,
    authorization:
      availability.kind === 'available' && availability.by === 'authorization'
        ? availability.authorization
        : first,
  }
}
