import type { Context } from 'hono'
import type { Context as BrokerContext } from '../broker/context.ts'
import type { Application } from '../model/application.ts'
import { chooseLanguage, contentSecurityPolicy, type Markup, type PageContext } from '../pages/index.ts'
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

/** Renders a page in the audience's language and sends it with the headers that belong to it. */
export function answerPage(
  c: Context,
  context: BrokerContext,
  audience: Audience,
  options: PageOptions,
  render: (page: PageContext) => Markup,
): Response {
  const language = chooseLanguage({
    asked: audience.asked,
    acceptLanguage: headerOf(c, 'accept-language') ?? null,
    fallback: audience.application?.language ?? null,
  })
  const nonce = Buffer.from(context.random(NONCE_BYTES)).toString('base64url')
  const { 'X-Frame-Options': deny, ...headers } = securityHeaders(isHttps(context)).page
  return new Response(String(render({ language, nonce })), {
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
      'Content-Language': language.tag,
      Vary: 'Accept-Language',
      ...options.headers,
    },
  })
}

/** Whether people reach us over TLS. */
export const isHttps = (context: BrokerContext): boolean => context.urls.direct.startsWith('https:')
