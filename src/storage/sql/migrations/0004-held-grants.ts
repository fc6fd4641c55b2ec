import type { Migration } from '../migrate.ts'

/**
 * What vendors gave and nobody may use yet. A table of its own, so that attempts, which are written on the path that
 * people wait for, stay as narrow as they are. The indexes hold the few rows that are not settled.
 */
export const heldGrants: Migration = {
  version: 4,
  name: 'held-grants',
  statements: ({ text, integer, end }) => [
    `create table held_grants (
      attempt_id ${text} not null primary key,
      application_id ${text} not null,
      end_user_id ${text} not null references end_users (id) on delete cascade,
      vendor ${text} not null,
      awaits ${text} not null,
      proof_hash ${text} not null,
      account_id ${text},
      sealed ${text},
      created_at ${integer} not null,
      expires_at ${integer} not null,
      released_at ${integer}
    )${end}`,
    'create index held_grants_end_user on held_grants (end_user_id)',
    'create index held_grants_living on held_grants (expires_at) where sealed is not null',
    `create index held_grants_account on held_grants (application_id, vendor, account_id)
      where sealed is not null`,
    'create index held_grants_settled on held_grants (created_at) where sealed is null',
  ],
}
