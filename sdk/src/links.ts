import { checkBaseUrl, checkDataSource, checkToken, type DataSource } from './arguments.ts'
import { invalidArgument } from './errors.ts'

/** What a link to a direct page says. */
export interface LinkOptions {
  /** The public base URL of the direct pages. */
  readonly baseUrl: string
  /** The session token of `createConnectionSession`. */
  readonly token: string
  readonly dataSource: DataSource
  /** Where the person returns to. Must be on the application's list; without it the service shows the result. */
  readonly redirectUri?: string
}

/** What a connect link says. */
export interface ConnectLinkOptions extends LinkOptions {
  /**
   * `missing` asks the person for those permissions alone that a connection lacks. Where the vendor knows only all or
   * nothing, all are asked for again. All when missing.
   */
  readonly scopes?: 'all' | 'missing'
}

/** What a disconnect link says. */
export interface DisconnectLinkOptions extends LinkOptions {
  /** `true` disconnects at once; otherwise the service asks the person first. */
  readonly direct?: boolean
}

/**
 * The address that takes a person to the vendor's consent page for one source (contract §3).
 * Put it into a link or a redirect of the top window: vendors refuse frames.
 * @throws SpringbarError `invalid_argument`
 */
export function connectUrl(options: ConnectLinkOptions): string {
  const more = options.scopes === 'missing' ? ['scopes=missing'] : []
  return directPage(options, '/dataSourceDirectConnection.html', more)
}

/**
 * The address that disconnects one source (contract §3), at once or after a question.
 * @throws SpringbarError `invalid_argument`
 */
export function disconnectUrl(options: DisconnectLinkOptions): string {
  return directPage(options, '/dataSourceDirectRevoke.html', options.direct === true ? ['direct=true'] : [])
}

function directPage(options: LinkOptions, path: string, extra: readonly string[]): string {
  const query = [
    `token=${checkToken(options.token)}`,
    `dataSource=${checkDataSource(options.dataSource)}`,
    ...extra,
  ]
  if (options.redirectUri !== undefined) query.push(`redirect_uri=${encodeOnce(options.redirectUri)}`)
  return `${checkBaseUrl('baseUrl', options.baseUrl)}${path}?${query.join('&')}`
}

/** Percent-encodes so that one decoding by form rules gives the very same characters back. */
function encodeOnce(redirectUri: string): string {
  if (typeof redirectUri !== 'string' || redirectUri === '')
    throw invalidArgument('redirectUri must not be empty.')
  try {
    return encodeURIComponent(redirectUri)
  } catch {
    // Half of a surrogate pair has no UTF-8 form.
    throw invalidArgument('redirectUri contains a character that cannot be encoded.')
  }
}
