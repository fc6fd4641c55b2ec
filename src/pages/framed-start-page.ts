import { renderDocument } from './layout.ts'
import { serviceLink } from './links.ts'
import { type Markup, markup } from './markup.ts'
import { phrase, plainPhrase } from './phrase.ts'
import type { PageContext, SourceLabel } from './view.ts'

/** A start link that was opened in a frame, where vendors refuse to appear. */
export interface FramedStartView {
  readonly application: string
  readonly source: SourceLabel
  /** The start link again, to be opened outside of the frame. */
  readonly startUrl: string
  /** The whole window (`_top`), which the outcome then comes back to, or a new one beside it. */
  readonly opensIn: 'whole-window' | 'new-window'
}

/** One button that leads out of the frame. Nothing has been started. Throws a TypeError on a link that is not ours. */
export function framedStartPage(view: FramedStartView, context: PageContext): Markup {
  const { messages } = context.language
  const { application, source, opensIn } = view
  const url = serviceLink(view.startUrl)
  if (url === null) throw new TypeError('The start link is not one of the service')
  const target = opensIn === 'new-window' ? '_blank' : '_top'
  const title = plainPhrase(messages, 'framed.title', { source: source.name })
  const body = markup`<h1>${phrase(messages, 'framed.title', { source: source.name })}</h1>
<p class="quiet">${phrase(messages, 'framed.text', { source: source.name })}</p>
<div class="actions"><a class="button primary" href="${url}" target="${target}" rel="noopener">${phrase(
    messages,
    `framed.${opensIn}`,
  )}</a></div>`
  return renderDocument({ title, application, body, size: 'frame', script: null }, context)
}
