import type { Source } from '../model/source.ts'
import type { SourceLabel } from '../pages/index.ts'
import { logoPath } from './logo.ts'
import type { Services } from './services.ts'

/** A source as pages show it: with its logo where it has one, not with the monogram that stands in for it elsewhere. */
export const sourceLabel = (
  { presentation }: Pick<Services, 'presentation'>,
  source: Source,
): SourceLabel => ({
  key: source.key,
  name: source.name,
  logo: presentation.logo(source.key) === null ? null : logoPath(source),
})
