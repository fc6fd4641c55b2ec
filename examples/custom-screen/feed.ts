import { type SpringbarClient, SpringbarError } from '@springbar/sdk'
import type { Happenings } from './happenings.ts'

/**
 * Reads everything that happens, for as long as the program runs, with the SDK's iterator: it waits, comes back after a
 * failure, and goes on where it was. Needs no public address. Tidewell keeps nothing over a restart, so it begins with the
 * oldest event; an application of yours would keep `event.cursor` when it has handled an event, and begin there.
 */
export async function followFeed(
  client: Pick<SpringbarClient, 'events'>,
  happenings: Happenings,
  { ending, log }: { readonly ending: AbortSignal | undefined; readonly log: (line: string) => void },
): Promise<void> {
  for (;;) {
    try {
      const options = ending === undefined ? {} : { signal: ending }
      for await (const event of client.events(options)) happenings.add(event, 'feed')
      return
    } catch (error) {
      if (!(error instanceof SpringbarError)) throw error
      log(`${error.code}: ${error.message}`)
      // Events passed that are kept no longer. What is connected is asked at each page; the list begins anew.
      if (error.code !== 'cursor_expired') return
    }
  }
}
