// A vendor made of a definition on the spot, and one person's way there: what the tests of switches and events share.
import type { Authorization } from '../../src/model/source.ts'
import {
  createSandbox,
  type Oddities,
  type SandboxOptions,
  type Switches,
  vendorFromDefinition,
} from '../../src/sandbox/index.ts'
import { callbackOf, createRepeatableRandom, type Parameters, read, START_MS } from './harness.ts'

const EXAMPLE: Authorization = {
  vendor: 'example',
  name: 'Example',
  status: 'live',
  statusNote: null,
  scopes: [
    { value: 'profile', label: 'See who you are', requested: true, givesData: false },
    { value: 'sleep', label: 'See how you sleep', requested: true, givesData: true },
  ],
  scopeSeparator: ' ',
  authorizationRequest: { endpoint: 'https://id.example.org/authorize', parameters: {}, pkce: false },
  authorizationResponse: { grantedScopeParameter: null, issuer: null },
  tokenRequest: {
    endpoint: 'https://id.example.org/token',
    clientAuthentication: 'client_secret_post',
    parameters: {},
    codeLifetimeSeconds: 600,
  },
  tokenResponse: { envelope: null, errorPath: 'error' },
  refresh: { mode: 'rotating', lifetimeSeconds: 86_400, lifetimePath: null },
  account: { from: 'token', path: 'user_id' },
  permissions: { url: 'https://api.example.org/permissions', path: 'permissions', triesWhenEmpty: 3 },
  afterConnect: [
    {
      method: 'POST',
      url: 'https://api.example.org/users',
      authentication: 'bearer',
      body: { format: 'json', members: { 'member-id': '{connectionId}' } },
      successStatuses: [200],
      doneStatuses: [409],
      consentMissingStatuses: [403],
    },
  ],
  revocation: {
    kind: 'token',
    reach: 'account',
    endpoint: 'https://id.example.org/revoke',
    clientAuthentication: 'client_secret_basic',
    sendTypeHint: false,
    goneStatuses: [],
  },
  api: { baseUrl: 'https://api.example.org/v1', headers: {} },
  documentation: { url: 'https://example.org/docs', checkedOn: '2026-11-22', doubts: [] },
}

const REDIRECT_URI = 'http://localhost:8080/callback/example'
const CLIENT = { client_id: 'c', client_secret: 's' }
const BASIC = `Basic ${Buffer.from('c:s').toString('base64')}`

/** Changes to the example, and to its sandbox. */
export interface ExampleOptions {
  readonly definition?: Partial<Authorization>
  readonly oddities?: Oddities
  readonly switches?: Partial<Switches>
  readonly sandbox?: Partial<SandboxOptions>
}

/** The example in a sandbox of its own, with small ways to call it. */
export function exampleSandbox({ definition, oddities, switches, sandbox: options }: ExampleOptions = {}) {
  const vendor = vendorFromDefinition({ ...EXAMPLE, ...definition }, oddities)
  const sandbox = createSandbox({
    now: () => START_MS,
    random: createRepeatableRandom(),
    vendors: [vendor],
    clients: [{ vendor: 'example', clientId: 'c', clientSecret: 's', redirectUris: [REDIRECT_URI] }],
    delay: async () => undefined,
    ...options,
  })
  const { app, control } = sandbox
  const set = (change: Partial<Switches>) => control.setSwitches('example', change)
  if (switches) set(switches)
  const path = (more: Parameters = {}) => {
    const query = {
      response_type: 'code',
      client_id: 'c',
      redirect_uri: REDIRECT_URI,
      scope: 'profile sleep',
      state: 'state-of-length',
      ...more,
    }
    const kept = Object.entries(query).filter(([, value]) => value !== '')
    return `/id.example.org/authorize?${new URLSearchParams(kept)}`
  }
  const call = async (address: string, init: RequestInit = {}) => read(await app.request(address, init))
  const form = (address: string, fields: Parameters, headers: Parameters = {}) => {
    const kept = Object.entries(fields).filter(([, value]) => value !== '')
    return call(address, { method: 'POST', body: new URLSearchParams(kept), headers })
  }
  const authorize = (more?: Parameters) => call(path(more))
  const consent = async (more?: Parameters, choice = {}) => {
    const { location } = await control.consent(`http://localhost${path(more)}`, choice)
    return location === null ? null : callbackOf(location)
  }
  const codeOf = async (choice = {}) => (await consent({}, choice))?.get('code') ?? ''
  const exchange = async (more: Parameters = {}, headers: Parameters = {}, choice = {}) =>
    form(
      '/id.example.org/token',
      {
        ...CLIENT,
        grant_type: 'authorization_code',
        code: await codeOf(choice),
        redirect_uri: REDIRECT_URI,
        ...more,
      },
      headers,
    )
  const refresh = (token: unknown, more: Parameters = {}) =>
    form('/id.example.org/token', {
      ...CLIENT,
      grant_type: 'refresh_token',
      refresh_token: String(token),
      ...more,
    })
  const withToken = (address: string, token: unknown, init: RequestInit = {}) =>
    call(address, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } })
  const register = (token: unknown) =>
    withToken('/api.example.org/users', token, {
      method: 'POST',
      body: '{"member-id":"m"}',
      headers: { 'content-type': 'application/json' },
    })
  const revoke = (token: unknown, init: RequestInit = {}) =>
    call('/id.example.org/revoke', {
      method: 'POST',
      body: new URLSearchParams({ token: String(token) }),
      headers: { authorization: BASIC },
      ...init,
    })
  return {
    sandbox,
    control,
    set,
    call,
    form,
    authorize,
    consent,
    codeOf,
    exchange,
    refresh,
    withToken,
    register,
    revoke,
  }
}
