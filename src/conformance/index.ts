/**
 * Whether a definition and a vendor that behaves as it says work together, in everything that can happen.
 *
 * @module conformance — owns the scenarios, a family for each way to connect, and plays each of them with the real engine
 * over real HTTP against the sandbox. Our own tests and `springbar source check` run the same ones. It decides nothing
 * about people (`broker/`); the service that phones are paired with is given to it.
 */
import { isOAuth2, type Source } from '../model/source.ts'
import { LOG_IN_VENDORS } from '../sandbox/index.ts'
import { openBench } from './bench.ts'
import { consentScenarios } from './consent-scenarios.ts'
import type { CheckEffects } from './effects.ts'
import { exchangeScenarios } from './exchange-scenarios.ts'
import { lifetimeScenarios } from './lifetime-scenarios.ts'
import { openLogInBench } from './log-in-bench.ts'
import { logInScenarios } from './log-in-scenarios.ts'
import { openOAuth1Bench } from './oauth1-bench.ts'
import { oauth1ConsentScenarios } from './oauth1-consent-scenarios.ts'
import { oauth1ExchangeScenarios } from './oauth1-exchange-scenarios.ts'
import { oauth1LifetimeScenarios } from './oauth1-lifetime-scenarios.ts'
import { openPhoneBench } from './phone-bench.ts'
import { phoneScenarios } from './phone-scenarios.ts'
import type { Scenario } from './scenario.ts'

export type { CheckEffects } from './effects.ts'
export type { PairingService, SeenConnection } from './pairing-service.ts'

/** How something is connected: each way has scenarios of its own. */
export type Family = 'OAuth 2.0' | 'OAuth 1.0a' | 'a log-in' | 'a pairing'

/** What came of one scenario for one authorization. */
export interface Finding {
  readonly family: Family
  readonly vendor: string
  readonly scenario: string
  readonly verdict: 'passed' | 'failed' | 'does-not-apply'
  /** What was wrong, in one sentence; null unless it failed. */
  readonly problem: string | null
  /** Why it does not apply, as the end of a sentence; null where it does. */
  readonly reason: string | null
}

/** One scenario for one authorization. */
export interface Play extends Pick<Finding, 'family' | 'vendor' | 'scenario'> {
  /** Plays it, in a sandbox of its own. Never rejects. */
  readonly run: (effects: CheckEffects) => Promise<Finding>
}

/** Everything that there is to play for a source; nothing for one without a definition. */
export function playsOf(source: Source): readonly Play[] {
  if (source.kind === 'oauth2')
    return source.authorizations.flatMap((authorization) =>
      isOAuth2(authorization)
        ? playsFor('OAuth 2.0', authorization, oauth2Scenarios, (effects) =>
            openBench(effects, source, authorization),
          )
        : playsFor('OAuth 1.0a', authorization, oauth1Scenarios, (effects) =>
            openOAuth1Bench(effects, source, authorization),
          ),
    )
  if (source.kind === 'credentials' && LOG_IN_VENDORS.some(({ key }) => key === source.vendor))
    return playsFor('a log-in', source, logInScenarios, (effects) => openLogInBench(effects, source))
  if (source.kind === 'native')
    return playsFor('a pairing', source, phoneScenarios, (effects) => openPhoneBench(effects, source))
  return []
}

/** Plays every scenario for a source, and tells of each as it is done. */
export async function* checkSource(effects: CheckEffects, source: Source): AsyncGenerator<Finding> {
  for (const play of playsOf(source)) yield await play.run(effects)
}

const oauth2Scenarios = [...consentScenarios, ...exchangeScenarios, ...lifetimeScenarios]
const oauth1Scenarios = [...oauth1ConsentScenarios, ...oauth1ExchangeScenarios, ...oauth1LifetimeScenarios]

function playsFor<
  Subject extends { readonly vendor: string },
  Played extends { readonly close: () => Promise<void> },
>(
  family: Family,
  subject: Subject,
  scenarios: readonly Scenario<Subject, Played>[],
  open: (effects: CheckEffects) => Promise<Played>,
): readonly Play[] {
  return scenarios.map((scenario) => {
    const about = { family, vendor: subject.vendor, scenario: scenario.name }
    const run = async (effects: CheckEffects): Promise<Finding> => {
      if (!scenario.appliesTo(subject))
        return { ...about, verdict: 'does-not-apply', problem: null, reason: scenario.otherwise ?? null }
      const problem = await problemOf(effects, scenario, open)
      return { ...about, verdict: problem === null ? 'passed' : 'failed', problem, reason: null }
    }
    return { ...about, run }
  })
}

/** Plays a scenario; what was wrong, in one sentence, or null. */
async function problemOf<Subject, Played extends { readonly close: () => Promise<void> }>(
  effects: CheckEffects,
  scenario: Scenario<Subject, Played>,
  open: (effects: CheckEffects) => Promise<Played>,
): Promise<string | null> {
  try {
    const bench = await open(effects)
    try {
      await scenario.play(bench)
    } finally {
      await bench.close()
    }
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
