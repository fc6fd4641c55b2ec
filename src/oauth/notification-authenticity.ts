import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Client } from '../model/application.ts'
import type { Notifications } from '../model/source.ts'
import { valueAt } from './json.ts'
import { type NotificationSecrets, notificationSecret } from './notification-secret.ts'

/** A request to the address of a vendor's notifications. */
export interface NotificationRequest {
  readonly method: string
  readonly query: URLSearchParams
  /** A header's value by its name in lower case. */
  readonly header: (name: string) => string | undefined
  /** As it came: what is signed are the bytes. */
  readonly body: Uint8Array
}

/**
 * `authentic`: it proves that the vendor sent it. `unproven`: nothing speaks against it, so it is worth a question at the
 * vendor. `refused`: it is not the vendor's, or too old.
 */
export type Authenticity = 'authentic' | 'unproven' | 'refused'

type Signature = Extract<Notifications['authentication'], { kind: 'signature' }>

/** Whether a notification is the vendor's, as the definition says that one knows. `content` is its parsed body. */
export function judgeAuthenticity(
  { authentication }: Notifications,
  request: NotificationRequest,
  content: unknown,
  known: { readonly client: Client; readonly secrets: NotificationSecrets; readonly now: number },
): Authenticity {
  switch (authentication.kind) {
    case 'none':
      return 'unproven'
    case 'signature':
      return judgeSignature(authentication, request, content, known)
    case 'header': {
      const judged = judgeWord(authentication, request.header(authentication.header.toLowerCase()), known)
      return judged === 'authentic' && !authentication.isSecret ? 'unproven' : judged
    }
    case 'member': {
      const word = valueAt(content, authentication.path)
      return judgeWord(authentication, word === undefined ? undefined : String(word), known)
    }
  }
}

function judgeWord(
  { value, required }: { readonly value: string; readonly required: boolean },
  given: string | undefined,
  { client, secrets }: { readonly client: Client; readonly secrets: NotificationSecrets },
): Authenticity {
  const expected = notificationSecret(value, client, secrets)
  if (expected === null) return 'unproven'
  if (given === undefined) return required ? 'refused' : 'unproven'
  return sameText(given, expected) ? 'authentic' : 'refused'
}

function judgeSignature(
  rules: Signature,
  { header, body }: NotificationRequest,
  content: unknown,
  { client, secrets, now }: Parameters<typeof judgeAuthenticity>[3],
): Authenticity {
  const key = notificationSecret(rules.key, client, secrets)
  // A vendor that signs with what we were not told cannot be checked, and is believed as little as one that does not sign.
  if (key === null) return 'unproven'
  const given = header(rules.header.toLowerCase())
  if (given === undefined) return rules.required ? 'refused' : 'unproven'
  const { time, signatures } = partsOf(rules, given, header)
  if (rules.timestamp !== undefined && !isRecent(rules.timestamp, time, now)) return 'refused'
  const mac = createHmac(rules.algorithm, rules.keyIsBase64 === true ? Buffer.from(key, 'base64') : key)
  if (rules.over === 'timestamp+body') mac.update(time)
  if (rules.over === 'timed') mac.update(`${time}.`)
  if (rules.over === 'members')
    mac.update((rules.members ?? []).map((path) => String(valueAt(content, path) ?? '')).join('_'))
  else mac.update(body)
  const expected = mac.digest(rules.encoding === 'base64' ? 'base64' : 'hex')
  const written = rules.encoding === 'HEX' ? expected.toUpperCase() : expected
  return signatures.some((one) => sameText(one, written)) ? 'authentic' : 'refused'
}

/** The time as it is written, which is what is signed, and the signatures. */
function partsOf(
  { over, timestamp }: Signature,
  given: string,
  header: NotificationRequest['header'],
): { readonly time: string; readonly signatures: readonly string[] } {
  if (over !== 'timed')
    return { time: header(timestamp?.header?.toLowerCase() ?? '') ?? '', signatures: [given.trim()] }
  const pairs = given.split(',').map((pair) => pair.trim().split('=') as [string, ...string[]]) // split gives one at least
  const valuesOf = (name: string) => pairs.flatMap(([key, ...rest]) => (key === name ? [rest.join('=')] : []))
  return { time: valuesOf('t')[0] ?? '', signatures: valuesOf('v1') }
}

function isRecent(
  { unit, toleranceSeconds }: NonNullable<Signature['timestamp']>,
  time: string,
  now: number,
): boolean {
  if (!/^\d{1,16}$/.test(time)) return false
  const at = Number(time) * (unit === 'seconds' ? 1_000 : 1)
  return Math.abs(now - at) <= toleranceSeconds * 1_000
}

/** In constant time, whatever the lengths. */
export function sameText(one: string, other: string): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer')
  return timingSafeEqual(digest(one), digest(other))
}
