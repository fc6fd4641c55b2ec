import type { Migration } from '../migrate.ts'

/** While a request may be under way that ends every grant of a vendor account, nobody's new grant of it is believed. */
export const openRevocations: Migration = {
  version: 15,
  name: 'open-revocations',
  statements: ({ integer }) => [
    `alter table revocations add column sending_until ${integer}`,
    'create index revocations_sending on revocations (vendor, account_id) where sending_until is not null',
  ],
}
