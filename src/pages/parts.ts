import { type IconName, icons, type PinState, pins } from './icons.ts'
import { ownPath } from './links.ts'
import type { Look } from './look.ts'
import { type Markup, markup } from './markup.ts'
import type { Messages } from './messages/en.ts'
import { phrase } from './phrase.ts'
import type { PageForm, SourceLabel } from './view.ts'

/** How a message is meant; shown by an icon and words, and by a colour beside them. */
export type Tone = 'good' | 'calm' | 'careful'

/** The number of tile colours in the stylesheet: `tile-0` to `tile-11`. */
const TILE_COLOURS = 12

/** FNV-1a over the key's characters: keys that differ in one letter get colours far apart. */
function tileColour(key: string): number {
  let hash = 0x811c9dc5
  for (const character of key) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return (hash >>> 12) % TILE_COLOURS
}

const segmenter = new Intl.Segmenter()

function initial(name: string): string {
  for (const { segment } of segmenter.segment(name.trim())) return segment.toUpperCase()
  return '·'
}

/** A source's logo, or a square with the first letter of its name in a colour of its own. The name stands beside it. */
export function sourceTile({ key, name, logo = null }: SourceLabel): Markup {
  const address = ownPath(logo)
  if (address !== null) return logoTile(address)
  return markup`<span class="tile tile-${tileColour(key)}" aria-hidden="true">${initial(name)}</span>`
}

/** The application's logo, or a square with the first letter of its name. The name stands beside it. */
export function applicationTile(name: string, look: Look | undefined): Markup {
  const address = ownPath(look?.logo ?? null)
  return address === null
    ? markup`<span class="tile tile-application" aria-hidden="true">${initial(name)}</span>`
    : logoTile(address, ownPath(look?.darkLogo ?? null))
}

const logoTile = (address: string, dark: string | null = null): Markup => {
  const image = markup`<img src="${address}" alt="" width="64" height="64">`
  return markup`<span class="tile tile-logo" aria-hidden="true">${
    dark === null
      ? image
      : markup`<picture><source srcset="${dark}" media="(prefers-color-scheme: dark)">${image}</picture>`
  }</span>`
}

const badge = (icon: IconName, tone: Tone): Markup =>
  markup`<span class="badge ${tone}">${icons[icon]}</span>`

/** The picture above a message: application and source with the spring bar between them. */
export function pair(
  application: string,
  source: SourceLabel,
  state: PinState,
  mark: { readonly icon: IconName; readonly tone: Tone } | null,
  look: Look | undefined,
): Markup {
  return markup`<div class="pair ${state}" aria-hidden="true">${applicationTile(application, look)}<span class="join">${
    pins[state]
  }${mark === null ? null : badge(mark.icon, mark.tone)}</span>${sourceTile(source)}</div>`
}

/** The picture above a message that is about neither: an icon. */
export const emblem = (icon: IconName, tone: Tone): Markup =>
  markup`<div class="emblem" aria-hidden="true">${badge(icon, tone)}</div>`

/** What people read out to support, easy to select and to copy. */
export function referenceLine(messages: Messages, reference: string | null): Markup | null {
  if (reference === null) return null
  const code = markup`<code dir="ltr">${reference}</code>`
  return markup`<p class="small">${phrase(messages, 'reference', { reference: code })}</p>`
}

/** A form of ours with its hidden fields around what is shown. Throws a TypeError on a foreign action. */
export function ownForm(form: PageForm, shown: Markup): Markup {
  const action = ownPath(form.action)
  if (action === null) throw new TypeError('A form stays on the own origin')
  const hidden = Object.entries(form.fields).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`,
  )
  return markup`<form method="post" action="${action}">${hidden}${shown}</form>`
}

/** A form with two answers, `answer=yes` and `answer=no`, and hidden fields. Throws a TypeError on a foreign action. */
export function answerForm(
  form: PageForm,
  yes: { readonly text: Markup; readonly kind: 'primary' | 'strong' },
  no: Markup,
): Markup {
  return ownForm(
    form,
    markup`<div class="actions">
<button class="button ${yes.kind}" name="answer" value="yes">${yes.text}</button>
<button class="button plain" name="answer" value="no">${no}</button>
</div>`,
  )
}
