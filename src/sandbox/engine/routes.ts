import type { Answer, Operation, Vendor } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { refuse } from './answer.ts'
import { answerAuthorization } from './consent.ts'
import { answerNonce, answerResource } from './resource.ts'
import { answerRevocation } from './revocation.ts'
import { answerToken } from './token-endpoint.ts'

/** One thing that can be called at a vendor. */
export interface Endpoint {
  readonly vendor: Vendor
  readonly url: string
  readonly methods: readonly string[]
  /** At URLs that do several things: the value of `action` that means this one. */
  readonly action?: string | undefined
  readonly operation: (request: VendorRequest) => Operation
  readonly answer: (world: World, request: VendorRequest) => Answer | Promise<Answer>
}

/** What a request is for, and what answers it. */
export interface Route {
  readonly vendor: Vendor
  readonly operation: Operation
  readonly answer: (world: World, request: VendorRequest) => Answer | Promise<Answer>
}

const tokenOperation = (request: VendorRequest): Operation =>
  request.form.get('grant_type') === 'refresh_token' ? 'refresh' : 'token'

function endpointsOf(vendor: Vendor): readonly Endpoint[] {
  const { authorization, token, revocations, resources, nonce } = vendor
  return [
    ...authorization.urls.map((url) => ({
      vendor,
      url,
      methods: ['GET', 'POST'],
      operation: () => 'authorize' as const,
      answer: (world: World, request: VendorRequest) => answerAuthorization(world, vendor, request),
    })),
    ...token.urls.map((url) => ({
      vendor,
      url,
      methods: ['POST'],
      action: token.action,
      operation: tokenOperation,
      answer: (world: World, request: VendorRequest) => answerToken(world, vendor, request),
    })),
    ...revocations.map((rules) => ({
      vendor,
      url: rules.url,
      methods: ['POST'],
      action: rules.action,
      operation: () => 'revoke' as const,
      answer: (world: World, request: VendorRequest) => answerRevocation(world, vendor, rules, request),
    })),
    ...resources.map((rules) => ({
      vendor,
      url: rules.url,
      methods: rules.methods,
      action: rules.action,
      operation: () => rules.operation,
      answer: (world: World, request: VendorRequest) => answerResource(world, vendor, rules, request),
    })),
    ...(nonce
      ? [
          {
            vendor,
            url: nonce.url,
            methods: ['POST'],
            action: nonce.action,
            operation: () => 'nonce' as const,
            answer: (world: World, request: VendorRequest) => answerNonce(world, vendor, nonce, request),
          },
        ]
      : []),
  ]
}

/** All endpoints by URL. Throws when two want the same URL and action. */
export function createEndpoints(vendors: readonly Vendor[]): ReadonlyMap<string, readonly Endpoint[]> {
  const byUrl = new Map<string, readonly Endpoint[]>()
  for (const endpoint of vendors.flatMap(endpointsOf)) {
    const others = byUrl.get(endpoint.url) ?? []
    if (others.some((other) => other.action === endpoint.action)) {
      throw new Error(`Two vendor definitions want ${endpoint.url}`)
    }
    byUrl.set(endpoint.url, [...others, endpoint])
  }
  return byUrl
}

const methodNotAllowed = (allowed: readonly string[]): Answer => ({
  status: 405,
  body: { error: 'method_not_allowed' },
  headers: { allow: [...new Set(allowed)].join(', ') },
})

/** Finds what a request is for among the endpoints of its URL. */
export function route(endpoints: readonly Endpoint[], request: VendorRequest): Route | undefined {
  const first = endpoints[0]
  if (!first) return undefined
  const other = (answer: Route['answer']): Route => ({ vendor: first.vendor, operation: 'other', answer })
  const open = endpoints.filter((endpoint) => endpoint.methods.includes(request.method))
  if (open.length === 0)
    return other(() => methodNotAllowed(endpoints.flatMap((endpoint) => endpoint.methods)))
  const action = (request.method === 'GET' ? request.query : request.form).get('action')
  const found = open.find((endpoint) => endpoint.action === undefined || endpoint.action === action)
  if (!found) {
    return other(() => refuse(first.vendor, action ? 'action.unknown' : 'action.missing', action ?? ''))
  }
  return { vendor: found.vendor, operation: found.operation(request), answer: found.answer }
}
