import type { TextFormat } from './vendor.ts'

/** Makes codes, tokens and ids in the shape that a vendor gives them. */
export interface RandomText {
  readonly make: (format: TextFormat) => string
  /** An id of the sandbox's own: 16 hex digits. */
  readonly id: () => string
}

/** `random` gives that many random bytes. */
export function createRandomText(random: (byteLength: number) => Uint8Array): RandomText {
  const encode = (bytes: number, encoding: 'hex' | 'base64url') =>
    Buffer.from(random(bytes)).toString(encoding)
  return Object.freeze({
    make: (format: TextFormat) => `${format.prefix ?? ''}${encode(format.bytes, format.encoding)}`,
    id: () => encode(8, 'hex'),
  })
}
