const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Where a vendor's notifications go. */
export interface NotificationTarget {
  readonly vendor: string
  /** The client that registered it; null: any. */
  readonly clientId: string | null
  readonly url: string
  readonly subscriptionId: string
  /** The key of signatures at vendors that give one out at the registration. */
  readonly secret: string
  /** The word that a handshake repeats. */
  readonly verifyToken: string
}

/**
 * Whether the sandbox may send to this URL: to this machine, or to an origin that its operator named. It is no way to
 * reach anything else.
 */
export function isAllowedTarget(url: string, allowedOrigins: readonly string[]): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, origin, username, password } = new URL(url)
  if ((protocol !== 'http:' && protocol !== 'https:') || username !== '' || password !== '') return false
  return LOOPBACK.has(hostname) || allowedOrigins.includes(origin)
}
