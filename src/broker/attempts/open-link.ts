import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { Source } from '../../model/source.ts'
import { findSource } from '../catalogue/find-source.ts'
import type { Context } from '../context.ts'
import { RESULT_PATH, type RedirectTarget } from '../redirect-uris/redirect-location.ts'
import {
  type AllowedRedirectUris,
  decideRedirectUri,
  type RedirectUriDecision,
} from '../redirect-uris/redirect-uri.ts'
import { type OpenedSession, openSession } from '../sessions/open-session.ts'

/** What stands in a direct link, as it came. */
export interface LinkRequest {
  readonly token: string
  readonly dataSource: string
  /** The query before any decoding, without `?`; the redirect URI rule reads it itself. */
  readonly rawQuery: string
  /** The language that the person chose in our list, for when the application chose none; null for no choice. */
  readonly lang: string | null
}

/** A direct link that may be followed: whose it is, which source it means, where its outcome goes. */
export interface Link extends OpenedSession {
  /** Null when there is no such source. */
  readonly source: Source | null
  /** Null for our own result page. */
  readonly redirect: RedirectTarget | null
  /** What the person reads: the application's choice, or their own; null where the browser decides. */
  readonly locale: string | null
}

/**
 * Reads a direct link. Throws `invalid_session`, and `invalid_redirect_uri` with the rule that failed. It changes
 * nothing. An expired session or an unknown source is not refused here: once the redirect URI is known to be
 * listed, the application is told instead of the person.
 */
export async function openLink(context: Context, request: LinkRequest): Promise<Link> {
  const opened = await openSession(context, request.token)
  const locale = opened.session.locale ?? request.lang
  const redirect = await decide(context, opened, request.rawQuery)
  if (redirect.kind === 'refused')
    throw new SpringbarError('invalid_redirect_uri', redirect.detail, {
      extra: { rule: redirect.rule },
      about: { applicationId: opened.application.id, locale },
    })
  return {
    ...opened,
    locale,
    source: findSource(context.sources, request.dataSource),
    redirect: redirect.kind === 'allowed' ? { entry: redirect.entry, query: redirect.query } : null,
  }
}

type Decision = RedirectUriDecision | { readonly kind: 'absent' }

/** Refusals that a further entry could turn around. */
const MAY_BE_STORED: readonly string[] = ['not_listed', 'query_is_fixed']

/** One object for each application, so that its decisions are remembered. */
const configured = new WeakMap<Application, AllowedRedirectUris>()

function configuredFor(application: Application, resultPageUrl: string): AllowedRedirectUris {
  const known = configured.get(application)
  if (known?.resultPageUrl === resultPageUrl) return known
  const allowed = Object.freeze({ entries: application.redirectUris, resultPageUrl })
  configured.set(application, allowed)
  return allowed
}

/** Looks among the configured entries first; the stored ones are only read when none of those matches. */
async function decide(context: Context, { application }: OpenedSession, rawQuery: string): Promise<Decision> {
  const resultPageUrl = context.urls.direct + RESULT_PATH
  const decision = decideRedirectUri(rawQuery, configuredFor(application, resultPageUrl))
  if (decision.kind !== 'refused' || !MAY_BE_STORED.includes(decision.code)) return decision
  const stored = await context.storage.read.redirectUris.list(application.id)
  return decideRedirectUri(rawQuery, { entries: [...application.redirectUris, ...stored], resultPageUrl })
}
