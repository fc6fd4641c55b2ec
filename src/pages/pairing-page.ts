import { renderDocument } from './layout.ts'
import { ownPath } from './links.ts'
import { type Markup, markup } from './markup.ts'
import type { Messages } from './messages/en.ts'
import { ownForm, pair } from './parts.ts'
import { phrase, plainPhrase } from './phrase.ts'
import { qrCode } from './qr-code.ts'
import type { PageContext, PageForm, SourceLabel } from './view.ts'

/** A pairing code for an app on the person's phone. */
export interface PairingView {
  readonly application: string
  readonly source: SourceLabel
  /** How the application names the person; null for none. */
  readonly label: string | null
  /** As people read it. */
  readonly code: string
  /** Opens the application's app with the code; null when it has no such address. */
  readonly appLink: string | null
  /** How long the code lasts. */
  readonly minutes: number
  /** Whether the person said that it is done, and it was not. */
  readonly notYet: boolean
  /** Looks whether it is done: a path on the own origin. */
  readonly doneUrl: string
  /** Posted to cancel. */
  readonly form: PageForm
}

/** Works without script: the person says when it is done on the phone. */
export function pairingPage(view: PairingView, context: PageContext): Markup {
  const { messages } = context.language
  const { application, source, label, notYet } = view
  const names = { application, source: source.name }
  const done = ownPath(view.doneUrl)
  if (done === null) throw new TypeError('The page looks again on the own origin')
  const body = markup`${pair(application, source, 'waiting', null, context.look)}
<h1>${phrase(messages, 'pairing.title', { source: source.name })}</h1>
<p class="lead">${phrase(messages, 'pairing.lead', names)}</p>
${label === null ? null : markup`<p class="whose">${phrase(messages, 'for-label', { label })}</p>`}
${notYet ? markup`<p class="problem" role="alert">${phrase(messages, 'pairing.not-yet')}</p>` : null}
<ol class="points">
<li>${phrase(messages, 'pairing.open', { application })}</li>
<li>${phrase(messages, 'pairing.enter')}</li>
<li>${phrase(messages, 'pairing.allow')}</li>
</ol>
${codes(view, messages)}
<p class="small">${phrase(messages, 'pairing.once', { duration: minutes(view.minutes, context.language.tag) })}</p>
<div class="actions">
<a class="button primary" href="${done}">${phrase(messages, 'pairing.done')}</a>
</div>
${ownForm(view.form, markup`<div class="actions more"><button class="button plain" name="answer" value="no">${phrase(messages, 'cancel.button')}</button></div>`)}`
  const title = plainPhrase(messages, 'pairing.title', { source: source.name })
  return renderDocument({ title, application, body, size: 'card', script: null }, context)
}

/** A time in the person's language: "10 minutes", "10 Minuten". */
const minutes = (count: number, tag: string): string =>
  new Intl.NumberFormat(tag, { style: 'unit', unit: 'minute', unitDisplay: 'long' }).format(count)

/** The code three times: to scan, to read, and to follow on the phone itself. */
function codes({ application, code, appLink }: PairingView, messages: Messages): Markup {
  return markup`<div class="codes">
${qrCode(appLink ?? code, plainPhrase(messages, 'pairing.picture'))}
<p><span class="small">${phrase(messages, 'pairing.code')}</span>
<code class="pairing-code" dir="ltr">${code}</code></p>
</div>
${
  appLink === null
    ? null
    : markup`<div class="actions"><a class="button soft" href="${appLink}"><span>${phrase(messages, 'pairing.here', { application })}</span></a></div>`
}`
}
