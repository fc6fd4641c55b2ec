import { type Context, Hono } from 'hono'
import type { Side } from './side.ts'
import { isFromOwnPage, isOpenedByPerson, type SignIn, type SignIns } from './sign-in.ts'
import { refused } from './trouble.ts'

/** What the buttons need. */
export interface ActionContext {
  /** The screen's own origin. */
  readonly publicUrl: string
  /** The application of a sign-in, by how it binds connections. */
  readonly sideOf: (signIn: SignIn) => Side
  readonly signIns: SignIns
}

/**
 * What the buttons do. Each mints a session, then sends the browser to Springbar or calls it from here. What
 * changes something is a form with a token; what only leads to a question, there or at the vendor, is a link.
 */
export function actionRoutes({ publicUrl, sideOf, signIns }: ActionContext): Hono {
  const returnTo = { connect: `${publicUrl}/connected`, disconnect: `${publicUrl}/disconnected` }

  return new Hono()
    .get('/connect/:source', async (c) => {
      const signIn = signIns.read(c)
      if (signIn === null || !isOpenedByPerson(c.req.raw)) return c.redirect('/', 303)
      const { connections, sources } = sideOf(signIn)
      const source = (await sources()).findConnectable(c.req.param('source'))
      if (source === null) return c.redirect('/', 303)
      // A new tab gets no return address: Springbar's own result page is the end of that tab.
      const redirectUri = c.req.query('in') === 'tab' ? null : returnTo.connect
      const scopes = c.req.query('permissions') === 'missing' ? 'missing' : 'all'
      const way = { redirectUri, scopes } as const
      return c.redirect(await connections.connectUrl(signIn.person, source.id, way), 303)
    })
    .get('/disconnect/:source/ask', async (c) => {
      const signIn = signIns.read(c)
      if (signIn === null || !isOpenedByPerson(c.req.raw)) return c.redirect('/', 303)
      const { connections, sources } = sideOf(signIn)
      const source = (await sources()).findDisconnectable(c.req.param('source'))
      if (source === null) return c.redirect('/', 303)
      const options = { direct: false, redirectUri: returnTo.disconnect }
      return c.redirect(await connections.disconnectUrl(signIn.person, source.id, options), 303)
    })
    .post('/disconnect/:source', async (c) => {
      const signIn = await signedInForm(c, signIns, publicUrl)
      if (signIn === null) return refused(c, null)
      const { connections, sources } = sideOf(signIn)
      const source = (await sources()).findDisconnectable(c.req.param('source'))
      if (source === null) return refused(c, signIn)
      const options = { direct: true, redirectUri: returnTo.disconnect }
      return c.redirect(await connections.disconnectUrl(signIn.person, source.id, options), 303)
    })
    .post('/disconnect/:source/background', async (c) => {
      const signIn = await signedInForm(c, signIns, publicUrl)
      if (signIn === null) return refused(c, null)
      const { connections, sources } = sideOf(signIn)
      const source = (await sources()).findDisconnectable(c.req.param('source'))
      if (source === null) return refused(c, signIn)
      const result = await connections.disconnect(signIn.person, source.id)
      // The same page as after a return: it reads the state anew, and a reload is harmless.
      const connected = result?.connected ?? true
      return c.redirect(`/disconnected?dataSource=${source.id}&connected=${connected}`, 303)
    })
}

/** The sign-in behind a form of this very screen; null when anything about it is not right. */
export async function signedInForm(c: Context, signIns: SignIns, publicUrl: string): Promise<SignIn | null> {
  const signIn = signIns.read(c)
  if (signIn === null || !isFromOwnPage(c.req.raw, publicUrl)) return null
  const { formToken } = await c.req.parseBody()
  return formToken === signIn.formToken ? signIn : null
}
