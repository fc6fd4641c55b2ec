import type { Migration } from '../migrate.ts'

/**
 * Whose grants a request ends, or has just ended, at a vendor: by a digest, so that it is known for a while after the job
 * has forgotten the account.
 */
export const endedAccounts: Migration = {
  version: 19,
  name: 'ended-accounts',
  statements: ({ text }) => [
    `alter table revocations add column account_digest ${text}`,
    'drop index revocations_sending',
    `create index revocations_sent_for on revocations (account_digest, sending_until)
      where account_digest is not null`,
    'create index revocations_sent on revocations (sending_until) where sending_until is not null',
  ],
}
