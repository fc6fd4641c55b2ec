/**
 * The control API: the sandbox's state and faults over HTTP, for tests in another process.
 *
 * @module sandbox/control — owns the JSON API below `/_sandbox` and the same things in process. It holds no state.
 */
import { z } from 'zod'
import { type FaultOrder, faultOrderSchema } from '../faults/fault.ts'
import { STYLESHEET, STYLESHEET_PATH } from '../pages/stylesheet.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import { protocolOf } from '../switches/applies.ts'
import { switchChangeSchema } from '../switches/switches.ts'
import { OPERATIONS } from '../vendor.ts'
import { everyVendor, type World } from '../world.ts'
import type { SandboxControl } from './control.ts'
import { addEventApi } from './event-api.ts'
import { type App, attempt, bad, isFromElsewhere, readJson } from './read-json.ts'

const PREFIX = '/_sandbox'

const text = z.string().min(1).max(SANDBOX_LIMITS.recordedValueCharacters)
const scopesSchema = z.strictObject({ scopes: z.array(text).max(100) })
const clientSchema = z.strictObject({
  vendor: text,
  clientId: text,
  clientSecret: text,
  redirectUris: z.array(z.url()).min(1).max(20),
  name: z.string().min(1).max(100).optional(),
})
const clockSchema = z.strictObject({ advanceMs: z.int().min(0).max(SANDBOX_LIMITS.clockStepMs) })
const tokenSchema = z.strictObject({ token: z.string().min(1).max(SANDBOX_LIMITS.recordedValueCharacters) })

const filterSchema = z.object({
  vendor: z.string().optional(),
  operation: z.enum(OPERATIONS).optional(),
})

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

function addPerson(app: App, control: SandboxControl) {
  const none = { error: { code: 'not_found', message: 'There is no such living grant.' } }
  app.post(`${PREFIX}/grants/:id/permissions`, async (context) => {
    const read = await readJson(context, scopesSchema)
    if ('response' in read) return read.response
    const changed = control.changePermissions(context.req.param('id'), read.value.scopes)
    return changed ? context.body(null, 204) : context.json(none, 404)
  })
  app.post(`${PREFIX}/grants/:id/end-refresh-token`, (context) =>
    control.endRefreshTokens(context.req.param('id')) ? context.body(null, 204) : context.json(none, 404),
  )
  app.delete(`${PREFIX}/vendors/:vendor/accounts/:account`, (context) =>
    attempt(context, () => {
      const { vendor, account } = context.req.param()
      return context.json({ endedGrants: control.deleteAccount(vendor, account) })
    }),
  )
}

function addClients(app: App, control: SandboxControl) {
  app.get(`${PREFIX}/clients`, (context) => context.json({ clients: control.clients() }))
  app.post(`${PREFIX}/clients`, async (context) => {
    const read = await readJson(context, clientSchema)
    if ('response' in read) return read.response
    const { name, ...client } = read.value
    return attempt(context, () => {
      control.addClient(name === undefined ? client : { ...client, name })
      return context.json(client, 201)
    })
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
      vendors: everyVendor(world).map((vendor) => ({
        key: vendor.key,
        protocol: protocolOf(world, vendor),
        name: vendor.name,
        documentation: vendor.documentation,
        accounts: vendor.accounts.map(({ key, name, subject }) => ({ key, name, subject })),
        switches: control.ownSwitches(vendor.key),
      })),
    }),
  )
  app.delete(`${PREFIX}/vendors/:vendor/switches`, (context) =>
    attempt(context, () => {
      control.backToNormal(context.req.param('vendor'))
      return context.body(null, 204)
    }),
  )
  app.patch(`${PREFIX}/vendors/:vendor`, async (context) => {
    const read = await readJson(context, switchChangeSchema)
    if ('response' in read) return read.response
    // What was not sent is taken out, so that it does not count as set to undefined.
    const change = Object.fromEntries(Object.entries(read.value).filter(([, value]) => value !== undefined))
    return attempt(context, () => {
      control.setSwitches(context.req.param('vendor'), change)
      return context.json(control.ownSwitches(context.req.param('vendor')))
    })
  })
}

/** Adds the control API to the app. */
export function addControlApi(app: App, control: SandboxControl, world: World) {
  app.use(`${PREFIX}/*`, async (context, next) => {
    if (isFromElsewhere(context)) {
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
  addPerson(app, control)
  addClients(app, control)
  addEventApi(app, PREFIX, control)
  addClock(app, control)
  addVendors(app, control, world)
}
