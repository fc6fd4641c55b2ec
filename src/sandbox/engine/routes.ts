import type { Answer, AnyVendor, Operation } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import { refuse } from './answer.ts'
import type { Answering, Endpoint } from './endpoint.ts'

/** What a request is for, and what answers it. */
export interface Route {
  readonly vendor: AnyVendor
  readonly operation: Operation
  readonly answer: Answering
}

/** The endpoints that a URL may mean, and what stands in its path. */
export interface Known {
  readonly endpoints: readonly Endpoint[]
  readonly path: Readonly<Record<string, string>>
}

/** Finds the endpoints of a URL: its own, else those with placeholders that fit, else the longest that it lies below. */
export type EndpointIndex = (url: string) => Known | undefined

interface Pattern {
  readonly endpoint: Endpoint
  readonly expression: RegExp
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function patternOf(endpoint: Endpoint): Pattern {
  const pieces = endpoint.url.split(/\{([a-zA-Z]+)\}/)
  const source = pieces.map((piece, at) => (at % 2 === 0 ? escaped(piece) : `(?<${piece}>[^/]+)`)).join('')
  return { endpoint, expression: new RegExp(`^${source}$`) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function matching(patterns: readonly Pattern[], url: string): Known | undefined {
  const matches = patterns.flatMap(({ endpoint, expression }) => {
    const match = expression.exec(url)
    return match ? [{ endpoint, groups: match.groups ?? {} }] : []
  })
  const [first] = matches
  if (!first) return undefined
  const path = Object.entries(first.groups).map(([name, text]) => [name, decode(text)] as const)
  return { endpoints: matches.map(({ endpoint }) => endpoint), path: Object.fromEntries(path) }
}

const overlaps = (a: Endpoint, b: Endpoint) =>
  a.vendor.key === b.vendor.key &&
  a.url === b.url &&
  a.action === b.action &&
  !a.below &&
  !b.below &&
  !a.means &&
  !b.means &&
  a.methods.some((method) => b.methods.includes(method))

function checkOverlaps(endpoints: readonly Endpoint[]) {
  for (const endpoint of endpoints) {
    if (endpoints.some((other) => other !== endpoint && overlaps(endpoint, other)))
      throw new Error(`${endpoint.vendor.key} wants ${endpoint.url} for two things`)
  }
}

/** Builds the index. Throws when a vendor wants the same URL, method and action for two things. */
export function createEndpointIndex(endpoints: readonly Endpoint[]): EndpointIndex {
  checkOverlaps(endpoints)
  const open = endpoints.filter((endpoint) => endpoint.below)
  const patterns = endpoints
    .filter((endpoint) => !endpoint.below && endpoint.url.includes('{'))
    .map(patternOf)
  const exact = Map.groupBy(
    endpoints.filter((endpoint) => !endpoint.below && !endpoint.url.includes('{')),
    (endpoint) => endpoint.url,
  )
  const below = (url: string): Known | undefined => {
    const found = open.filter((endpoint) => url === endpoint.url || url.startsWith(`${endpoint.url}/`))
    const longest = Math.max(...found.map((endpoint) => endpoint.url.length))
    const endpoints = found.filter((endpoint) => endpoint.url.length === longest)
    return endpoints.length === 0 ? undefined : { endpoints, path: {} }
  }
  return (url) => {
    const own = exact.get(url)
    return own ? { endpoints: own, path: {} } : (matching(patterns, url) ?? below(url))
  }
}

const methodNotAllowed = (allowed: readonly string[]): Answer => ({
  status: 405,
  body: { error: 'method_not_allowed' },
  headers: { allow: [...new Set(allowed)].join(', ') },
})

/** Among vendors that share a URL, the one that the caller is known to; the first when nobody knows the caller. */
function ofOneVendor(endpoints: readonly Endpoint[], claimant: string | undefined): readonly Endpoint[] {
  const key = endpoints.some(({ vendor }) => vendor.key === claimant) ? claimant : endpoints[0]?.vendor.key
  return endpoints.filter(({ vendor }) => vendor.key === key)
}

/** Finds what a request is for among the endpoints of its URL. `claimant` is the vendor that knows the caller. */
export function route(
  known: readonly Endpoint[],
  request: VendorRequest,
  claimant?: string,
): Route | undefined {
  const endpoints = ofOneVendor(known, claimant)
  const first = endpoints[0]
  if (!first) return undefined
  const other = (answer: Answering): Route => ({ vendor: first.vendor, operation: 'other', answer })
  const open = endpoints.filter((endpoint) => endpoint.methods.includes(request.method))
  if (open.length === 0)
    return other(() => methodNotAllowed(endpoints.flatMap((endpoint) => endpoint.methods)))
  const action = (request.method === 'GET' ? request.query : request.form).get('action')
  const fitting = open.filter((endpoint) => endpoint.action === undefined || endpoint.action === action)
  const found = fitting.find((endpoint) => endpoint.means?.(request)) ?? fitting.find(({ means }) => !means)
  if (!found) {
    return other(() => refuse(first.vendor, action ? 'action.unknown' : 'action.missing', action ?? ''))
  }
  return { vendor: found.vendor, operation: found.operation(request), answer: found.answer }
}
