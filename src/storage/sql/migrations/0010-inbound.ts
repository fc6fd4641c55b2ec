import type { Migration } from '../migrate.ts'

/** What vendors tell, until it is done, and where each application is told. No row names an end user. */
export const inbound: Migration = {
  version: 10,
  name: 'inbound',
  statements: ({ text, integer, end }) => [
    `create table inbound_notifications (
      id ${text} not null primary key,
      application_id ${text} not null,
      vendor ${text} not null,
      dedupe_key ${text} not null,
      sealed_body ${text},
      is_authentic ${integer} not null,
      status ${text} not null,
      tries ${integer} not null,
      next_try_at ${integer} not null,
      lease_owner ${text},
      lease_until ${integer},
      cause ${text},
      received_at ${integer} not null,
      finished_at ${integer}
    )${end}`,
    `create unique index inbound_notifications_once
      on inbound_notifications (application_id, vendor, dedupe_key)`,
    `create index inbound_notifications_due on inbound_notifications (next_try_at) where status = 'pending'`,
    'create index inbound_notifications_old on inbound_notifications (received_at)',
    `create table notification_addresses (
      application_id ${text} not null,
      vendor ${text} not null,
      generation ${integer} not null,
      changed_at ${integer},
      sealed_secret ${text},
      primary key (application_id, vendor)
    )${end}`,
  ],
}
