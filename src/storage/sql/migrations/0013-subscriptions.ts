import type { Migration } from '../migrate.ts'

/** What vendors are asked to tell. `owner` is the connection's id, or empty, so that a wish is there once. */
export const subscriptions: Migration = {
  version: 13,
  name: 'subscriptions',
  statements: ({ text, integer, end }) => [
    `create table notification_subscriptions (
      id ${text} not null primary key,
      application_id ${text} not null,
      vendor ${text} not null,
      connection_id ${text} references connections (id) on delete cascade,
      owner ${text} not null,
      topic ${text} not null,
      status ${text} not null,
      remote_id ${text},
      generation ${integer} not null,
      expires_at ${integer},
      due_at ${integer},
      tries ${integer} not null,
      lease_owner ${text},
      lease_until ${integer},
      cause ${text},
      created_at ${integer} not null
    )${end}`,
    `create unique index notification_subscriptions_once
      on notification_subscriptions (application_id, vendor, owner, topic)`,
    'create index notification_subscriptions_of on notification_subscriptions (connection_id)',
    'create index notification_subscriptions_due on notification_subscriptions (due_at) where due_at is not null',
  ],
}
