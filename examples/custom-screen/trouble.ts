import { SpringbarError } from '@springbar/sdk'
import type { Context } from 'hono'
import { troublePage } from './page.ts'
import type { SignIn } from './sign-in.ts'

const BACK = Object.freeze({ href: '/', label: 'Back to your sources' })

/**
 * Answers a request that failed. The person reads a plain sentence, the log what a developer needs: the SDK's
 * errors hold no secret, and of any other error only the name is logged.
 */
export function failed(
  c: Context,
  error: Error,
  signIn: SignIn | null,
  log: (line: string) => void,
): Response | Promise<Response> {
  const isSpringbar = error instanceof SpringbarError
  log(isSpringbar ? `${error.code}: ${error.message}` : `${error.name} in ${c.req.method} ${c.req.routePath}`)
  const page = troublePage({
    title: 'We cannot reach your sources',
    text: 'Nothing was changed, and what you connected stays connected. Please try again in a moment.',
    next: { href: '/', label: 'Try again' },
    reference: isSpringbar ? error.requestId : null,
    signIn,
  })
  return c.html(page, isSpringbar ? 503 : 500)
}

/** Answers a form that did not come from this screen, came too late, or is too large. */
export function refused(
  c: Context,
  signIn: SignIn | null,
  status: 403 | 413 = 403,
): Response | Promise<Response> {
  const title = 'That did not go through'
  const text = 'Nothing was changed. This page may have been open for too long: go back and try again.'
  return c.html(troublePage({ title, text, next: BACK, signIn }), status)
}

/** Answers an address that does not exist. */
export function notFound(c: Context, signIn: SignIn | null): Response | Promise<Response> {
  const title = 'There is nothing here'
  const text = 'The address may be misspelt, or the page has moved.'
  return c.html(troublePage({ title, text, next: BACK, signIn }), 404)
}
