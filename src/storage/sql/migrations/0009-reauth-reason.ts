import type { Migration } from '../migrate.ts'

/** Why a person must connect again. */
export const reauthReason: Migration = {
  version: 9,
  name: 'reauth-reason',
  statements: ({ text }) => [`alter table connections add column reauth_reason ${text}`],
}
