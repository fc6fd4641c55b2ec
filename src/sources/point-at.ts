import type { Source } from '../model/source.ts'

/** Members whose addresses are names, or are read by people alone. */
const STAYS: ReadonlySet<string> = new Set(['scopes', 'issuer', 'documentation', 'registration', 'removeAt'])

/**
 * The same source at another origin: every address that we call or send people to, `https://HOST/PATH`, becomes
 * `<origin>/HOST/PATH`. Scopes and issuers look like addresses at some vendors, but are names, and stay.
 */
export function pointAt(source: Source, origin: string): Source {
  if (source.kind === 'listed') return source
  const move = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(/^https?:\/\//, `${origin}/`)
    if (Array.isArray(value)) return value.map(move)
    return typeof value === 'object' && value !== null ? moveMembers(value, move) : value
  }
  // Strings become strings and everything else stays, so it is still a source.
  return moveMembers(source, move) as unknown as Source
}

const moveMembers = (value: object, move: (value: unknown) => unknown): object =>
  Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, STAYS.has(name) ? member : move(member)]),
  )
