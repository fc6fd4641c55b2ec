import { type SpringbarClient, SpringbarError } from '@springbar/sdk'
import { createSources, FEW, fromCatalogue, type Sources } from './sources.ts'

/** How long what the service told is taken for true. */
const KEPT_MS = 60_000
/** After a failure it is asked again sooner. */
const KEPT_AFTER_FAILURE_MS = 5_000

/**
 * Tells what can be connected: all that the service's catalogue has, which needs an API key, and without one the few that
 * Tidewell knows by itself. Those are shown too while the catalogue does not answer: the screen needs it for nothing else.
 */
export function createCatalogue(
  client: Pick<SpringbarClient, 'readDataSources'> | null,
  { now, log }: { readonly now: () => number; readonly log: (line: string) => void },
): () => Promise<Sources> {
  let known: Promise<Sources> = Promise.resolve(FEW)
  let knownUntil = client === null ? Number.POSITIVE_INFINITY : 0

  async function read(asked: Pick<SpringbarClient, 'readDataSources'>): Promise<Sources> {
    try {
      return createSources((await asked.readDataSources({ locale: 'en' })).map(fromCatalogue))
    } catch (error) {
      if (!(error instanceof SpringbarError)) throw error
      log(`${error.code}: ${error.message}`)
      knownUntil = now() + KEPT_AFTER_FAILURE_MS
      return FEW
    }
  }

  return () => {
    if (client !== null && now() >= knownUntil) {
      knownUntil = now() + KEPT_MS
      known = read(client)
    }
    return known
  }
}
