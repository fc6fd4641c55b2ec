import type { Migration } from '../migrate.ts'

/** Looks of applications, and those that somebody tries. */
export const appearances: Migration = {
  version: 17,
  name: 'appearances',
  statements: ({ text, integer, end }) => [
    `create table appearances (
      application_id ${text} not null,
      settings ${text},
      logo_digest ${text},
      logo_type ${text},
      logo ${text},
      revision ${text} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null,
      primary key (application_id)
    )${end}`,
    `create table appearance_previews (
      key_hash ${text} not null,
      application_id ${text} not null,
      settings ${text} not null,
      logo_digest ${text},
      logo_type ${text},
      logo ${text},
      created_at ${integer} not null,
      expires_at ${integer} not null,
      primary key (key_hash)
    )${end}`,
    'create index appearance_previews_by_application on appearance_previews (application_id, created_at)',
    'create index appearance_previews_by_end on appearance_previews (expires_at)',
  ],
}
