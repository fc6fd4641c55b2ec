import { html } from 'hono/html'
import type { ConnectedState } from './connections.ts'
import { type Html, icon } from './icons.ts'
import { instant } from './instant.ts'
import { formTokenField } from './page.ts'
import type { ScreenSource } from './sources.ts'

/** A source that is connected: since when, what is not in order, and how to end it. */
export function connectedRow(source: ScreenSource, connection: ConnectedState, formToken: string): Html {
  const since = html`<p class="state">${icon('check')}<span>Connected since ${instant(connection.connectedAt)}</span></p>`
  return row(source, 'source', since, [
    trouble(source, connection) ?? '',
    ending(source, connection, formToken),
  ])
}

/** A source that can be connected: in this window, or in a new tab that shows Springbar's own result page at the end. */
export function connectableRow(source: ScreenSource): Html {
  const { id, name, onPhone } = source
  const explained = onPhone
    ? html`<p class="quiet on-phone">It lives on the phone: the next page has a code for our app there.</p>`
    : ''
  return row(source, 'source', explained, [
    html`<div class="actions">
<a class="button primary" href="/connect/${id}">Connect <span class="unseen">${name}</span></a>
<a class="link" href="/connect/${id}?in=tab" target="_blank" rel="noopener" data-new-tab="${id}">New tab
<span class="unseen">to connect ${name}</span>${icon('newTab')}</a>
</div>`,
  ])
}

/** A source that cannot be connected, and why. */
export function unavailableRow(source: ScreenSource): Html {
  return row(source, 'source unavailable', html`<p class="not-yet">${source.notYet}</p>`, [])
}

function row(source: ScreenSource, classes: string, state: Html | '', below: readonly (Html | '')[]): Html {
  const { id, name, about, picture } = source
  const drawing =
    picture instanceof URL
      ? html`<img class="logo" src="${picture.href}" alt="" width="44" height="44" loading="lazy">`
      : html`<span class="glyph">${icon(picture)}</span>`
  return html`<li class="${classes}" id="source-${id}" tabindex="-1">${drawing}
<div class="about">
<h3>${name}</h3>
<p class="quiet">${about}</p>
${state}
</div>${below}</li>`
}

/** What a person can put right by connecting again; null when all is well. */
function trouble(source: ScreenSource, { missingScopes, needsPerson }: ConnectedState): Html | null {
  const { id, name, notYet } = source
  if (!needsPerson && missingScopes.length === 0) return null
  const words = needsPerson
    ? html`<strong>${name} needs you again.</strong> It takes our key no more, so nothing arrives.`
    : html`<strong>You did not allow:</strong> ${missingScopes.map((scope) => readable(source, scope)).join(', ')}.`
  const way = needsPerson
    ? html`<a href="/connect/${id}">Connect ${name} again</a>`
    : html`<a href="/connect/${id}?permissions=missing">Allow more <span class="unseen">at ${name}</span></a>`
  const again = notYet === null ? html` ${way}` : ''
  return html`<p class="trouble">${words}${again}</p>`
}

/** How a source is disconnected. It takes two presses, so that nobody ends a connection by accident. */
function ending(source: ScreenSource, { dataScopes }: ConnectedState, formToken: string): Html {
  const { id, name, notYet } = source
  const allowed = dataScopes.map((scope) => readable(source, scope)).join(', ')
  return html`<details class="ending">
<summary class="button">Disconnect <span class="unseen">${name}</span></summary>
<div class="panel">
<p>Tidewell will stop getting data from ${name}. Nothing is deleted at ${name} itself.</p>
${allowed === '' ? '' : html`<p class="quiet">You allowed: ${allowed}</p>`}
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

/**
 * A permission in the catalogue's words; one that it does not know without its ornaments:
 * `https://…/health.sleep.readonly` is "sleep".
 */
const readable = ({ permissions }: ScreenSource, scope: string): string =>
  permissions.get(scope) ??
  scope
    .replace(/^https?:.*\/(?:\w+\.)?/, '')
    .replace(/\.readonly$/, '')
    .replace(/[._:]+/g, ' ')
