import { limits } from '../../limits.ts'
import { percentDecode } from '../../model/form-encoding.ts'
import { findRedirectQueryProblem } from './redirect-uri-query.ts'

/** Why a URI cannot be listed. */
export type RedirectUriEntryProblem =
  | 'length'
  | 'fragment'
  | 'brackets'
  | 'wildcard'
  | 'non_ascii'
  | 'characters'
  | 'not_absolute'
  | 'forbidden_scheme'
  | 'userinfo'
  | 'invalid_host'
  | 'invalid_port'
  | 'http_not_loopback'
  | 'malformed_encoding'
  | 'dot_segment'
  | 'empty_query'
  | 'reserved_parameter'
  | 'own_host'

/** What the person who lists a URI should know about it. */
export type RedirectUriEntryWarning =
  | 'custom_scheme_not_exclusive'
  | 'custom_scheme_without_domain'
  | 'loopback_only'
  | 'query_is_fixed'
  | 'written_form_counts'

/** What {@link validateRedirectUriEntry} finds; sentences are for a developer and never repeat the value. */
export type RedirectUriEntryCheck =
  | { readonly ok: true; readonly warnings: readonly Notice<RedirectUriEntryWarning>[] }
  | ({ readonly ok: false } & Notice<RedirectUriEntryProblem>)

interface Notice<Code> {
  readonly code: Code
  readonly detail: string
}

const PROBLEMS: Readonly<Record<RedirectUriEntryProblem, string>> = Object.freeze({
  length: `A redirect URI has 1 to ${limits.redirectUriCharacters} characters.`,
  fragment:
    'A redirect URI has no fragment: what stands behind "#" never reaches a server, and our parameters would end up inside it. List a path instead of a hash route.',
  brackets:
    'Brackets are not allowed, so an IPv6 address cannot be listed. Use http://localhost or http://127.0.0.1.',
  wildcard:
    'There are no wildcards: a redirect URI matches character by character. List each one. Write a literal asterisk as %2A.',
  non_ascii:
    'Only ASCII is allowed. Write an international host name in its xn-- form and percent-encode the rest.',
  characters:
    "Spaces, control characters, quotes, backslashes and other characters outside A-Z a-z 0-9 - . _ ~ : / ? @ ! $ & ' ( ) + , ; = % are not allowed.",
  not_absolute:
    'A redirect URI is absolute: https://host/path, or for an app its scheme followed by a slash, as in com.example.app:/done or myapp://done.',
  forbidden_scheme: 'This scheme runs code, reads files or leaves the application, so it cannot be listed.',
  userinfo: 'A redirect URI has no user name or password in front of its host.',
  invalid_host:
    'The host is not valid: letters, digits and inner hyphens between single dots, or four decimal numbers of an IPv4 address.',
  invalid_port:
    'A port is a number from 1 to 65535 without leading zeros. Leave the colon out when there is none.',
  http_not_loopback:
    'http is for this machine only: localhost, a name under .localhost, or 127.0.0.0/8. Use https everywhere else.',
  malformed_encoding:
    'Each "%" needs two hexadecimal digits, and what they decode to must be UTF-8 without control characters.',
  dot_segment: 'The path has a "." or ".." segment, which a browser would resolve to another path.',
  empty_query: 'The URI ends in "?" with no query behind it. Leave the "?" out.',
  reserved_parameter:
    'The query uses a parameter name that the result uses (such as connected, error, result, state or token) or a variant of dataSource. Only dataSource itself may stand there, once.',
  own_host:
    'This is an address of the service itself. Its result page is always allowed and need not be listed; nothing else there can be.',
})

