import type { Scheme } from '../model/appearance.ts'
import { ownPath } from './links.ts'
import { constantMarkup, type Markup, markup } from './markup.ts'
import { languages } from './messages/index.ts'
import { previewSamples } from './preview-samples.ts'

/** What a developer chose to see of a look. */
export interface PreviewView {
  readonly application: string
  /** When the preview ends, in epoch milliseconds. */
  readonly expiresAt: number
  /** The preview's path without its query, and the key that opens it. */
  readonly path: string
  readonly key: string
  /** The key of a sample. */
  readonly page: string
  /** The tag of a language of ours. */
  readonly language: string
  readonly scheme: Scheme | null
}

const STYLES = constantMarkup(
  `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { display: grid; grid-template: auto 1fr / 18rem 1fr; gap: 1rem; min-block-size: 100vh; margin: 0; padding: 1rem; box-sizing: border-box; color: CanvasText; background: Canvas; }
header { grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: end; gap: .5rem 2rem; }
h1 { margin: 0; font-size: 1.25rem; }
p { margin: 0; }
form { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem 1rem; }
label { display: grid; font-size: .875rem; }
select, button { min-block-size: 2.75rem; padding: .25rem .75rem; font: inherit; }
ul { margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: .625rem .5rem; color: LinkText; }
nav [aria-current] { font-weight: 700; }
iframe { inline-size: 100%; block-size: 100%; min-block-size: 44rem; border: 1px solid GrayText; resize: both; overflow: auto; background: Canvas; }
@media (min-width: 48rem) { .pages { display: none; } }
@media (max-width: 47.99rem) {
  body { grid-template: auto 1fr / minmax(0, 1fr); padding: .5rem; }
  nav { display: none; }
  form, label { flex: 1 1 9rem; }
  form { gap: .5rem; }
  select { inline-size: 100%; }
  iframe { min-block-size: 80vh; resize: none; }
}
`.trim(),
)

const SCHEMES = [
  ['', 'as the device has it'],
  ['light', 'light'],
  ['dark', 'dark'],
] as const

const option = (value: string, label: string, isChosen: boolean): Markup =>
  markup`<option value="${value}"${isChosen ? markup` selected` : null}>${label}</option>`

/**
 * For developers, in English: every page of ours in one look, to click through, or on a phone to choose from. It shows one at a time in a frame, and
 * works without script.
 */
export function previewPage(view: PreviewView, nonce: string): Markup {
  const { application, key, page, language, scheme, path } = view
  const addressOf = (shown: string, more: Readonly<Record<string, string>> = {}): string => {
    const query = { key, page: shown, language, ...(scheme === null ? {} : { scheme }), ...more }
    const address = ownPath(`${path}?${new URLSearchParams(query)}`)
    if (address === null) throw new TypeError('A preview stays on the own origin')
    return address
  }
  const until = new Date(view.expiresAt).toISOString().slice(0, 16).replace('T', ' ')
  const links = previewSamples.map(
    (sample) =>
      markup`<li><a href="${addressOf(sample.key)}"${sample.key === page ? markup` aria-current="page"` : null}>${sample.title}</a></li>`,
  )
  const names = new Intl.DisplayNames(['en'], { type: 'language' })
  const choices = Object.values(languages)
    .map(({ tag }) => ({ tag, name: names.of(tag) ?? tag }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return markup`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<title>Preview – ${application}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<style nonce="${nonce}">${STYLES}</style>
</head>
<body>
<header><h1>Preview: ${application}</h1>
<form method="get" action="${path}"><input type="hidden" name="key" value="${key}">
<label class="pages">Page <select name="page">${previewSamples.map((one) => option(one.key, one.title, one.key === page))}</select></label>
<label>Language <select name="language">${choices.map(({ tag, name }) => option(tag, name, tag === language))}</select></label>
<label>Theme <select name="scheme">${SCHEMES.map(([value, label]) => option(value, label, value === (scheme ?? '')))}</select></label>
<button>Show</button></form>
<p>Nothing here has an effect. This address works until ${until} UTC.</p></header>
<nav aria-label="Pages"><ul>${links}</ul></nav>
<main><iframe title="The page that was chosen" src="${addressOf(page, { only: 'page' })}"></iframe></main>
</body>
</html>
`
}
