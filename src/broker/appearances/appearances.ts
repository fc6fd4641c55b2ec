import { errorName } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { type Appearance, PLAIN_APPEARANCE, type StoredAppearance } from '../../model/appearance.ts'
import { contrastProblems } from '../../model/appearance-colours.ts'
import { appearanceFields, toSettings } from '../../model/appearance-schema.ts'
import type { Application } from '../../model/application.ts'
import type { ApplicationId } from '../../model/ids.ts'
import type { AppearanceDirectory, Context } from '../context.ts'

interface Kept {
  readonly revision: string | null
  readonly appearance: Appearance
  readonly readAt: number
}

/**
 * Keeps looks in memory while they are asked for, `limits.appearancesKept` of them at most. Only who draws a page asks, so
 * a connect costs nothing. A change on another replica is seen within `limits.appearanceReadAgainMs`: then the revision is
 * asked for, and the rest only when it is another.
 */
export function createAppearanceDirectory({
  storage,
  now,
  log,
}: Pick<Context, 'storage' | 'now' | 'log'>): AppearanceDirectory {
  // In the order in which they were asked for last.
  const kept = new Map<ApplicationId, Kept>()
  let changes = 0
  const keep = (id: ApplicationId, entry: Kept): Appearance => {
    kept.delete(id)
    kept.set(id, entry)
    const [oldest] = kept.keys()
    if (kept.size > limits.appearancesKept && oldest !== undefined) kept.delete(oldest)
    return entry.appearance
  }
  const read = async (id: ApplicationId, known: Kept | undefined): Promise<Kept> => {
    const { appearances } = storage.read
    const readAt = now()
    if (known !== undefined && (await appearances.findRevision(id)) === known.revision)
      return { ...known, readAt }
    const stored = await appearances.find(id)
    return { revision: stored?.revision ?? null, appearance: usable(stored), readAt }
  }
  const usable = (stored: StoredAppearance | null): Appearance => {
    if (stored === null) return PLAIN_APPEARANCE
    if (isUsable(stored)) return stored
    log.error('a look that is stored cannot be used any more; give it again')
    const { logoDigest, darkLogoDigest } = stored
    return { ...PLAIN_APPEARANCE, logoDigest, darkLogoDigest }
  }
  return Object.freeze({
    async find({ id, appearance }: Application) {
      if (appearance !== null) return appearance
      const known = kept.get(id)
      if (known !== undefined && Math.abs(now() - known.readAt) < limits.appearanceReadAgainMs)
        return keep(id, known)
      const changesBefore = changes
      try {
        const entry = await read(id, known)
        // What was read while something changed may be older than that, so the next one reads again.
        return changes === changesBefore ? keep(id, entry) : entry.appearance
      } catch (error) {
        log.warn('a look cannot be read', { application: id, error: errorName(error) })
        return known?.appearance ?? PLAIN_APPEARANCE
      }
    },
    forget(id: ApplicationId) {
      changes++
      kept.delete(id)
    },
  })
}

/** The texts are looked at where they are used: one that no longer fits costs only itself. */
const stillWritten = appearanceFields(() => null)

/** Whether settings that were stored, perhaps by another version, are still what may be written. */
function isUsable({ settings }: StoredAppearance): boolean {
  const { colours, radius, font } = stillWritten
  const hasKnownParts =
    colours.safeParse(settings.colours).success &&
    radius.safeParse(settings.radius).success &&
    font.safeParse(settings.font).success
  return hasKnownParts && contrastProblems(toSettings(settings)).length === 0
}
