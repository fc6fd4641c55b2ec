import type { Context } from 'hono'
import { readEndUserId } from '../../broker/require-end-user.ts'
import { createSession, plainSession } from '../../broker/sessions/create-session.ts'
import { SpringbarError } from '../../errors.ts'
import { isLanguageTag } from '../../pages/index.ts'
import { readForm, readJsonObject } from '../request-body.ts'
import type { Services } from '../services.ts'
import { widgetUrl } from '../widget-url.ts'
import { answerJson, answerText, authenticate } from './answers.ts'

/** `POST /widget/v6/connection`: mints a connection session (contract §2). */
export async function mintConnection(c: Context, services: Services): Promise<Response> {
  const application = authenticate(c, services)
  const { endUserId, locale } = await readJsonObject(c)
  if (typeof endUserId !== 'string')
    throw new SpringbarError('invalid_request', 'endUserId must be a string.')
  const session = await createSession(
    services.context,
    application,
    readEndUserId(endUserId),
    plainSession(readLocale(locale)),
  )
  const url = widgetUrl(services.context, session)
  return answerJson(services, { type: 'enduser.widget.connection', data: { url } })
}

/** A locale from outside; null when nobody chose. Throws `invalid_request` for a malformed one. */
function readLocale(locale: unknown): string | null {
  if (locale === undefined || locale === null) return null
  if (typeof locale === 'string' && isLanguageTag(locale)) return locale
  throw new SpringbarError(
    'invalid_request',
    'locale is two letters, optionally with a script or region (zh-Hant).',
  )
}

/** `POST /v5/dataSourceURL`: the older way to get the widget's URL. */
export async function dataSourceUrl(c: Context, services: Services): Promise<Response> {
  const application = authenticate(c, services)
  const form = await readForm(c)
  const id = form('authenticationToken')
  if (id === null) throw new SpringbarError('invalid_request', 'authenticationToken is missing.')
  const session = await createSession(services.context, application, readEndUserId(id), plainSession(null))
  return answerText(services, widgetUrl(services.context, session))
}
