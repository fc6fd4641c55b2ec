// Chance that is the same in every run.
import { createHash } from 'node:crypto'

/** Bytes that look random and are the same in every run: SHA-256 in counter mode. */
export function seededRandom(seed: string): (byteLength: number) => Uint8Array {
  let counter = 0
  return (byteLength) => {
    const blocks: Buffer[] = []
    for (let bytes = 0; bytes < byteLength; bytes += 32)
      blocks.push(createHash('sha256').update(`${seed} ${counter++}`).digest())
    return new Uint8Array(Buffer.concat(blocks).subarray(0, byteLength))
  }
}
