import { constantMarkup, type Fragment, type Markup, markup } from './markup.ts'
import { phrase } from './phrase.ts'
import { LIST_STYLESHEET, STYLESHEET } from './stylesheet.ts'
import type { PageContext } from './view.ts'

/** The whole of a document but its language and nonce. */
export interface Document {
  /** What the page says in a few words; the window's title, before the application's name. */
  readonly title: string
  /** The application whose person sees the page; null when nobody knows. */
  readonly application: string | null
  readonly body: Fragment
  /** `card`: one short message; `list`: the wider list; `list framed`: the same for a frame; `frame`: a small message in one. */
  readonly size: 'card' | 'list' | 'list framed' | 'frame'
  /** A constant of `scripts.ts`; null for none. */
  readonly script: string | null
}

const cardStyles = constantMarkup(STYLESHEET)
const listStyles = constantMarkup(LIST_STYLESHEET)

/** For developers, so in English alone. */
const previewMark = markup`<aside class="preview" lang="en" dir="ltr" aria-label="Preview">Preview – nothing on this page has an effect.</aside>`

/** The document around a page's body: head, the one card, and the footer, unless the application leaves our name out. */
export function renderDocument(document: Document, { language, nonce, look }: PageContext): Markup {
  const { application, body, size, script } = document
  const styles = size.startsWith('list') ? listStyles : cardStyles
  const title = application === null ? document.title : `${document.title} – ${application}`
  const wordmark = markup`<span class="wordmark" lang="en" dir="ltr">Springbar</span>`
  return markup`<!doctype html>
<html lang="${language.tag}" dir="${language.dir}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<style nonce="${nonce}">${styles}${look === undefined ? null : look.styles}</style>
</head>
<body class="${size}">${look?.isPreview === true ? previewMark : null}
<main>
${body}
</main>
${look?.hidesSpringbar === true ? null : markup`<footer>${phrase(language.messages, 'footer', { springbar: wordmark })}</footer>`}
${script === null || look?.isPreview === true ? null : markup`<script nonce="${nonce}">${constantMarkup(script)}</script>`}
</body>
</html>
`
}
