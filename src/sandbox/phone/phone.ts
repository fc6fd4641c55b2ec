/**
 * A phone to try pairings with.
 *
 * @module sandbox/phone — owns pages that play an application's app on a phone: it redeems a pairing code at the service,
 * keeps the token that it gets, and reports, rightly or wrongly. It talks to the service over HTTP, as a real phone does.
 */
import type { Context } from 'hono'
import { z } from 'zod'
import { createBoundedMap } from '../bounded-map.ts'
import { type App, isFromElsewhere, readJson } from '../control/read-json.ts'
import { toResponse } from '../engine/answer.ts'
import { readBody } from '../handle-call.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import {
  BRINGINGS,
  bringCode,
  type PhoneOptions,
  type PhoneParts,
  REPORTS,
  tellService,
  type Ways,
} from './phone-acts.ts'
import { PERMISSIONS, pairedPage, unpairedPage } from './phone-pages.ts'

export type { PhoneOptions, PhoneParts } from './phone-acts.ts'

const NAMES = PERMISSIONS.map(({ name }) => name)
const allow = z
  .array(z.string().max(100))
  .max(20)
  .default([...NAMES])
const bringingSchema = z.strictObject({
  code: z.string().max(200),
  do: z.enum(BRINGINGS).default('pair'),
  allow,
})
const reportSchema = z.strictObject({ do: z.enum(REPORTS).default('report'), allow })

/** Adds `/phone` and what lies below, and the same for scripts at `/_sandbox/phones`. */
export function addPhone(app: App, options: PhoneOptions, parts: PhoneParts): void {
  const ways: Ways = { ...options, ...parts, phones: createBoundedMap(SANDBOX_LIMITS.grants) }
  addPages(app, ways)
  addApi(app, ways)
}

function addPages(app: App, ways: Ways): void {
  const unpaired = (code: string, problem: string | null) =>
    unpairedPage({ code, applicationId: ways.applicationId, problem, phones: ways.phones.values() })
  app.get('/phone', async (c) => toResponse(await unpaired(c.req.query('code') ?? '', null)))
  app.post('/phone', async (c) => {
    if (isFromElsewhere(c)) return c.text(FOREIGN, 403)
    const form = await formOf(c)
    const code = form.get('code') ?? ''
    const does = BRINGINGS.find((one) => one === form.get('do')) ?? 'pair'
    const { phone, said } = await bringCode(ways, { code, does, allowed: form.getAll('allow') })
    if (phone !== null) return c.redirect(`/phone/${phone.id}`, 303)
    return toResponse({ ...(await unpaired(code, said)), status: 400 })
  })
  app.get('/phone/:id', async (c) => {
    const phone = ways.phones.get(c.req.param('id'))
    return phone === undefined ? c.redirect('/phone', 303) : toResponse(await pairedPage(phone))
  })
  app.post('/phone/:id', async (c) => {
    if (isFromElsewhere(c)) return c.text(FOREIGN, 403)
    const phone = ways.phones.get(c.req.param('id'))
    if (phone === undefined) return c.redirect('/phone', 303)
    const form = await formOf(c)
    const does = REPORTS.find((one) => one === form.get('do')) ?? 'report'
    await tellService(ways, phone, { does, allowed: form.getAll('allow') })
    return c.redirect(`/phone/${phone.id}`, 303)
  })
}

/** No token is shown: whoever wants to play the phone by hand calls the service. */
function addApi(app: App, ways: Ways): void {
  app.get('/_sandbox/phones', (c) =>
    c.json({
      phones: ways.phones
        .values()
        .map(({ id, granted, isConnected, said }) => ({ id, granted, isConnected, said })),
    }),
  )
  app.post('/_sandbox/phones', async (c) => {
    const read = await readJson(c, bringingSchema)
    if ('response' in read) return read.response
    const { code, do: does, allow: allowed } = read.value
    const { phone, said } = await bringCode(ways, { code, does, allowed })
    return c.json({ phone: phone?.id ?? null, said })
  })
  app.post('/_sandbox/phones/:id', async (c) => {
    const read = await readJson(c, reportSchema)
    if ('response' in read) return read.response
    const phone = ways.phones.get(c.req.param('id'))
    if (phone === undefined)
      return c.json({ error: { code: 'not_found', message: 'There is no such phone.' } }, 404)
    const { do: does, allow: allowed } = read.value
    const { isConnected, said } = await tellService(ways, phone, { does, allowed })
    return c.json({ phone: phone.id, isConnected, said })
  })
}

const FOREIGN = 'Not from a page of another site.'

const formOf = async (c: Context): Promise<URLSearchParams> =>
  new URLSearchParams((await readBody(c.req.raw, SANDBOX_LIMITS.bodyBytes)) ?? '')
