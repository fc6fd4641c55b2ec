import { type IconName, icons } from './icons.ts'
import type { Language } from './language.ts'
import { renderDocument } from './layout.ts'
import { serviceLink } from './links.ts'
import { type Markup, markup } from './markup.ts'
import type { MessageKey } from './messages/en.ts'
import { sourceTile, type Tone } from './parts.ts'
import { phrase, plainPhrase } from './phrase.ts'
import type { PageContext, SourceLabel, UnavailableReason } from './view.ts'

/** How a source stands for this person: with the instant of connecting, or with the reason why it cannot be. */
export type SourceState =
  | { readonly kind: 'connected'; readonly connectedAt: number }
  | { readonly kind: 'needs-attention' }
  | { readonly kind: 'not-connected' }
  | { readonly kind: 'not-available'; readonly reason: UnavailableReason }

/** One source of the list. */
export interface SourceItem extends SourceLabel {
  /** One sentence about the source, as the catalogue has it. */
  readonly description: string
  /** The language of that sentence. */
  readonly descriptionLanguage: string
  readonly state: SourceState
  /** Start links, which open in the whole window; null when the source's state has no use for one. */
  readonly connectUrl: string | null
  readonly disconnectUrl: string | null
}

/** The sources of an application for one person, in the order in which to show them. */
export interface SourceListView {
  readonly application: string
  readonly label: string | null
  readonly items: readonly SourceItem[]
}

const dateFormats = new Map<string, Intl.DateTimeFormat>()

/** The day in the person's language. Nobody told us a time zone, so it is the day in UTC. */
function formatDay(instant: number, tag: string): string {
  const known = dateFormats.get(tag)
  const format = known ?? new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' })
  if (known === undefined) dateFormats.set(tag, format)
  return format.format(instant)
}

function stateLine(state: SourceState, { messages, tag }: Language): Markup {
  const line = (icon: IconName, tone: Tone | 'quiet', text: Markup): Markup =>
    markup`<p class="state ${tone}">${icons[icon]}<span>${text}</span></p>`
  if (state.kind === 'connected') {
    const iso = new Date(state.connectedAt).toISOString()
    const date = markup`<time datetime="${iso}">${formatDay(state.connectedAt, tag)}</time>`
    return line('check', 'good', phrase(messages, 'state.connected', { date }))
  }
  if (state.kind === 'needs-attention')
    return line('alert', 'careful', phrase(messages, 'state.needs-attention'))
  if (state.kind === 'not-connected') return line('dot', 'quiet', phrase(messages, 'state.not-connected'))
  return line('minus', 'quiet', phrase(messages, `reason.${state.reason}`))
}

/** A button-like link, named by its own words and the source's name. */
function action(
  item: SourceItem,
  url: string | null,
  key: MessageKey & `list.${'connect' | 'reconnect' | 'disconnect'}`,
  kind: 'soft' | 'plain',
  language: Language,
): Markup | null {
  const href = serviceLink(url)
  if (href === null) return null
  const id = `${key.slice('list.'.length)}-${item.key}`
  return markup`<a class="button ${kind}" id="${id}" aria-labelledby="${id} name-${item.key}" href="${href}" target="_top">${phrase(language.messages, key)}</a>`
}

function itemActions(item: SourceItem, language: Language): Markup | null {
  const connect = (key: 'list.connect' | 'list.reconnect'): Markup | null =>
    action(item, item.connectUrl, key, 'soft', language)
  const disconnect = action(item, item.disconnectUrl, 'list.disconnect', 'plain', language)
  switch (item.state.kind) {
    case 'connected':
      return disconnect
    case 'needs-attention':
      return markup`${connect('list.reconnect')}${disconnect}`
    case 'not-connected':
      return connect('list.connect')
    case 'not-available':
      return null
  }
}

function listItem(item: SourceItem, language: Language): Markup {
  const actions = itemActions(item, language)
  return markup`<li class="source">${sourceTile(item)}<div class="about">
<h3 id="name-${item.key}"><bdi>${item.name}</bdi></h3>
<p class="quiet"><bdi lang="${item.descriptionLanguage}">${item.description}</bdi></p>
${stateLine(item.state, language)}</div>${actions === null ? null : markup`<div class="source-actions">${actions}</div>`}</li>`
}

const itemList = (items: readonly SourceItem[], language: Language): Markup =>
  markup`<ul class="sources">${items.map((item) => listItem(item, language))}</ul>`

function group(
  key: 'list.connected' | 'list.available',
  items: readonly SourceItem[],
  language: Language,
): Markup | null {
  if (items.length === 0) return null
  return markup`<section><h2>${phrase(language.messages, key)}</h2>${itemList(items, language)}</section>`
}

function unavailableGroup(items: readonly SourceItem[], language: Language): Markup | null {
  if (items.length === 0) return null
  const count = new Intl.NumberFormat(language.tag).format(items.length)
  return markup`<section><details>
<summary><h2>${phrase(language.messages, 'list.unavailable', { count })}</h2></summary>
${itemList(items, language)}</details></section>`
}

/** A person's sources with what can be done about each: the plain widget at `/`. Every link leaves the frame. */
export function sourceListPage(view: SourceListView, context: PageContext): Markup {
  const { language } = context
  const { messages } = language
  const { application, label, items } = view
  const ofKind = (...kinds: SourceState['kind'][]): SourceItem[] =>
    items.filter((item) => kinds.includes(item.state.kind))
  const body = markup`<h1>${phrase(messages, 'list.title')}</h1>
<p class="lead">${phrase(messages, 'list.text', { application })}</p>
${label === null ? null : markup`<p class="whose">${phrase(messages, 'for-label', { label })}</p>`}
${items.length === 0 ? markup`<p>${phrase(messages, 'list.empty')}</p>` : null}
${group('list.connected', ofKind('connected', 'needs-attention'), language)}
${group('list.available', ofKind('not-connected'), language)}
${unavailableGroup(ofKind('not-available'), language)}`
  const title = plainPhrase(messages, 'list.title')
  return renderDocument({ title, application, body, size: 'list', script: null }, context)
}
