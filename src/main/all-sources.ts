import { type Config, ConfigError, readSourceFiles } from '../config/index.ts'
import { isOAuth2, type Source } from '../model/source.ts'
import { checkTemplates } from '../oauth/index.ts'
import { combineSources, sources } from '../sources/index.ts'

/** The built-in sources with those of the configuration. Throws a {@link ConfigError} when they, or its logos, do not fit. */
export function allSources(config: Pick<Config, 'sources' | 'logos'>): ReadonlyMap<number, Source> {
  const combined = combineSources(sources, config.sources)
  const keys = new Set([...combined.sources.values()].map(({ key }) => key))
  const strayLogos = [...config.logos.keys()].filter((key) => !keys.has(key))
  const problems = [
    ...combined.problems,
    ...strayLogos.map((key) => `logosFolder: the logo ${key} belongs to no source.`),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  checkCalls(combined.sources.values())
  return combined.sources
}

/** The built-in sources with those of these files. Throws a {@link ConfigError} that names every file and field. */
export function sourcesWith(files: readonly string[]): ReadonlyMap<number, Source> {
  const { sources: added, problems } = readSourceFiles(files)
  if (problems.length > 0) throw new ConfigError(problems)
  return allSources({ sources: added, logos: new Map() })
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
