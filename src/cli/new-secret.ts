import { randomBytes } from 'node:crypto'

/** `springbar keys new`: a vault key with an id, as it stands in the configuration. */
export const newKey = (now: Date): string =>
  JSON.stringify({
    id: `k${now.toISOString().slice(0, 10).replaceAll('-', '')}`,
    key: randomBytes(32).toString('base64'),
  })

/** `springbar secret new`: a secret with 256 random bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url')
