import { lacksConsent, lacksScopes, wasCancelledHere } from '../broker/attempts/describe-outcome.ts'
import type { Unavailability } from '../broker/catalogue/find-source.ts'
import type { ListedSource } from '../broker/catalogue/list-sources.ts'
import type { VendorSide } from '../broker/revocations/vendor-side.ts'
import type { OpenedSession } from '../broker/sessions/open-session.ts'
import type { Attempt } from '../model/attempt.ts'
import type { Connection, ReauthReason } from '../model/connection.ts'
import type { AttentionReason, SourceFailure, SourceItem, SourceState } from '../pages/index.ts'
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

/** What the list is made of, beside the catalogue. */
export interface WidgetFacts {
  readonly connections: readonly Connection[]
  /** By source: the connect that failed last. */
  readonly failures: ReadonlyMap<number, Attempt>
  /** Of the connections that have ended: those whose end the vendor never confirmed. */
  readonly unconfirmed: ReadonlyMap<Connection['id'], VendorSide>
  /** The page's language. */
  readonly language: string
  /** Whether the person chose it, so that the way to the vendor and back keeps it. */
  readonly isChosen: boolean
}

/** The sources of the list as this person sees them: what was used last comes first, the others by name. */
export function widgetItems(
  services: Services,
  opened: OpenedSession,
  listed: readonly ListedSource[],
  facts: WidgetFacts,
): readonly SourceItem[] {
  const collator = new Intl.Collator(facts.language)
  return listed
    .map((one) => {
      const own = facts.connections.filter(({ sourceId }) => sourceId === one.source.id)
      return { item: itemOf(services, opened, one, own, facts), usedAt: Math.max(0, ...own.map(usedAtOf)) }
    })
    .sort((a, b) => b.usedAt - a.usedAt || collator.compare(a.item.name, b.item.name))
    .map(({ item }) => item)
}

const NOTHING: VendorSide = { kind: 'nothing' }

const usedAtOf = ({ connectedAt, disconnectedAt }: Connection): number => disconnectedAt ?? connectedAt

function itemOf(
  services: Services,
  { token }: OpenedSession,
  { source, availability }: ListedSource,
  own: readonly Connection[],
  { failures, unconfirmed, language, isChosen }: WidgetFacts,
): SourceItem {
  const { context, presentation } = services
  const isAvailable = availability.kind === 'available'
  const state = stateOf(own, isAvailable ? null : availability.reason)
  const lang = isChosen ? `&lang=${language}` : ''
  const link = (page: string, more = '') =>
    `${context.urls.direct}/${page}.html?token=${token}&dataSource=${source.id}&from=list${lang}${more}`
  const { text, language: descriptionLanguage } = presentation.description(source, language)
  const isPartial = state.kind === 'connected' && state.isPartial
  const isWhole = state.kind === 'connected' && !isPartial
  const failed = failures.get(source.id)
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
    connectUrl:
      isAvailable && !isWhole ? link('dataSourceDirectConnection', isPartial ? '&scopes=missing' : '') : null,
    failure: failed === undefined || isWhole ? null : failureOf(failed),
    vendorEnd:
      state.kind === 'disconnected'
        ? (own.map(({ id }) => unconfirmed.get(id)).find((end) => end !== undefined) ?? NOTHING)
        : NOTHING,
    disconnectUrl: isLiving ? link('dataSourceDirectRevoke') : null,
  }
}

function failureOf(attempt: Attempt): SourceFailure {
  const at = attempt.finishedAt ?? attempt.createdAt
  if (wasCancelledHere(attempt)) return { reason: 'cancelled', at }
  return { reason: lacksConsent(attempt) ? 'consent_missing' : (attempt.error ?? 'server_error'), at }
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
      isPartial: active.some(lacksScopes) && unavailable === null,
    }
  if (unavailable !== null)
    return { kind: 'not-available', reason: reasonForPerson(unavailable) ?? 'not-offered' }
  const ended = own.flatMap(({ disconnectedAt }) => (disconnectedAt === null ? [] : [disconnectedAt]))
  return ended.length === 0
    ? { kind: 'not-connected' }
    : { kind: 'disconnected', disconnectedAt: Math.max(...ended) }
}
