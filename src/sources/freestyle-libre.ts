import type { CredentialsSource } from '../model/source.ts'

/**
 * FreeStyle Libre through LibreLinkUp, the vendor's service for followers. There is no interface for other apps: this is
 * what the vendor's own app does, as open clients have found out, and the vendor may change or forbid it at any time.
 * Facts from nightscout-librelink-up, libre-link-up-api-client and pylibrelinkup; 2026-11-22.
 */
export const freestyleLibre: CredentialsSource = {
  id: 46,
  key: 'freestyle-libre',
  name: 'FreeStyle Libre',
  description: 'Glucose values from FreeStyle Libre sensors.',
  category: 'glucose',
  kind: 'credentials',
  vendor: 'freestyle-libre',
  accountName: 'LibreLinkUp',
  loginName: 'email',
  endpoints: {
    logIn: 'https://api.libreview.io/llu/auth/login',
    // An answer may name the region in which the account lives.
    regionalLogIn: 'https://api-{region}.libreview.io/llu/auth/login',
  },
  // A version below 4.16.0 is refused with a 403 since 2025-10-08 (libre-link-up-api-client, issue 35).
  headers: { product: 'llu.android', version: '4.16.0' },
  documentation: {
    url: 'https://github.com/timoschlueter/nightscout-librelink-up',
    checkedOn: '2026-11-22',
    doubts: [
      'Not documented by the vendor, and not allowed by it in so many words: read its terms before switching it on.',
      'The step names other than `tou`, `pp` and `verifyEmail` are not known; every other one is told as a further step.',
      'Whether a changed password ends the tokens that were given before is not known.',
    ],
  },
}
