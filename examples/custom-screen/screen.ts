import type { ConnectedSource } from '@springbar/sdk'
import { html } from 'hono/html'
import type { Connected } from './connections.ts'
import { type Html, icon } from './icons.ts'
import type { Message } from './outcome.ts'
import { formTokenField, page } from './page.ts'
import type { SignIn } from './sign-in.ts'
import { describeSource, type ScreenSource, SOURCES } from './sources.ts'

/** The connect screen: what happened last, and every source with its state and its buttons. */
export function screen(options: {
  readonly signIn: SignIn
  readonly connected: Connected
  readonly message: Message | null
}): Html {
  const { signIn, connected, message } = options
  const unlisted = [...connected.keys()].filter((id) => !SOURCES.some((source) => source.id === id))
  const rows = [...SOURCES, ...unlisted.map(describeSource)]
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
</section>
<section aria-labelledby="sources-title">
<div id="sources">
<div class="sources-head"><h2 id="sources-title">Your sources</h2><p class="quiet">${countConnected(connected)}</p></div>
<ul class="sources">${rows.map((source) => row(source, connected.get(source.id) ?? null, signIn.formToken))}</ul>
</div>
</section>
</div>`,
  })
}

function countConnected(connected: Connected): string {
  if (connected.size === 0) return 'Nothing connected yet'
  return connected.size === 1 ? 'One connected' : `${connected.size} connected`
}

function note(message: Message): Html {
  return html`<div class="note ${message.tone}">
<p class="note-title">${message.title}</p>
<p>${message.text}</p>
${message.next === null ? '' : html`<p><a href="${message.next.href}">${message.next.label}</a></p>`}
</div>`
}

function row(source: ScreenSource, connection: ConnectedSource | null, formToken: string): Html {
  const about = html`<span class="glyph">${icon(source.icon)}</span>
<div class="about">
<h3>${source.name}</h3>
<p class="quiet">Brings ${source.brings}.</p>
${connection === null ? '' : html`<p class="state">Connected since ${instant(connection.connectedAt)}</p>`}
</div>`
  const id = `source-${source.id}`
  if (connection !== null)
    return html`<li class="source" id="${id}" tabindex="-1">${about}${ending(source, connection, formToken)}</li>`
  if (source.notYet !== null)
    return html`<li class="source unavailable" id="${id}" tabindex="-1">${about}
<p class="not-yet"><strong>Not available yet.</strong> ${source.notYet}</p></li>`
  return html`<li class="source" id="${id}" tabindex="-1">${about}${starting(source)}</li>`
}

/** How a source is connected: in this window, or in a new tab that shows Springbar's own result page at the end. */
function starting({ id, name }: ScreenSource): Html {
  return html`<div class="actions">
<a class="button primary" href="/connect/${id}">Connect <span class="unseen">${name}</span></a>
<a class="link" href="/connect/${id}?in=tab" target="_blank" rel="noopener" data-new-tab="${id}">New tab
<span class="unseen">to connect ${name}</span>${icon('newTab')}</a>
</div>`
}

/** How a source is disconnected. It takes two presses, so that nobody ends a connection by accident. */
function ending(
  { id, name, brings, notYet }: ScreenSource,
  { dataScopes }: ConnectedSource,
  formToken: string,
): Html {
  return html`<details class="ending">
<summary class="button">Disconnect <span class="unseen">${name}</span></summary>
<div class="panel">
<p>Tidewell will stop getting ${brings} from ${name}. Nothing is deleted at ${name} itself.</p>
${dataScopes.length === 0 ? '' : html`<p class="quiet">You allowed: ${dataScopes.join(', ')}</p>`}
<form method="post" action="/disconnect/${id}">${formTokenField(formToken)}
<button class="button danger">Disconnect ${name} now</button></form>
<ul class="ways">
<li><form method="post" action="/disconnect/${id}/background" data-background>${formTokenField(formToken)}
<button class="link">Disconnect without leaving this page</button></form></li>
<li><a class="link" href="/disconnect/${id}/ask">Ask me once more first</a></li>
${notYet === null ? html`<li><a class="link" href="/connect/${id}">New data is missing: connect ${name} again</a></li>` : ''}
</ul>
</div>
</details>`
}

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** An instant for reading. In the server's words it is UTC; the page's script rewrites it in the reader's zone. */
function instant(iso: string): Html {
  return html`<time datetime="${iso}">${DATE.format(new Date(iso))} UTC</time>`
}

const DAYS = ['M', 'T', 'W', 'T', 'F', 'S', 'S']

/** Seven days above a tide: a picture of the product without a number in it. */
function week(): Html {
  return html`<svg class="week" viewBox="0 0 420 190" aria-hidden="true" focusable="false">
<path class="tide tide-3" d="M0 92c50-30 95-30 140-8s95 26 140 2 90-34 140-10v114H0z"/>
<path class="tide tide-2" d="M0 118c50 18 95 20 140 0s95-28 140-6 90 26 140 2v76H0z"/>
<path class="tide tide-1" d="M0 150c50-16 95-18 140-2s95 20 140 0 90-22 140-4v46H0z"/>
${DAYS.map(
  (
    day,
    index,
  ) => html`<circle class="day" cx="${30 + index * 60}" cy="${[74, 66, 76, 88, 82, 66, 62][index]}" r="15"/>
<text class="day-name" x="${30 + index * 60}" y="${[74, 66, 76, 88, 82, 66, 62][index]}" dy="5" text-anchor="middle">${day}</text>`,
)}
</svg>`
}
