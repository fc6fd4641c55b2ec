import { randomBytes } from 'node:crypto'

/** `springbar keys new`: a vault key with an id, as an entry of the configuration and as a variable. */
export function newKey(now: Date): string {
  const id = `k${now.toISOString().slice(0, 10).replaceAll('-', '')}`
  const key = randomBytes(32).toString('base64')
  return `${JSON.stringify({ id, key })}\nSPRINGBAR_KEYS=${id}:${key}`
}

/** `springbar secret new`: a secret with 256 random bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url')
