import type { Migration } from '../migrate.ts'

/** Until when a revocation's access token works: some vendors end a grant only for one that is fresh. */
export const revocationExpiry: Migration = {
  version: 7,
  name: 'revocation-expiry',
  statements: ({ integer }) => [`alter table revocations add column access_expires_at ${integer}`],
}
