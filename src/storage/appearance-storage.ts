/** What the storage keeps of applications' looks. A part of `storage.ts`, whose rules hold here too. */
import type {
  AppearanceLogo,
  AppearancePreview,
  AppearanceSettings,
  StoredAppearance,
} from '../model/appearance.ts'
import type { ApplicationId } from '../model/ids.ts'

/** A change of a look: whose, when, and a text that no earlier change had. */
export interface AppearanceChange {
  readonly applicationId: ApplicationId
  readonly revision: string
  readonly now: number
}

/** The looks that applications gave over the API. Those of the configuration are not in the database. */
export interface Appearances {
  /** Stores the settings, or replaces them; a logo stays. */
  putSettings(change: AppearanceChange, settings: AppearanceSettings): Promise<void>
  /** Stores the logo, replaces it, or with null forgets it; the settings stay. */
  putLogo(change: AppearanceChange, logo: AppearanceLogo | null): Promise<void>
  /** The same with the logo for the dark theme; all else stays. */
  putDarkLogo(change: AppearanceChange, logo: AppearanceLogo | null): Promise<void>
  /** Forgets settings and logos. False when there was neither. */
  remove(applicationId: ApplicationId): Promise<boolean>
  /** Without the content of the logo. */
  find(applicationId: ApplicationId): Promise<StoredAppearance | null>
  /** The revision alone, for those who know the rest. */
  findRevision(applicationId: ApplicationId): Promise<string | null>
  /** The logo with this digest, that of the dark theme too, while it is the application's. */
  findLogo(applicationId: ApplicationId, digest: string): Promise<AppearanceLogo | null>
}

/** Looks that somebody tries. */
export interface AppearancePreviews {
  /** Rejects with `conflict` when the key is taken. */
  insert(preview: AppearancePreview): Promise<void>
  /** By the unguessable key, expired or not. */
  find(keyHash: string): Promise<AppearancePreview | null>
  /** Removes the application's oldest beyond `kept`, and tells how many. */
  removeOldest(applicationId: ApplicationId, kept: number): Promise<number>
  /** Removes up to `limit` that expired before `before`, and tells how many. */
  deleteExpired(before: number, limit: number): Promise<number>
}
