import type { Notifications } from '../../model/source.ts'
import { isSignedBy, type NotificationRequest, readDetachedSignature } from '../../oauth/index.ts'
import type { VendorKeys } from './vendor-keys.ts'

/**
 * A body and the signature that came beside it, kept in one text until the vendor's key is at hand: a notification is
 * answered before anything is asked of the vendor, its public keys included.
 */
export interface SignedBody {
  readonly body: string
  readonly signature: string | null
}

const publishedKeyOf = ({ authentication }: Notifications) =>
  authentication.kind === 'header' ? authentication.publishedKey : undefined

/** The signature beside a body; null where the vendor makes none, undefined where it is missing or cannot be one. */
export function signatureBeside(
  notifications: Notifications,
  { header }: NotificationRequest,
): string | null | undefined {
  const rules = publishedKeyOf(notifications)
  if (rules === undefined) return null
  const given = rules.headers.map((name) => header(name.toLowerCase())).find((one) => one !== undefined)
  return given !== undefined && readDetachedSignature(given) !== null ? given : undefined
}

/** The text that is kept. */
export const withSignature = (body: string, signature: string | null): string =>
  signature === null ? body : `${signature}\n${body}`

/** A kept text's two parts. */
export function partsOfKept(notifications: Notifications, kept: string): SignedBody {
  if (publishedKeyOf(notifications) === undefined) return { body: kept, signature: null }
  const end = kept.indexOf('\n')
  return { signature: kept.slice(0, Math.max(end, 0)), body: kept.slice(end + 1) }
}

/** Whether the vendor signed it, where it signs so. Rejects with a `VendorError` while its keys cannot be had. */
export async function isTheVendors(
  keys: VendorKeys,
  vendor: string,
  notifications: Notifications,
  { body, signature }: SignedBody,
): Promise<boolean> {
  const rules = publishedKeyOf(notifications)
  if (rules === undefined) return true
  const read = signature === null ? null : readDetachedSignature(signature)
  const key = read === null ? null : await keys.find(vendor, rules.keysUrl, read.keyId)
  return read !== null && key !== null && isSignedBy(key, read, new TextEncoder().encode(body))
}
