import type { Migration } from '../migrate.ts'

/** Whose turn it is to renew a connection's tokens. They end with the connection's row. */
export const renewals: Migration = {
  version: 8,
  name: 'renewals',
  statements: ({ text, integer, end }) => [
    `create table renewals (
      connection_id ${text} not null primary key references connections (id) on delete cascade,
      application_id ${text} not null,
      vendor ${text} not null,
      due_at ${integer} not null,
      lease_owner ${text},
      lease_until ${integer},
      is_open ${integer} not null,
      tries ${integer} not null,
      refused_at ${integer},
      cause ${text}
    )${end}`,
    'create index renewals_due on renewals (due_at)',
  ],
}
