import type { Unavailability } from '../broker/find-source.ts'
import type { ListedSource } from '../broker/list-sources.ts'
import type { OpenedSession } from '../broker/open-session.ts'
import type { Connection, ReauthReason } from '../model/connection.ts'
import type { AttentionReason, SourceItem, SourceState } from '../pages/index.ts'
import type { Services } from './services.ts'
import { sourceLabel } from './source-label.ts'
import { reasonForPerson } from './unavailable-reason.ts'

const ATTENTION: Readonly<Record<ReauthReason, AttentionReason>> = {
  refused: 'refused',
  refresh_token_expired: 'expired',
  access_token_expired: 'expired',
  renewal_interrupted: 'interrupted',
  removed_at_vendor: 'removed',
}

/** The sources of the list as this person sees them: what was used last comes first, the others as the catalogue has them. */
export function widgetItems(
  services: Services,
  opened: OpenedSession,
  listed: readonly ListedSource[],
  connections: readonly Connection[],
  language: string,
): readonly SourceItem[] {
  return listed
    .map((one) => {
      const own = connections.filter(({ sourceId }) => sourceId === one.source.id)
      return { item: itemOf(services, opened, one, own, language), usedAt: Math.max(0, ...own.map(usedAtOf)) }
    })
    .sort((a, b) => b.usedAt - a.usedAt)
    .map(({ item }) => item)
}

const usedAtOf = ({ connectedAt, disconnectedAt }: Connection): number => disconnectedAt ?? connectedAt

function itemOf(
  services: Services,
  { token }: OpenedSession,
  { source, availability }: ListedSource,
  own: readonly Connection[],
  language: string,
): SourceItem {
  const { context, presentation } = services
  const isAvailable = availability.kind === 'available'
  const state = stateOf(own, isAvailable ? null : availability.reason)
  const link = (page: string) =>
    `${context.urls.direct}/${page}.html?token=${token}&dataSource=${source.id}&from=list`
  const { text, language: descriptionLanguage } = presentation.description(source, language)
  const isWhole = state.kind === 'connected' && !state.isPartial
  const isLiving = own.some(({ status }) => status !== 'disconnected')
  return {
    ...sourceLabel(services, source),
    id: source.id,
    description: text,
    descriptionLanguage,
    state,
    isOnPhone: isAvailable && availability.by === 'pairing',
    isDown:
      isAvailable &&
      availability.by === 'authorization' &&
      services.vendorHealth.isDown(availability.authorization.vendor),
    connectUrl: isAvailable && !isWhole ? link('dataSourceDirectConnection') : null,
    disconnectUrl: isLiving ? link('dataSourceDirectRevoke') : null,
  }
}

function stateOf(own: readonly Connection[], unavailable: Unavailability | null): SourceState {
  const active = own.filter(({ status }) => status === 'active')
  const [broken] = own.filter(({ status }) => status === 'needs_reauth')
  // With several accounts, the one that stopped is what there is to do.
  if (broken !== undefined)
    return { kind: 'needs-attention', reason: ATTENTION[broken.reauthReason ?? 'refused'] }
  if (active.length > 0)
    return {
      kind: 'connected',
      connectedAt: Math.min(...active.map(({ connectedAt }) => connectedAt)),
      isPartial: active.some(({ missingScopes }) => missingScopes.length > 0) && unavailable === null,
    }
  if (unavailable !== null)
    return { kind: 'not-available', reason: reasonForPerson(unavailable) ?? 'not-offered' }
  const ended = own.flatMap(({ disconnectedAt }) => (disconnectedAt === null ? [] : [disconnectedAt]))
  return ended.length === 0
    ? { kind: 'not-connected' }
    : { kind: 'disconnected', disconnectedAt: Math.max(...ended) }
}
