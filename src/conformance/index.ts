/**
 * Whether a definition and a vendor that behaves as it says work together, in everything that can happen.
 *
 * @module conformance — owns the scenarios, and plays each of them with the real engine over real HTTP against the
 * sandbox. Our own tests and `springbar source check` run the same ones. It decides nothing about people (`broker/`).
 */
import { type Authorization, isOAuth2, type Source } from '../model/source.ts'
import type { Vendor } from '../sandbox/index.ts'
import { type CheckEffects, openBench } from './bench.ts'
import { consentScenarios } from './consent-scenarios.ts'
import { exchangeScenarios } from './exchange-scenarios.ts'
import { lifetimeScenarios } from './lifetime-scenarios.ts'
import type { Scenario } from './scenario.ts'

/** Every scenario, in the order in which they are told of. */
export const scenarios: readonly Scenario[] = [
  ...consentScenarios,
  ...exchangeScenarios,
  ...lifetimeScenarios,
]

/** What came of one scenario for one authorization. */
export interface Finding {
  readonly vendor: string
  readonly scenario: string
  readonly verdict: 'passed' | 'failed' | 'does-not-apply'
  /** What was wrong, in one sentence; null unless it failed. */
  readonly problem: string | null
}

/** The authorizations of a source that scenarios can be played for. */
export const authorizationsToCheck = (source: Source): readonly Authorization[] =>
  source.kind === 'oauth2' ? source.authorizations.filter(isOAuth2) : []

/** Plays one scenario, in a sandbox of its own. Never rejects. */
export async function checkScenario(
  effects: CheckEffects,
  source: Source,
  authorization: Authorization,
  vendor: Vendor,
  scenario: Scenario,
): Promise<Finding> {
  const about = { vendor: authorization.vendor, scenario: scenario.name }
  if (source.kind !== 'oauth2' || !scenario.appliesTo(authorization))
    return { ...about, verdict: 'does-not-apply', problem: null }
  const bench = await openBench(effects, source, authorization, vendor)
  try {
    await scenario.play(bench)
    return { ...about, verdict: 'passed', problem: null }
  } catch (error) {
    return { ...about, verdict: 'failed', problem: error instanceof Error ? error.message : String(error) }
  } finally {
    await bench.close()
  }
}

/** Plays every scenario for every authorization of a source, and tells of each as it is done. */
export async function* checkSource(
  effects: CheckEffects,
  source: Source,
  vendorOf: (authorization: Authorization) => Vendor,
): AsyncGenerator<Finding> {
  for (const authorization of authorizationsToCheck(source))
    for (const scenario of scenarios)
      yield await checkScenario(effects, source, authorization, vendorOf(authorization), scenario)
}
