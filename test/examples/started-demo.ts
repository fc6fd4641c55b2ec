import type { Fetch } from '@springbar/sdk'
import { createDemo } from '../../examples/custom-screen/demo.ts'
import { type DocumentedService, startDocumentedService } from './documented-service.ts'
import { createVisitor } from './visitor.ts'

/** Where the demo is in these tests. */
export const PUBLIC_URL = 'http://localhost:8082'

/** What the service signs webhooks to the demo with. */
export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

/** The demo's backend with a stand-in of the service, a clock that tests set, and what it logged. */
export async function startDemoWithService() {
  const service: DocumentedService = await startDocumentedService()
  const log: string[] = []
  const clock = { now: 1_770_110_142_991 }

  function start(options: { readonly fetch?: Fetch; readonly publicUrl?: string } = {}) {
    let callCount = 0
    const app = createDemo({
      apiUrl: service.apiUrl,
      directUrl: service.directUrl,
      username: 'demo',
      password: 'demo',
      applicationId: 'demo-app',
      applicationSecret: 'demo-secret',
      webhookSecret: WEBHOOK_SECRET,
      publicUrl: PUBLIC_URL,
      now: () => clock.now,
      random: (byteCount) => {
        callCount += 1
        // Different for each call, and the same in each run.
        return new Uint8Array(byteCount).map((_byte, index) => (index < 4 ? callCount >>> (8 * index) : 0))
      },
      log: (line) => log.push(line),
      ...options,
    })
    return { app, visitor: createVisitor(app, options.publicUrl ?? PUBLIC_URL) }
  }

  async function signedIn(options: { readonly fetch?: Fetch } = {}) {
    const { app, visitor } = start(options)
    await visitor.submit('/sign-in', { person: 'mara' })
    return { app, visitor }
  }

  return { service, log, clock, start, signedIn }
}
