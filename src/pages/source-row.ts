import type { OutcomeError } from '../model/result.ts'
import { type IconName, icons } from './icons.ts'
import type { Language } from './language.ts'
import { serviceLink } from './links.ts'
import { type Markup, markup } from './markup.ts'
import type { MessageKey } from './messages/en.ts'
import { sourceTile, type Tone } from './parts.ts'
import { phrase } from './phrase.ts'
import { vendorEndPhrase } from './vendor-end.ts'
import type { SourceLabel, UnavailableReason, VendorEnd } from './view.ts'

/** Why a person must connect again, in the words that pages have for it. */
export type AttentionReason = 'refused' | 'expired' | 'interrupted' | 'removed'

/**
 * How a source stands for this person. Instants are epoch milliseconds. `isPartial`: some of what was asked for was
 * not granted.
 */
export type SourceState =
  | { readonly kind: 'connected'; readonly connectedAt: number; readonly isPartial: boolean }
  | { readonly kind: 'needs-attention'; readonly reason: AttentionReason }
  | { readonly kind: 'disconnected'; readonly disconnectedAt: number }
  | { readonly kind: 'not-connected' }
  | { readonly kind: 'not-available'; readonly reason: UnavailableReason }

/** Why the last try to connect failed. */
export interface SourceFailure {
  readonly reason: OutcomeError | 'cancelled' | 'consent_missing'
  /** When, in epoch milliseconds. */
  readonly at: number
}

/** One source of the list. */
export interface SourceItem extends SourceLabel {
  /** The catalogue's number. */
  readonly id: number
  /** One sentence about the source, as the catalogue has it. */
  readonly description: string
  /** The language of that sentence. */
  readonly descriptionLanguage: string
  readonly state: SourceState
  /** Whether it is connected with an app on the phone. */
  readonly isOnPhone: boolean
  /** Whether its vendor has not been answering lately. */
  readonly isDown: boolean
  /** A try to connect that failed a moment ago; null for none. */
  readonly failure: SourceFailure | null
  /** What is left to say about the access at the vendor, after a disconnect. */
  readonly vendorEnd: VendorEnd
  /** Start links, which open in the whole window; null when the source's state has no use for one. */
  readonly connectUrl: string | null
  readonly disconnectUrl: string | null
}

const dateFormats = new Map<string, Intl.DateTimeFormat>()

/** The day in the person's language. Nobody told us a time zone, so it is the day in UTC. */
function day(instant: number, tag: string): Markup {
  const known = dateFormats.get(tag)
  const format = known ?? new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' })
  if (known === undefined) dateFormats.set(tag, format)
  return markup`<time datetime="${new Date(instant).toISOString()}">${format.format(instant)}</time>`
}

const stateLine = (icon: IconName, tone: Tone | 'quiet', text: Markup): Markup =>
  markup`<p class="state ${tone}">${icons[icon]}<span>${text}</span></p>`

function stateLines(item: SourceItem, { messages, tag }: Language): Markup | null {
  const { name, state, isOnPhone, vendorEnd } = item
  switch (state.kind) {
    case 'connected': {
      const date = day(state.connectedAt, tag)
      const since = stateLine('check', 'good', phrase(messages, 'state.connected', { date }))
      return state.isPartial
        ? markup`${since}${stateLine('attention', 'careful', phrase(messages, 'state.partial'))}`
        : since
    }
    case 'needs-attention':
      return stateLine(
        'attention',
        'careful',
        phrase(messages, `attention.${state.reason}`, { source: name }),
      )
    case 'disconnected': {
      const date = day(state.disconnectedAt, tag)
      const since = stateLine('minus', 'quiet', phrase(messages, 'state.disconnected', { date }))
      const atVendor = vendorEndPhrase(vendorEnd, item, messages)
      return atVendor === null ? since : markup`${since}${stateLine('attention', 'careful', atVendor)}`
    }
    case 'not-connected':
      return isOnPhone ? stateLine('phone', 'quiet', phrase(messages, 'state.phone')) : null
    case 'not-available':
      return stateLine('minus', 'quiet', phrase(messages, `reason.${state.reason}`))
  }
}

