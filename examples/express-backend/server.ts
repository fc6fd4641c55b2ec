/**
 * Starts the backend: settings from the environment, whose defaults are the try-out's, a server, and the feed.
 */
import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { createSpringbarClient, type SpringbarEvent } from '@springbar/sdk'
import { createApp } from './app.ts'
import { createHappenings, followFeed, type Way } from './happenings.ts'

const { env } = process
const port = Number(env.PORT || 8085)
const publicUrl = env.PUBLIC_URL || `http://localhost:${port}`

const apiUrl = env.SPRINGBAR_API_URL || 'http://localhost:8080'

const springbar = createSpringbarClient({
  apiUrl,
  username: env.SPRINGBAR_USERNAME || 'demo',
  password: env.SPRINGBAR_PASSWORD || 'demo',
  applicationId: env.SPRINGBAR_APPLICATION_ID || 'demo-app',
  applicationSecret: env.SPRINGBAR_APPLICATION_SECRET || 'demo-secret',
})

const happenings = createHappenings()
const take = (event: SpringbarEvent, way: Way) => {
  if (happenings.add(event)) console.log(`${event.type}, told by the ${way}`)
}

const app = createApp({
  springbar,
  logosAt: new URL(apiUrl).origin,
  publicUrl,
  webhookSecret: env.SPRINGBAR_WEBHOOK_SECRET || null,
  // Without one of your own, a restart signs everybody out.
  sessionSecret: env.SESSION_SECRET || randomBytes(32).toString('base64url'),
  happenings,
  take,
})

const ending = new AbortController()
// This machine alone, since the log-in is pretended.
const server = app.listen(port, env.HOST || 'localhost', (error) => {
  if (error) return fail(error)
  console.log(`Tidewell with Express: ${publicUrl}`)
  followFeed(springbar, { take: (event) => take(event, 'feed'), signal: ending.signal }).catch(fail)
})

function fail(error: Error): void {
  console.error(error.message)
  process.exitCode = 1
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    ending.abort()
    server.close()
    server.closeAllConnections()
  })
