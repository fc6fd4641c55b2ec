import { renderDocument } from './layout.ts'
import { type Markup, markup } from './markup.ts'
import type { Messages } from './messages/en.ts'
import { ownForm, pair } from './parts.ts'
import { phrase, plainPhrase } from './phrase.ts'
import type { PageContext, PageForm, SourceLabel } from './view.ts'

/** Why the form is shown again. */
export type LogInProblemView = 'incomplete' | 'wrong_password' | 'terms' | 'extra_step' | 'locked'

/** The form for a log-in at a vendor that has no page of its own for other apps. */
export interface LogInView {
  readonly application: string
  readonly source: SourceLabel
  /** What the vendor calls the account. */
  readonly account: string
  readonly loginName: 'email' | 'username'
  /** How the application names the person; null for none. */
  readonly label: string | null
  /** Null when the form is new. */
  readonly problem: LogInProblemView | null
  /** Posted with `loginName`, `password` and `answer=yes`, or with `answer=no` (cancel). */
  readonly form: PageForm
}

/** Whether the person's own fields are what has to change. */
const isAboutFields = (problem: LogInView['problem']): boolean =>
  problem === 'incomplete' || problem === 'wrong_password'

/** Never holds what was typed before: a field comes back empty. */
export function logInPage(view: LogInView, context: PageContext): Markup {
  const { messages } = context.language
  const { application, source, account, label, problem } = view
  const names = { application, source: source.name, account }
  const said =
    problem === null
      ? null
      : markup`<p class="problem" id="problem" role="alert">${problemPhrase(problem, account, messages)}</p>`
  const buttons = markup`<div class="actions">
<button class="button primary" name="answer" value="yes">${phrase(messages, 'log-in.submit')}</button>
<button class="button plain" name="answer" value="no" formnovalidate>${phrase(messages, 'cancel.button')}</button>
</div>`
  const body = markup`${pair(application, source, 'waiting', null, context.look)}
<h1>${phrase(messages, 'log-in.title', { source: source.name })}</h1>
<p class="lead">${phrase(messages, 'log-in.lead', names)}</p>
${label === null ? null : markup`<p class="whose">${phrase(messages, 'for-label', { label })}</p>`}
${said}
${ownForm(view.form, markup`${fields(view, messages)}${buttons}`)}
<ul class="points small">
<li>${phrase(messages, 'log-in.kept')}</li>
<li>${phrase(messages, 'log-in.unofficial', { account })}</li>
</ul>`
  const title = plainPhrase(messages, 'log-in.title', { source: source.name })
  return renderDocument({ title, application, body, size: 'card', script: null }, context)
}

/** One phrase for each problem; those about the vendor's app name it. */
function problemPhrase(problem: LogInProblemView, account: string, messages: Messages): Markup {
  if (problem === 'incomplete' || problem === 'wrong_password')
    return phrase(messages, `log-in.problem.${problem}`)
  return phrase(messages, `log-in.problem.${problem}`, { account })
}

function fields({ loginName, problem }: LogInView, messages: Messages): Markup {
  const type = loginName === 'email' ? 'email' : 'text'
  const state = isAboutFields(problem) ? markup` aria-invalid="true" aria-describedby="problem"` : null
  return markup`<div class="field">
<label for="login-name">${phrase(messages, `log-in.${loginName}`)}</label>
<input id="login-name" name="loginName" type="${type}" dir="ltr" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="254" required${state}>
</div>
<div class="field">
<label for="password">${phrase(messages, 'log-in.password')}</label>
<input id="password" name="password" type="password" dir="ltr" autocomplete="current-password" maxlength="1024" required${state}>
</div>`
}
