import { html } from 'hono/html'
import type { Html } from './icons.ts'

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** An instant for reading. In the server's words it is UTC; the page's script rewrites it in the reader's zone. */
export function instant(iso: string): Html {
  return html`<time datetime="${iso}">${DATE.format(new Date(iso))} UTC</time>`
}
