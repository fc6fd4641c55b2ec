import { renderDocument } from './layout.ts'
import { type Markup, markup } from './markup.ts'
import { answerForm, pair } from './parts.ts'
import { phrase, plainPhrase } from './phrase.ts'
import { SEND_ONCE_SCRIPT } from './scripts.ts'
import type { PageContext, PageForm, SourceLabel } from './view.ts'

/** A connect that would take a vendor account from another end user. */
export interface MoveAccountView {
  readonly application: string
  readonly source: SourceLabel
  /** How the application names the person whom the link is for; null for none. */
  readonly label: string | null
  /** Posted with `answer=yes` (move the account) or `answer=no` (leave it where it is). */
  readonly form: PageForm
}

/**
 * `bind=page`: the vendor account is connected for another end user of the application, who would lose it. The person is
 * told so and asked, before anything changes.
 */
export function moveAccountPage(view: MoveAccountView, context: PageContext): Markup {
  const { messages } = context.language
  const { application, source, label } = view
  const names = { application, source: source.name }
  const form = answerForm(
    view.form,
    { text: phrase(messages, 'move.yes'), kind: 'strong' },
    phrase(messages, 'move.no'),
  )
  const body = markup`${pair(application, source, 'waiting', { icon: 'question', tone: 'careful' }, context.look)}
<h1>${phrase(messages, 'move.title', names)}</h1>
<p class="lead">${phrase(messages, 'failed.account_in_use.why', names)} ${phrase(messages, 'move.text')}</p>
<div class="notice">
${label === null ? null : markup`<p>${phrase(messages, 'leave.whose', { ...names, label: markup`<strong><bdi>${label}</bdi></strong>` })}</p>`}
<p>${phrase(messages, 'leave.warning')}</p>
</div>
${form}`
  const title = plainPhrase(messages, 'move.title', names)
  return renderDocument({ title, application, body, size: 'card', script: SEND_ONCE_SCRIPT }, context)
}
