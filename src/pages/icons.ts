import { constantMarkup, type Markup } from './markup.ts'

const icon = (paths: string): Markup =>
  constantMarkup(
    `<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">${paths}</svg>`,
  )

/** Line icons on a 24-pixel grid, in the colour of the text around them. All are decoration: a word stands beside each. */
export const icons = Object.freeze({
  check: icon('<path d="m5 12.5 4.5 4.5L19 7.5"/>'),
  cross: icon('<path d="m7 7 10 10M17 7 7 17"/>'),
  minus: icon('<path d="M6 12h12"/>'),
  alert: icon('<path d="M12 6.5v7M12 17.4v.1"/>'),
  attention: icon('<circle cx="12" cy="12" r="8.5"/><path d="M12 8v4.8M12 16v.1"/>'),
  clock: icon('<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>'),
  phone: icon('<rect x="7" y="3" width="10" height="18" rx="2.5"/><path d="M11 17.8h2"/>'),
  window: icon('<rect x="3.5" y="5" width="17" height="14" rx="2.5"/><path d="M3.5 9.5h17M7 7.3h.1"/>'),
  link: icon(
    '<path d="M10.5 7.5 12 6a4.2 4.2 0 0 1 6 6l-1.5 1.5M13.5 16.5 12 18a4.2 4.2 0 0 1-6-6l1.5-1.5M5 5l14 14"/>',
  ),
  question: icon('<path d="M8.8 9a3.3 3.3 0 1 1 4.9 2.9c-1 .6-1.7 1.2-1.7 2.3M12 17.8v.1"/>'),
  lock: icon(
    '<rect x="5" y="10.5" width="14" height="9.5" rx="2.5"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>',
  ),
  search: icon('<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4 4"/>'),
  dot: icon('<circle cx="12" cy="12" r="4.5"/>'),
})

/** The name of an icon. */
export type IconName = keyof typeof icons

const pin = (parts: string): Markup =>
  constantMarkup(
    `<svg class="pin" viewBox="0 0 96 16" width="96" height="16" aria-hidden="true" focusable="false">${parts}</svg>`,
  )

/** The spring bar between two tiles: joining them, come apart, or not yet set in. */
export const pins = Object.freeze({
  joined: pin(
    '<rect y="6" width="96" height="4" rx="2"/><rect x="12" y="1" width="72" height="14" rx="5"/>' +
      '<path class="coil" d="M18 5v6M22 5v6M74 5v6M78 5v6"/>',
  ),
  apart: pin(
    '<rect y="6" width="14" height="4" rx="2"/><rect x="9" y="3" width="6" height="10" rx="3"/>' +
      '<rect x="82" y="6" width="14" height="4" rx="2"/><rect x="81" y="3" width="6" height="10" rx="3"/>',
  ),
  waiting: pin(
    '<circle cx="21" cy="8" r="3"/><circle cx="39" cy="8" r="3"/><circle cx="57" cy="8" r="3"/><circle cx="75" cy="8" r="3"/>',
  ),
})

/** How the two sides stand to each other. */
export type PinState = keyof typeof pins
