import type { Context } from 'hono'
import { openPreview } from '../broker/appearances/preview-appearance.ts'
import { SpringbarError } from '../errors.ts'
import type { AppearanceLogo, AppearancePreview, Scheme } from '../model/appearance.ts'
import type { Application } from '../model/application.ts'
import {
  chooseLanguage,
  contentSecurityPolicy,
  lookOf,
  type PreviewMaterial,
  type PreviewSource,
  previewPage,
  previewSamples,
  withOwnTexts,
} from '../pages/index.ts'
import { once, rawQuery } from './direct/request.ts'
import { isHttps, newNonce } from './page-answer.ts'
import { answerPicture } from './picture-answer.ts'
import { securityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'
import { sourceLabel } from './source-label.ts'

const PATH = '/appearance-preview'

/** Where a new preview is. */
export const previewUrl = ({ context }: Services, key: string): string =>
  `${context.urls.direct}${PATH}?${new URLSearchParams({ key })}`

/** Sources that the list of a preview shows. */
const SHOWN_SOURCES = 9

/**
 * `GET /appearance-preview?key=…`: every page in a look that somebody tries, one at a time. It reads the look and the
 * catalogue and nothing else: no session, no person, no vendor takes part, and its pages have neither script nor form.
 */
export async function appearancePreview(c: Context, services: Services): Promise<Response> {
  const { context } = services
  const query = rawQuery(c)
  const key = once(query, 'key')
  const { preview, application } = await openPreview(context, key)
  const sample = previewSamples.find((one) => one.key === once(query, 'page')) ?? previewSamples[0]
  if (sample === undefined) throw new SpringbarError('not_found', 'There is no such page.')
  const scheme = schemeOf(once(query, 'scheme'))
  const language = chooseLanguage({
    asked: once(query, 'language') || application.language || 'en',
    acceptLanguage: null,
    fallback: null,
  })
  const nonce = newNonce(context)
  const name = preview.settings.name ?? application.name
  if (once(query, 'only') !== 'page')
    return answer(
      services,
      nonce,
      { frames: true },
      previewPage(
        {
          application: name,
          expiresAt: preview.expiresAt,
          path: PATH,
          key,
          page: sample.key,
          language: language.tag,
          scheme,
        },
        nonce,
      ),
    )
  const addressOf = (theme: Scheme, logo: AppearanceLogo | null) =>
    logo === null ? null : `${PATH}/logo?${new URLSearchParams({ key, theme })}`
  const logos = { light: addressOf('light', preview.logo), dark: addressOf('dark', preview.darkLogo) }
  const appearance = { settings: preview.settings, ...digestsOf(preview) }
  const page = {
    language: withOwnTexts(language, appearance),
    nonce,
    look: lookOf(appearance, logos, { scheme }),
  }
  return answer(
    services,
    nonce,
    { frames: false },
    sample.render(materialOf(services, preview, application, { key, language: language.tag }), page),
  )
}

const digestsOf = ({ logo, darkLogo }: AppearancePreview) => ({
  logoDigest: logo?.digest ?? null,
  darkLogoDigest: darkLogo?.digest ?? null,
})

const schemeOf = (text: string): Scheme | null => (text === 'light' || text === 'dark' ? text : null)

function materialOf(
  services: Services,
  { settings }: AppearancePreview,
  application: Application,
  { key, language }: { readonly key: string; readonly language: string },
): PreviewMaterial {
  const [first, ...others] = [...services.context.sources.values()]
    .slice(0, SHOWN_SOURCES)
    .map((source): PreviewSource => {
      const description = services.presentation.description(source, language)
      return {
        ...sourceLabel(services, source),
        id: source.id,
        description: description.text,
        descriptionLanguage: description.language,
      }
    })
  if (first === undefined) throw new SpringbarError('not_found', 'There is no source to show.')
  return {
    application: settings.name ?? application.name,
    sources: [first, ...others],
    home: `${PATH}?${new URLSearchParams({ key })}`,
  }
}

/** The frame shows pages of its own origin alone, and only the preview frames them. */
function answer(
  { context }: Services,
  nonce: string,
  { frames }: { readonly frames: boolean },
  markup: unknown,
): Response {
  const { 'X-Frame-Options': _, ...headers } = securityHeaders(isHttps(context)).page
  return new Response(String(markup), {
    headers: {
      ...headers,
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Content-Security-Policy': contentSecurityPolicy({
        nonce,
        formAction: frames ? ["'self'"] : [],
        frameAncestors: frames ? [] : ["'self'"],
        script: false,
        frames,
      }),
      'Content-Type': 'text/html; charset=utf-8',
    },
  })
}

/** `GET /appearance-preview/logo?key=…&theme=…`: a logo that somebody tries. */
export async function previewLogo(c: Context, { context }: Services): Promise<Response> {
  const query = rawQuery(c)
  const { preview } = await openPreview(context, once(query, 'key'))
  const logo = once(query, 'theme') === 'dark' ? preview.darkLogo : preview.logo
  if (logo === null) throw new SpringbarError('not_found', 'This preview has no such logo.')
  return answerPicture(logo, 'private, max-age=60')
}
