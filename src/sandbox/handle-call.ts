import type { Context } from 'hono'
import { toResponse } from './engine/answer.ts'
import { claimantOf } from './engine/claimant.ts'
import { createPlayed } from './engine/played.ts'
import { type Route, route } from './engine/routes.ts'
import { applyFault } from './faults/apply-fault.ts'
import { conditionFault } from './faults/condition.ts'
import { SANDBOX_LIMITS } from './sandbox-limits.ts'
import type { VendorRequest } from './vendor-request.ts'
import type { World } from './world.ts'

/** What the server gives to each request; nothing of it exists for a call within the process. */
export interface SandboxBindings {
  readonly resetConnection?: () => Response
}

/** Hono's context in the sandbox's app. */
export type SandboxContext = Context<{ Bindings: SandboxBindings }>

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i
const JSON_TYPE = /^application\/([a-z.+-]+\+)?json\s*(;|$)/i

/** The texts, numbers and booleans of a JSON object, as fields. What is no object has none. */
function fieldsOfJson(body: string): URLSearchParams {
  try {
    const members = Object.entries(Object(JSON.parse(body)))
    return new URLSearchParams(
      members.flatMap(([name, value]) =>
        typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
          ? [[name, String(value)]]
          : [],
      ),
    )
  } catch {
    return new URLSearchParams()
  }
}

/** The fields of a body, by its content type. */
export function readFields(type: string, body: string): Pick<VendorRequest, 'form' | 'bodyFormat'> {
  if (FORM.test(type)) return { form: new URLSearchParams(body), bodyFormat: 'form' }
  if (JSON_TYPE.test(type)) return { form: fieldsOfJson(body), bodyFormat: 'json' }
  return { form: new URLSearchParams(), bodyFormat: 'none' }
}

/** Reads a body up to the limit; null when it is longer. */
export async function readBody(request: Request, limitBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > limitBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Reads a request to a vendor within bounds; the status to answer with when it is beyond them. */
export async function readRequest(
  context: SandboxContext,
  url: URL,
  path: VendorRequest['path'],
): Promise<VendorRequest | number> {
  if (url.search.length > SANDBOX_LIMITS.queryCharacters) return 414
  const raw = context.req.raw
  const body = await readBody(raw, SANDBOX_LIMITS.bodyBytes)
  if (body === null) return 413
  return {
    method: raw.method === 'HEAD' ? 'GET' : raw.method,
    url: url.pathname.slice(1),
    query: url.searchParams,
    ...readFields(context.req.header('content-type') ?? '', body),
    path,
    header: (name) => context.req.header(name) ?? null,
    authorization: context.req.header('authorization') ?? null,
    signal: raw.signal,
  }
}

async function answer(
  world: World,
  { vendor, operation, answer: carryOut }: Route,
  request: VendorRequest,
  context: SandboxContext,
): Promise<Response> {
  const number = world.calls.begin(vendor.key, operation, request)
  const fault =
    world.faults.take(vendor.key, operation, request.form.get('code')) ??
    conditionFault(world, vendor, operation)
  const run = async () => carryOut(world, request)
  const response = fault
    ? await applyFault(fault, {
        world,
        vendor,
        request,
        carryOut: run,
        // A call within the process has no bindings at all.
        resetConnection: context.env?.resetConnection,
      })
    : toResponse(await run())
  world.calls.end(number, response.status, fault?.fault.kind ?? null)
  return response
}

/** Builds the handler of every vendor URL: the first path segment is the vendor's real host. */
export function createCallHandler(world: World): (context: SandboxContext) => Promise<Response> {
  const played = createPlayed(world.vendors, world.switches)
  // So that a vendor that wants one URL for two things is refused at the start.
  played()
  return async (context) => {
    const url = new URL(context.req.url)
    const known = played()(url.pathname.slice(1))
    if (!known) return context.json({ error: 'not_found', message: 'No vendor here has this URL.' }, 404)
    const request = await readRequest(context, url, known.path)
    if (typeof request === 'number') return new Response(null, { status: request })
    const found = route(known.endpoints, request, claimantOf(world, request))
    return found ? answer(world, found, request, context) : new Response(null, { status: 404 })
  }
}
