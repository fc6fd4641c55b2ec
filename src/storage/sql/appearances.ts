import type {
  AppearanceLogo,
  AppearancePreview,
  AppearanceSettings,
  StoredAppearance,
} from '../../model/appearance.ts'
import { PLAIN_SETTINGS } from '../../model/appearance.ts'
import type { ApplicationId } from '../../model/ids.ts'
import type { AppearancePreviews, Appearances } from '../storage.ts'
import { columnsOf } from './columns.ts'
import type { Executor } from './executor.ts'
import { pick, prepare } from './prepared.ts'
import type { Queries } from './queries.ts'
import type { AppearancePreviewRow, AppearanceRow, LogoColumns } from './schema.ts'

const appearanceColumns = columnsOf<AppearanceRow>({
  applicationId: true,
  settings: true,
  logoDigest: true,
  logoType: true,
  logo: true,
  darkLogoDigest: true,
  darkLogoType: true,
  darkLogo: true,
  revision: true,
  createdAt: true,
  updatedAt: true,
})

const appearancePreviewColumns = columnsOf<AppearancePreviewRow>({
  keyHash: true,
  applicationId: true,
  settings: true,
  logoDigest: true,
  logoType: true,
  logo: true,
  darkLogoDigest: true,
  darkLogoType: true,
  darkLogo: true,
  createdAt: true,
  expiresAt: true,
})

type Owner = { readonly applicationId: ApplicationId }

const contentOf = (logo: AppearanceLogo | null): string | null =>
  logo === null ? null : Buffer.from(logo.bytes).toString('base64')

const logoColumns = (logo: AppearanceLogo | null, darkLogo: AppearanceLogo | null): LogoColumns => ({
  logoDigest: logo?.digest ?? null,
  logoType: logo?.mediaType ?? null,
  logo: contentOf(logo),
  darkLogoDigest: darkLogo?.digest ?? null,
  darkLogoType: darkLogo?.mediaType ?? null,
  darkLogo: contentOf(darkLogo),
})

type OneLogo = Pick<LogoColumns, 'logoDigest' | 'logoType' | 'logo'>

/** Null unless all three columns are there, as `logoColumns` writes them. */
function logoOf({ logoDigest, logoType, logo }: OneLogo): AppearanceLogo | null {
  if (logoDigest === null || logoType === null || logo === null) return null
  return { digest: logoDigest, mediaType: logoType, bytes: new Uint8Array(Buffer.from(logo, 'base64')) }
}

const darkLogoOf = (row: Omit<LogoColumns, keyof OneLogo>): AppearanceLogo | null =>
  logoOf({ logoDigest: row.darkLogoDigest, logoType: row.darkLogoType, logo: row.darkLogo })

// Written as JSON by this file alone.
const settingsOf = (text: string): AppearanceSettings => JSON.parse(text) as AppearanceSettings

const toStored = (
  row: Omit<AppearanceRow, 'logo' | 'logoType' | 'darkLogo' | 'darkLogoType' | 'applicationId'>,
): StoredAppearance => ({
  settings: row.settings === null ? PLAIN_SETTINGS : settingsOf(row.settings),
  logoDigest: row.logoDigest,
  darkLogoDigest: row.darkLogoDigest,
  revision: row.revision,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})

const prepareAppearances = ({ build }: Queries) => {
  const own = build.selectFrom('appearances')
  return {
    putSettings: prepare('appearances.put_settings', (row: AppearanceRow) =>
      build
        .insertInto('appearances')
        .values(pick(row, appearanceColumns))
        .onConflict((on) =>
          on.column('applicationId').doUpdateSet(pick(row, ['settings', 'revision', 'updatedAt'])),
        ),
    ),
    putLogo: prepare('appearances.put_logo', (row: AppearanceRow) =>
      build
        .insertInto('appearances')
        .values(pick(row, appearanceColumns))
        .onConflict((on) =>
          on
            .column('applicationId')
            .doUpdateSet(pick(row, ['logoDigest', 'logoType', 'logo', 'revision', 'updatedAt'])),
        ),
    ),
    putDarkLogo: prepare('appearances.put_dark_logo', (row: AppearanceRow) =>
      build
        .insertInto('appearances')
        .values(pick(row, appearanceColumns))
        .onConflict((on) =>
          on
            .column('applicationId')
            .doUpdateSet(pick(row, ['darkLogoDigest', 'darkLogoType', 'darkLogo', 'revision', 'updatedAt'])),
        ),
    ),
    remove: prepare('appearances.remove', ({ applicationId }: Owner) =>
      build.deleteFrom('appearances').where('applicationId', '=', applicationId),
    ),
    find: prepare(
      'appearances.find',
      ({ applicationId }: Owner) =>
        own
          .select(['settings', 'logoDigest', 'darkLogoDigest', 'revision', 'createdAt', 'updatedAt'])
          .where('applicationId', '=', applicationId),
      toStored,
    ),
    findRevision: prepare(
      'appearances.find_revision',
      ({ applicationId }: Owner) => own.select('revision').where('applicationId', '=', applicationId),
      (row) => row.revision,
    ),
    findLogo: prepare(
      'appearances.find_logo',
      ({ applicationId, digest }: Owner & { readonly digest: string }) =>
        own
          .select(['logoDigest', 'logoType', 'logo'])
          .where('applicationId', '=', applicationId)
          .where('logoDigest', '=', digest),
      logoOf,
    ),
    findDarkLogo: prepare(
      'appearances.find_dark_logo',
      ({ applicationId, digest }: Owner & { readonly digest: string }) =>
        own
          .select(['darkLogoDigest', 'darkLogoType', 'darkLogo'])
          .where('applicationId', '=', applicationId)
          .where('darkLogoDigest', '=', digest),
      darkLogoOf,
    ),
  }
}

