import type { CatalogueSource, Connection, SpringbarEvent } from '@springbar/sdk'
import { PEOPLE, type Person } from './sign-in.ts'

/** What to say on top of the page. */
export interface Message {
  readonly tone: 'good' | 'neutral' | 'bad'
  readonly title: string
  readonly text: string
}

/** A source with the person's living connection to it. */
export interface Row {
  readonly source: CatalogueSource
  readonly connection: Connection | undefined
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`)

const frame = (title: string, top: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} – Tidewell</title>
<link rel="icon" href="/tidewell.svg" type="image/svg+xml">
<link rel="stylesheet" href="/tidewell.css">
</head>
<body>
<header><a class="brand" href="/"><img src="/tidewell.svg" alt="" width="28" height="28">Tidewell</a>${top}</header>
<main>${content}</main>
</body>
</html>`

/** Who is there? */
export const signInPage = (): string =>
  frame(
    'Sign in',
    '',
    `<h1>Your week at a glance</h1>
<p class="lead">Tidewell gathers how you moved, slept and recovered, from the devices that you already wear.</p>
<form method="post" action="/sign-in" class="people">${PEOPLE.map(
      ({ id, name }) => `<button name="person" value="${id}">${escaped(name)}</button>`,
    ).join('')}</form>
<p class="quiet">This log-in is pretended: nobody asks for a password.</p>`,
  )

/** The person's sources, what can be done with them, and what happened. */
export const sourcesPage = (options: {
  readonly person: Person
  readonly rows: readonly Row[]
  readonly events: readonly SpringbarEvent[]
  readonly message: Message | null
}): string =>
  frame(
    'Your sources',
    `<form method="post" action="/sign-out"><span>${escaped(options.person.name)}</span> <button class="link">Sign out</button></form>`,
    `${options.message === null ? '' : note(options.message)}
<h1>Your sources</h1>
<p class="lead">Choose what Tidewell may read. You can end it whenever you like.</p>
<ul class="sources">${options.rows.map(row).join('')}</ul>
<h2>What happened</h2>
${happenings(options.events, options.rows)}`,
  )

const note = ({ tone, title, text }: Message): string =>
  `<div class="note ${tone}" role="status"><strong>${escaped(title)}</strong><p>${escaped(text)}</p></div>`

function row({ source, connection }: Row): string {
  const { id, name, description, logo } = source
  const button = (action: string, label: string, look: string) =>
    `<form method="post" action="/${action}"><button class="${look}" name="source" value="${id}" aria-label="${label} ${escaped(name)}">${label}</button></form>`
  const state =
    connection?.status === 'active'
      ? '<p class="state good">Connected</p>'
      : '<p class="state bad">Needs you: connect it once more</p>'
  return `<li><img src="${escaped(logo)}" alt="" width="48" height="48">
<div class="about"><h2>${escaped(name)}</h2><p class="quiet">${escaped(description)}</p>${connection === undefined ? '' : state}</div>
<div class="actions">${connection?.status === 'active' ? '' : button('connect', 'Connect', 'primary')}
${connection === undefined ? '' : button('disconnect', 'Disconnect', 'plain')}</div></li>`
}

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
const WORDS: Readonly<Record<string, string>> = {
  'notification.source.connect': 'was connected',
  'notification.source.disconnect': 'was disconnected',
  'connection.needs_reauth': 'needs you again',
  'connection.repaired': 'works again',
  'connection.scopes_changed': 'has other permissions now',
  'attempt.failed': 'was not connected',
}

function happenings(events: readonly SpringbarEvent[], rows: readonly Row[]): string {
  const lines = events.flatMap(({ type, data }) => {
    const name = rows.find(({ source }) => source.id === data.dataSourceId)?.source.name
    const words = WORDS[type]
    if (name === undefined || words === undefined) return []
    const at = new Date(Number(data.timestamp))
    return [
      `<li><strong>${escaped(name)}</strong> ${words} <time class="quiet" datetime="${at.toISOString()}">${TIME.format(at)}</time></li>`,
    ]
  })
  return lines.length === 0
    ? '<p class="quiet">Nothing yet.</p>'
    : `<ul class="happenings">${lines.join('')}</ul>`
}

/** When something is in the way. */
export const troublePage = (message: Message): string =>
  frame(message.title, '', `${note(message)}<p><a href="/">Back to your sources</a></p>`)
