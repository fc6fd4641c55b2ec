import { z } from 'zod'
import { EVENT_KINDS } from '../rules/events.ts'
import type { SandboxControl } from './control.ts'
import { type App, attempt, readJson } from './read-json.ts'

const key = z.string().min(1).max(100)

const registrationSchema = z.strictObject({
  url: z.url().max(2_000),
  clientId: key.optional(),
  verifyToken: z.string().min(1).max(200).optional(),
  secret: z.string().min(1).max(200).optional(),
})

const eventSchema = z.strictObject({
  vendor: key,
  kind: z.enum(EVENT_KINDS),
  accounts: z.array(key).max(100).optional(),
  unknownPerson: z.boolean().optional(),
})

const releaseSchema = z.strictObject({ order: z.enum(['in-order', 'reversed']).default('in-order') })

const pressSchema = z.strictObject({ button: key, account: key.optional() })

/** Adds what is about the vendors' own events, and about the buttons of their pages. */
export function addEventApi(app: App, prefix: string, control: SandboxControl) {
  app.put(`${prefix}/vendors/:vendor/notifications`, async (context) => {
    const read = await readJson(context, registrationSchema)
    if ('response' in read) return read.response
    return attempt(context, async () => {
      const registered = await control.registerNotifications(context.req.param('vendor'), read.value)
      return context.json(registered, registered.accepted ? 200 : 422)
    })
  })
  app.delete(`${prefix}/vendors/:vendor/notifications`, (context) =>
    attempt(context, () => {
      control.forgetNotifications(context.req.param('vendor'))
      return context.body(null, 204)
    }),
  )
  app.post(`${prefix}/events`, async (context) => {
    const read = await readJson(context, eventSchema)
    if ('response' in read) return read.response
    return attempt(context, async () => context.json({ deliveries: await control.tellEvent(read.value) }))
  })
  app.post(`${prefix}/events/release`, async (context) => {
    const read = await readJson(context, releaseSchema)
    if ('response' in read) return read.response
    return context.json({ deliveries: await control.releaseEvents(read.value.order) })
  })
  app.get(`${prefix}/deliveries`, async (context) => {
    await control.idle()
    return context.json({ deliveries: control.deliveries() })
  })
  app.post(`${prefix}/vendors/:vendor/press`, async (context) => {
    const read = await readJson(context, pressSchema)
    if ('response' in read) return read.response
    return attempt(context, async () => {
      await control.press(context.req.param('vendor'), read.value.button, read.value.account)
      return context.body(null, 204)
    })
  })
}
