import type { Context as BrokerContext } from '../broker/context.ts'
import type { Appearance } from '../model/appearance.ts'
import type { Application } from '../model/application.ts'
import { type Language, type Look, lookOf, withOwnTexts } from '../pages/index.ts'
import { applicationLogoPath } from './application-logo.ts'

interface Prepared {
  readonly look: Look
  readonly languages: Map<Language, Language>
}

/** What was made of a look, for as long as the look is kept. */
const prepared = new WeakMap<Appearance, Prepared>()

/** A language and the look of an application: its own texts in place of ours, its colours, its logo. Ours for nobody. */
export async function drawnFor(
  context: BrokerContext,
  application: Application | null,
  language: Language,
): Promise<{ readonly language: Language; readonly look?: Look }> {
  if (application === null) return { language }
  const appearance = await context.appearances.find(application)
  const { look, languages } = prepare(appearance, application)
  const known = languages.get(language) ?? withOwnTexts(language, appearance)
  languages.set(language, known)
  return { language: known, look }
}

/** An appearance belongs to one application, except for our own, which has no logo. */
function prepare(appearance: Appearance, application: Application): Prepared {
  const known = prepared.get(appearance)
  if (known !== undefined) return known
  const { logoDigest, darkLogoDigest } = appearance
  const addressOf = (digest: string | null) =>
    digest === null ? null : applicationLogoPath(application, digest)
  const logos = { light: addressOf(logoDigest), dark: addressOf(darkLogoDigest) }
  const made = { look: lookOf(appearance, logos), languages: new Map<Language, Language>() }
  prepared.set(appearance, made)
  return made
}
