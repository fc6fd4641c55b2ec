import type { FaultOrder } from '../faults/fault.ts'
import type { Operation } from '../vendor.ts'

/** Something that a person can make go wrong for one trip, on the consent page. */
export interface Trouble {
  readonly key: string
  /** What the person reads. */
  readonly label: string
  /** Instead of a code, this error is sent back. */
  readonly callbackError?: string
  readonly callbackState?: 'missing' | 'changed'
  readonly code?: 'unknown' | 'expired'
  readonly withholdsRefreshToken?: boolean
  /** The way back is shown as a link instead of being taken. */
  readonly byHand?: boolean
  /** A fault for a call that comes later. A token fault strikes this trip's code only. */
  readonly fault?: Pick<FaultOrder, 'carryOut' | 'fault'> & { readonly operation: Operation }
}

const tokenFault = (key: string, label: string, fault: FaultOrder['fault'], carryOut = false): Trouble => ({
  key,
  label,
  fault: { operation: 'token', carryOut, fault },
})

/** The list on the consent page. The first one is chosen when nobody chooses. */
export const TROUBLES: readonly Trouble[] = Object.freeze([
  { key: 'none', label: 'Nothing – all goes well' },
  {
    key: 'callback-server-error',
    label: 'The way back carries the error “server_error”',
    callbackError: 'server_error',
  },
  {
    key: 'callback-unavailable',
    label: 'The way back carries “temporarily_unavailable”',
    callbackError: 'temporarily_unavailable',
  },
  { key: 'callback-by-hand', label: 'The way back is a link: open it late or twice', byHand: true },
  { key: 'state-missing', label: 'The state is missing on the way back', callbackState: 'missing' },
  { key: 'state-changed', label: 'The state is another one on the way back', callbackState: 'changed' },
  { key: 'code-unknown', label: 'The code is one that nobody gave out', code: 'unknown' },
  { key: 'code-expired', label: 'The code has already expired', code: 'expired' },
  tokenFault('token-500', 'The token endpoint answers 500', { kind: 'status', status: 500 }),
  tokenFault('token-502', 'The token endpoint answers 502 with an HTML page', { kind: 'html', status: 502 }),
  tokenFault('token-429', 'The token endpoint answers 429, try again in 30 seconds', {
    kind: 'status',
    status: 429,
    retryAfterSeconds: 30,
  }),
  tokenFault('token-invalid-json', 'The token endpoint answers invalid JSON', { kind: 'invalidJson' }),
  tokenFault('token-incomplete', 'The token answer lacks the access token', {
    kind: 'fields',
    remove: ['access_token'],
  }),
  tokenFault('token-slow', 'The token endpoint takes three seconds', { kind: 'delay', delayMs: 3_000 }),
  tokenFault('token-silent', 'The token endpoint never answers', { kind: 'noAnswer' }),
  tokenFault('token-reset', 'The token endpoint cuts the connection', { kind: 'connectionReset' }),
  tokenFault(
    'token-lost',
    'The tokens are made, but the answer is lost',
    { kind: 'html', status: 504 },
    true,
  ),
  { key: 'no-refresh-token', label: 'No refresh token is given', withholdsRefreshToken: true },
  {
    key: 'identity-500',
    label: 'The next call for the account’s id answers 500',
    fault: { operation: 'identity', carryOut: false, fault: { kind: 'status', status: 500 } },
  },
])

/** The trouble with this key; `none` for a key that is missing or unknown. */
export function troubleOf(key: string | null): Trouble {
  return TROUBLES.find((trouble) => trouble.key === key) ?? { key: 'none', label: '' }
}