/** The looks of {@link Appearances}. */
export function createAppearances(queries: Queries): (executor: Executor) => Appearances {
  const statements = prepareAppearances(queries)
  return (executor) => ({
    async putSettings({ applicationId, revision, now }, settings) {
      const row = { applicationId, settings: JSON.stringify(settings), ...logoColumns(null, null) }
      await executor.change(statements.putSettings, { ...row, revision, createdAt: now, updatedAt: now })
    },
    async putLogo({ applicationId, revision, now }, logo) {
      const row = { applicationId, settings: null, ...logoColumns(logo, null) }
      await executor.change(statements.putLogo, { ...row, revision, createdAt: now, updatedAt: now })
    },
    async putDarkLogo({ applicationId, revision, now }, logo) {
      const row = { applicationId, settings: null, ...logoColumns(null, logo) }
      await executor.change(statements.putDarkLogo, { ...row, revision, createdAt: now, updatedAt: now })
    },
    remove: async (applicationId) => (await executor.change(statements.remove, { applicationId })) === 1,
    find: (applicationId) => executor.first(statements.find, { applicationId }),
    findRevision: (applicationId) => executor.first(statements.findRevision, { applicationId }),
    findLogo: async (applicationId, digest) =>
      (await executor.first(statements.findLogo, { applicationId, digest })) ??
      executor.first(statements.findDarkLogo, { applicationId, digest }),
  })
}

const toPreview = ({
  keyHash,
  applicationId,
  settings,
  createdAt,
  expiresAt,
  ...logo
}: AppearancePreviewRow): AppearancePreview => ({
  keyHash,
  applicationId,
  settings: settingsOf(settings),
  logo: logoOf(logo),
  darkLogo: darkLogoOf(logo),
  createdAt,
  expiresAt,
})

const preparePreviews = ({ build }: Queries) => ({
  insert: prepare('appearance_previews.insert', (row: AppearancePreviewRow) =>
    build.insertInto('appearancePreviews').values(pick(row, appearancePreviewColumns)),
  ),
  find: prepare(
    'appearance_previews.find',
    ({ keyHash }: { readonly keyHash: string }) =>
      build.selectFrom('appearancePreviews').select(appearancePreviewColumns).where('keyHash', '=', keyHash),
    toPreview,
  ),
  removeOldest: prepare(
    'appearance_previews.remove_oldest',
    ({ applicationId, kept }: Owner & { readonly kept: number }) =>
      build
        .deleteFrom('appearancePreviews')
        .where('applicationId', '=', applicationId)
        .where('keyHash', 'not in', (select) =>
          select
            .selectFrom('appearancePreviews')
            .select('keyHash')
            .where('applicationId', '=', applicationId)
            .orderBy('createdAt', 'desc')
            .orderBy('keyHash')
            .limit(kept),
        ),
  ),
  deleteExpired: prepare(
    'appearance_previews.delete_expired',
    (old: { readonly before: number; readonly limit: number }) =>
      build
        .deleteFrom('appearancePreviews')
        .where('keyHash', 'in', (select) =>
          select
            .selectFrom('appearancePreviews')
            .select('keyHash')
            .where('expiresAt', '<', old.before)
            .orderBy('expiresAt')
            .limit(old.limit),
        ),
  ),
})

/** The looks of {@link AppearancePreviews}. */
export function createAppearancePreviews(queries: Queries): (executor: Executor) => AppearancePreviews {
  const statements = preparePreviews(queries)
  return (executor) => ({
    async insert({ logo, darkLogo, settings, ...row }) {
      const written = { ...row, settings: JSON.stringify(settings), ...logoColumns(logo, darkLogo) }
      await executor.change(statements.insert, written)
    },
    find: (keyHash) => executor.first(statements.find, { keyHash }),
    removeOldest: (applicationId, kept) => executor.change(statements.removeOldest, { applicationId, kept }),
    deleteExpired: (before, limit) => executor.change(statements.deleteExpired, { before, limit }),
  })
}
