import type { MiddlewareHandler } from 'hono'

/**
 * Headers for every answer: nothing from elsewhere but logos, no frames, no cache.
 * @param allowed.formOrigins where a form may lead beside this screen: browsers apply `form-action` to the redirects
 *   after a form too, and disconnecting goes through Springbar's direct pages
 * @param allowed.pictureOrigins where logos come from
 */
export function securityHeaders(allowed: {
  readonly formOrigins: readonly string[]
  readonly pictureOrigins: readonly string[]
}): MiddlewareHandler {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    ["img-src 'self'", ...new Set(allowed.pictureOrigins)].join(' '),
    "connect-src 'self'",
    `form-action 'self' ${[...new Set(allowed.formOrigins)].join(' ')}`,
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
