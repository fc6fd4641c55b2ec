/**
 * An application's look, as it is given and read.
 *
 * @module broker/appearances — owns what becomes of a look: given, replaced, forgotten, previewed, known to every
 * replica. What a look may say is in `model/appearance.ts`; pages draw it.
 */

import { hash } from 'node:crypto'
import { SpringbarError } from '../../errors.ts'
import {
  type AppearanceLogo,
  type AppearanceSettings,
  PLAIN_SETTINGS,
  type Scheme,
  type StoredAppearance,
} from '../../model/appearance.ts'
import { contrastProblems, contrastSentence, pairOf } from '../../model/appearance-colours.ts'
import type { Application } from '../../model/application.ts'
import { newHexId } from '../../model/ids.ts'
import { readLogo } from '../../model/logo-file.ts'
import type { Tables } from '../../storage/storage.ts'
import { auditByApplication } from '../audit/append-audit.ts'
import type { Context } from '../context.ts'

/** An application's look with who manages it. */
export interface KnownAppearance {
  readonly settings: AppearanceSettings
  readonly logo: { readonly digest: string } | null
  /** For the dark theme; null for the same logo in both. */
  readonly darkLogo: { readonly digest: string } | null
  /** `none`: nothing was given, so it is ours. What the configuration gives cannot be changed over the API. */
  readonly managedBy: 'configuration' | 'api' | 'none'
  /** Epoch milliseconds; null for what the configuration gives, and for ours. */
  readonly updatedAt: number | null
}

/** The look of an application, as it is stored right now. */
export async function readAppearance(context: Context, application: Application): Promise<KnownAppearance> {
  const { appearance } = application
  if (appearance !== null)
    return {
      settings: appearance.settings,
      logo: appearance.logo,
      darkLogo: appearance.darkLogo,
      managedBy: 'configuration',
      updatedAt: null,
    }
  return known(await context.storage.read.appearances.find(application.id))
}

const known = (stored: StoredAppearance | null): KnownAppearance =>
  stored === null
    ? { settings: PLAIN_SETTINGS, logo: null, darkLogo: null, managedBy: 'none', updatedAt: null }
    : {
        settings: stored.settings,
        logo: withDigestOf(stored.logoDigest),
        darkLogo: withDigestOf(stored.darkLogoDigest),
        managedBy: 'api',
        updatedAt: stored.updatedAt,
      }

const withDigestOf = (digest: string | null) => (digest === null ? null : { digest })

/** Stores what an application says about its look, whole. Throws `managed_by_configuration` or `contrast_too_low`. */
export async function putAppearance(
  context: Context,
  application: Application,
  settings: AppearanceSettings,
): Promise<KnownAppearance> {
  assertReadable(settings)
  return change(context, application, 'appearance.put', async ({ appearances }, next) => {
    await appearances.putSettings(next, settings)
    return true
  })
}

/** Stores the logo, or with `dark` the one for the dark theme. Throws `managed_by_configuration`, or `invalid_request` for what is no picture. */
export async function putAppearanceLogo(
  context: Context,
  application: Application,
  bytes: Uint8Array<ArrayBuffer>,
  theme: Scheme,
): Promise<KnownAppearance> {
  const logo = logoFrom(bytes)
  const action = theme === 'dark' ? 'appearance.put-dark-logo' : 'appearance.put-logo'
  return change(context, application, action, async ({ appearances }, next) => {
    await (theme === 'dark' ? appearances.putDarkLogo(next, logo) : appearances.putLogo(next, logo))
    return true
  })
}

/** Forgets the logo for the dark theme, or with `light` both, if there is one. Throws `managed_by_configuration`. */
export async function removeAppearanceLogo(
  context: Context,
  application: Application,
  theme: Scheme,
): Promise<void> {
  const action = theme === 'dark' ? 'appearance.remove-dark-logo' : 'appearance.remove-logo'
  await change(context, application, action, async ({ appearances }, next) => {
    if ((await appearances.find(application.id)) === null) return false
    await appearances.putDarkLogo(next, null)
    if (theme === 'light') await appearances.putLogo(next, null)
    return true
  })
}

/** Forgets the whole look, if there is one: pages look like ours again. Throws `managed_by_configuration`. */
export async function removeAppearance(context: Context, application: Application): Promise<void> {
  await change(context, application, 'appearance.remove', ({ appearances }) =>
    appearances.remove(application.id),
  )
}

type Next = Parameters<Tables['appearances']['putLogo']>[0]

async function change(
  context: Context,
  application: Application,
  action: string,
  /** False when there was nothing to change. */
  carryOut: (tables: Tables, next: Next) => Promise<boolean>,
): Promise<KnownAppearance> {
  const { id, appearance } = application
  if (appearance !== null)
    throw new SpringbarError('managed_by_configuration', 'The look stands in the configuration.')
  const next = { applicationId: id, revision: newHexId(context.random), now: context.now() }
  const stored = await context.storage.write(async (tables) => {
    if (await carryOut(tables, next)) await auditByApplication(context, tables, application, action, id)
    return tables.appearances.find(id)
  })
  context.appearances.forget(id)
  return known(stored)
}

/** Throws `contrast_too_low` with the first pair of colours that is hard to read, and what would do. */
export function assertReadable(settings: AppearanceSettings): void {
  const [problem, ...more] = contrastProblems(settings)
  if (problem === undefined) return
  const others = more.length === 0 ? '' : ` Pairs that are too near as well: ${more.map(pairOf).join(', ')}.`
  throw new SpringbarError('contrast_too_low', `colours: ${contrastSentence(problem)}.${others}`, {
    extra: {
      pair: pairOf(problem),
      found: problem.found,
      needed: problem.needed,
      change: `colours.${problem.scheme}.${problem.change}`,
      ...(problem.suggestion === null ? {} : { suggestion: problem.suggestion }),
    },
  })
}

/** A logo by its content. Throws `invalid_request` for what is none. */
export function logoFrom(bytes: Uint8Array<ArrayBuffer>): AppearanceLogo {
  const read = readLogo(bytes)
  if (!read.ok) throw new SpringbarError('invalid_request', `logo: the file ${read.problem}.`)
  return withDigest(read.logo)
}

/** The digest tells contents apart; it is no secret. */
export const withDigest = (logo: Omit<AppearanceLogo, 'digest'>): AppearanceLogo =>
  Object.freeze({ ...logo, digest: hash('sha256', logo.bytes, 'hex').slice(0, 32) })