/** Said before the person tries; connecting stays possible, because they may know better. */
function downLine({ name, isDown, connectUrl }: SourceItem, { messages }: Language): Markup | null {
  if (!isDown || connectUrl === null) return null
  const why = phrase(messages, 'failed.vendor_unavailable.why', { source: name })
  return stateLine('clock', 'careful', markup`${why} ${phrase(messages, 'failed.vendor_unavailable.next')}`)
}

/** The way on. The list has no reference to give to support, and the sentences that name one are not for it. */
function nextKey(reason: SourceFailure['reason']) {
  if (reason === 'cancelled') return 'failed.access_denied.next'
  if (reason === 'vendor_error' || reason === 'server_error') return 'failed.vendor_unavailable.next'
  return `failed.${reason}.next` as const
}

/** What the person comes back with, and the way on; the button beside it tries again. */
function failureLine(
  { name, failure, isDown }: SourceItem,
  application: string,
  { messages }: Language,
): Markup | null {
  if (failure === null || (isDown && failure.reason === 'vendor_unavailable')) return null
  const { reason } = failure
  const names = { source: name, application }
  const why = phrase(messages, `failed.${reason}.why`, names)
  const next = phrase(messages, nextKey(reason), names)
  const isOwnWish = reason === 'cancelled' || reason === 'access_denied'
  return stateLine(isOwnWish ? 'minus' : 'attention', isOwnWish ? 'quiet' : 'careful', markup`${why} ${next}`)
}

type ActionKey = MessageKey & `list.${'connect' | 'reconnect' | 'allow-more' | 'show-code' | 'disconnect'}`

/** A button-like link, named by its own words and the source's name. The one that starts reaches over its whole row. */
function action(item: SourceItem, url: string | null, key: ActionKey, language: Language): Markup | null {
  const href = serviceLink(url)
  if (href === null) return null
  const id = `${key.slice('list.'.length)}-${item.key}`
  const start = item.disconnectUrl === null ? 'soft reach' : 'soft'
  const look = key === 'list.disconnect' ? 'plain' : start
  const text = phrase(language.messages, key)
  // On a phone the many that are ready to connect show a sign for the word, so that each takes a line or two.
  const shown = key === 'list.connect' ? markup`<span class="word">${text}</span>` : text
  return markup`<a class="button ${look}" id="${id}" aria-labelledby="${id} name-${item.key}" href="${href}" target="_top">${shown}</a>`
}

function actions(item: SourceItem, language: Language): Markup | null {
  const connect = (key: ActionKey): Markup | null => action(item, item.connectUrl, key, language)
  const disconnect = action(item, item.disconnectUrl, 'list.disconnect', language)
  switch (item.state.kind) {
    case 'connected':
      return item.state.isPartial ? markup`${connect('list.allow-more')}${disconnect}` : disconnect
    case 'needs-attention':
      return markup`${connect('list.reconnect')}${disconnect}`
    case 'disconnected':
      return connect('list.reconnect')
    case 'not-connected':
      return connect(item.isOnPhone ? 'list.show-code' : 'list.connect')
    case 'not-available':
      return null
  }
}

/** One source: what it is, how it stands, and what can be done about it. */
export function sourceRow(item: SourceItem, application: string, language: Language): Markup {
  const buttons = actions(item, language)
  const needsAttention = item.state.kind === 'needs-attention'
  const about = needsAttention
    ? null
    : markup`<p class="quiet"><bdi lang="${item.descriptionLanguage}">${item.description}</bdi></p>`
  return markup`<li class="source" id="s-${item.key}" data-source="${item.id}" data-state="${item.state.kind}" data-failed="${item.failure?.at ?? ''}">${sourceTile(item)}<div class="about">
<h3 id="name-${item.key}"><bdi>${item.name}</bdi></h3>
${about}${stateLines(item, language)}${failureLine(item, application, language)}${downLine(item, language)}</div>${buttons === null ? null : markup`<div class="source-actions">${buttons}</div>`}</li>`
}
