import { type Config, ConfigError } from '../config/index.ts'
import type { Source } from '../model/source.ts'
import { combineSources, sources } from '../sources/index.ts'

/** The built-in sources with those of the configuration. Throws a {@link ConfigError} when they do not fit together. */
export function allSources(config: Pick<Config, 'sources'>): ReadonlyMap<number, Source> {
  const combined = combineSources(sources, config.sources)
  if (combined.problems.length > 0) throw new ConfigError(combined.problems)
  return combined.sources
}
