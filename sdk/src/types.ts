/**
 * What travels between an application's backend and the service, as it is on the wire (contract §2, §3). Types
 * alone: the service takes them with `import type`, so that both ends are checked against one description.
 */

/** How the compatible API names a gender. */
export type Gender = 'male' | 'female' | 'genderless'

/** `POST /v5/accessToken`, form body. The answer is `text/plain`: the end user id alone. */
export interface AccessTokenForm {
  /** The application's own alias of the end user, 1 to 80 of `A-Z a-z 0-9 - _ . : @ +`. */
  readonly partnerUserID?: string
  readonly language?: string
}

/** One connected source in {@link UserInformation}. */
export interface ConnectedSource {
  /** Catalogue id, such as 11 for Strava. */
  readonly dataSource: number
  /** ISO-8601 instant. */
  readonly connectedAt: string
  /** What the person allowed, in the vendor's words. Never null. */
  readonly dataScopes: readonly string[]
}

/** `POST /v5/userInformation` answers an array of these, one for each id that was asked for. */
export interface UserInformation {
  /** The end user id. */
  readonly authenticationToken: string
  readonly partnerUserID: string | null
  /** Whole centimetres. */
  readonly height: number | null
  /** Kilograms. */
  readonly weight: number | null
  /** `YYYY-MM-DD` */
  readonly birthdate: string | null
  readonly gender: Gender | null
  /** Oldest first; a source that is not connected is absent. */
  readonly connectedSources: readonly ConnectedSource[]
  readonly devices: readonly unknown[]
}

/** JSON body of `PUT /v5/userInformation`; the id stands in the `authenticationToken` header. */
export interface UserInformationUpdate {
  readonly height?: number
  readonly weight?: number
  readonly birthdate?: string
  readonly gender?: Gender
}

/** JSON body of `POST /widget/v6/connection`. */
export interface WidgetConnectionRequest {
  readonly endUserId: string
  /** Two letters, optionally with a script or a region: `de`, `pt-BR`, `zh-Hant`. */
  readonly locale?: string
}

/** The answer of `POST /widget/v6/connection`. The session token is `connectionSessionToken` in the URL's query. */
export interface WidgetConnectionResponse {
  readonly type: 'enduser.widget.connection'
  readonly data: { readonly url: string }
}

/** The error body of every call: RFC 9457 problem details. */
export interface Problem {
  readonly type?: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId: string
}

/** Why a connect or disconnect did not succeed: the `error` parameter of the return URL. More may be added. */
export type ResultError =
  | 'access_denied'
  | 'scope_missing'
  | 'session_expired'
  | 'attempt_expired'
  | 'account_in_use'
  | 'browser_changed'
  | 'user_mismatch'
  | 'source_not_available'
  | 'log_in_failed'
  | 'vendor_unavailable'
  | 'vendor_error'
  | 'server_error'

/**
 * What the service appends to the application's return URL.
 * After a connect `connected=true` is success; after a disconnect `connected=false` is.
 */
export interface ResultParameters {
  readonly dataSource: string
  readonly connected: 'true' | 'false'
  readonly error?: ResultError
  /** One-time result code. */
  readonly result?: string
}
