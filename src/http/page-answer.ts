import type { Context } from 'hono'
import type { Context as BrokerContext } from '../broker/context.ts'
import type { Application } from '../model/application.ts'
import { chooseLanguage, contentSecurityPolicy, type Markup, type PageContext } from '../pages/index.ts'
import { drawnFor } from './drawn-for.ts'
import { headerOf } from './request-header.ts'
import { securityHeaders } from './security-headers.ts'

/** Whose language a page speaks. */
export interface Audience {
  /** What the application asked for when it made the session, or the `lang` of the URL. */
  readonly asked: string | null
  readonly application: Application | null
}

/** How a page is sent. */
export interface PageOptions {
  readonly status: number
  /** Where its form may lead, besides our own origin. Null for a page without a form. */
  readonly formTargets: readonly string[] | null
  /** Origins that may frame it. */
  readonly frameAncestors: readonly string[]
  readonly script: boolean
  /** Whether its script asks the own origin again. */
  readonly connect?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** A page that nobody frames and that has no form. */
export const plainPage = (status: number): PageOptions => ({
  status,
  formTargets: null,
  frameAncestors: [],
  script: false,
})

const NONCE_BYTES = 16

/** What one answer's policy lets a stylesheet and a script show. */
export const newNonce = ({ random }: Pick<BrokerContext, 'random'>): string =>
  Buffer.from(random(NONCE_BYTES)).toString('base64url')

/** Renders a page in the audience's language and its application's look, and sends it with the headers that belong to it. */
export async function answerPage(
  c: Context,
  context: BrokerContext,
  audience: Audience,
  options: PageOptions,
  render: (page: PageContext) => Markup,
): Promise<Response> {
  const chosen = chooseLanguage({
    asked: audience.asked,
    acceptLanguage: headerOf(c, 'accept-language') ?? null,
    fallback: audience.application?.language ?? null,
  })
  const drawn = await drawnFor(context, audience.application, chosen)
  const nonce = newNonce(context)
  const { 'X-Frame-Options': deny, ...headers } = securityHeaders(isHttps(context)).page
  return new Response(String(render({ ...drawn, nonce })), {
    status: options.status,
    headers: {
      ...headers,
      // It knows no list of origins, so where some may frame the page only the policy speaks.
      ...(options.frameAncestors.length === 0 && deny !== undefined ? { 'X-Frame-Options': deny } : {}),
      'Content-Security-Policy': contentSecurityPolicy({
        nonce,
        formAction: options.formTargets === null ? [] : ["'self'", ...options.formTargets],
        frameAncestors: options.frameAncestors,
        script: options.script,
        connect: options.connect ?? false,
      }),
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': chosen.tag,
      Vary: 'Accept-Language',
      ...options.headers,
    },
  })
}

/** What people read as the name of an application: the one of its look, where it has one. */
export const nameOn = ({ look }: PageContext, { name }: Pick<Application, 'name'>): string =>
  look?.name ?? name

/** Whether people reach us over TLS. */
export const isHttps = (context: Pick<BrokerContext, 'urls'>): boolean =>
  context.urls.direct.startsWith('https:')
