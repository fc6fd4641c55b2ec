import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import type { AppearanceLogo, AppearancePreview, AppearanceSettings } from '../../model/appearance.ts'
import type { Application } from '../../model/application.ts'
import { applicationOf, type Context } from '../context.ts'
import { assertReadable, logoFrom, readAppearance } from './change-appearance.ts'

/** What to try: the parts that are missing are as they are stored. */
export interface PreviewWish {
  readonly settings: AppearanceSettings | null
  readonly logo: Uint8Array<ArrayBuffer> | null
  readonly darkLogo: Uint8Array<ArrayBuffer> | null
}

/** Where the preview is, for a short time, for whoever has the key. */
export interface NewPreview {
  readonly key: string
  readonly expiresAt: number
}

const KEY_BYTES = 32
const KEY = /^[A-Za-z0-9_-]{43}$/

/**
 * Keeps a look to be looked at, beside the one that holds; nothing but its own pages shows it. Throws as storing it would:
 * `contrast_too_low`, `invalid_request`.
 */
export async function createPreview(
  context: Context,
  application: Application,
  wish: PreviewWish,
): Promise<NewPreview> {
  if (wish.settings !== null) assertReadable(wish.settings)
  const given = wish.logo === null ? null : logoFrom(wish.logo)
  const givenDark = wish.darkLogo === null ? null : logoFrom(wish.darkLogo)
  const current = await readAppearance(context, application)
  const key = Buffer.from(context.random(KEY_BYTES)).toString('base64url')
  const createdAt = context.now()
  const expiresAt = createdAt + limits.previewLifetimeMs
  const storedLogo = (stored: { readonly digest: string } | null) =>
    stored === null ? null : findLogo(context, application, stored.digest)
  const preview = {
    keyHash: keyHashOf(context, key),
    applicationId: application.id,
    settings: wish.settings ?? current.settings,
    logo: given ?? (await storedLogo(current.logo)),
    // A logo that is tried alone is not mixed with the dark one of another.
    darkLogo: givenDark ?? (given === null ? await storedLogo(current.darkLogo) : null),
    createdAt,
    expiresAt,
  }
  await context.storage.write(async ({ appearancePreviews }) => {
    await appearancePreviews.insert(preview)
    await appearancePreviews.removeOldest(application.id, limits.previewsPerApplication)
  })
  return { key, expiresAt }
}

/** A preview by its key, with its application. Throws `not_found` for an unknown key and for one whose time is over. */
export async function openPreview(
  context: Context,
  key: string,
): Promise<{ readonly preview: AppearancePreview; readonly application: Application }> {
  const preview = KEY.test(key)
    ? await context.storage.read.appearancePreviews.find(keyHashOf(context, key))
    : null
  if (preview === null || context.now() >= preview.expiresAt) throw noPreview()
  const application = applicationOf(context, preview.applicationId)
  if (application === null) throw noPreview()
  return { preview, application }
}

const noPreview = () =>
  new SpringbarError('not_found', 'There is no such preview, or its time is over. Ask for a new one.')

const keyHashOf = ({ vault }: Context, key: string): string => vault.ofRandom('preview-key', key)

/** The logo of an application by its digest: that of the configuration, or the one that is stored. Null for another. */
export async function findLogo(
  { storage }: Context,
  { id, appearance }: Application,
  digest: string,
): Promise<AppearanceLogo | null> {
  if (appearance === null) return storage.read.appearances.findLogo(id, digest)
  return [appearance.logo, appearance.darkLogo].find((logo) => logo?.digest === digest) ?? null
}
