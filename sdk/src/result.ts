import { isResultCode } from './arguments.ts'
import type { ResultError } from './types.ts'

/** What the person set out to do. The return URL does not say it: `connected` means the opposite after each. */
export type Action = 'connect' | 'disconnect'

/** The outcome that a return URL tells. */
export interface ConnectionResult {
  readonly action: Action
  /** Catalogue id of the source. */
  readonly dataSource: number
  /** The parameter as it came. */
  readonly connected: boolean
  /** Whether the person got what they asked for: after a disconnect `connected=false` is success. */
  readonly succeeded: boolean
  /** Why not; absent on success, and where the service did not say. */
  readonly error?: ResultError | (string & {})
  /** One-time code that the backend may redeem for a trustworthy outcome; absent where the service sent none. */
  readonly result?: string
}

const DATA_SOURCE = /^[1-9]\d{0,8}$/
const ERROR = /^[a-z][a-z0-9_]{0,63}$/

/**
 * Reads the outcome from the URL that the person returned to, or from its query.
 * A query proves nothing, since anybody can write one: use it to choose what to say, and ask `readEndUsers` (or
 * redeem `result`) for what is true.
 * @param from absolute URL, path with query, or the parsed query
 * @returns null when there is no outcome in it, or an ambiguous one
 */
export function readResult(
  from: string | URL | URLSearchParams,
  options: { readonly action: Action },
): ConnectionResult | null {
  const query = queryOf(from)
  const dataSource = only(query, 'dataSource')
  const connected = only(query, 'connected')
  if (dataSource === null || !DATA_SOURCE.test(dataSource)) return null
  if (connected !== 'true' && connected !== 'false') return null
  const error = only(query, 'error')
  const result = only(query, 'result')
  const isConnected = connected === 'true'
  return Object.freeze({
    action: options.action,
    dataSource: Number(dataSource),
    connected: isConnected,
    succeeded: isConnected === (options.action === 'connect'),
    ...(error !== null && ERROR.test(error) ? { error } : {}),
    ...(result !== null && isResultCode(result) ? { result } : {}),
  })
}

function queryOf(from: string | URL | URLSearchParams): URLSearchParams {
  if (from instanceof URLSearchParams) return from
  if (from instanceof URL) return from.searchParams
  try {
    // Servers hand over a path alone; the host plays no part.
    return new URL(from, 'http://localhost').searchParams
  } catch {
    return new URLSearchParams()
  }
}

/** The value of a parameter that occurs exactly once. */
function only(query: URLSearchParams, name: string): string | null {
  const [value, ...others] = query.getAll(name)
  return value === undefined || others.length > 0 ? null : value
}
