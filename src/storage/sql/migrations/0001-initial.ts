import type { Migration } from '../migrate.ts'

/**
 * The first schema.
 *
 * Few indexes, because every random key costs a page of writes for each row: sessions and attempts have the ones that
 * a lookup, a rule or the sweeper needs, and no other.
 */
export const initial: Migration = {
  version: 1,
  name: 'initial',
  statements: ({ text, integer, real, sequence, end }) => [
    `create table end_users (
      id ${text} not null primary key,
      application_id ${text} not null,
      alias ${text},
      language ${text},
      height_cm ${integer},
      weight_kg ${real},
      birthdate ${text},
      gender ${text},
      created_at ${integer} not null,
      delete_at ${integer}
    )${end}`,
    'create unique index end_users_alias on end_users (application_id, alias) where alias is not null',
    'create index end_users_deletion on end_users (delete_at) where delete_at is not null',

    `create table sessions (
      lookup ${text} not null primary key,
      token_hash ${text} not null,
      application_id ${text} not null,
      end_user_id ${text} not null references end_users (id) on delete cascade,
      locale ${text},
      allowed_sources ${text},
      redirect_uri ${text},
      label ${text},
      created_at ${integer} not null,
      expires_at ${integer} not null,
      ended_at ${integer}
    )${end}`,
    'create index sessions_end_user on sessions (end_user_id)',
    'create index sessions_expiry on sessions (expires_at)',

    // The ids begin with the time, so the primary key is appended to.
    `create table attempts (
      id ${text} not null primary key,
      application_id ${text} not null,
      end_user_id ${text} not null,
      session_lookup ${text} not null,
      source_id ${integer},
      vendor ${text},
      action ${text} not null,
      redirect_entry ${text},
      redirect_query ${text},
      locale ${text},
      state_hash ${text},
      status ${text} not null,
      connected ${integer},
      error ${text},
      cause ${text},
      connection_id ${text},
      created_at ${integer} not null,
      expires_at ${integer} not null,
      returned_at ${integer},
      finished_at ${integer}
    )${end}`,
    // An attempt is found by end user only when that person is erased. Most inserts have the status `created` and
    // leave this index alone; the few open ones are found by `attempts_created`.
    `create index attempts_end_user on attempts (end_user_id) where status <> 'created'`,
    `create index attempts_created on attempts (expires_at) where status = 'created'`,
    `create index attempts_exchanging on attempts (returned_at) where status = 'exchanging'`,
    `create index attempts_finished on attempts (created_at) where status in ('done', 'failed')`,

    `create table connections (
      id ${text} not null primary key,
      application_id ${text} not null,
      end_user_id ${text} not null references end_users (id) on delete cascade,
      source_id ${integer} not null,
      vendor ${text} not null,
      account_id ${text} not null,
      status ${text} not null,
      disconnected_by ${text},
      granted_scopes ${text} not null,
      missing_scopes ${text} not null,
      sealed_tokens ${text},
      access_expires_at ${integer},
      refresh_expires_at ${integer},
      version ${integer} not null,
      connected_at ${integer} not null,
      updated_at ${integer} not null,
      disconnected_at ${integer}
    )${end}`,
    `create unique index connections_account on connections (application_id, vendor, account_id)
      where status <> 'disconnected'`,
    'create index connections_end_user on connections (end_user_id)',

    // No foreign key: what happened is still told after the person is erased.
    `create table events (
      sequence ${sequence},
      id ${text} not null,
      application_id ${text} not null,
      type ${text} not null,
      end_user_id ${text} not null,
      end_user_alias ${text},
      source_id ${integer},
      connection_id ${text},
      detail ${text} not null,
      created_at ${integer} not null
    )${end}`,
    'create index events_feed on events (application_id, sequence)',
    'create index events_end_user on events (end_user_id)',

    // No foreign key: the wish to end a grant outlives the connection and the person.
    `create table revocations (
      id ${text} not null primary key,
      application_id ${text} not null,
      connection_id ${text} not null,
      source_id ${integer} not null,
      vendor ${text} not null,
      account_id ${text} not null,
      sealed_tokens ${text},
      status ${text} not null,
      tries ${integer} not null,
      next_try_at ${integer} not null,
      lease_owner ${text},
      lease_until ${integer},
      cause ${text},
      created_at ${integer} not null,
      finished_at ${integer}
    )${end}`,
    `create index revocations_due on revocations (next_try_at, id) where status = 'pending'`,
    'create index revocations_connection on revocations (connection_id)',

    `create table redirect_uris (
      application_id ${text} not null,
      uri ${text} not null,
      created_at ${integer} not null,
      primary key (application_id, uri)
    )${end}`,

    `create table settings (
      name ${text} not null primary key,
      value ${text} not null
    )${end}`,

    `create table audit_entries (
      sequence ${sequence},
      at ${integer} not null,
      actor ${text} not null,
      application_id ${text},
      action ${text} not null,
      object ${text} not null,
      result ${text} not null,
      request_id ${text}
    )${end}`,
    'create index audit_entries_application on audit_entries (application_id, sequence)',

    `create table idempotency_keys (
      application_id ${text} not null,
      key ${text} not null,
      request_hash ${text} not null,
      status ${integer},
      body ${text},
      created_at ${integer} not null,
      primary key (application_id, key)
    )${end}`,
    'create index idempotency_keys_age on idempotency_keys (created_at)',
  ],
}
