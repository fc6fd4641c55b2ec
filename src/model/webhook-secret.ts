const PREFIX = 'whsec_'
/** The Standard Webhooks specification asks for 24 to 64 bytes. */
const KEY_BYTES = { min: 24, max: 64 }
const NEW_KEY_BYTES = 32

/** A new secret: 256 random bits, in the form of the Standard Webhooks specification. */
export const newWebhookSecret = (random: (byteLength: number) => Uint8Array): string =>
  PREFIX + Buffer.from(random(NEW_KEY_BYTES)).toString('base64')

/** Whether a secret says that it has the form of the standard, and may or may not be right. */
export const claimsStandard = (secret: string): boolean => secret.startsWith(PREFIX)

/** The key of the Standard Webhooks scheme: what follows `whsec_`, decoded. Null for a secret of another form. */
export function standardKey(secret: string): Uint8Array | null {
  const encoded = claimsStandard(secret) ? secret.slice(PREFIX.length) : ''
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null
  const key = Buffer.from(encoded, 'base64')
  return key.length >= KEY_BYTES.min && key.length <= KEY_BYTES.max ? key : null
}
