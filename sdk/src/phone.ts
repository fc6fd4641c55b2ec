import { checkBaseUrl, checkPositive } from './arguments.ts'
import { invalidArgument } from './errors.ts'
import { isString, list, orNull, parseJson, required } from './fields.ts'
import {
  type Call,
  type CallOptions,
  type Fetch,
  isRecord,
  json,
  refusal,
  send,
  type Transport,
} from './request.ts'

/** What the app may read, in the phone's own names. Where the phone does not tell, what was asked for. */
export interface PhonePermissions {
  readonly granted: readonly string[]
  readonly missing: readonly string[]
}

/** Where the service is. There is no credential: an app on a phone cannot keep one. */
export interface PhoneClientOptions {
  readonly apiUrl: string
  /** The application whose app this is; public. */
  readonly applicationId: string
  readonly fetch?: Fetch | undefined
  /** Limit for one call, answer included; default 10 000. */
  readonly timeoutMs?: number | undefined
}

/** What goes along with a pairing code. */
export interface PairingDetails {
  /** Who is logged in to the app, by either. Nothing is connected for anybody else: send one whenever the app knows. */
  readonly endUserId?: string
  readonly partnerUserId?: string
  readonly permissions?: PhonePermissions
}

/** A phone that was paired. */
export interface PairedPhone {
  /** Reports on this one connection. Keep it where the system keeps secrets. */
  readonly deviceToken: string
  readonly endUserId: string
  readonly partnerUserId: string | null
  readonly connection: PhoneConnection
}

/** The connection as the application's backend sees it, too. */
export interface PhoneConnection {
  readonly id: string
  readonly status: 'active' | 'needs_reauth' | 'disconnected' | (string & {})
  readonly grantedScopes: readonly string[]
  readonly missingScopes: readonly string[]
}

/** The calls of an app on a phone, for sources that live there. */
export interface PhoneClient {
  /**
   * Redeems the code of a pairing page, once.
   * @throws SpringbarError `invalid_pairing_code`, `user_mismatch`, `session_expired`
   */
  redeemPairing(code: string, details?: PairingDetails, options?: CallOptions): Promise<PairedPhone>
  /**
   * Tells that the source is connected still, with what is allowed now, or that it is not.
   * @throws SpringbarError `pairing_ended` or `invalid_device_token`: stop, and forget the token
   */
  reportDevice(
    deviceToken: string,
    report: { readonly status: 'connected' | 'disconnected'; readonly permissions?: PhonePermissions },
    options?: CallOptions,
  ): Promise<PhoneConnection>
  /** Asks whether the connection still lives; throws as {@link PhoneClient.reportDevice}. */
  readDevice(deviceToken: string, options?: CallOptions): Promise<PhoneConnection>
}

const TIMEOUT_MS = 10_000
const TIMEOUT_MAX_MS = 2 ** 31 - 1
const DEVICE_TOKEN = /^sbd_[A-Za-z0-9_-]{43}$/

/**
 * Makes a client for an app on a phone.
 * @throws SpringbarError `invalid_argument` when the URL or a number cannot be used
 */
export function createPhoneClient(options: PhoneClientOptions): PhoneClient {
  const apiUrl = checkBaseUrl('apiUrl', options.apiUrl)
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const timeoutMs = checkPositive('timeoutMs', options.timeoutMs ?? TIMEOUT_MS, TIMEOUT_MAX_MS)
  const ask = async (purpose: string, call: Call, secrets: readonly string[]): Promise<unknown> => {
    const transport: Transport = { fetch, timeoutMs, secrets }
    const answer = await send(transport, call)
    if (answer.status !== 200) throw refusal(transport, answer, purpose)
    return parseJson(answer.text)
  }
  const asDevice = (deviceToken: string) => {
    if (!DEVICE_TOKEN.test(deviceToken)) throw invalidArgument('deviceToken is not a device token.')
    return { Authorization: `Bearer ${deviceToken}` }
  }
  return Object.freeze({
    async redeemPairing(code: string, details: PairingDetails = {}, { signal }: CallOptions = {}) {
      const body = { applicationId: options.applicationId, code, ...details }
      const call: Call = { method: 'POST', url: `${apiUrl}/v1/pairings/redeem`, ...json(body), signal }
      return parsePaired(await ask('redeem a pairing code', call, [code]))
    },
    async reportDevice(
      deviceToken: string,
      report: Parameters<PhoneClient['reportDevice']>[1],
      { signal }: CallOptions = {},
    ) {
      const { headers, body } = json(report)
      const call: Call = {
        method: 'POST',
        url: `${apiUrl}/v1/device/report`,
        headers: { ...headers, ...asDevice(deviceToken) },
        body,
        signal,
      }
      return parseState(await ask('take a report', call, [deviceToken]))
    },
    async readDevice(deviceToken: string, { signal }: CallOptions = {}) {
      const call: Call = { method: 'GET', url: `${apiUrl}/v1/device`, headers: asDevice(deviceToken), signal }
      return parseState(await ask('read a device', call, [deviceToken]))
    },
  })
}

function parsePaired(value: unknown): PairedPhone {
  const body = required(value, isRecord)
  return Object.freeze({
    deviceToken: required(body['deviceToken'], isString),
    endUserId: required(body['endUserId'], isString),
    partnerUserId: orNull(body['partnerUserId'], isString),
    connection: parseConnection(body['connection']),
  })
}

const parseState = (value: unknown): PhoneConnection =>
  parseConnection(required(value, isRecord)['connection'])

function parseConnection(value: unknown): PhoneConnection {
  const connection = required(value, isRecord)
  const names = (field: unknown) => Object.freeze(list(field).map((name) => required(name, isString)))
  return Object.freeze({
    id: required(connection['id'], isString),
    status: required(connection['status'], isString),
    grantedScopes: names(connection['grantedScopes']),
    missingScopes: names(connection['missingScopes']),
  })
}
