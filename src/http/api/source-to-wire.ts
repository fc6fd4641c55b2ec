import type { z } from '@hono/zod-openapi'
import { callbackUri } from '../../broker/attempts/begin-connect.ts'
import { environmentOf } from '../../broker/catalogue/choose-authorization.ts'
import type { Availability } from '../../broker/catalogue/find-source.ts'
import type { ListedSource } from '../../broker/catalogue/list-sources.ts'
import { tells } from '../../broker/subscriptions/notification-address.ts'
import type { Application } from '../../model/application.ts'
import type { SourceStatus } from '../../model/presentation.ts'
import type { Source } from '../../model/source.ts'
import { type Language, plainPhrase } from '../../pages/index.ts'
import { logoPath } from '../logo.ts'
import type { Services } from '../services.ts'
import { reasonForPerson } from '../unavailable-reason.ts'
import { addressToWire, type KnownAddress } from './notifications.ts'
import type * as schemas from './schemas.ts'

type DataSource = z.infer<typeof schemas.dataSource>

/** A source of the catalogue as an application sees it, in a language of our pages. */
export function sourceToWire(
  services: Services,
  application: Application,
  listed: ListedSource,
  language: Language,
  addressOf: (vendor: string) => KnownAddress,
): DataSource {
  const { source, availability, authorization } = listed
  const { context, presentation } = services
  const { tag } = language
  const { status, statusNote } = statusOf(source, authorization)
  return {
    id: source.id,
    key: source.key,
    name: source.name,
    description: presentation.description(source, tag).text,
    category: source.category,
    categoryName: presentation.category(source.category, tag),
    kind: source.kind === 'listed' ? source.connectedBy : source.kind,
    status,
    statusName: presentation.status(status, tag),
    statusNote,
    logo: `${context.urls.api}${logoPath(source)}`,
    scopes: (authorization?.scopes ?? []).map(({ value, label, requested }) => ({
      value,
      label: presentation.scopeLabel(label, tag).text,
      requested,
    })),
    connectable: availability.kind === 'available',
    missing: missingFor(availability, language),
    callbackUri: authorization === null ? null : callbackUri(context, authorization.vendor),
    authorizations: authorizationsOf(services, application, listed, addressOf),
  }
}

function statusOf(
  source: Source,
  authorization: ListedSource['authorization'],
): { readonly status: SourceStatus; readonly statusNote: string | null } {
  return source.kind === 'listed' ? source : (authorization ?? LIVE)
}

const LIVE = Object.freeze({ status: 'live', statusNote: null })

/** Why the source cannot be connected, for a program and in a sentence; null when it can be. */
function missingFor(availability: Availability, { messages }: Language): DataSource['missing'] {
  if (availability.kind === 'available' || availability.reason === 'not_in_session') return null
  const reason = reasonForPerson(availability.reason) ?? 'not-offered'
  return { reason: availability.reason, text: plainPhrase(messages, `reason.${reason}`) }
}

/** Everything that a client can be given for. */
function authorizationsOf(
  { context }: Services,
  application: Application,
  { source, availability, authorization: chosen }: ListedSource,
  addressOf: (vendor: string) => KnownAddress,
): DataSource['authorizations'] {
  if (source.kind !== 'oauth2') return []
  return source.authorizations.map((authorization) => ({
    vendor: authorization.vendor,
    name: authorization.name,
    environment: environmentOf(authorization),
    status: authorization.status,
    callbackUri: callbackUri(context, authorization.vendor),
    client: application.clients.get(authorization.vendor)?.managedBy ?? null,
    used: availability.kind === 'available' && authorization.vendor === chosen?.vendor,
    notifications: tells(authorization)
      ? addressToWire(context, authorization, addressOf(authorization.vendor))
      : null,
  }))
}
