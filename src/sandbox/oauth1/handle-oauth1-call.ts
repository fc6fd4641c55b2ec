import type { MiddlewareHandler } from 'hono'
import { toResponse } from '../engine/answer.ts'
import { applyFault } from '../faults/apply-fault.ts'
import { conditionFault } from '../faults/condition.ts'
import { readBody, readFields, type SandboxBindings } from '../handle-call.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { routeOAuth1 } from './endpoints.ts'

/**
 * Answers what is for a vendor with OAuth 1.0a, and passes everything else on. `publicOrigin` is where callers reach the
 * sandbox when that is not the origin that it sees.
 */
export const createOAuth1Handler =
  (world: World, publicOrigin: string | undefined): MiddlewareHandler<{ Bindings: SandboxBindings }> =>
  async (context, next) => {
    const url = new URL(context.req.url)
    const path = url.pathname.slice(1)
    const isKnown = world.oauth1Vendors.some((vendor) =>
      [
        vendor.authorizationUrl,
        vendor.temporaryCredentialUrl,
        vendor.tokenUrl,
        ...vendor.resources.map((resource) => resource.url),
      ].includes(path),
    )
    if (!isKnown) return next()
    // A copy, for whoever comes next may read the body too.
    const body = await readBody(context.req.raw.clone(), SANDBOX_LIMITS.bodyBytes)
    if (body === null) return new Response(null, { status: 413 })
    if (url.search.length > SANDBOX_LIMITS.queryCharacters) return new Response(null, { status: 414 })
    const request: VendorRequest = {
      method: context.req.method,
      url: path,
      query: url.searchParams,
      ...readFields(context.req.header('content-type') ?? '', body),
      path: {},
      header: (name) => context.req.header(name) ?? null,
      authorization: context.req.header('authorization') ?? null,
      signal: context.req.raw.signal,
    }
    const route = routeOAuth1(world.oauth1Vendors, request)
    if (route === undefined) return next()
    const { vendor, operation } = route
    const ownOrigins = [url.origin, ...(publicOrigin === undefined ? [] : [publicOrigin])]
    // The address of the real vendor, which has no origin of ours before its host.
    const origins = ['https:/', ...ownOrigins]
    const number = world.calls.begin(vendor.key, operation, request)
    const fault = world.faults.take(vendor.key, operation, null) ?? conditionFault(world, vendor, operation)
    const carryOut = async () => route.answer(world, request, origins)
    const { resetConnection } = context.env ?? {} // a call within the process has no bindings at all
    const response = fault
      ? await applyFault(fault, { world, vendor, request, carryOut, resetConnection })
      : toResponse(await carryOut())
    world.calls.end(number, response.status, fault?.fault.kind ?? null)
    return response
  }
