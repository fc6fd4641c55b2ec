import { SpringbarError } from '../../errors.ts'
import { isHttps } from '../page-answer.ts'
import { securityHeaders } from '../security-headers.ts'
import type { Services } from '../services.ts'
import { appearanceRoutes } from './appearance.ts'
import { attemptRoutes } from './attempts.ts'
import { clientRoutes } from './clients.ts'
import { connectionRoutes } from './connections.ts'
import { dataSourceRoutes } from './data-sources.ts'
import { deletionRoutes } from './deletions.ts'
import { eventRoutes } from './events.ts'
import { idempotency } from './idempotency.ts'
import { notificationRoutes } from './notifications.ts'
import { pairingRoutes } from './pairings.ts'
import { proxyRoutes } from './proxy.ts'
import { redirectUriRoutes } from './redirect-uris.ts'
import { type ApiRouter, apiMiddleware, createRouter } from './router.ts'
import { sessionRoutes } from './sessions.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'
import { webhookRoutes } from './webhooks.ts'

const VERSION = '1.0.0'

/** Our own API (contract §6), described at `/v1/openapi.json` by the schemas that validate it. */
export function apiRoutes(services: Services): ApiRouter {
  const api = createRouter()
  api.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' })
  api.openAPIRegistry.registerComponent('securitySchemes', 'account', { type: 'http', scheme: 'basic' })
  api.openAPIRegistry.registerComponent('securitySchemes', 'application', {
    type: 'apiKey',
    in: 'header',
    name: 'AppAuthorization',
    description: 'Basic credentials of the application, beside those of the account',
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'deviceToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'The token that a phone got for its pairing code',
  })
  // The description is public, so it stands before the log-in.
  api.get('/openapi.json', (c) =>
    c.json(describe(api, services), 200, securityHeaders(isHttps(services.context)).api),
  )
  // A phone holds no API key, so what it calls stands before the log-in as well.
  api.route('/', pairingRoutes(services))
  // Before the middleware that reads bodies: these are not ours to read.
  api.route('/', proxyRoutes(services))
  api.use(apiMiddleware(services))
  api.use(idempotency(services.context))
  for (const routes of [
    userRoutes,
    deletionRoutes,
    sessionRoutes,
    connectionRoutes,
    tokenRoutes,
    attemptRoutes,
    dataSourceRoutes,
    clientRoutes,
    notificationRoutes,
    redirectUriRoutes,
    appearanceRoutes,
    webhookRoutes,
    eventRoutes,
  ])
    api.route('/', routes(services))
  answerOtherMethods(api)
  return api
}

const describe = (api: ApiRouter, { context }: Services) =>
  api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Springbar',
      version: VERSION,
      description: 'Connect wearables and health data sources from your own screen.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: `${context.urls.api}/v1` }],
  })

/** 405 with `Allow` for a known path asked in another way. */
function answerOtherMethods(api: ApiRouter): void {
  const methods = new Map<string, Set<string>>()
  for (const { path, method } of api.routes) {
    if (method === 'ALL' || path.endsWith('*')) continue
    const known = methods.get(path) ?? new Set()
    methods.set(path, known.add(method))
  }
  for (const [path, known] of methods)
    api.all(path, () => {
      const allow = [...known, ...(known.has('GET') ? ['HEAD'] : [])].sort().join(', ')
      throw new SpringbarError('method_not_allowed', `This path takes ${allow}.`, {
        headers: { Allow: allow },
      })
    })
}
