// What the sandbox tests share: a clock that stands still, repeatable randomness, one client for each vendor.
import { createHash } from 'node:crypto'
import { createSandbox, type Sandbox, type SandboxOptions, signatureOf } from '../../src/sandbox/index.ts'

/** The clock of every test stands here until the test moves it. */
export const START_MS = Date.UTC(2026, 10, 22, 12, 0, 0)
export const START_SECONDS = START_MS / 1_000

/** Random bytes that are the same in every run: SHA-256 over a counter. */
export function createRepeatableRandom(seed = 'sandbox'): (byteLength: number) => Uint8Array {
  let count = 0
  return (byteLength) => {
    const blocks: Buffer[] = []
    while (blocks.length * 32 < byteLength) {
      count += 1
      blocks.push(createHash('sha256').update(`${seed}:${count}`).digest())
    }
    return Buffer.concat(blocks).subarray(0, byteLength)
  }
}

export const redirectUriOf = (vendor: string) => `http://localhost:8080/callback/${vendor}`

const VENDOR_KEYS = ['strava', 'withings', 'google-health', 'fitbit']

export const TEST_CLIENTS = VENDOR_KEYS.map((vendor) => ({
  vendor,
  clientId: `sandbox-${vendor}`,
  clientSecret: `sandbox-${vendor}-secret`,
  redirectUris: [redirectUriOf(vendor)],
  name: 'Test app',
}))

/** A sandbox as the try-out has it: Withings takes localhost. Waiting ends at once, unless a test says otherwise. */
export function createTestSandbox(options: Partial<SandboxOptions> = {}): Sandbox {
  return createSandbox({
    now: () => START_MS,
    random: createRepeatableRandom(),
    clients: TEST_CLIENTS,
    switches: { withings: { allowLocalhost: true } },
    delay: async () => undefined,
    ...options,
  })
}

export type Parameters = Readonly<Record<string, string>>

/** An authorization URL of the vendor. An empty text leaves a parameter out. */
export function authorizationUrl(vendor: string, url: string, scope: string, more: Parameters = {}): string {
  const parameters = {
    response_type: 'code',
    client_id: `sandbox-${vendor}`,
    redirect_uri: redirectUriOf(vendor),
    scope,
    state: 'a-state-of-some-length',
    ...more,
  }
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''))
  return `https://${url}?${query}`
}

export const basic = (vendor: string, secret = `sandbox-${vendor}-secret`) =>
  `Basic ${Buffer.from(`sandbox-${vendor}:${secret}`).toString('base64')}`

/** A form POST to a vendor URL. An empty text leaves a field out. */
export async function post(sandbox: Sandbox, url: string, fields: Parameters, headers: Parameters = {}) {
  const body = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ''))
  const response = await sandbox.app.request(`/${url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: body.toString(),
  })
  return read(response)
}

export async function get(sandbox: Sandbox, url: string, accessToken?: string) {
  const headers: Record<string, string> = accessToken ? { authorization: `Bearer ${accessToken}` } : {}
  return read(await sandbox.app.request(`/${url}`, { headers }))
}

/** Status, headers and body; JSON is parsed when it is JSON. */
export async function read(response: Response) {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parse(text) }
}

/** The object that a text holds; an empty one for a page, a broken text and the like. */
function parse(text: string): Answered {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

/** The fields that tests look at in the answers of all vendors. What they hold is for each test to say. */
export interface Answered {
  readonly status?: unknown
  readonly body?: unknown
  readonly error?: unknown
  readonly errors?: unknown
  readonly success?: unknown
  readonly access_token?: unknown
  readonly refresh_token?: unknown
  readonly csrf_token?: unknown
  readonly scope?: unknown
  readonly expires_in?: unknown
  readonly athlete?: unknown
  readonly userid?: unknown
  readonly user_id?: unknown
  readonly nonce?: unknown
  readonly id?: unknown
}

/** A field that has to be a text. */
export function textOf(json: Answered, name: keyof Answered): string {
  const value = json[name]
  if (typeof value !== 'string') throw new TypeError(`${name} is no text`)
  return value
}

/** A field that has to be an object. */
export function partOf(json: Answered, name: keyof Answered): Answered {
  const value = json[name]
  if (typeof value !== 'object' || value === null) throw new TypeError(`${name} is no object`)
  return value
}

/** The parameters of a redirect. */
export function callbackOf(location: string | null): URLSearchParams {
  if (location === null) throw new TypeError('There was no redirect')
  return new URL(location).searchParams
}

/** The code that the person's consent gave. */
export async function codeOf(sandbox: Sandbox, url: string, account?: string): Promise<string> {
  const outcome = await sandbox.control.consent(url, account ? { account } : {})
  const code = callbackOf(outcome.location).get('code')
  if (code === null) throw new TypeError('There was no code')
  return code
}

export const VERIFIER = 'a-verifier-that-is-just-long-enough-for-rfc-7636'
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

/** Form fields of a signed Withings call. */
export function signed(fields: Parameters, names: readonly string[], secret = 'sandbox-withings-secret') {
  const parameters = Object.fromEntries(names.map((name) => [name, fields[name] ?? '']))
  return { ...fields, signature: signatureOf(parameters, secret) }
}
