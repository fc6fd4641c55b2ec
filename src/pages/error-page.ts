import type { ErrorPage } from '../errors.ts'
import type { IconName } from './icons.ts'
import { renderDocument } from './layout.ts'
import { ownPath } from './links.ts'
import { type Markup, markup } from './markup.ts'
import type { Messages } from './messages/en.ts'
import { emblem, pair, referenceLine, type Tone } from './parts.ts'
import { phrase, plainPhrase } from './phrase.ts'
import type { PageContext, SourceLabel, UnavailableReason } from './view.ts'

/** An error as a person sees it. Which check failed stays in the log; the request id leads there. */
export interface ErrorView {
  readonly page: ErrorPage
  /** What the person can read out to support: the request id, or the attempt's reference. */
  readonly reference: string | null
  /** The application, when the session is known. */
  readonly application: string | null
  /** The source, when the link names one that we know. */
  readonly source: SourceLabel | null
  /** For `source-not-available`: why. */
  readonly reason: UnavailableReason | null
  /** A path on the own origin that tries the same again; null for none, and anything else is left out. */
  readonly tryAgainUrl: string | null
}

interface Look {
  readonly icon: IconName
  readonly tone: Tone
  readonly advice: 'start-again' | 'open-app' | 'tell-support' | null
}

const LOOKS: Readonly<Record<ErrorPage, Look>> = Object.freeze({
  'link-not-valid': { icon: 'link', tone: 'careful', advice: 'start-again' },
  'link-expired': { icon: 'clock', tone: 'calm', advice: 'start-again' },
  'redirect-not-allowed': { icon: 'link', tone: 'careful', advice: 'tell-support' },
  'source-unknown': { icon: 'question', tone: 'calm', advice: 'start-again' },
  'source-not-available': { icon: 'minus', tone: 'calm', advice: null },
  'source-native': { icon: 'phone', tone: 'calm', advice: 'open-app' },
  'already-used': { icon: 'check', tone: 'calm', advice: null },
  'browser-changed': { icon: 'window', tone: 'careful', advice: 'start-again' },
  'too-many-requests': { icon: 'clock', tone: 'calm', advice: null },
  'not-found': { icon: 'question', tone: 'calm', advice: null },
  'temporarily-down': { icon: 'clock', tone: 'calm', advice: null },
  'something-broke': { icon: 'alert', tone: 'careful', advice: 'tell-support' },
})

const NAMED = Object.freeze({
  'source-native': 'error.source-native.title-named',
  'source-not-available': 'error.source-not-available.title-named',
} as const)

const isNamed = (page: ErrorPage): page is keyof typeof NAMED => Object.hasOwn(NAMED, page)

function titles({ page, source }: ErrorView, messages: Messages): { heading: Markup; plain: string } {
  if (source !== null && isNamed(page)) {
    const names = { source: source.name }
    return { heading: phrase(messages, NAMED[page], names), plain: plainPhrase(messages, NAMED[page], names) }
  }
  const key = `error.${page}.title` as const
  return { heading: phrase(messages, key), plain: plainPhrase(messages, key) }
}

function advicePhrase(advice: Look['advice'], application: string | null, messages: Messages): Markup | null {
  if (advice === null) return null
  if (advice === 'tell-support') return phrase(messages, 'advice.tell-support')
  if (application === null) return phrase(messages, `advice.${advice}`)
  const key = advice === 'open-app' ? 'advice.open-app-named' : 'advice.start-again-in'
  return phrase(messages, key, { application })
}

/** Every error page: a plain sentence, what to do now, and a reference for support. The caller sends the status. */
export function errorPage(view: ErrorView, context: PageContext): Markup {
  const { messages } = context.language
  const { page, application, source, reason } = view
  const { icon, tone, advice } = LOOKS[page]
  const { heading, plain } = titles(view, messages)
  const picture =
    application !== null && source !== null
      ? pair(application, source, 'apart', { icon, tone }, context.look)
      : emblem(icon, tone)
  const next = advicePhrase(advice, application, messages)
  const again = ownPath(view.tryAgainUrl)
  const why = page === 'source-not-available' && reason !== null ? phrase(messages, `reason.${reason}`) : null
  const body = markup`${picture}
<h1>${heading}</h1>
<p class="lead">${why} ${phrase(messages, `error.${page}.text`)}</p>
${next === null ? null : markup`<p class="quiet">${next}</p>`}
${
  again === null
    ? null
    : markup`<div class="actions"><a class="button primary" href="${again}">${phrase(messages, 'again.button')}</a></div>`
}
${referenceLine(messages, view.reference)}`
  return renderDocument({ title: plain, application, body, size: 'card', script: null }, context)
}
