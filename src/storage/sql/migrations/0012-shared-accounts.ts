import type { Migration } from '../migrate.ts'

/** A vendor account may have several owners in one application, where that wants it so. */
export const sharedAccounts: Migration = {
  version: 12,
  name: 'shared-accounts',
  statements: ({ text }) => [
    `alter table connections add column share_key ${text} not null default ''`,
    'drop index connections_account',
    `create unique index connections_account on connections (application_id, vendor, account_id, share_key)
      where status <> 'disconnected'`,
  ],
}
