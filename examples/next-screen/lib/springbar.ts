import 'server-only'
import { createSpringbarClient } from '@springbar/sdk'

const { env } = process

/** This application's address, as browsers see it. Next.js sets `PORT` itself. */
export const publicUrl = env.PUBLIC_URL || `http://localhost:${env.PORT || 3000}`

/** The client with the credentials: never in a component that runs in the browser, which `server-only` sees to. */
export const springbar = createSpringbarClient({
  apiUrl: env.SPRINGBAR_API_URL || 'http://localhost:8080',
  username: env.SPRINGBAR_USERNAME || 'demo',
  password: env.SPRINGBAR_PASSWORD || 'demo',
  applicationId: env.SPRINGBAR_APPLICATION_ID || 'demo-app',
  applicationSecret: env.SPRINGBAR_APPLICATION_SECRET || 'demo-secret',
})
