import type { Migration } from '../migrate.ts'

/** Clients that applications give over the API. */
export const clients: Migration = {
  version: 2,
  name: 'clients',
  statements: ({ text, integer, end }) => [
    `create table clients (
      application_id ${text} not null,
      vendor ${text} not null,
      client_id ${text} not null,
      scopes ${text},
      sealed_secrets ${text} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null,
      primary key (application_id, vendor)
    )${end}`,
  ],
}
