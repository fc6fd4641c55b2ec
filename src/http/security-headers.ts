const PERMISSIONS = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ')

/** The headers that every answer of one kind carries. */
export interface SecurityHeaders {
  /** Pages and redirects in the person's browser. */
  readonly page: Readonly<Record<string, string>>
  /** Answers to programs. */
  readonly api: Readonly<Record<string, string>>
}

const headersFor = (isHttps: boolean): SecurityHeaders => {
  const common = {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    ...(isHttps ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  }
  return Object.freeze({
    page: Object.freeze({
      ...common,
      // A page of any origin may fetch a disconnect link without reading the answer (contract §3).
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Content-Security-Policy':
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'unsafe-none',
      'Permissions-Policy': PERMISSIONS,
      'X-Robots-Tag': 'noindex, nofollow',
    }),
    api: Object.freeze({
      ...common,
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin',
    }),
  })
}

const OVER_TLS = headersFor(true)
const ON_LOOPBACK = headersFor(false)

/**
 * Headers for pages and for programs. Neither names this software or a version, and no CORS header is ever sent.
 * Pages keep `unsafe-none` as opener policy: programs poll `closed` on the popup they opened, and both stricter
 * values break that.
 */
export const securityHeaders = (isHttps: boolean): SecurityHeaders => (isHttps ? OVER_TLS : ON_LOOPBACK)
