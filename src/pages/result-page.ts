import type { Action } from '../model/attempt.ts'
import type { OutcomeError } from '../model/result.ts'
import { renderDocument } from './layout.ts'
import { ownPath, serviceLink } from './links.ts'
import { type Fragment, type Markup, markup } from './markup.ts'
import type { Messages } from './messages/en.ts'
import { emblem, pair, referenceLine } from './parts.ts'
import { phrase, plainPhrase } from './phrase.ts'
import { RESULT_SCRIPT } from './scripts.ts'
import { vendorEndPhrase } from './vendor-end.ts'
import type { PageContext, SourceLabel, VendorEnd } from './view.ts'

/** The stored outcome of one attempt, as its person sees it. */
export interface OutcomeView {
  readonly kind: 'outcome'
  readonly action: Action
  /** Why it failed; null when it succeeded. */
  readonly error: OutcomeError | null
  readonly source: SourceLabel
  readonly application: string
  /** After a connect that succeeded: whether some of what was asked for was not granted. */
  readonly permissionsMissing: boolean
  /** After a connect that failed with `scope_missing`: whether the person must agree to something at the vendor first. */
  readonly consentMissing: boolean
  /** After a connect that failed: whether the person said no on a page of ours, not at the vendor. */
  readonly cancelledHere: boolean
  /** After a connect that failed: whether an earlier connection to the source is still there. */
  readonly stillConnected: boolean
  /** After a disconnect that succeeded. */
  readonly vendorEnd: VendorEnd
  /** A path on the own origin that starts the same again; null for none. Shown where that can help. */
  readonly tryAgainUrl: string | null
  /** After a connect that succeeded: a path on the own origin that asks for what was not granted; null for none. */
  readonly allowMoreUrl: string | null
  /** The widget, when the person came from there; null for none. */
  readonly listUrl: string | null
  /** The attempt's reference as people read it (`formatReference`). */
  readonly reference: string
}

/** The result page without a stored outcome: without id or token, or with ones that nobody knows. */
export interface GeneralResultView {
  readonly kind: 'general'
}

/** What the result page shows. */
export type ResultView = OutcomeView | GeneralResultView

/** The heading and the picture of each of the four outcomes; a person's own "no" looks calmer than a fault. */
function lookOf({ action, error, stillConnected, cancelledHere }: OutcomeView) {
  if (error === null) {
    const mark = { icon: 'check', tone: 'good' } as const
    return action === 'connect'
      ? ({ title: 'connected.title', pin: 'joined', mark } as const)
      : ({ title: 'disconnected.title', pin: 'apart', mark } as const)
  }
  const isOwnWish = error === 'access_denied' || cancelledHere
  const mark = isOwnWish
    ? ({ icon: 'minus', tone: 'calm' } as const)
    : ({ icon: 'alert', tone: 'careful' } as const)
  return action === 'connect'
    ? ({ title: 'not-connected.title', pin: stillConnected ? 'joined' : 'apart', mark } as const)
    : ({ title: 'not-disconnected.title', pin: 'joined', mark } as const)
}

/** Where trying again here would end the same way; the page says where to go instead. */
const ENDS_HERE: readonly OutcomeError[] = [
  'session_expired',
  'browser_changed',
  'user_mismatch',
  'source_not_available',
]

function offersAnotherTry({ action, error }: OutcomeView): boolean {
  if (error === null || ENDS_HERE.includes(error)) return false
  const wasKept = action === 'disconnect' && error === 'access_denied'
  return !wasKept
}

function whatHappened(view: OutcomeView, messages: Messages): Fragment {
  const names = { source: view.source.name, application: view.application }
  if (view.error === null && view.action === 'connect') {
    return [
      markup`<p class="lead">${phrase(messages, 'connected.text', names)}</p>`,
      view.permissionsMissing ? markup`<p class="problem">${phrase(messages, 'connected.partly')}</p>` : null,
      markup`<p class="quiet">${phrase(messages, 'connected.end')}</p>`,
    ]
  }
  if (view.error === null) {
    const atVendor = vendorEndPhrase(view.vendorEnd, view.source, messages)
    return [
      markup`<p class="lead">${phrase(messages, 'disconnected.text', names)}</p>`,
      atVendor === null ? null : markup`<p class="quiet">${atVendor}</p>`,
    ]
  }
  if (view.action === 'disconnect' && view.error === 'access_denied') {
    return markup`<p class="lead">${phrase(messages, 'not-disconnected.kept')} ${phrase(messages, 'nothing-changed')}</p>`
  }
  const { why, next } = reasonsOf(view, view.error)
  const unchanged = phrase(messages, view.stillConnected ? 'not-connected.kept' : 'nothing-changed')
  return [
    markup`<p class="lead">${phrase(messages, why, names)} ${unchanged}</p>`,
    markup`<p class="quiet">${phrase(messages, next, names)}</p>`,
  ]
}

/** Why a connect failed, and what to do now. */
function reasonsOf({ cancelledHere, consentMissing }: OutcomeView, error: OutcomeError) {
  if (cancelledHere) return { why: 'failed.cancelled.why', next: 'failed.access_denied.next' } as const
  const reason = consentMissing ? 'consent_missing' : error
  return { why: `failed.${reason}.why`, next: `failed.${reason}.next` } as const
}

/** The way on that fits the outcome best: asking for the rest, or trying again. */
function wayOn(view: OutcomeView, messages: Messages): Markup | null {
  const isDone = view.error === null
  const key = isDone ? 'list.allow-more' : 'again.button'
  const tryAgainUrl = offersAnotherTry(view) ? view.tryAgainUrl : null
  const href = ownPath(isDone ? view.allowMoreUrl : tryAgainUrl)
  return href === null ? null : markup`<a class="button primary" href="${href}">${phrase(messages, key)}</a>`
}

function actions(first: Markup | null, listUrl: string | null, messages: Messages): Markup {
  const list = serviceLink(listUrl)
  return markup`<div class="actions">
${first}
${list === null ? null : markup`<a class="button plain" href="${list}">${phrase(messages, 'list.link')}</a>`}
<button class="button plain" type="button" id="close" hidden>${phrase(messages, 'close.button')}</button>
</div>
<p class="small">${phrase(messages, 'close.hint')}</p>`
}

function generalPage(context: PageContext): Markup {
  const { messages } = context.language
  const body = markup`${emblem('window', 'calm')}
<div role="status">
<h1>${phrase(messages, 'general.title')}</h1>
<p class="lead">${phrase(messages, 'general.text')}</p>
</div>
${actions(null, null, messages)}`
  const title = plainPhrase(messages, 'general.title')
  return renderDocument({ title, application: null, body, size: 'card', script: RESULT_SCRIPT }, context)
}

/**
 * What became of a connect or a disconnect: the page at `/dataSourceDirectConnectionResult.html` (`contract.md` §3).
 * It says what is stored, so it takes nothing from the query; its script takes the token out of the address bar.
 */
export function resultPage(view: ResultView, context: PageContext): Markup {
  if (view.kind === 'general') return generalPage(context)
  const { messages } = context.language
  const { application, source } = view
  const { title, pin, mark } = lookOf(view)
  const body = markup`${pair(application, source, pin, mark, context.look)}
<div role="status">
<h1>${phrase(messages, title, { source: source.name })}</h1>
${whatHappened(view, messages)}
</div>
${actions(wayOn(view, messages), view.listUrl, messages)}
${referenceLine(messages, view.reference)}`
  const windowTitle = plainPhrase(messages, title, { source: source.name })
  return renderDocument(
    { title: windowTitle, application, body, size: 'card', script: RESULT_SCRIPT },
    context,
  )
}
