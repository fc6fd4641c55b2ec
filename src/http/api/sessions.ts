import { createRoute, z } from '@hono/zod-openapi'
import { availabilityIn } from '../../broker/catalogue/find-source.ts'
import { listSources } from '../../broker/catalogue/list-sources.ts'
import { checkRedirectUri } from '../../broker/redirect-uris/check-redirect-uri.ts'
import { readEndUserId } from '../../broker/require-end-user.ts'
import { createSession, type MintedSession } from '../../broker/sessions/create-session.ts'
import { endAllSessions, endSession } from '../../broker/sessions/end-session.ts'
import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { Services } from '../services.ts'
import { widgetUrl } from '../widget-url.ts'
import { type ApiRouter, body, createRouter, json, problems, security } from './router.ts'
import * as schemas from './schemas.ts'
import { iso } from './wire.ts'

const tags = ['Sessions']

const create = createRoute({
  method: 'post',
  path: '/sessions',
  operationId: 'createSession',
  summary: 'Mint a connection session, with ready links for each source',
  tags,
  security,
  request: body(schemas.newSession),
  responses: { 201: json('The session; its token is told only here', schemas.session), ...problems },
})

const endAll = createRoute({
  method: 'delete',
  path: '/sessions',
  operationId: 'endAllSessions',
  summary: 'End every living session of the application, as after a leak',
  tags,
  security,
  responses: { 200: json('How many there were', schemas.endedSessions), ...problems },
})

const end = createRoute({
  method: 'delete',
  path: '/sessions/{id}',
  operationId: 'endSession',
  summary: 'End a session now',
  tags,
  security,
  request: { params: z.object({ id: z.string() }) },
  responses: { 204: { description: 'It has ended' }, ...problems },
})

/** `/v1/sessions` */
export function sessionRoutes({ context }: Services): ApiRouter {
  const router = createRouter()
  router.openapi(create, async (c) => {
    const application = c.get('application')
    const { endUserId, locale, allowedSources, redirectUri, label, lifetimeSeconds } = c.req.valid('json')
    for (const id of allowedSources ?? [])
      if (!context.sources.has(id))
        throw new SpringbarError('invalid_request', `allowedSources: there is no ${id}.`)
    await assertAllowed(context, application, redirectUri)
    const minted = await createSession(context, application, readEndUserId(endUserId), {
      locale: locale ?? null,
      allowedSources: allowedSources ?? null,
      redirectUri: redirectUri ?? null,
      label: label ?? null,
      lifetimeSeconds: lifetimeSeconds ?? null,
    })
    return c.json(sessionToWire(context, application, minted), 201)
  })
  router.openapi(endAll, async (c) =>
    c.json(await endAllSessions(context, c.get('application').id, 'application'), 200),
  )
  router.openapi(end, async (c) => {
    await endSession(context, c.get('application'), c.req.valid('param').id)
    return c.body(null, 204)
  })
  return router
}

async function assertAllowed(
  context: Services['context'],
  application: Application,
  redirectUri: string | undefined,
): Promise<void> {
  if (redirectUri === undefined) return
  const decision = await checkRedirectUri(context, application, redirectUri)
  if (decision.kind === 'refused')
    throw new SpringbarError('invalid_redirect_uri', decision.detail, { extra: { rule: decision.rule } })
}

function sessionToWire(
  context: Services['context'],
  application: Application,
  minted: MintedSession,
): z.infer<typeof schemas.session> {
  const { session, token } = minted
  const link = (page: string, dataSource: number) => {
    const query = new URLSearchParams({ token, dataSource: String(dataSource) })
    if (session.redirectUri !== null) query.set('redirect_uri', session.redirectUri)
    return `${context.urls.direct}/${page}.html?${query}`
  }
  return {
    id: session.lookup,
    token,
    expiresAt: iso(session.expiresAt),
    widgetUrl: widgetUrl(context, minted),
    links: listSources(context, application)
      .filter(({ source }) => availabilityIn(source, application, session).kind === 'available')
      .map(({ source }) => ({
        dataSource: source.id,
        key: source.key,
        name: source.name,
        connectUrl: link('dataSourceDirectConnection', source.id),
        disconnectUrl: link('dataSourceDirectRevoke', source.id),
      })),
  }
}
