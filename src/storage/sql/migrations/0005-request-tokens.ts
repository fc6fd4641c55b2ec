import type { Migration } from '../migrate.ts'

/** Where a vendor speaks OAuth 1.0a: what a trip needs when it comes back. Empty for all other attempts. */
export const requestTokens: Migration = {
  version: 5,
  name: 'request-tokens',
  statements: ({ text }) => [`alter table attempts add column sealed_request_token ${text}`],
}
