import type { ConnectedSource } from '@springbar/sdk'
import { html } from 'hono/html'
import type { Connected } from './connections.ts'
import { type Html, icon } from './icons.ts'
import type { Message } from './outcome.ts'
import { formTokenField, page, week } from './page.ts'
import type { SignIn } from './sign-in.ts'
import { describeSource, type ScreenSource, SOURCES } from './sources.ts'

/** The connect screen: what happened last, and every source with its state and its buttons. */
export function screen(options: {
  readonly signIn: SignIn
  readonly connected: Connected
  readonly message: Message | null
  /** Whether connects can be confirmed here. */
  readonly canConfirm: boolean
  /** What Springbar told of the person, as a list. */
  readonly told: Html
}): Html {
  const { signIn, connected, canConfirm, message, told } = options
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
<section class="told" aria-labelledby="told-title">
<h2 id="told-title">What Springbar told us</h2>
<div id="told" aria-live="polite">${told}</div>
</section>
</section>
<section aria-labelledby="sources-title">
<div id="sources">
<div class="sources-head"><h2 id="sources-title">Your sources</h2><p class="quiet">${countConnected(connected)}</p></div>
<ul class="sources">${rows.map((source) => row(source, connected.get(source.id) ?? null, signIn.formToken))}</ul>
</div>
${canConfirm ? bindingChoice(signIn) : ''}
</section>
</div>`,
  })
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

function countConnected(connected: Connected): string {
  return connected.size === 0 ? 'Nothing connected yet' : `${connected.size} connected`
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
${connection === null ? '' : html`<p class="state">${icon('check')}<span>Connected since ${instant(connection.connectedAt)}</span></p>`}
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
${dataScopes.length === 0 ? '' : html`<p class="quiet">You allowed: ${dataScopes.map(readable).join(', ')}</p>`}
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

/** A vendor's name of a scope without its ornaments: `https://…/health.sleep.readonly` is "sleep". */
const readable = (scope: string): string =>
  scope
    .replace(/^https?:.*\/(?:\w+\.)?/, '')
    .replace(/\.readonly$/, '')
    .replace(/[._:]+/g, ' ')

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** An instant for reading. In the server's words it is UTC; the page's script rewrites it in the reader's zone. */
export function instant(iso: string): Html {
  return html`<time datetime="${iso}">${DATE.format(new Date(iso))} UTC</time>`
}
