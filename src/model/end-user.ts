import type { ApplicationId, EndUserId } from './ids.ts'

/** The values of the compatible API. */
export type Gender = 'male' | 'female' | 'genderless'

/** What an application may store about a person, for the benefit of its other services. Null when not stored. */
export interface EndUserProfile {
  readonly heightCm: number | null
  readonly weightKg: number | null
  /** `YYYY-MM-DD` */
  readonly birthdate: string | null
  readonly gender: Gender | null
}

/** A person of one application. Instants are epoch milliseconds. */
export interface EndUser extends EndUserProfile {
  readonly id: EndUserId
  readonly applicationId: ApplicationId
  /** The application's own name for the person (`partnerUserID`), unique within the application. */
  readonly alias: string | null
  readonly language: string | null
  readonly createdAt: number
  /** When everything of this person is erased; null unless the deletion is queued. */
  readonly deleteAt: number | null
}
