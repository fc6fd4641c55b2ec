import { html } from 'hono/html'
import type { Happening } from './happenings.ts'
import type { Html } from './icons.ts'
import { instant } from './instant.ts'
import type { Sources } from './sources.ts'

const WORDS: Readonly<Record<string, string>> = Object.freeze({
  'notification.source.connect': 'connected',
  'notification.source.disconnect': 'disconnected',
  'notification.data.epoch.createupdate': 'has new data',
  'notification.data.daily.createupdate': 'has new data',
  'vendor.notification': 'has news',
  'connection.needs_reauth': 'needs you again',
  'connection.repaired': 'connected again',
  'connection.scopes_changed': 'shares something else now',
  'connection.revocation_finished': 'has forgotten us',
  'attempt.failed': 'not connected this time',
  'attempt.abandoned': 'left unfinished',
  'user.deleted': 'everything was deleted',
})

/** What Springbar told of a person, with the ways that it came. */
export function happeningList(happenings: readonly Happening[], sources: Sources): Html {
  if (happenings.length === 0)
    return html`<p class="quiet">Nothing yet. Connect something, and it is told here.</p>`
  return html`<ol class="happenings">${happenings.map(
    ({ type, dataSource, at, ways }) =>
      html`<li><span>${dataSource === null ? '' : html`<strong>${sources.describe(dataSource).name}</strong> `}${WORDS[type] ?? type}</span>
<span class="ways-told">${ways.map((way) => html`<span class="way"><span class="unseen">told by the </span>${way}</span> `)}</span>
<span class="quiet">${instant(at)}</span></li>`,
  )}</ol>`
}
