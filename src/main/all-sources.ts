import { type Config, ConfigError } from '../config/index.ts'
import { isOAuth2, type Source } from '../model/source.ts'
import { checkTemplates } from '../oauth/index.ts'
import { combineSources, sources } from '../sources/index.ts'

/** The built-in sources with those of the configuration. Throws a {@link ConfigError} when they do not fit together. */
export function allSources(config: Pick<Config, 'sources'>): ReadonlyMap<number, Source> {
  const combined = combineSources(sources, config.sources)
  if (combined.problems.length > 0) throw new ConfigError(combined.problems)
  checkCalls(combined.sources.values())
  return combined.sources
}

/** What could not be filled in or sent is found here, and not by the first person who connects. */
function checkCalls(sources: Iterable<Source>): void {
  for (const source of sources) {
    const authorizations = source.kind === 'oauth2' ? source.authorizations.filter(isOAuth2) : []
    try {
      authorizations.forEach(checkTemplates)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw new ConfigError([`The source ${source.key} cannot be used: ${error.message}.`])
    }
  }
}
