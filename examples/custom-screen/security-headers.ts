import type { MiddlewareHandler } from 'hono'

/**
 * Headers for every answer: nothing from elsewhere, no frames, no cache.
 * @param formOrigins where a form may lead beside this screen: browsers apply `form-action` to the redirects
 *   after a form too, and disconnecting goes through Springbar's direct pages
 */
export function securityHeaders(formOrigins: readonly string[]): MiddlewareHandler {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `form-action 'self' ${[...new Set(formOrigins)].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return async (c, next) => {
    await next()
    c.header('content-security-policy', policy)
    // Not no-referrer: with it browsers send `Origin: null` from our own forms. Other sites still learn nothing.
    c.header('referrer-policy', 'same-origin')
    c.header('x-content-type-options', 'nosniff')
    c.header('x-frame-options', 'DENY')
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
  }
}
