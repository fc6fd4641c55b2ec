import type { Migration } from '../migrate.ts'

/** A place in a chain for each new audit line, and the end of each chain. What was written before has none. */
export const auditChains: Migration = {
  version: 18,
  name: 'audit-chains',
  statements: ({ text, integer, end }) => [
    `alter table audit_entries add column chain_number ${integer}`,
    `alter table audit_entries add column digest ${text}`,
    // Empty for the service's own: a primary key cannot be null.
    `create table audit_chains (
      application_id ${text} not null primary key,
      unchained ${integer} not null,
      length ${integer} not null,
      digest ${text} not null,
      seal ${text} not null
    )${end}`,
  ],
}
