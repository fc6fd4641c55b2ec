import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Source } from '../src/model/source.ts'
import { sources } from '../src/sources/index.ts'
import { sourcePage } from './source-page.ts'

const ROOT = resolve(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'docs/sources')

/** Every generated page about data sources: where it stands, and what it must be. */
export function sourcePages(): readonly { readonly path: string; readonly text: string }[] {
  const described = [...sources.values()].filter((source) => source.kind !== 'listed')
  return [
    ...described.map((source) => ({
      path: join(FOLDER, `${source.key}.md`),
      text: sourcePage(source, fileOf(source), notesOf(source)),
    })),
    { path: join(FOLDER, 'README.md'), text: overview([...sources.values()]) },
  ]
}

/** The file of the definition: the one that says its key. */
function fileOf({ key }: Source): string {
  const found = globSync('src/sources/**/*.ts', { cwd: ROOT })
    .toSorted()
    .find((file) => readFileSync(join(ROOT, file), 'utf8').includes(`key: '${key}'`))
  if (found === undefined) throw new Error(`no file of src/sources defines ${key}`)
  return found.replaceAll('\\', '/')
}

function notesOf({ key }: Source): string {
  const path = join(FOLDER, 'notes', `${key}.md`)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function overview(all: readonly Source[]): string {
  const rows = all.map((source) => {
    const name = source.kind === 'listed' ? source.name : `[${source.name}](${source.key}.md)`
    return `| ${source.id} | ${name} | ${wayOf(source)} |`
  })
  return [
    '# Data sources',
    '<!-- Made from src/sources by `npm run docs`. -->',
    'Every id of the catalogue. Ids stay; names may change, so programs should keep the id. What was played for each against\nthe sandbox stands in [conformance.md](conformance.md).',
    ['| id | source | how it is connected |', '| --- | --- | --- |', ...rows].join('\n'),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n')
}

function wayOf(source: Source): string {
  switch (source.kind) {
    case 'oauth2':
      return source.authorizations.map(({ name }) => name).join(', ')
    case 'credentials':
      return 'a form for the log-in; off unless the operator switches it on'
    case 'native':
      return 'a phone app, by a pairing code'
    case 'listed':
      return `not: ${source.statusNote}`
  }
}
