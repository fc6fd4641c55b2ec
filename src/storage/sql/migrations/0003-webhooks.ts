import type { Migration } from '../migrate.ts'

/** Endpoints that are told of events, and each delivery to one of them. */
export const webhooks: Migration = {
  version: 3,
  name: 'webhooks',
  statements: ({ text, integer, end }) => [
    // Events of before have no lane of their own and are delivered one after the other.
    `alter table events add column lane ${text} not null default ''`,
    // Replay asks for a time.
    'create index events_time on events (application_id, created_at, sequence)',

    `create table webhook_endpoints (
      id ${text} not null primary key,
      application_id ${text} not null,
      url ${text} not null,
      types ${text},
      timestamp_type ${text} not null,
      format ${text} not null,
      managed_by ${text} not null,
      status ${text} not null,
      disabled_reason ${text},
      position ${integer} not null,
      failing_since ${integer},
      paused_until ${integer},
      created_at ${integer} not null,
      updated_at ${integer} not null
    )${end}`,
    `create unique index webhook_endpoints_url on webhook_endpoints (application_id, url) where status <> 'removed'`,
    'create index webhook_endpoints_application on webhook_endpoints (application_id, created_at)',
    'create index webhook_endpoints_status on webhook_endpoints (status, managed_by)',

    `create table webhook_secrets (
      id ${text} not null,
      application_id ${text} not null,
      endpoint_id ${text} not null,
      sealed_secret ${text} not null,
      created_at ${integer} not null,
      primary key (endpoint_id, id)
    )${end}`,

    // No foreign key to the event: what was delivered is readable for as long as events are, and both end by age.
    `create table webhook_deliveries (
      endpoint_id ${text} not null,
      application_id ${text} not null,
      sequence ${integer} not null,
      event_id ${text} not null,
      lane ${text} not null,
      status ${text} not null,
      tries ${integer} not null,
      attempts ${text} not null,
      created_at ${integer} not null,
      finished_at ${integer},
      primary key (endpoint_id, sequence)
    )${end}`,
    `create index webhook_deliveries_pending on webhook_deliveries (endpoint_id, lane, sequence)
      where status = 'pending'`,
    `create index webhook_deliveries_failed on webhook_deliveries (endpoint_id, sequence) where status = 'failed'`,
    'create index webhook_deliveries_finished on webhook_deliveries (finished_at) where finished_at is not null',

    // One row for each lane in which something is pending.
    `create table webhook_lanes (
      endpoint_id ${text} not null,
      application_id ${text} not null,
      lane ${text} not null,
      next_try_at ${integer} not null,
      lease_owner ${text},
      lease_until ${integer},
      primary key (endpoint_id, lane)
    )${end}`,
    'create index webhook_lanes_due on webhook_lanes (endpoint_id, next_try_at, lane)',
  ],
}
