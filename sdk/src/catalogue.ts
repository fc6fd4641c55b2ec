import { unexpectedAnswer } from './errors.ts'
import { isBoolean, isNumber, isString, list, orNull, parseJson, required } from './fields.ts'
import { isRecord } from './request.ts'

/** Why a source cannot be connected; later versions may know more. */
export type MissingReason =
  | 'no_client'
  | 'planned'
  | 'closed'
  | 'ended'
  | 'native'
  | 'credentials_off'
  | (string & {})

/** A data source of the catalogue, as the application can use it. Texts are in the language that was asked for. */
export interface CatalogueSource {
  /** The published id; it never changes, and names may. */
  readonly id: number
  readonly key: string
  readonly name: string
  readonly description: string
  readonly category: string
  readonly categoryName: string
  /** `oauth2`, `web`: at the vendor's pages; `credentials`: with the person's log-in; `native`: on the phone. */
  readonly kind: string
  /** `live`, `planned`, `closed` or `ended`. */
  readonly status: string
  readonly statusName: string
  /** For developers, in English. */
  readonly statusNote: string | null
  /** URL of its logo. */
  readonly logo: string
  readonly scopes: readonly { readonly value: string; readonly label: string; readonly requested: boolean }[]
  readonly connectable: boolean
  /** Null when it can be connected; else a word for programs and a sentence for people. */
  readonly missing: { readonly reason: MissingReason; readonly text: string } | null
  /** What to register at the vendor as the redirect URI. */
  readonly callbackUri: string | null
  /** Everything that a client can be given for. */
  readonly authorizations: readonly SourceAuthorization[]
}

/** One way of a source to get access, with the client for it. */
export interface SourceAuthorization {
  readonly vendor: string
  readonly name: string
  /** `production` or `sandbox`. */
  readonly environment: string
  /** `live` or `ended`. */
  readonly status: string
  readonly callbackUri: string
  /** Who gave the client: `configuration` or `api`; null when there is none. */
  readonly client: string | null
  readonly used: boolean
}

/** The application's client at a vendor, without its secrets. */
export interface VendorClient {
  readonly dataSource: number
  readonly vendor: string
  readonly environment: string
  readonly clientId: string
  /** Null for those that the source asks for by itself. */
  readonly scopes: readonly string[] | null
  /** The names of the further values. */
  readonly extras: readonly string[]
  /** `configuration` (it cannot be changed by a call) or `api`. */
  readonly managedBy: string
  readonly callbackUri: string
  /** ISO-8601 instants; null for one of the configuration. */
  readonly createdAt: string | null
  readonly updatedAt: string | null
}

/** What `GET /v1/data-sources/{id}` answers. */
export const parseSource = (text: string): CatalogueSource => parseSourceEntry(parseJson(text))

/** What `GET` and `PUT /v1/data-sources/{id}/client` answer. */
export function parseClient(text: string): VendorClient {
  const client = record(parseJson(text))
  return Object.freeze({
    dataSource: required(client['dataSource'], isNumber),
    ...texts(client, ['vendor', 'environment', 'clientId', 'managedBy', 'callbackUri']),
    scopes: client['scopes'] === null ? null : textsOf(client['scopes']),
    extras: textsOf(client['extras']),
    createdAt: orNull(client['createdAt'], isString),
    updatedAt: orNull(client['updatedAt'], isString),
  })
}

/** One entry of what `GET /v1/data-sources` answers. */
export function parseSourceEntry(value: unknown): CatalogueSource {
  const source = record(value)
  return Object.freeze({
    id: required(source['id'], isNumber),
    ...texts(source, ['key', 'name', 'description', 'category', 'categoryName']),
    ...texts(source, ['kind', 'status', 'statusName', 'logo']),
    statusNote: orNull(source['statusNote'], isString),
    scopes: Object.freeze(list(source['scopes']).map(parseScope)),
    connectable: required(source['connectable'], isBoolean),
    missing: source['missing'] === null ? null : texts(record(source['missing']), ['reason', 'text']),
    callbackUri: orNull(source['callbackUri'], isString),
    authorizations: Object.freeze(list(source['authorizations']).map(parseAuthorization)),
  })
}

function parseScope(value: unknown): CatalogueSource['scopes'][number] {
  const scope = record(value)
  return Object.freeze({
    ...texts(scope, ['value', 'label']),
    requested: required(scope['requested'], isBoolean),
  })
}

function parseAuthorization(value: unknown): SourceAuthorization {
  const authorization = record(value)
  return Object.freeze({
    ...texts(authorization, ['vendor', 'name', 'environment', 'status', 'callbackUri']),
    client: orNull(authorization['client'], isString),
    used: required(authorization['used'], isBoolean),
  })
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw unexpectedAnswer('something else than an object', { status: 200 })
  return value
}

/** Several text fields of one object. */
const texts = <const Name extends string>(
  value: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): Readonly<Record<Name, string>> =>
  // fromEntries forgets which names they are.
  Object.freeze(Object.fromEntries(names.map((name) => [name, required(value[name], isString)]))) as Readonly<
    Record<Name, string>
  >

const textsOf = (value: unknown): readonly string[] =>
  Object.freeze(list(value).map((one) => required(one, isString)))
