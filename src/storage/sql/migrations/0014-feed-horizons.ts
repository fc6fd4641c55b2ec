import type { Migration } from '../migrate.ts'

/** Up to which event of its feed an application's events are kept no longer. */
export const feedHorizons: Migration = {
  version: 14,
  name: 'feed-horizons',
  statements: ({ text, integer, end }) => [
    `create table feed_horizons (
      application_id ${text} not null primary key,
      sequence ${integer} not null
    )${end}`,
  ],
}
