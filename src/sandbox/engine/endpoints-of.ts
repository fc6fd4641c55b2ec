import { publishedKeySet } from '../events/published-key.ts'
import type { Operation, Vendor } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { answerAuthorization } from './consent.ts'
import type { Endpoint } from './endpoint.ts'
import { answerNonce, answerResource, answerStep } from './resource.ts'
import { answerRevocation } from './revocation.ts'
import { answerSubscription } from './subscription.ts'
import { answerToken, fieldsOf, isRefresh } from './token-endpoint.ts'

/** Whether a request to a URL that the authorization shares is a token call. */
const isTokenCall = (vendor: Vendor) => (request: VendorRequest) =>
  fieldsOf(vendor.token, request).has('grant_type') || isRefresh(vendor, request)

function tokenEndpoints(vendor: Vendor): readonly Endpoint[] {
  const { token, authorization } = vendor
  const operation = (request: VendorRequest): Operation => (isRefresh(vendor, request) ? 'refresh' : 'token')
  return [...new Set([...token.urls, ...(token.refreshUrls ?? [])])].map((url) => ({
    vendor,
    url,
    methods: token.format === 'query' ? ['GET'] : ['POST'],
    action: token.action,
    means: authorization.urls.includes(url) ? isTokenCall(vendor) : undefined,
    operation,
    answer: (world: World, request: VendorRequest) => answerToken(world, vendor, request),
  }))
}

function callEndpoints(vendor: Vendor): readonly Endpoint[] {
  const { revocations, resources, steps = [], nonce, subscription, events } = vendor
  return [
    ...revocations.map((rules) => ({
      vendor,
      url: rules.url,
      methods: [rules.method ?? 'POST'],
      action: rules.action,
      operation: () => 'revoke' as const,
      answer: (world: World, request: VendorRequest) => answerRevocation(world, vendor, rules, request),
    })),
    ...steps.map((rules) => ({
      vendor,
      url: rules.url,
      methods: [rules.method],
      operation: () => 'afterConnect' as const,
      answer: (world: World, request: VendorRequest) => answerStep(world, vendor, rules, request),
    })),
    ...resources.map((rules) => ({
      vendor,
      url: rules.url,
      methods: rules.methods,
      action: rules.action,
      below: rules.below,
      operation: () => rules.operation,
      answer: (world: World, request: VendorRequest) => answerResource(world, vendor, rules, request),
    })),
    ...(subscription
      ? [
          {
            vendor,
            url: subscription.url,
            methods: [subscription.method],
            action: subscription.action,
            operation: () => 'subscription' as const,
            answer: (world: World, request: VendorRequest) =>
              answerSubscription(world, vendor, subscription, request),
          },
        ]
      : []),
    ...(events?.publishedKey
      ? [
          {
            vendor,
            url: events.publishedKey.keysUrl,
            methods: ['GET'],
            operation: () => 'other' as const,
            answer: () => ({ status: 200, body: publishedKeySet() }),
          },
        ]
      : []),
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

/** All that can be called at a vendor that speaks OAuth 2.0. */
export function endpointsOf(vendor: Vendor): readonly Endpoint[] {
  return [
    ...vendor.authorization.urls.map((url) => ({
      vendor,
      url,
      methods: ['GET', 'POST'],
      operation: () => 'authorize' as const,
      answer: (world: World, request: VendorRequest) => answerAuthorization(world, vendor, request),
    })),
    ...tokenEndpoints(vendor),
    ...callEndpoints(vendor),
  ]
}
