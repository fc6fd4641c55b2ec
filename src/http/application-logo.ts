import type { Context } from 'hono'
import { findLogo } from '../broker/appearances/preview-appearance.ts'
import { SpringbarError } from '../errors.ts'
import type { Application } from '../model/application.ts'
import { asApplicationId } from '../model/ids.ts'
import { answerPicture } from './picture-answer.ts'
import type { Services } from './services.ts'

/** Where an application's logo is, on every host of ours. Its content decides the address. */
export const applicationLogoPath = ({ id }: Pick<Application, 'id'>, digest: string): string =>
  `/application-logos/${encodeURIComponent(id)}/${digest}`

/** `GET /application-logos/{application}/{digest}`: a logo for ever, or nothing once it is another. */
export async function applicationLogo(c: Context, { context }: Services): Promise<Response> {
  const application = context.applications.get(asApplicationId(c.req.param('application') ?? ''))
  const digest = /^[0-9a-f]{32}$/.exec(c.req.param('digest') ?? '')?.[0]
  const logo =
    application === undefined || digest === undefined ? null : await findLogo(context, application, digest)
  if (logo === null) throw new SpringbarError('not_found', 'There is no such logo.')
  return answerPicture(logo, 'public, max-age=31536000, immutable')
}
