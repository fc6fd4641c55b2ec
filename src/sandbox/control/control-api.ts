/**
 * The control API: the sandbox's state and faults over HTTP, for tests in another process.
 *
 * @module sandbox/control — owns the JSON API below `/_sandbox` and the same things in process. It holds no state.
 */
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { type FaultOrder, faultOrderSchema } from '../faults/fault.ts'
import { readBody, type SandboxBindings } from '../handle-call.ts'
import { STYLESHEET, STYLESHEET_PATH } from '../pages/stylesheet.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import { OPERATIONS } from '../vendor.ts'
import type { World } from '../world.ts'
import type { SandboxControl } from './control.ts'

type App = Hono<{ Bindings: SandboxBindings }>

const PREFIX = '/_sandbox'

const seconds = z
  .int()
  .min(0)
  .max(SANDBOX_LIMITS.clockStepMs / 1_000)

const switchesSchema = z.strictObject({
  allowLocalhost: z.boolean().optional(),
  userIdAs: z.enum(['string', 'number']).optional(),
  codeLifetimeSeconds: seconds.optional(),
  accessTokenLifetimeSeconds: seconds.optional(),
  burnCodeOnFailedTry: z.boolean().optional(),
  endGrantOnRefreshReuse: z.boolean().optional(),
  stateMinCharacters: z.int().min(0).max(1_000).optional(),
})

const clockSchema = z.strictObject({ advanceMs: z.int().min(0).max(SANDBOX_LIMITS.clockStepMs) })
const tokenSchema = z.strictObject({ token: z.string().min(1).max(SANDBOX_LIMITS.recordedValueCharacters) })

const filterSchema = z.object({
  vendor: z.string().optional(),
  operation: z.enum(OPERATIONS).optional(),
})

type Read<Value> = { readonly value: Value } | { readonly response: Response }

const bad = (context: Context, message: string) =>
  context.json({ error: { code: 'invalid_request', message } }, 400)

/** Reads and checks a JSON body. The content type is required, so that no form of a foreign page can send one. */
async function readJson<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<Read<z.output<Schema>>> {
  if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) {
    return { response: bad(context, 'Send the body as application/json.') }
  }
  const text = await readBody(context.req.raw, SANDBOX_LIMITS.bodyBytes)
  let json: unknown
  try {
    json = JSON.parse(text ?? '')
  } catch {
    return { response: bad(context, 'The body is not JSON, or it is too long.') }
  }
  const parsed = schema.safeParse(json)
  return parsed.success ? { value: parsed.data } : { response: bad(context, z.prettifyError(parsed.error)) }
}

/** What is out of range was not the sandbox's fault: say so to the caller. */
function attempt(context: Context, run: () => Response): Response {
  try {
    return run()
  } catch (error) {
    if (error instanceof RangeError) return bad(context, error.message)
    throw error
  }
}

function addCalls(app: App, control: SandboxControl) {
  app.get(`${PREFIX}/calls`, (context) => {
    const filter = filterSchema.safeParse(context.req.query())
    if (!filter.success) return bad(context, z.prettifyError(filter.error))
    return context.json({ calls: control.calls(filter.data) })
  })
  app.delete(`${PREFIX}/calls`, (context) => {
    control.clearCalls()
    return context.body(null, 204)
  })
}

function addFaults(app: App, control: SandboxControl) {
  app.get(`${PREFIX}/faults`, (context) => context.json({ faults: control.faults() }))
  app.post(`${PREFIX}/faults`, async (context) => {
    const read = await readJson(context, faultOrderSchema)
    if ('response' in read) return read.response
    const order: FaultOrder = read.value
    return attempt(context, () => context.json(control.addFault(order), 201))
  })
  app.delete(`${PREFIX}/faults`, (context) => {
    control.clearFaults()
    return context.body(null, 204)
  })
}

function addGrants(app: App, control: SandboxControl) {
  app.get(`${PREFIX}/grants`, (context) => context.json({ grants: control.grants() }))
  app.post(`${PREFIX}/grants/:id/revoke`, (context) => {
    const revoked = control.revokeGrant(context.req.param('id'))
    // The button of the home page is a plain form, so a browser goes back there.
    if (context.req.header('accept')?.includes('text/html')) return context.redirect('/', 303)
    if (revoked) return context.body(null, 204)
    return context.json({ error: { code: 'not_found', message: 'There is no such living grant.' } }, 404)
  })
  app.post(`${PREFIX}/tokens`, async (context) => {
    const read = await readJson(context, tokenSchema)
    if ('response' in read) return read.response
    return context.json(control.token(read.value.token) ?? { state: 'unknown' })
  })
}

function addClock(app: App, control: SandboxControl) {
  app.get(`${PREFIX}/clock`, (context) => context.json({ nowMs: control.nowMs() }))
  app.post(`${PREFIX}/clock`, async (context) => {
    const read = await readJson(context, clockSchema)
    if ('response' in read) return read.response
    control.advance(read.value.advanceMs)
    return context.json({ nowMs: control.nowMs() })
  })
  app.post(`${PREFIX}/reset`, (context) => {
    control.reset()
    return context.body(null, 204)
  })
}

function addVendors(app: App, control: SandboxControl, world: World) {
  app.get(`${PREFIX}/vendors`, (context) =>
    context.json({
      vendors: world.vendors.map((vendor) => ({
        key: vendor.key,
        name: vendor.name,
        documentation: vendor.documentation,
        accounts: vendor.accounts.map(({ key, name, subject }) => ({ key, name, subject })),
        switches: control.switches(vendor.key),
      })),
    }),
  )
  app.patch(`${PREFIX}/vendors/:vendor`, async (context) => {
    const read = await readJson(context, switchesSchema)
    if ('response' in read) return read.response
    // What was not sent is taken out, so that it does not count as set to undefined.
    const change = Object.fromEntries(Object.entries(read.value).filter(([, value]) => value !== undefined))
    return attempt(context, () => context.json(control.setSwitches(context.req.param('vendor'), change)))
  })
}

/** Adds the control API to the app. */
export function addControlApi(app: App, control: SandboxControl, world: World) {
  app.use(`${PREFIX}/*`, async (context, next) => {
    const site = context.req.header('sec-fetch-site')
    if (context.req.method !== 'GET' && site === 'cross-site') {
      return context.json({ error: { code: 'forbidden', message: 'Not from a page of another site.' } }, 403)
    }
    await next()
    context.header('cache-control', 'no-store')
    return undefined
  })
  app.get(STYLESHEET_PATH, (context) => {
    context.header('content-type', 'text/css; charset=utf-8')
    return context.body(STYLESHEET)
  })
  addCalls(app, control)
  addFaults(app, control)
  addGrants(app, control)
  addClock(app, control)
  addVendors(app, control, world)
}
