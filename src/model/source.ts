/**
 * What a data source is: data that describes how a person connects and disconnects it.
 *
 * @module model/source — owns the schema that built-in and operator-supplied definitions share: `source-authorization.ts`
 * for what an OAuth vendor needs, `source-parts.ts` for the pieces. It does not know any source; those are the files of
 * `sources/`. It holds what the definitions need, nothing for later ones. What most vendors need is written out in every
 * definition; what few need may be left out.
 */
import { z } from 'zod'
import { oauth1Authorization, oauth2Authorization } from './source-authorization.ts'
import { documentation, key, url, words } from './source-parts.ts'

const catalogueFields = {
  id: z.int().positive(),
  key,
  name: z.string().min(1),
  description: z.string().min(1),
  category: z.enum(['activity', 'body', 'glucose', 'platform', 'camera']),
}

/** One data source of the catalogue. A definition reads the same before and after parsing. */
export const sourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...catalogueFields,
    kind: z.literal('oauth2'),
    /** The first is the default; an application may choose another by its vendor key. */
    authorizations: z
      .array(z.discriminatedUnion('protocol', [oauth2Authorization, oauth1Authorization]))
      .min(1),
  }),
  /** Connected with the person's own log-in, on a form of ours. Unofficial, so off unless the operator switches it on. */
  z.strictObject({
    ...catalogueFields,
    kind: z.literal('credentials'),
    vendor: key,
    /** What the vendor calls the account that the log-in is for, which need not be the source's own name. */
    accountName: z.string().min(1),
    /** What the vendor calls the first field. */
    loginName: z.enum(['email', 'username']),
    /** Addresses for the code that the definition brings along. */
    endpoints: z.record(z.string(), url),
    /** Headers that the vendor wants with each of its calls. */
    headers: words.optional(),
    documentation,
  }),
  /** Read on the phone: an app there redeems a pairing code and reports. */
  z.strictObject({
    ...catalogueFields,
    kind: z.literal('native'),
    vendor: key,
    /** Where the phone app can run. */
    platforms: z.array(z.enum(['ios', 'android'])).min(1),
    documentation,
  }),
  /** Known, with its published id, but without a definition of how to connect it. */
  z.strictObject({
    ...catalogueFields,
    kind: z.literal('listed'),
    /** `web`: at the vendor's pages; `credentials`: with the person's log-in; `native`: on the phone. */
    connectedBy: z.enum(['web', 'credentials', 'native']),
    /** `planned`: will come; `closed`: the vendor admits no new applications or partners only; `ended`: is no more. */
    status: z.enum(['planned', 'closed', 'ended']),
    statusNote: z.string().min(1),
  }),
])

/** Data as it is passed around: nothing may change it. */
type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T

/** A data source as it is defined, checked and frozen. */
export type Source = Immutable<z.infer<typeof sourceSchema>>
/** Connected at the vendor's pages, by OAuth 2.0 or 1.0a. */
export type OAuthSource = Extract<Source, { kind: 'oauth2' }>
/** Connected by the person's own log-in at the vendor. */
export type CredentialsSource = Extract<Source, { kind: 'credentials' }>
/** Connected by an app on the phone. */
export type NativeSource = Extract<Source, { kind: 'native' }>
/** Told of, and not to be connected. */
export type CatalogueSource = Extract<Source, { kind: 'listed' }>
/** How a grant is got, kept and ended, by either protocol. */
export type AnyAuthorization = OAuthSource['authorizations'][number]
/** OAuth 2.0. */
export type Authorization = Exclude<AnyAuthorization, { protocol: 'oauth1' }>
/** OAuth 1.0a. */
export type OAuth1Authorization = Extract<AnyAuthorization, { protocol: 'oauth1' }>
/** What a vendor tells by itself, and how one knows that it was the vendor. */
export type Notifications = NonNullable<AnyAuthorization['notifications']>
/** How a client proves itself at the token endpoint. */
export type ClientAuthentication = Authorization['tokenRequest']['clientAuthentication']

/** Whether an authorization is of OAuth 2.0, and not of 1.0a. */
export const isOAuth2 = (authorization: AnyAuthorization): authorization is Authorization =>
  authorization.protocol !== 'oauth1'

/** The vendor keys of a source: each stands for one registration of ours. */
export function vendorsOf(source: Source): readonly string[] {
  if (source.kind === 'oauth2') return source.authorizations.map(({ vendor }) => vendor)
  return source.kind === 'listed' ? [] : [source.vendor]
}
