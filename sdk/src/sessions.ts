import { type ConnectionSession, parseSession, parseWidgetUrl } from './answers.ts'
import { checkEndUserId, checkLocale } from './arguments.ts'
import { type Ask, type CallOptions, form, json } from './request.ts'
import type { WidgetConnectionRequest } from './types.ts'

/** The calls that mint a session (contract §2). Each rejects with a `SpringbarError` and nothing else. */
export interface SessionCalls {
  /** Mints a connection session: the right of one end user to connect and disconnect, for about an hour. */
  createConnectionSession(
    session: { readonly endUserId: string; readonly locale?: string },
    options?: CallOptions,
  ): Promise<ConnectionSession>
  /** The older way to a session: the widget's URL alone. */
  createWidgetUrl(endUser: { readonly endUserId: string }, options?: CallOptions): Promise<string>
}

/** Makes the calls that mint a session. */
export function sessionCalls(
  ask: Ask,
  base: { readonly apiUrl: string; readonly widgetUrl: string },
): SessionCalls {
  return {
    async createConnectionSession({ endUserId, locale }, { signal } = {}) {
      const request: WidgetConnectionRequest = {
        endUserId: checkEndUserId(endUserId),
        ...(locale === undefined ? {} : { locale: checkLocale(locale) }),
      }
      const answer = await ask('create a connection session', 200, {
        method: 'POST',
        url: `${base.widgetUrl}/widget/v6/connection`,
        ...json(request),
        signal,
      })
      return parseSession(answer.text)
    },

    async createWidgetUrl({ endUserId }, { signal } = {}) {
      const body = new URLSearchParams({ authenticationToken: checkEndUserId(endUserId) })
      const answer = await ask('give a widget URL', 200, {
        method: 'POST',
        url: `${base.apiUrl}/v5/dataSourceURL`,
        ...form(body),
        signal,
      })
      return parseWidgetUrl(answer.text)
    },
  }
}
