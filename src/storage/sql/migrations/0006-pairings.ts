import type { Migration } from '../migrate.ts'

/** Pairings with phones, the phones themselves, and what is tried a few times only. */
export const pairings: Migration = {
  version: 6,
  name: 'pairings',
  statements: ({ text, integer, end }) => [
    `create table pairings (
      application_id ${text} not null,
      handle ${text} not null,
      code_hash ${text} not null,
      attempt_id ${text} not null,
      tries ${integer} not null,
      created_at ${integer} not null,
      expires_at ${integer} not null,
      primary key (application_id, handle)
    )${end}`,
    'create unique index pairings_attempt on pairings (attempt_id)',
    'create index pairings_expiry on pairings (expires_at)',

    // They go with their connection, and so with the person.
    `create table devices (
      token_hash ${text} not null primary key,
      application_id ${text} not null,
      end_user_id ${text} not null,
      connection_id ${text} not null references connections (id) on delete cascade,
      created_at ${integer} not null,
      reported_at ${integer} not null
    )${end}`,
    'create index devices_connection on devices (connection_id)',

    `create table tallies (
      key ${text} not null primary key,
      count ${integer} not null,
      ends_at ${integer} not null
    )${end}`,
    'create index tallies_end on tallies (ends_at)',
  ],
}
