/**
 * Serves the screen and its few calls. Plain Node.js, so that nothing hides what happens: take the framework that you have.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import path from 'node:path'
import process from 'node:process'
import { createSpringbarClient, SpringbarError } from '@springbar/sdk'
import { createBackend } from './backend.ts'
import { cookieFor, PEOPLE, type Person, readPerson } from './sign-in.ts'

const { env } = process
const port = Number(env.PORT || 8083)
const publicUrl = env.PUBLIC_URL || `http://localhost:${port}`
const apiUrl = env.SPRINGBAR_API_URL || 'http://localhost:8080'
// Without one of your own, a restart signs everybody out.
const cookies = {
  secret: env.SESSION_SECRET || randomBytes(32).toString('base64url'),
  isSecure: publicUrl.startsWith('https:'),
}

const backend = createBackend(
  createSpringbarClient({
    apiUrl,
    username: env.SPRINGBAR_USERNAME || 'demo',
    password: env.SPRINGBAR_PASSWORD || 'demo',
    applicationId: env.SPRINGBAR_APPLICATION_ID || 'demo-app',
    applicationSecret: env.SPRINGBAR_APPLICATION_SECRET || 'demo-secret',
  }),
  `${publicUrl}/connected`,
)

/** What the signed-in person's screen may ask for. */
const CALLS: Readonly<Record<string, (person: Person, body: Record<string, unknown>) => Promise<unknown>>> = {
  '/api/offered': () => backend.offered(),
  '/api/connected': (person) => backend.connected(person),
  '/api/link': (person, { dataSource }) => backend.link(person, Number(dataSource)),
  '/api/disconnect': (person, { dataSource }) => backend.disconnect(person, Number(dataSource)),
  '/api/redeem': (person, { code }) => backend.redeem(person, String(code)),
}

const file = (name: string, type: string) => ({
  body: readFileSync(path.join(import.meta.dirname, name)),
  type,
})
const page = file('public/index.html', 'text/html; charset=utf-8')
/** The return page is the screen itself: it hears how the trip ended. */
const FILES: Readonly<Record<string, ReturnType<typeof file>>> = {
  '/': page,
  '/connected': page,
  '/app.js': file('dist/app.js', 'text/javascript; charset=utf-8'),
  '/tidewell.css': file('public/tidewell.css', 'text/css; charset=utf-8'),
  '/tidewell.svg': file('public/tidewell.svg', 'image/svg+xml'),
}

const answer = (response: ServerResponse, status: number, body: unknown = null): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', publicUrl)
  const found = FILES[pathname]
  if (found !== undefined) {
    response.writeHead(200, {
      'content-type': found.type,
      'content-security-policy': `default-src 'self'; img-src 'self' ${new URL(apiUrl).origin}; frame-ancestors 'none'`,
      'referrer-policy': 'same-origin',
    })
    response.end(found.body)
    return
  }
  // Calls of this very site alone: another one must not make a signed-in browser act.
  if (request.method !== 'POST' || request.headers.origin !== publicUrl) return answer(response, 403)
  const body = await readJson(request)
  if (pathname === '/api/sign-in' || pathname === '/api/sign-out') {
    const wanted = pathname === '/api/sign-in' ? PEOPLE.find(({ id }) => id === body.person) : null
    if (wanted === undefined) return answer(response, 400)
    response.setHeader('set-cookie', cookieFor(wanted, cookies))
    return answer(response, 200)
  }
  const person = readPerson(request.headers.cookie, cookies.secret)
  if (pathname === '/api/me') return answer(response, 200, person && { name: person.name })
  const call = CALLS[pathname]
  if (call === undefined) return answer(response, 404)
  if (person === null) return answer(response, 401)
  answer(response, 200, await call(person, body))
}

const BODY_BYTES_MAX = 10_000

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request) {
    length += part.length
    if (length > BODY_BYTES_MAX) throw new RangeError('The body is too long.')
    parts.push(part)
  }
  const value: unknown = JSON.parse(Buffer.concat(parts).toString() || '{}')
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => {
    // The SDK's errors hold no secret, so they may be logged; of any other only the name is.
    console.error(
      error instanceof SpringbarError ? `${error.code}: ${error.message}` : String(error).split(':')[0],
    )
    if (!response.headersSent) answer(response, 503)
  })
})
server.once('error', (error) => {
  console.error(error.message)
  process.exitCode = 1
})
// This machine alone, since the log-in is pretended.
server.listen(port, env.HOST || 'localhost', () => console.log(`Tidewell with React: ${publicUrl}`))
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    server.close()
    server.closeAllConnections()
  })
