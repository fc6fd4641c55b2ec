import { renderDocument } from './layout.ts'
import { type Markup, markup } from './markup.ts'
import { answerForm, pair } from './parts.ts'
import { phrase, plainPhrase } from './phrase.ts'
import { SEND_ONCE_SCRIPT } from './scripts.ts'
import type { PageContext, PageForm, SourceLabel } from './view.ts'

/** A connect that waits for the person's word before it goes to the vendor. */
export interface BeforeLeavingView {
  readonly application: string
  readonly source: SourceLabel
  /** How the application names the person whom the link is for; null for none. */
  readonly label: string | null
  /** Posted with `answer=yes` (go on to the vendor) or `answer=no` (cancel). */
  readonly form: PageForm
}

/**
 * `bind=page`: names application, source and person, and asks whether this person started it, so that a link
 * that somebody else sent is noticed (`contract.md` §3, "Who started it, finished it").
 */
export function beforeLeavingPage(view: BeforeLeavingView, context: PageContext): Markup {
  const { messages } = context.language
  const { application, source, label } = view
  const names = { application, source: source.name }
  const form = answerForm(
    view.form,
    { text: phrase(messages, 'leave.yes'), kind: 'primary' },
    phrase(messages, 'leave.no'),
  )
  const body = markup`${pair(application, source, 'waiting', null, context.look)}
<h1>${phrase(messages, 'leave.title', names)}</h1>
<p class="lead">${phrase(messages, 'leave.next', names)}</p>
<div class="notice">
<h2>${phrase(messages, 'leave.question')}</h2>
${label === null ? null : markup`<p>${phrase(messages, 'leave.whose', { ...names, label: markup`<strong><bdi>${label}</bdi></strong>` })}</p>`}
<p>${phrase(messages, 'leave.warning')}</p>
</div>
${form}`
  const title = plainPhrase(messages, 'leave.title', names)
  return renderDocument({ title, application, body, size: 'card', script: SEND_ONCE_SCRIPT }, context)
}
