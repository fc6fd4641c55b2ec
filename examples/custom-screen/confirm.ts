import { SpringbarError } from '@springbar/sdk'
import { Hono } from 'hono'
import { signedInForm } from './actions.ts'
import type { Connections } from './connections.ts'
import { signInPage, troublePage } from './page.ts'
import type { SignIns } from './sign-in.ts'

/** What the check needs. */
export interface ConfirmContext {
  /** The screen's own origin. */
  readonly publicUrl: string
  /** The connections that are confirmed here; null where Tidewell has no such application. */
  readonly confirming: Connections | null
  readonly signIns: SignIns
}

const TICKET = /^[A-Za-z0-9_-]{20,200}$/

/** Where somebody who has just signed in goes on: to the check that waited for that, or to the screen. */
export const wayBack = (next: unknown): string => {
  const ticket = typeof next === 'string' ? /^\/verify\?ticket=(.+)$/.exec(next)?.[1] : undefined
  return ticket !== undefined && TICKET.test(ticket) ? `/verify?ticket=${ticket}` : '/'
}

/**
 * Who started it, finished it: Springbar sends the browser here with a ticket (`verifyUrl` in its configuration), and
 * Tidewell says who is signed in. That comes from the sign-in alone, never from the address.
 */
export function confirmRoutes({ publicUrl, confirming, signIns }: ConfirmContext): Hono {
  const app = new Hono()
  if (confirming === null) return app
  return app
    .get('/verify', async (c) => {
      const ticket = c.req.query('ticket') ?? ''
      if (!TICKET.test(ticket)) return c.redirect('/', 303)
      const signIn = signIns.read(c)
      if (signIn === null) return c.html(signInPage(`/verify?ticket=${ticket}`))
      try {
        return c.redirect(await confirming.confirm(signIn.person, ticket), 303)
      } catch (error) {
        if (!(error instanceof SpringbarError) || !(error.code in REFUSALS)) throw error
        const { title, text } = REFUSALS[error.code as keyof typeof REFUSALS] // `in` has just looked
        const next = { href: '/', label: 'Back to your sources' }
        return c.html(troublePage({ title, text, next, signIn }), 409)
      }
    })
    .post('/binding', async (c) => {
      const signIn = await signedInForm(c, signIns, publicUrl)
      const { binding } = await c.req.parseBody()
      if (signIn !== null && (binding === 'auto' || binding === 'confirm')) signIns.bind(c, binding)
      return c.redirect('/', 303)
    })
}

const TOO_LATE = {
  title: 'That took a little long',
  text: 'Nothing was connected. Please start again, it takes a minute.',
}
const REFUSALS = {
  user_mismatch: {
    title: 'You did not start this',
    text: 'The link was made for somebody else here, so nothing was connected. If you want to connect your own source, start from your screen.',
  },
  attempt_expired: TOO_LATE,
  not_found: TOO_LATE,
}
