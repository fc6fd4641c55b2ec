import type { Migration } from '../migrate.ts'

/** Receipts of deletions. No foreign key: they outlive whom they are about, and name nobody. */
export const deletions: Migration = {
  version: 16,
  name: 'deletions',
  statements: ({ text, integer, end }) => [
    `create table deletions (
      application_id ${text} not null,
      subject_hash ${text} not null,
      requested_by ${text} not null,
      requested_at ${integer} not null,
      delete_at ${integer} not null,
      erased_at ${integer},
      erased ${text},
      revocation_ids ${text} not null,
      primary key (application_id, subject_hash)
    )${end}`,
  ],
}
