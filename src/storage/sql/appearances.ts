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
  createdAt: true,
  expiresAt: true,
})

type Owner = { readonly applicationId: ApplicationId }

const logoColumns = (logo: AppearanceLogo | null): LogoColumns => ({
  logoDigest: logo?.digest ?? null,
  logoType: logo?.mediaType ?? null,
  logo: logo === null ? null : Buffer.from(logo.bytes).toString('base64'),
})

/** Null unless all three columns are there, as `logoColumns` writes them. */
function logoOf({ logoDigest, logoType, logo }: LogoColumns): AppearanceLogo | null {
  if (logoDigest === null || logoType === null || logo === null) return null
  return { digest: logoDigest, mediaType: logoType, bytes: new Uint8Array(Buffer.from(logo, 'base64')) }
}

// Written as JSON by this file alone.
const settingsOf = (text: string): AppearanceSettings => JSON.parse(text) as AppearanceSettings

const toStored = (row: Omit<AppearanceRow, 'logo' | 'logoType' | 'applicationId'>): StoredAppearance => ({
  settings: row.settings === null ? PLAIN_SETTINGS : settingsOf(row.settings),
  logoDigest: row.logoDigest,
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
    remove: prepare('appearances.remove', ({ applicationId }: Owner) =>
      build.deleteFrom('appearances').where('applicationId', '=', applicationId),
    ),
    find: prepare(
      'appearances.find',
      ({ applicationId }: Owner) =>
        own
          .select(['settings', 'logoDigest', 'revision', 'createdAt', 'updatedAt'])
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
  }
}

/** The looks of {@link Appearances}. */
export function createAppearances(queries: Queries): (executor: Executor) => Appearances {
  const statements = prepareAppearances(queries)
  return (executor) => ({
    async putSettings({ applicationId, revision, now }, settings) {
      const row = { applicationId, settings: JSON.stringify(settings), ...logoColumns(null) }
      await executor.change(statements.putSettings, { ...row, revision, createdAt: now, updatedAt: now })
    },
    async putLogo({ applicationId, revision, now }, logo) {
      const row = { applicationId, settings: null, ...logoColumns(logo) }
      await executor.change(statements.putLogo, { ...row, revision, createdAt: now, updatedAt: now })
    },
    remove: async (applicationId) => (await executor.change(statements.remove, { applicationId })) === 1,
    find: (applicationId) => executor.first(statements.find, { applicationId }),
    findRevision: (applicationId) => executor.first(statements.findRevision, { applicationId }),
    findLogo: (applicationId, digest) => executor.first(statements.findLogo, { applicationId, digest }),
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
    async insert({ logo, settings, ...row }) {
      const written = { ...row, settings: JSON.stringify(settings), ...logoColumns(logo) }
      await executor.change(statements.insert, written)
    },
    find: (keyHash) => executor.first(statements.find, { keyHash }),
    removeOldest: (applicationId, kept) => executor.change(statements.removeOldest, { applicationId, kept }),
    deleteExpired: (before, limit) => executor.change(statements.deleteExpired, { before, limit }),
  })
}
