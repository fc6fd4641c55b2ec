import { createRoute, type z } from '@hono/zod-openapi'
import {
  type KnownAppearance,
  putAppearance,
  putAppearanceLogo,
  readAppearance,
  removeAppearance,
  removeAppearanceLogo,
} from '../../broker/appearances/change-appearance.ts'
import { createPreview } from '../../broker/appearances/preview-appearance.ts'
import { toSettings } from '../../model/appearance-schema.ts'
import type { Application } from '../../model/application.ts'
import { previewUrl } from '../appearance-preview.ts'
import { applicationLogoPath } from '../application-logo.ts'
import type { Services } from '../services.ts'
import * as schemas from './appearance-schemas.ts'
import { type ApiRouter, body, createRouter, json, problems, security } from './router.ts'
import { iso, isoOrNull } from './wire.ts'

const tags = ['Appearance']
const path = '/appearance'
const logoPath = `${path}/logo`

const read = createRoute({
  method: 'get',
  path,
  operationId: 'readAppearance',
  summary: 'How this application’s pages look',
  tags,
  security,
  responses: { 200: json('The look', schemas.appearance), ...problems },
})

const put = createRoute({
  method: 'put',
  path,
  operationId: 'putAppearance',
  summary: 'Give or replace the look, all but the logo; colours that would be hard to read are refused',
  tags,
  security,
  request: body(schemas.newAppearance),
  responses: { 200: json('It is on the next page', schemas.appearance), ...problems },
})

const remove = createRoute({
  method: 'delete',
  path,
  operationId: 'removeAppearance',
  summary: 'Forget the look and the logo',
  tags,
  security,
  responses: { 204: { description: 'Pages look like ours' }, ...problems },
})

const putLogo = createRoute({
  method: 'put',
  path: logoPath,
  operationId: 'putAppearanceLogo',
  summary: 'Give or replace the logo',
  tags,
  security,
  request: { ...body(schemas.newLogo), query: schemas.logoTheme },
  responses: { 200: json('It is on the next page', schemas.appearance), ...problems },
})

const removeLogo = createRoute({
  method: 'delete',
  path: logoPath,
  operationId: 'removeAppearanceLogo',
  summary: 'Forget the logo, in both themes or in the dark one alone',
  tags,
  security,
  request: { query: schemas.logoTheme },
  responses: { 204: { description: 'The first letter of the name stands in' }, ...problems },
})

const preview = createRoute({
  method: 'post',
  path: `${path}/preview`,
  operationId: 'previewAppearance',
  summary: 'A link, for half an hour, to every page in a look; nothing is changed by it',
  tags,
  security,
  request: body(schemas.newPreview),
  responses: { 201: json('The link', schemas.preview), ...problems },
})

/** `/v1/appearance` */
export function appearanceRoutes(services: Services): ApiRouter {
  const { context } = services
  const router = createRouter()
  const addressOf = (application: Application, logo: KnownAppearance['logo']): string | null =>
    logo === null ? null : `${context.urls.direct}${applicationLogoPath(application, logo.digest)}`
  const toWire = (application: Application, known: KnownAppearance): z.infer<typeof schemas.appearance> => {
    const { name, colours, radius, font, hideSpringbar, texts } = known.settings
    return {
      name,
      colours: { light: { ...colours.light }, dark: { ...colours.dark } },
      radius,
      font,
      hideSpringbar,
      texts: Object.fromEntries(Object.entries(texts).map(([tag, own]) => [tag, { ...own }])),
      logo: addressOf(application, known.logo),
      darkLogo: addressOf(application, known.darkLogo),
      managedBy: known.managedBy,
      updatedAt: isoOrNull(known.updatedAt),
    }
  }
  router.openapi(read, async (c) => {
    const application = c.get('application')
    return c.json(toWire(application, await readAppearance(context, application)), 200)
  })
  router.openapi(put, async (c) => {
    const application = c.get('application')
    const settings = toSettings(c.req.valid('json'))
    return c.json(toWire(application, await putAppearance(context, application, settings)), 200)
  })
  router.openapi(remove, async (c) => {
    await removeAppearance(context, c.get('application'))
    return c.body(null, 204)
  })
  router.openapi(putLogo, async (c) => {
    const application = c.get('application')
    const bytes = bytesOf(c.req.valid('json'))
    const { theme = 'light' } = c.req.valid('query')
    return c.json(toWire(application, await putAppearanceLogo(context, application, bytes, theme)), 200)
  })
  router.openapi(removeLogo, async (c) => {
    const { theme = 'light' } = c.req.valid('query')
    await removeAppearanceLogo(context, c.get('application'), theme)
    return c.body(null, 204)
  })
  router.openapi(preview, async (c) => {
    const { appearance, logo, darkLogo } = c.req.valid('json')
    const { key, expiresAt } = await createPreview(context, c.get('application'), {
      settings: appearance === undefined ? null : toSettings(appearance),
      logo: logo === undefined ? null : bytesOf(logo),
      darkLogo: darkLogo === undefined ? null : bytesOf(darkLogo),
    })
    return c.json({ url: previewUrl(services, key), expiresAt: iso(expiresAt) }, 201)
  })
  return router
}

const bytesOf = ({ data }: z.infer<typeof schemas.newLogo>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(data, 'base64'))
