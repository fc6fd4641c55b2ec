import type { Context } from '../broker/context.ts'
import type { MintedSession } from '../broker/sessions/create-session.ts'
import { chooseLanguage } from '../pages/index.ts'

/**
 * The widget's URL. Programs cut the token out of this text with `split`, so its parameter comes first and under its
 * documented name, and nothing in it is percent-encoded (contract §2). A language that we lack becomes `en`.
 */
export function widgetUrl({ urls }: Context, { session, token }: MintedSession): string {
  const { tag } = chooseLanguage({ asked: session.locale ?? 'en', acceptLanguage: null, fallback: null })
  return `${urls.widget}/?connectionSessionToken=${token}&platform=web&lang=${tag}`
}
