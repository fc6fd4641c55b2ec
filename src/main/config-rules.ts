import type { ConfigRules } from '../config/index.ts'
import type { Source } from '../model/source.ts'
import { hasLanguage, textProblem } from '../pages/index.ts'
import { vendorsOf } from './vendors-of.ts'

/** What a configuration may name of these sources. */
export function configRulesOf(
  sources: ReadonlyMap<number, Source>,
): Pick<
  ConfigRules,
  'vendors' | 'sourceKeys' | 'logInSources' | 'phoneSources' | 'textProblem' | 'hasLanguage'
> {
  const keysOf = (kind: Source['kind']) =>
    new Set([...sources.values()].filter((source) => source.kind === kind).map(({ key }) => key))
  return {
    vendors: vendorsOf(sources),
    sourceKeys: new Set([...sources.values()].map(({ key }) => key)),
    logInSources: keysOf('credentials'),
    phoneSources: keysOf('native'),
    textProblem,
    hasLanguage,
  }
}
