import { renderDocument } from './layout.ts'
import { type Markup, markup } from './markup.ts'
import { answerForm, pair } from './parts.ts'
import { phrase, plainPhrase } from './phrase.ts'
import { SEND_ONCE_SCRIPT } from './scripts.ts'
import { vendorEndPhrase } from './vendor-end.ts'
import type { PageContext, PageForm, SourceLabel, VendorEnd } from './view.ts'

/** A disconnect that waits for the person's word. */
export interface ConfirmDisconnectView {
  readonly application: string
  readonly source: SourceLabel
  /** How the application names the person; null for none. */
  readonly label: string | null
  /** What will become of the access at the vendor. */
  readonly vendorEnd: VendorEnd
  /** Posted with `answer=yes` (disconnect) or `answer=no` (keep). */
  readonly form: PageForm
}

/** Asks before a disconnect, and says what it does on both sides. */
export function confirmDisconnectPage(view: ConfirmDisconnectView, context: PageContext): Markup {
  const { messages } = context.language
  const { application, source, label } = view
  const atVendor = vendorEndPhrase(view.vendorEnd, source, messages)
  const form = answerForm(
    view.form,
    { text: phrase(messages, 'disconnect.yes'), kind: 'strong' },
    phrase(messages, 'disconnect.no'),
  )
  const body = markup`${pair(application, source, 'joined', null, context.look)}
<h1>${phrase(messages, 'disconnect.title', { source: source.name })}</h1>
${label === null ? null : markup`<p class="whose">${phrase(messages, 'for-label', { label })}</p>`}
<ul class="points">
<li>${phrase(messages, 'disconnect.stops', { application, source: source.name })}</li>
${atVendor === null ? null : markup`<li>${atVendor}</li>`}
<li>${phrase(messages, 'disconnect.past', { application })}</li>
<li>${phrase(messages, 'disconnect.again')}</li>
</ul>
${form}`
  const title = plainPhrase(messages, 'disconnect.title', { source: source.name })
  return renderDocument({ title, application, body, size: 'card', script: SEND_ONCE_SCRIPT }, context)
}
