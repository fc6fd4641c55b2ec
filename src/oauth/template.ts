import type { Client } from '../model/application.ts'
import type { Grant } from './grant.ts'
import { VendorError } from './vendor-error.ts'

/** The value of a placeholder; undefined where there is none. Secrets come out revealed, for the request alone. */
export type Lookup = (placeholder: string) => string | undefined

/** What a call for one grant may put into its templates. */
export type TemplateGrant = Partial<Pick<Grant, 'accountId'>> &
  Pick<Grant, 'tokens'> & {
    /** Our own id of the connection that the grant is for. */
    readonly connectionId?: string
  }

/** Placeholders of our registration at the vendor. */
export const CLIENT_PLACEHOLDERS: readonly string[] = Object.freeze(['clientId', 'clientSecret'])
/** Placeholders of the grant that a call is for. */
export const GRANT_PLACEHOLDERS: readonly string[] = Object.freeze([
  'accountId',
  'connectionId',
  'accessToken',
  'refreshToken',
])

const PLACEHOLDER = /\{([^{}]*)\}/g
const CLIENT_FIELD = /^client\.([a-zA-Z][a-zA-Z0-9]{0,39})$/
/** What a header can hold without being cut in two or refused by `fetch` (RFC 9110 §5.5, without the obsolete rest). */
const HEADER_VALUE = /^[\x20-\x7e]*$/
/** A path would lose itself: `.` and `..` mean "here" and "up" (RFC 3986 §5.2.4), and nothing means the whole list. */
const NO_SEGMENT: readonly string[] = ['', '.', '..']

/** The placeholders of a template, in order. Throws a TypeError for one that nobody knows and for a stray brace. */
export function placeholdersOf(template: string): readonly string[] {
  if (/[{}]/.test(template.replace(PLACEHOLDER, ''))) throw new TypeError('a template has a stray brace')
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
  for (const name of names) {
    const isKnown = CLIENT_PLACEHOLDERS.includes(name) || GRANT_PLACEHOLDERS.includes(name)
    if (!isKnown && !CLIENT_FIELD.test(name))
      throw new TypeError(`a template names {${name}}, which nobody knows`)
  }
  return names
}

/** The name of the client field that a placeholder stands for; null for any other placeholder. */
export const clientFieldOf = (placeholder: string): string | null =>
  CLIENT_FIELD.exec(placeholder)?.[1] ?? null

/** The values of our registration, and of a grant where the call is for one. */
export function valuesOf(client: Client, grant: TemplateGrant | null = null): Lookup {
  return (placeholder) => {
    switch (placeholder) {
      case 'clientId':
        return client.clientId
      case 'clientSecret':
        return client.clientSecret.reveal()
      case 'accountId':
        return grant?.accountId
      case 'connectionId':
        return grant?.connectionId
      case 'accessToken':
        return grant?.tokens.accessToken.reveal()
      case 'refreshToken':
        return grant?.tokens.refreshToken?.reveal()
      default:
        return client.extras.get(clientFieldOf(placeholder) ?? '')?.reveal()
    }
  }
}

/**
 * A URL of its template, every value percent-encoded. Throws `rejected` for a value that is missing, and for one that
 * would make another path of it.
 */
export const fillUrl = (template: string, values: Lookup): string =>
  fill(template, values, (value) => {
    if (NO_SEGMENT.includes(value) || !value.isWellFormed()) throw unusable()
    return encodeURIComponent(value)
  })

/** A header's value of its template. Throws `rejected` for a value that is missing or not of printable ASCII. */
export const fillHeader = (template: string, values: Lookup): string =>
  fill(template, values, (value) => {
    if (!HEADER_VALUE.test(value)) throw unusable()
    return value
  })

/** A body member of its template; whoever writes the body encodes it. Throws `rejected` for a value that is missing. */
export const fillText = (template: string, values: Lookup): string => fill(template, values, (value) => value)

/** Sets every header of a definition, over one of the same name. */
export function fillHeaders(
  headers: Headers,
  templates: Readonly<Record<string, string>> | undefined,
  values: Lookup,
): Headers {
  for (const [name, template] of Object.entries(templates ?? {}))
    headers.set(name, fillHeader(template, values))
  return headers
}

const unusable = () => new VendorError('rejected', 'template_value')

function fill(template: string, values: Lookup, encode: (value: string) => string): string {
  return template.replace(PLACEHOLDER, (_, name: string) => {
    const value = values(name)
    if (value === undefined) throw unusable()
    return encode(value)
  })
}

/** Sets the headers that every call to a vendor's interface has, of our registration alone. */
export const fillApiHeaders = (
  headers: Headers,
  templates: Readonly<Record<string, string>>,
  client: Client,
): Headers => fillHeaders(headers, templates, valuesOf(client))
