import type { Context } from 'hono'
import { pressButton } from '../control/buttons.ts'
import { buttonsOf } from '../control/protocol-buttons.ts'
import { type App, isFromElsewhere } from '../control/read-json.ts'
import { toResponse } from '../engine/answer.ts'
import { readBody } from '../handle-call.ts'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import type { AnyVendor } from '../vendor.ts'
import { everyVendor, type World } from '../world.ts'
import { homePage } from './home-page.ts'
import { type Pressed, vendorPage } from './vendor-page.ts'

/** Adds the sandbox's own pages. They are at paths that no host can have, for a host has a dot or a port. */
export function addPages(
  app: App,
  world: World,
  { publicOrigin, hasPhone }: { readonly publicOrigin: string | undefined; readonly hasPhone: boolean },
) {
  const vendorOf = (context: Context) =>
    everyVendor(world).find(({ key }) => key === context.req.param('vendor'))

  app.get('/', async (context) =>
    toResponse(await homePage(world, publicOrigin ?? new URL(context.req.url).origin, hasPhone)),
  )
  app.get('/vendors/:vendor', async (context) => {
    const vendor = vendorOf(context)
    return vendor
      ? toResponse(await vendorPage(world, vendor, pressedOf(world, vendor, new URL(context.req.url))))
      : context.text('There is no such vendor.', 404)
  })
  app.post('/vendors/:vendor', async (context) => {
    if (isFromElsewhere(context)) return context.text('Not from a page of another site.', 403)
    const vendor = vendorOf(context)
    const form = new URLSearchParams((await readBody(context.req.raw, SANDBOX_LIMITS.bodyBytes)) ?? '')
    const buttons = vendor === undefined ? [] : buttonsOf(world, vendor).shown
    const button = buttons.find(({ key }) => key === form.get('button'))
    const account = form.get('account') ?? ''
    const isComplete = button?.about !== 'person' || vendor?.accounts.some(({ key }) => key === account)
    if (!vendor || !button || !isComplete) return context.text('There is no such button.', 404)
    const lastBefore = world.events.deliveries().at(-1)
    await pressButton(world, vendor, button.key, account)
    const pressed = new URLSearchParams({ done: button.key })
    if (button.about === 'person') {
      pressed.set('account', account)
      if (world.events.deliveries().at(-1) !== lastBefore) pressed.set('told', 'yes')
    }
    return context.redirect(`/vendors/${vendor.key}?${pressed}`, 303)
  })
}

/** What the page says has just happened; null when nobody pressed anything. */
function pressedOf(world: World, vendor: AnyVendor, { searchParams }: URL): Pressed | null {
  const button = buttonsOf(world, vendor).shown.find(({ key }) => key === searchParams.get('done'))
  const account = vendor.accounts.find(({ key }) => key === searchParams.get('account'))
  if (button === undefined || (button.about === 'person' && account === undefined)) return null
  return {
    button,
    name: button.about === 'person' && account !== undefined ? account.name : vendor.name,
    wasTold: searchParams.has('told'),
  }
}
