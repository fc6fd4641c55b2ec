import { icons } from './icons.ts'
import type { Language } from './language.ts'
import { renderDocument } from './layout.ts'
import { ownPath } from './links.ts'
import { type Markup, markup } from './markup.ts'
import { type OpenElsewhereView, openElsewhere } from './open-elsewhere.ts'
import { applicationTile } from './parts.ts'
import { phrase, plainPhrase } from './phrase.ts'
import { type SourceItem, type SourceState, sourceRow } from './source-row.ts'
import type { PageContext } from './view.ts'
import { WIDGET_SCRIPT } from './widget-script.ts'

/** The search over many sources: a form that asks for the same page again. */
export interface SourceSearch {
  /** What was searched for; empty for everything. */
  readonly text: string
  /** The rest of the page's query. */
  readonly fields: Readonly<Record<string, string>>
}

/** The sources of an application for one person, in the order in which to show them. */
export interface SourceListView {
  readonly application: string
  readonly label: string | null
  readonly items: readonly SourceItem[]
  /** Null where the sources are few. */
  readonly search: SourceSearch | null
  /** For a browser inside another app; null for all others. */
  readonly elsewhere: OpenElsewhereView | null
  /** Whether it stands in a frame. */
  readonly isFramed: boolean
  /** Origins of the application, the only ones that are told what changed. */
  readonly embedOrigins: readonly string[]
  /** The path without the token that the script puts into the address bar; null where it may stay or has gone. */
  readonly address: string | null
}

type Rows = (items: readonly SourceItem[], look?: string) => Markup

const rowsIn =
  (application: string, language: Language): Rows =>
  (items, look = '') =>
    markup`<ul class="sources ${look}">${items.map((item) => sourceRow(item, application, language))}</ul>`

function unavailableGroup(
  items: readonly SourceItem[],
  isOpen: boolean,
  rows: Rows,
  language: Language,
): Markup | null {
  if (items.length === 0) return null
  const count = new Intl.NumberFormat(language.tag).format(items.length)
  return markup`<section class="group"><details id="unavailable"${isOpen ? markup` open` : null}>
<summary><h2>${phrase(language.messages, 'list.unavailable', { count })}</h2></summary>
${rows(items)}</details></section>`
}

type GroupKey = 'list.attention' | 'list.connected' | 'list.available' | 'list.phone'

function searchForm(search: SourceSearch | null, { messages }: Language): Markup | null {
  if (search === null) return null
  const label = messages['list.search']
  const fields = Object.entries(search.fields).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`,
  )
  return markup`<form class="find" id="find" role="search" method="get">${fields}
<label>${icons.search}<span class="aloud">${label}</span><input type="search" name="q" id="q" value="${search.text}" placeholder="${label}" maxlength="60" autocomplete="off" enterkeyhint="search"></label>
<button class="button plain">${phrase(messages, 'list.search-button')}</button></form>`
}

/** How many sources a search found, for those who hear the page; said again by the script as the search changes. */
function foundLine({ search, items }: SourceListView, { tag, messages }: Language): Markup | null {
  if (search === null) return null
  const count = new Intl.NumberFormat(tag).format(items.length)
  const said = search.text === '' ? null : phrase(messages, 'list.found', { count })
  return markup`<p class="aloud" id="found" role="status" data-text="${messages['list.found']}">${said}</p>`
}

/** Shown by the script alone, when the browser opened no window. */
const blockedNotice = ({ messages }: Language): Markup =>
  markup`<template id="blocked"><section class="notice" aria-labelledby="blocked-title">
<h2 id="blocked-title" tabindex="-1">${phrase(messages, 'blocked.title')}</h2>
<p>${phrase(messages, 'blocked.text')}</p>
<div class="row"><a class="button primary" id="blocked-new" target="_blank">${phrase(messages, 'framed.new-window')}</a>
<a class="button plain" id="blocked-here" target="_top">${phrase(messages, 'blocked.here')}</a></div>
</section></template>`

function groups({ application, items, search }: SourceListView, language: Language): Markup {
  const { messages } = language
  const rows = rowsIn(application, language)
  const ofKind = (...kinds: SourceState['kind'][]): SourceItem[] =>
    items.filter(({ state }) => kinds.includes(state.kind))
  const group = (key: GroupKey, members: readonly SourceItem[]): Markup | null =>
    members.length === 0
      ? null
      : markup`<section class="group"><h2>${phrase(messages, key)}</h2>${rows(members, key === 'list.attention' ? 'needs' : '')}</section>`
  const open = ofKind('not-connected', 'disconnected')
  const isSearched = search !== null && search.text !== ''
  return markup`<div id="sources">
${items.length === 0 && !isSearched ? markup`<p class="none">${phrase(messages, 'list.empty')}</p>` : null}
${group('list.attention', ofKind('needs-attention'))}
${group('list.connected', ofKind('connected'))}
${group(
  'list.available',
  open.filter(({ isOnPhone }) => !isOnPhone),
)}
${group(
  'list.phone',
  open.filter(({ isOnPhone }) => isOnPhone),
)}
${unavailableGroup(ofKind('not-available'), isSearched, rows, language)}
<p class="none" id="none"${items.length === 0 && isSearched ? null : markup` hidden`}>${phrase(messages, 'list.no-match')}</p>
</div>`
}

/**
 * A person's sources with what can be done about each: the widget at `/`. Every link leaves the frame. Without script
 * it is whole; the script opens vendors beside the frame, follows what becomes of them, and searches while typing.
 */
export function sourceListPage(view: SourceListView, context: PageContext): Markup {
  const { language } = context
  const { messages } = language
  const { application, label } = view
  const body = markup`<header>${applicationTile(application, context.look)}<div><h1>${phrase(messages, 'list.title')}</h1>
<p class="lead">${phrase(messages, 'list.text', { application })}</p>
${label === null ? null : markup`<p class="whose">${phrase(messages, 'for-label', { label })}</p>`}</div></header>
${view.elsewhere === null ? null : openElsewhere(view.elsewhere, language)}
<p class="said" id="said" role="status" data-connected="${messages['connected.title']}" data-disconnected="${messages['disconnected.title']}" data-failed="${messages['not-connected.title']}" data-waiting="${messages['list.waiting']}" data-origins="${view.embedOrigins.join(' ')}" data-address="${ownPath(view.address)}"></p>
${blockedNotice(language)}
${searchForm(view.search, language)}
${foundLine(view, language)}
${groups(view, language)}
<p class="promise">${icons.lock}<span>${phrase(messages, 'list.promise')}</span></p>
<div class="done"><button class="button plain" type="button" id="close" hidden>${phrase(messages, 'close.button')}</button></div>`
  const title = plainPhrase(messages, 'list.title')
  const size = view.isFramed ? 'list framed' : 'list'
  return renderDocument({ title, application, body, size, script: WIDGET_SCRIPT }, context)
}