const WARNINGS: Readonly<Record<RedirectUriEntryWarning, string>> = Object.freeze({
  custom_scheme_not_exclusive:
    'Any other app can claim the same scheme and receive the outcome (RFC 8252 section 8.1). Prefer an https link that the system opens in your app (section 7.2), and redeem the result code on your backend.',
  custom_scheme_without_domain:
    'A scheme should be a domain of yours in reverse order, such as com.example.app (RFC 8252 section 7.1): a plain word is easily taken by another app.',
  loopback_only: 'This reaches only the machine that the browser runs on. It is for development.',
  query_is_fixed:
    'An entry with a query matches only as a whole: callers cannot add parameters to it. List it without the query if they should.',
  written_form_counts:
    'Matching is character by character: capitals in the scheme or host, a default port or a missing path count as written, so callers must write it exactly the same way.',
})

/** Schemes that run code, read local files, open other programs or speak another protocol. Lower case. */
const FORBIDDEN_SCHEMES: ReadonlySet<string> = new Set(
  [
    'javascript vbscript livescript mocha jscript data blob filesystem file about view-source mhtml mk res resource',
    'jar wyciwyg feed chrome chrome-extension chrome-search chrome-untrusted devtools edge brave opera vivaldi',
    'moz-extension safari-extension safari-web-extension extension webkit-fake-url applewebdata x-apple-helpbasic',
    'ws wss ftp ftps sftp tftp scp ssh telnet gopher ldap ldaps smb cifs nfs afp dav davs rtsp rtmp mms irc ircs git',
    'svn rsync nntp news imap imaps pop pops smtp mailto tel sms smsto mmsto callto sip sips facetime facetime-audio',
    'xmpp cid mid urn uuid tag magnet intent android-app android-resource content market itms itms-apps itms-appss',
    'itms-services itms-beta search search-ms shell hcp help',
  ].flatMap((line) => line.split(' ')),
)

/** Windows hands these to its own programs (`ms-msdt`, `ms-word`, `ms-appinstaller` …). */
const FORBIDDEN_SCHEME_PREFIX = 'ms-'

/** Whether a scheme (without the colon) can never be a redirect's. */
export function isForbiddenScheme(scheme: string): boolean {
  const name = scheme.toLowerCase()
  return FORBIDDEN_SCHEMES.has(name) || name.startsWith(FORBIDDEN_SCHEME_PREFIX)
}

