import { SpringbarError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Application } from '../model/application.ts'
import type { ApplicationId } from '../model/ids.ts'
import type { Secret } from '../model/secret.ts'
import { type Digests, sameDigest } from '../vault/index.ts'

/** The headers that carry credentials, as they came. */
export interface CredentialHeaders {
  readonly authorization: string | null
  readonly appAuthorization: string | null
}

/** What programs present for one application. */
export interface KnownCredentials {
  readonly applicationId: ApplicationId
  readonly username: string
  readonly passwords: readonly Secret[]
  readonly secrets: readonly Secret[]
  readonly apiKeys: readonly Secret[]
}

/** Tells which application calls. Throws `missing_credentials` or `invalid_credentials`, naming the header. */
export type Authenticate = (headers: CredentialHeaders) => Application

/** Both ways of logging in. */
export interface Authenticators {
  /** The two Basic headers of the compatible API (contract §2). */
  readonly compatible: Authenticate
  /** `Authorization: Bearer <API key>`, or the two Basic headers (contract §6). */
  readonly own: Authenticate
}

interface Login {
  readonly passwordDigests: readonly string[]
  readonly applications: ReadonlyMap<string, { secretDigests: readonly string[]; application: Application }>
}

/** Longest header that is looked at; real ones are a tenth of it. */
const HEADER_CHARACTERS = 2_048

/**
 * Prepares both ways of logging in. Only keyed digests of the secrets are kept, and every comparison is of two
 * digests in constant time; an unknown name is compared like a known one.
 */
export function createAuthenticators(
  credentials: readonly KnownCredentials[],
  applications: ReadonlyMap<ApplicationId, Application>,
  digests: Digests,
): Authenticators {
  const digest = (value: string) => digests.ofAny('credential', value)
  const nobody = [digest('')]
  const logins = new Map<string, Login>()
  const byApiKey = new Map<string, Application>()
  for (const { applicationId, username, passwords, secrets, apiKeys } of credentials) {
    const application = applications.get(applicationId)
    if (application === undefined) continue
    const known = logins.get(username)?.applications ?? []
    const secretDigests = secrets.map((secret) => digest(secret.reveal()))
    logins.set(username, {
      passwordDigests: passwords.map((password) => digest(password.reveal())),
      applications: new Map([...known, [applicationId as string, { secretDigests, application }]]),
    })
    for (const key of apiKeys) byApiKey.set(digest(key.reveal()), application)
  }
  const matches = (value: string, expected: readonly string[]) => {
    const given = digest(value)
    return expected.map((one) => sameDigest(given, one)).includes(true)
  }

  const check: Authenticate = ({ authorization, appAuthorization }) => {
    const account = readBasic('Authorization', authorization)
    const caller = readBasic('AppAuthorization', appAuthorization)
    const login = logins.get(account.name)
    if (!matches(account.secret, login?.passwordDigests ?? nobody) || login === undefined)
      throw wrong('Authorization')
    const known = login.applications.get(caller.name)
    if (!matches(caller.secret, known?.secretDigests ?? nobody) || known === undefined) {
      const foreign = [...logins.values()].flatMap(({ applications: of }) => of.get(caller.name) ?? [])[0]
      const isForeign = matches(caller.secret, foreign?.secretDigests ?? nobody) && foreign !== undefined
      throw wrong('AppAuthorization', 'Basic', isForeign && known === undefined ? foreign.application : null)
    }
    return known.application
  }
  // A program sends the same two headers with every call. Pairs that were right are known again by one keyed digest of
  // both; what they are known by tells nothing of them, and there are as many as an operator configured.
  const known = new Map<string, Application>()
  const compatible: Authenticate = (headers) => {
    const { authorization, appAuthorization } = headers
    const pair = digests.ofRandom('credential', `${authorization}\n${appAuthorization}`)
    const before = known.get(pair)
    if (before !== undefined) return before
    const application = check(headers)
    if (known.size >= limits.credentialsRemembered) known.clear()
    known.set(pair, application)
    return application
  }
  const own: Authenticate = (headers) => {
    const token = /^bearer +(\S+) *$/i.exec((headers.authorization ?? '').slice(0, HEADER_CHARACTERS))?.[1]
    if (token === undefined) {
      if (!headers.authorization) throw missing('Authorization', ['Bearer', 'Basic'])
      return compatible(headers)
    }
    const application = byApiKey.get(digest(token))
    if (application === undefined) throw wrong('Authorization', 'Bearer')
    return application
  }
  return Object.freeze({ compatible, own })
}

type HeaderName = 'Authorization' | 'AppAuthorization'

function readBasic(
  header: HeaderName,
  value: string | null,
): { readonly name: string; readonly secret: string } {
  if (value === null || value === '') throw missing(header)
  const encoded =
    value.length > HEADER_CHARACTERS ? undefined : /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(value)?.[1]
  const decoded = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon === -1) throw wrong(header)
  return { name: decoded.slice(0, colon), secret: decoded.slice(colon + 1) }
}

type Scheme = 'Basic' | 'Bearer'

const challenge = (...schemes: readonly Scheme[]) => ({
  'WWW-Authenticate': schemes.map((scheme) => `${scheme} realm="springbar"`).join(', '),
})

const missing = (header: HeaderName, schemes: readonly Scheme[] = ['Basic']) =>
  new SpringbarError('missing_credentials', `The ${header} header is missing.`, {
    headers: challenge(...schemes),
    extra: { header },
  })

/** The same for a name that nobody has and for a wrong secret (T017). */
function wrongCredentials(header: HeaderName, scheme: Scheme): string {
  if (scheme === 'Bearer') return `The ${header} header does not hold an API key that is known.`
  const what = header === 'Authorization' ? 'a username and its password' : 'an application id and its secret'
  return `The ${header} header does not hold ${what} that are known.`
}

/** `paired` is the application whose secret was right, beside the log-in of another account: see `note-cross-pairing.ts`. */
const wrong = (header: HeaderName, scheme: Scheme = 'Basic', paired: Application | null = null) =>
  new SpringbarError('invalid_credentials', wrongCredentials(header, scheme), {
    headers: challenge(scheme),
    extra: { header },
    ...(paired === null ? {} : { about: { applicationId: paired.id } }),
  })
