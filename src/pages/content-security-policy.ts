/** What the Content-Security-Policy of one page depends on. */
export interface PolicyOptions {
  /** The nonce of the page's stylesheet and script: base64 or base64url. */
  readonly nonce: string
  /**
   * Where its forms may lead, redirects after the post included: `'self'`, origins, schemes with their colon.
   * Empty when the page has no form.
   */
  readonly formAction: readonly string[]
  /** Origins whose pages may frame it; empty for none. */
  readonly frameAncestors: readonly string[]
  /** Whether the page has a script. */
  readonly script: boolean
  /** Whether that script asks the own origin again. */
  readonly connect?: boolean
  /** Whether it frames pages of the own origin. */
  readonly frames?: boolean
}

const NONCE = /^[A-Za-z0-9+/_-]{16,128}={0,2}$/
const ORIGIN = /^https?:\/\/[A-Za-z0-9.-]+(?::[0-9]{1,5})?$/
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:$/

function sources(list: readonly string[], isLegal: (entry: string) => boolean): string {
  if (list.length === 0) return "'none'"
  for (const entry of list) {
    if (!isLegal(entry)) throw new TypeError('Not a legal source of a Content-Security-Policy')
  }
  return [...new Set(list)].join(' ')
}

const isFormTarget = (entry: string): boolean =>
  entry === "'self'" || ORIGIN.test(entry) || SCHEME.test(entry)
const isAncestor = (entry: string): boolean => entry === "'self'" || ORIGIN.test(entry)

/**
 * The value of the Content-Security-Policy header of a page (W3C CSP Level 3): nothing is loaded but what carries the
 * nonce and images of the own origin. Throws a TypeError on a nonce or an entry that could not stand in the
 * header as one source: those come from our configuration, and were checked there.
 */
export function contentSecurityPolicy(options: PolicyOptions): string {
  if (!NONCE.test(options.nonce)) throw new TypeError('Not a nonce')
  const directives = [
    "default-src 'none'",
    `style-src 'nonce-${options.nonce}'`,
    ...(options.script ? [`script-src 'nonce-${options.nonce}'`] : []),
    ...(options.connect === true ? ["connect-src 'self'"] : []),
    ...(options.frames === true ? ["frame-src 'self'"] : []),
    "img-src 'self'",
    `form-action ${sources(options.formAction, isFormTarget)}`,
    "base-uri 'none'",
    `frame-ancestors ${sources(options.frameAncestors, isAncestor)}`,
  ]
  return directives.join('; ')
}

/**
 * The `form-action` source that lets a form's answer redirect to this URI: its origin, or its scheme when it is an
 * app's own (`myapp://done` → `myapp:`). Browsers apply `form-action` to redirects after a form post. Throws a
 * TypeError on what is not an absolute URI.
 */
export function formActionSource(uri: string): string {
  const { protocol, host } = new URL(uri)
  return protocol === 'http:' || protocol === 'https:' ? `${protocol}//${host}` : protocol
}