/** Step 3 of the redirect URI rule without the length: the characters that a redirect URI may be made of. */
export const hasOnlyAllowedCharacters = (value: string): boolean =>
  /^[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*$/.test(value)

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/
/** Scheme, authority, path, query of an absolute URI with a slash behind its scheme (RFC 3986 appendix B). */
const HIERARCHICAL = /^[^:/?]+:(?:\/\/([^/?]*))?((?:\/[^?]*)?)(?:\?(.*))?$/

/**
 * Judges what an application wants to list. `ownOrigins` are the service's public origins (`https://host[:port]`),
 * where nothing can be listed. The entry is stored as it came: this says yes or no and repairs nothing.
 */
export function validateRedirectUriEntry(
  value: string,
  ownOrigins: readonly string[],
): RedirectUriEntryCheck {
  const problem = findTextProblem(value) ?? findUriProblem(value) ?? findParsedProblem(value, ownOrigins)
  if (problem !== null) return { ok: false, code: problem, detail: PROBLEMS[problem] }
  return { ok: true, warnings: warningsFor(value).map((code) => ({ code, detail: WARNINGS[code] })) }
}

function findTextProblem(value: string): RedirectUriEntryProblem | null {
  if (value.length < 1 || value.length > limits.redirectUriCharacters) return 'length'
  if (/\P{ASCII}/u.test(value)) return 'non_ascii'
  if (value.includes('#')) return 'fragment'
  if (/[[\]]/.test(value)) return 'brackets'
  if (value.includes('*')) return 'wildcard'
  return hasOnlyAllowedCharacters(value) ? null : 'characters'
}

function findUriProblem(value: string): RedirectUriEntryProblem | null {
  const scheme = SCHEME.exec(value)?.[1]?.toLowerCase()
  if (scheme === undefined) return 'not_absolute'
  if (isForbiddenScheme(scheme)) return 'forbidden_scheme'
  const parts = HIERARCHICAL.exec(value)
  if (parts === null || value.charAt(scheme.length + 1) !== '/') return 'not_absolute'
  const [, authority, path = '', query] = parts
  const isWeb = scheme === 'https' || scheme === 'http'
  if (isWeb && authority === undefined) return 'not_absolute'
  return (
    findAuthorityProblem(authority ?? '', scheme, isWeb) ?? findPathProblem(path) ?? findQueryProblem(query)
  )
}

function findAuthorityProblem(
  authority: string,
  scheme: string,
  isWeb: boolean,
): RedirectUriEntryProblem | null {
  if (authority.includes('@')) return 'userinfo'
  const colon = authority.indexOf(':')
  const host = (colon === -1 ? authority : authority.slice(0, colon)).toLowerCase()
  if (isWeb ? !isWebHost(host) : !/^[a-z0-9._~-]*$/.test(host)) return 'invalid_host'
  if (colon !== -1) {
    const port = authority.slice(colon + 1)
    if (host === '' || !/^[1-9][0-9]{0,4}$/.test(port) || Number(port) > 65_535) return 'invalid_port'
  }
  return scheme === 'http' && !isLoopback(host) ? 'http_not_loopback' : null
}

/** A host name of RFC 1123 section 2.1, or an IPv4 address in the one form that every parser reads alike. */
function isWebHost(host: string): boolean {
  if (host.length > 253) return false
  const labels = host.split('.')
  if (!labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) return false
  const endsInNumber = /^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')
  return !endsInNumber || (labels.length === 4 && labels.every(isByte))
}

const isByte = (label: string): boolean => /^(?:0|[1-9][0-9]{0,2})$/.test(label) && Number(label) <= 255

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || /^127\.[0-9]+\.[0-9]+\.[0-9]+$/.test(host)

function findPathProblem(path: string): RedirectUriEntryProblem | null {
  const decoded = percentDecode(path)
  if (decoded === null || /\p{Cc}/u.test(decoded)) return 'malformed_encoding'
  return path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)) ? 'dot_segment' : null
}

function findQueryProblem(query: string | undefined): RedirectUriEntryProblem | null {
  if (query === undefined) return null
  if (query === '') return 'empty_query'
  switch (findRedirectQueryProblem(query)?.code) {
    case undefined:
      return null
    case 'query_malformed_encoding':
    case 'query_control_character':
      return 'malformed_encoding'
    default:
      return 'reserved_parameter'
  }
}

/** Only what passed every check on its text is parsed: to compare origins, and to find what a browser would refuse. */
function findParsedProblem(value: string, ownOrigins: readonly string[]): RedirectUriEntryProblem | null {
  const url = URL.parse(value)
  if (url === null) return 'invalid_host'
  const isOwn = ownOrigins.some((origin) => {
    const own = URL.parse(origin)
    return own !== null && isWebScheme(url) && own.hostname === url.hostname && portOf(own) === portOf(url)
  })
  return isOwn ? 'own_host' : null
}

const isWebScheme = ({ protocol }: URL): boolean => protocol === 'https:' || protocol === 'http:'

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80')

function warningsFor(value: string): RedirectUriEntryWarning[] {
  const warnings: RedirectUriEntryWarning[] = []
  const url = new URL(value)
  const isWeb = isWebScheme(url)
  if (!isWeb) {
    warnings.push('custom_scheme_not_exclusive')
    if (!url.protocol.includes('.')) warnings.push('custom_scheme_without_domain')
  } else if (isLoopback(url.hostname)) {
    warnings.push('loopback_only')
  }
  if (value.includes('?')) warnings.push('query_is_fixed')
  const [base = ''] = value.split('?', 1)
  const written = isWeb ? base === `${url.origin}${url.pathname}` : value.startsWith(url.protocol)
  if (!written) warnings.push('written_form_counts')
  return warnings
}
