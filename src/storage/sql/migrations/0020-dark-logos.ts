import type { Migration } from '../migrate.ts'

/** Logos for the dark theme, beside those for the light one. */
export const darkLogos: Migration = {
  version: 20,
  name: 'dark-logos',
  statements: ({ text }) =>
    ['appearances', 'appearance_previews'].flatMap((table) =>
      ['dark_logo_digest', 'dark_logo_type', 'dark_logo'].map(
        (column) => `alter table ${table} add column ${column} ${text}`,
      ),
    ),
}
