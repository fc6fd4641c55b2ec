import { invalidArgument, SpringbarError } from './errors.ts'
import { parseEvent, type SpringbarEvent } from './event.ts'

/** A request as Node and the frameworks on it have it, whose body nobody has read. */
export interface NodeRequest extends AsyncIterable<Uint8Array | string> {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly readableDidRead?: boolean
}

/** What arrived, where something else has read the body: its bytes, not what was parsed from them. */
export interface ReceivedWebhook {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array | string
}

/** How to check a delivery. */
export interface WebhookCheck {
  /** The endpoint's secret, or the two that are live while you change it. */
  readonly secret: string | readonly string[]
  /**
   * Which signature is believed: `standard` (`webhook-signature`, the default), which covers the id too, or `documented`
   * (`x-hmac-signature`). One of the two: a receiver that takes either is as weak as the weaker.
   */
  readonly scheme?: 'standard' | 'documented'
  /** How far the delivery's clock may be away from yours; default 300. */
  readonly toleranceSeconds?: number
  /** Epoch milliseconds; the machine's clock when missing. */
  readonly now?: () => number
}

const TOLERANCE_SECONDS = 300
/** Deliveries are a few hundred bytes, with a vendor's own words a few kilobytes. */
const BODY_BYTES_MAX = 1024 * 1024
const encoder = new TextEncoder()

/**
 * Checks that a request is a delivery of Springbar, made just now, and gives the event that it tells. Takes the web's
 * `Request`, a request of Node, or headers and body. Comparisons take the same time whatever is wrong.
 * @throws SpringbarError `invalid_signature` (answer 401), `invalid_timestamp` (401: too old, or a clock is wrong),
 * `unexpected_answer` (signed, but of the older format or otherwise no event),
 * `invalid_argument` when the secret has the wrong form or the body was read before
 */
export async function verifyWebhook(
  received: Request | NodeRequest | ReceivedWebhook,
  { secret, scheme = 'standard', toleranceSeconds = TOLERANCE_SECONDS, now = Date.now }: WebhookCheck,
): Promise<SpringbarEvent> {
  if (scheme !== 'standard' && scheme !== 'documented')
    throw invalidArgument('scheme must be standard or documented.')
  const secrets = typeof secret === 'string' ? [secret] : secret
  const keys = secrets.map(scheme === 'standard' ? standardKey : documentedKey)
  if (keys.length === 0) throw invalidArgument('secret is missing.')
  const header = headersOf(received)
  const body = await bodyOf(received)
  const claim = scheme === 'standard' ? readStandard(header, body) : readDocumented(header, body)
  if (claim === null) throw refused()
  // Every pair is tried, so that the time does not tell which secret it was.
  const answers = await Promise.all(
    keys.flatMap((key) => claim.signatures.map((signature) => holds(key, signature, claim.signed))),
  )
  if (!answers.includes(true)) throw refused()
  if (Math.abs(now() - claim.atMs) > toleranceSeconds * 1_000)
    throw new SpringbarError('invalid_timestamp', 'The webhook was signed too long ago, or a clock is wrong.')
  const event = parseEvent(header('webhook-id'), parsed(body))
  if (event === null)
    throw new SpringbarError('unexpected_answer', 'The webhook is signed, but tells no event.')
  return event
}

/** What a delivery says of itself: when, with which signatures, over which bytes. */
interface Claim {
  readonly atMs: number
  readonly signatures: readonly Uint8Array<ArrayBuffer>[]
  readonly signed: Uint8Array<ArrayBuffer>
}

type Header = (name: string) => string | null

/** https://github.com/standard-webhooks/standard-webhooks, version 1.0.0: `v1,` and base64, several with spaces between. */
function readStandard(header: Header, body: Uint8Array): Claim | null {
  const [id, timestamp] = [header('webhook-id'), header('webhook-timestamp')]
  if (id === null || timestamp === null || !/^\d{10,11}$/.test(timestamp)) return null
  const signatures = (header('webhook-signature') ?? '')
    .split(' ')
    .slice(0, 10)
    .flatMap((one) => {
      const bytes = one.startsWith('v1,') ? fromBase64(one.slice('v1,'.length)) : null
      return bytes === null ? [] : [bytes]
    })
  const signed = joined(encoder.encode(`${id}.${timestamp}.`), body)
  return { atMs: Number(timestamp) * 1_000, signatures, signed }
}

/** The documented scheme: lower-case hex over the body followed by the timestamp in milliseconds. */
function readDocumented(header: Header, body: Uint8Array): Claim | null {
  const [signature, timestamp] = [header('x-hmac-signature'), header('x-hmac-timestamp')]
  if (header('x-hmac-algorithm') !== 'hmac-sha256') return null
  if (signature === null || !/^[0-9a-f]{64}$/.test(signature)) return null
  if (timestamp === null || !/^\d{13}$/.test(timestamp)) return null
  const bytes = Uint8Array.from(signature.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  return { atMs: Number(timestamp), signatures: [bytes], signed: joined(body, encoder.encode(timestamp)) }
}

/** `verify` of WebCrypto compares in constant time. */
async function holds(
  key: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { subtle } = globalThis.crypto
  const hmac = await subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  return subtle.verify('HMAC', hmac, signature, signed)
}

function standardKey(secret: string): Uint8Array<ArrayBuffer> {
  const key = /^whsec_/.test(secret) ? fromBase64(secret.slice('whsec_'.length)) : null
  if (key === null || key.length === 0)
    throw invalidArgument('secret must be whsec_ and base64; for another one choose the scheme documented.')
  return key
}

function documentedKey(secret: string): Uint8Array<ArrayBuffer> {
  if (typeof secret !== 'string' || secret === '') throw invalidArgument('secret is missing.')
  return encoder.encode(secret)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return null
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function headersOf({ headers }: Request | NodeRequest | ReceivedWebhook): Header {
  // Told by what it can do: frameworks bring classes of their own.
  if (isWebHeaders(headers)) return (name) => headers.get(name)
  // Names in any case; a header that came twice is none.
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return (name) => {
    const value = byName.get(name)
    return typeof value === 'string' ? value : null
  }
}

const isWebHeaders = (headers: object): headers is Headers =>
  'get' in headers && typeof headers.get === 'function'
const isWebRequest = (received: object): received is Request =>
  'bodyUsed' in received && typeof received.bodyUsed === 'boolean'

const READ_BEFORE = 'The body was read before: hand over its bytes as { headers, body }.'

async function bodyOf(received: Request | NodeRequest | ReceivedWebhook): Promise<Uint8Array> {
  if (isWebRequest(received)) {
    if (received.bodyUsed) throw invalidArgument(READ_BEFORE)
    return received.body === null ? new Uint8Array() : collected(received.body)
  }
  if (Symbol.asyncIterator in received) {
    if (received.readableDidRead === true) throw invalidArgument(READ_BEFORE)
    return collected(received)
  }
  const { body } = received
  if (typeof body === 'string') return encoder.encode(body)
  if (body instanceof Uint8Array) return body
  throw invalidArgument('body must be the bytes that came, or their text: no parsed JSON.')
}

async function collected(parts: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const kept: Uint8Array[] = []
  let length = 0
  for await (const part of parts) {
    const bytes = typeof part === 'string' ? encoder.encode(part) : part
    length += bytes.length
    if (length > BODY_BYTES_MAX) throw refused()
    kept.push(bytes)
  }
  return joined(...kept)
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return null
  }
}

/** One error for all that a stranger can get wrong. */
const refused = (): SpringbarError =>
  new SpringbarError('invalid_signature', 'The webhook is not signed with this secret.')
