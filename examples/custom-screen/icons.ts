import { html } from 'hono/html'

/** What `html` gives: text that is safe to send, or the promise of it. */
export type Html = ReturnType<typeof html>

export type IconName = 'activity' | 'watch' | 'scale' | 'ring' | 'heart' | 'tide' | 'newTab' | 'check'

const SHAPES: Readonly<Record<IconName, Html>> = Object.freeze({
  activity: html`<path d="M3 12h4l3-8 4 16 3-8h4"/>`,
  watch: html`<rect x="6" y="6" width="12" height="12" rx="3.5"/><path d="m9 6 .6-3h4.8l.6 3M9 18l.6 3h4.8l.6-3M12 9.5V12l1.6 1.2"/>`,
  scale: html`<rect x="4" y="4" width="16" height="16" rx="4"/><path d="M8 9.5a5.5 5.5 0 0 1 8 0l-2.2 2.2h-3.6zM12 11.7V9.2"/>`,
  ring: html`<circle cx="12" cy="13.5" r="6.5"/><circle cx="12" cy="13.5" r="4"/><path d="M10 4h4l-2 3z"/>`,
  heart: html`<path d="M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.4 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z"/>`,
  tide: html`<path d="M2 9c2.5 0 2.5-2 5-2s2.5 2 5 2 2.5-2 5-2 2.5 2 5 2M2 14c2.5 0 2.5-2 5-2s2.5 2 5 2 2.5-2 5-2 2.5 2 5 2M2 19c2.5 0 2.5-2 5-2s2.5 2 5 2 2.5-2 5-2 2.5 2 5 2"/>`,
  check: html`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  newTab: html`<path d="M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9"/>`,
})

/** A line drawing, 24 units square, in the colour of the text around it. It says nothing that the text does not. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`
}
