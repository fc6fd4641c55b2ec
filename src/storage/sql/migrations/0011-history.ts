import type { Migration } from '../migrate.ts'

/** What happened to a connection, step by step. It ends with the connection's row. */
export const history: Migration = {
  version: 11,
  name: 'history',
  statements: ({ text, integer, sequence, end }) => [
    `create table history (
      sequence ${sequence},
      application_id ${text} not null,
      connection_id ${text} not null references connections (id) on delete cascade,
      step ${text} not null,
      detail ${text},
      at ${integer} not null
    )${end}`,
    'create index history_connection on history (connection_id, sequence)',
  ],
}
