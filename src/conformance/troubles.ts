import type { VendorErrorKind } from '../oauth/index.ts'
import type { FaultOrder } from '../sandbox/index.ts'

/** What can be wrong with an answer, and what the engine must say to it. */
export interface Trouble {
  readonly name: string
  readonly fault: FaultOrder['fault']
  readonly kinds: readonly VendorErrorKind[]
}

/** What can be wrong with any answer of a vendor. */
export const TROUBLES: readonly Trouble[] = [
  { name: 'no answer', fault: { kind: 'noAnswer' }, kinds: ['unavailable'] },
  { name: 'a body of 2 MiB', fault: { kind: 'largeBody', bytes: 2 * 1024 * 1024 }, kinds: ['malformed'] },
  { name: 'a page of HTML with 502', fault: { kind: 'html', status: 502 }, kinds: ['unavailable'] },
  { name: 'a page of HTML with 200', fault: { kind: 'html', status: 200 }, kinds: ['malformed'] },
  { name: 'an answer that is cut off', fault: { kind: 'truncatedJson' }, kinds: ['malformed'] },
  { name: 'a connection that is reset', fault: { kind: 'connectionReset' }, kinds: ['unavailable'] },
  {
    name: 'a redirect',
    fault: { kind: 'redirect', location: 'https://elsewhere.example/' },
    kinds: ['malformed'],
  },
  {
    name: '429 with Retry-After',
    fault: { kind: 'status', status: 429, retryAfterSeconds: 7 },
    kinds: ['unavailable'],
  },
]
