import type { Context } from 'hono'
import type { Unavailability } from '../broker/find-source.ts'
import { type ListedSource, listSources } from '../broker/list-sources.ts'
import { assertLiving, type OpenedSession, openSession } from '../broker/open-session.ts'
import type { Connection } from '../model/connection.ts'
import { type SourceItem, type SourceState, sourceListPage } from '../pages/index.ts'
import { once, rawQuery } from './direct/request.ts'
import { answerPage } from './page-answer.ts'
import type { Services } from './services.ts'
import { sourceLabel } from './source-label.ts'
import { reasonForPerson } from './unavailable-reason.ts'

/** `GET /?connectionSessionToken=…`: all sources of the application, with the ways to connect and disconnect them. */
export async function widget(c: Context, services: Services): Promise<Response> {
  const { context } = services
  const query = rawQuery(c)
  const opened = await openSession(context, once(query, 'connectionSessionToken'))
  assertLiving(context, opened.session)
  const { application, session } = opened
  const connections = await context.storage.read.connections.listOf(application.id, [session.endUserId])
  const living = connections.filter(({ status }) => status !== 'disconnected')
  const listed = listSources(context, application).filter(
    ({ source }) => session.allowedSources?.includes(source.id) ?? true,
  )
  return answerPage(
    c,
    context,
    { asked: session.locale ?? chosenLanguage(query), application },
    { status: 200, formTargets: null, frameAncestors: application.embedOrigins, script: false },
    (page) => {
      const items = listed.map((one) => itemOf(services, opened, one, living, page.language.tag))
      return sourceListPage({ application: application.name, label: session.label, items }, page)
    },
  )
}

/** `lang=en` stands in the URL also when nobody chose, so only another language is somebody's choice. */
function chosenLanguage(query: string): string | null {
  const lang = once(query, 'lang')
  return lang === '' || lang === 'en' ? null : lang
}

function itemOf(
  services: Services,
  { token }: OpenedSession,
  { source, availability }: ListedSource,
  living: readonly Connection[],
  language: string,
): SourceItem {
  const { context, presentation } = services
  const connection = living.find(({ sourceId }) => sourceId === source.id)
  const state = stateOf(connection, availability.kind === 'available' ? null : availability.reason)
  const link = (page: string) =>
    `${context.urls.direct}/${page}.html?token=${token}&dataSource=${source.id}&from=list`
  const description = presentation.description(source, language)
  const canConnect = availability.kind === 'available' && state.kind !== 'connected'
  return {
    ...sourceLabel(services, source),
    description: description.text,
    descriptionLanguage: description.language,
    state,
    connectUrl: canConnect ? link('dataSourceDirectConnection') : null,
    disconnectUrl: connection === undefined ? null : link('dataSourceDirectRevoke'),
  }
}

function stateOf(connection: Connection | undefined, unavailable: Unavailability | null): SourceState {
  if (connection?.status === 'active') return { kind: 'connected', connectedAt: connection.connectedAt }
  if (connection?.status === 'needs_reauth') return { kind: 'needs-attention' }
  if (unavailable === null) return { kind: 'not-connected' }
  return { kind: 'not-available', reason: reasonForPerson(unavailable) ?? 'not-offered' }
}
