import { html } from 'hono/html'
import type { Connected } from './connections.ts'
import type { Html } from './icons.ts'
import type { Message } from './outcome.ts'
import { formTokenField, page, week } from './page.ts'
import type { SignIn } from './sign-in.ts'
import { connectableRow, connectedRow, unavailableRow } from './source-row.ts'
import type { ScreenSource, Sources } from './sources.ts'

/** More than that, and there is a field to search in. */
const SEARCH_ABOVE = 8

/** What the screen shows. */
export interface ScreenState {
  readonly signIn: SignIn
  readonly sources: Sources
  readonly connected: Connected
  /** What the person searches for; empty for everything. */
  readonly wanted: string
  readonly message: Message | null
  /** Whether connects can be confirmed here. */
  readonly canConfirm: boolean
  /** What Springbar told of the person, as a list, and whether by the feed too. */
  readonly told: Html
  readonly hasFeed: boolean
}

/** The connect screen: what happened last, what was told, and every source with its state and its buttons. */
export function screen(state: ScreenState): Html {
  const { signIn, message, canConfirm, told, hasFeed } = state
  return page({
    title: message?.title ?? 'Your sources',
    signIn,
    content: html`<div id="message" role="status" tabindex="-1">${message === null ? '' : note(message)}</div>
<div class="columns">
<section class="welcome">
<h1>Your week at a glance</h1>
<p class="lead">Good to see you, ${signIn.person.firstName}. Choose where your numbers come from; you can change your
mind at any time.</p>
${week()}
<section class="told" aria-labelledby="told-title">
<h2 id="told-title">What Springbar told us</h2>
<p class="quiet">As it happens, ${hasFeed ? 'from the event feed and by webhook' : 'by webhook'}.</p>
<div id="told" aria-live="polite">${told}</div>
</section>
</section>
<section aria-labelledby="sources-title">
<div class="sources-head"><h2 id="sources-title">Your sources</h2>${search(state)}</div>
<div id="sources">${lists(state)}</div>
${canConfirm ? bindingChoice(signIn) : ''}
</section>
</div>`,
  })
}

/** Works as a form; where scripts run, the list follows each letter. */
function search({ sources, wanted }: ScreenState): Html | '' {
  if (sources.all.length <= SEARCH_ABOVE) return ''
  return html`<form class="search" role="search" action="/">
<label class="unseen" for="find">Find a source</label>
<input id="find" name="find" type="search" value="${wanted}" placeholder="Find a source" maxlength="60" autocomplete="off">
<button class="button">Find</button>
</form>`
}

const contains = (source: ScreenSource, wanted: string): boolean =>
  `${source.name} ${source.about}`.toLowerCase().includes(wanted.trim().toLowerCase())

/** Connected ones first, then those of servers, those of phones, and what cannot be had. */
function lists({ sources, connected, wanted, signIn }: ScreenState): Html {
  const found = sources.all.filter((source) => contains(source, wanted))
  const others = found.filter(({ id }) => !connected.has(id))
  const available = others.filter(({ notYet }) => notYet === null)
  const isSearching = wanted.trim() !== ''
  const isFound = ({ id }: ScreenSource) => !isSearching || found.some((source) => source.id === id)
  const own = [...connected]
    .map(([id, connection]) => ({ source: sources.describe(id), connection }))
    .filter(({ source }) => isFound(source))
  const here = available.filter(({ onPhone }) => !onPhone)
  const onPhone = available.filter((source) => source.onPhone)
  const unavailable = others.filter(({ notYet }) => notYet !== null)
  const isNothing = own.length + others.length === 0
  return html`<p class="quiet count">${countConnected(connected, sources)}</p>
<p id="found" role="status" class="quiet found">${isNothing ? 'No source has that in its name. Try fewer letters.' : ''}</p>
${list(
  'Connected',
  'sources',
  own.map(({ source, connection }) => connectedRow(source, connection, signIn.formToken)),
)}
${list('More to connect', 'sources many', here.map(connectableRow))}
${list('On your phone', 'sources many', onPhone.map(connectableRow))}
${
  unavailable.length === 0
    ? ''
    : html`<details class="group later"${isSearching ? html` open` : ''}><summary>Not to be had here yet: <span class="how-many">${unavailable.length}</span></summary>
<ul class="sources many">${unavailable.map(unavailableRow)}</ul></details>`
}`
}

function list(title: string, classes: string, rows: readonly Html[]): Html | '' {
  if (rows.length === 0) return ''
  return html`<div class="group"><p class="group-title">${title}</p>
<ul class="${classes}">${rows}</ul></div>`
}

/** The two ways that Tidewell shows, and the button to the other one. */
function bindingChoice({ binding, formToken }: SignIn): Html {
  const confirms = binding === 'confirm'
  return html`<section class="binding" aria-labelledby="binding-title">
<h2 id="binding-title">Who may finish what you start</h2>
<p>${
    confirms
      ? 'With a check: when somebody is back from a vendor, Tidewell looks who is signed in here. Only that person is connected.'
      : 'Without a check: whoever opens a connect link of yours connects their account to you.'
  }</p>
<form method="post" action="/binding">${formTokenField(formToken)}
<button class="link" name="binding" value="${confirms ? 'auto' : 'confirm'}">${confirms ? 'Try it without a check' : 'Try it with a check'}</button></form>
<p class="quiet">Each way is an application of its own at Springbar, with connections of its own.</p>
</section>`
}

function countConnected(connected: Connected, sources: Sources): string {
  const connectable = sources.all.filter(({ notYet }) => notYet === null).length
  const count = connected.size === 0 ? 'Nothing connected yet' : `${connected.size} connected`
  return connectable > SEARCH_ABOVE ? `${count}, ${connectable} to choose from` : count
}

function note(message: Message): Html {
  return html`<div class="note ${message.tone}">
<p class="note-title">${message.title}</p>
<p>${message.text}</p>
${message.next === null ? '' : html`<p><a href="${message.next.href}">${message.next.label}</a></p>`}
</div>`
}
