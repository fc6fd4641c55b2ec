/**
 * @module tools/sdk-reference
 * `docs/sdk-reference.md`, made from what a program that installs the SDK sees: the declarations of the built package with
 * their docstrings. The compiler writes both in one regular form, which is all that is read here.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')

/** Where the page lies. */
export const SDK_REFERENCE = path.join(ROOT, 'docs/sdk-reference.md')

/** The entry points of the package, as its `exports` name them, and what each is for. */
const ENTRIES = [
  { file: 'index', name: '@springbar/sdk', purpose: 'for backends, and for phones that pair' },
  {
    file: 'browser',
    name: '@springbar/sdk/browser',
    purpose: 'for pages: a window, a frame, or the same window',
  },
  { file: 'element', name: '@springbar/sdk/element', purpose: 'the web component' },
  { file: 'react', name: '@springbar/sdk/react', purpose: 'hooks for React' },
] as const

/** One thing that the package exports. */
export interface Declaration {
  readonly name: string
  readonly kind: 'function' | 'class' | 'const' | 'interface' | 'type'
  /** The docstring as text; empty where there is none. */
  readonly text: string
  readonly code: string
}

export interface EntryPoint {
  readonly name: string
  readonly purpose: string
  readonly declarations: readonly Declaration[]
}

const DOCSTRING = /^\/\*\*[\s\S]*?\*\/\n/
const HEAD = /^export (?:declare )?(?:abstract )?(function|class|const|interface|type) (\w+)/
const EXPORT_LIST = /export (?:type )?\{([^}]*)\} from '\.\/([\w-]+)\.(?:js|ts)'/g

/** Builds the declarations of the package into a temporary folder and reads what every entry point exports. */
export function readSdk(): readonly EntryPoint[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'springbar-sdk-'))
  try {
    const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc')
    const project = path.join(ROOT, 'sdk/tsconfig.build.json')
    execFileSync(process.execPath, [compiler, '-p', project, '--outDir', folder, '--emitDeclarationOnly'])
    const read = (file: string) => readFileSync(path.join(folder, `${file}.d.ts`), 'utf8')
    return ENTRIES.map(({ file, name, purpose }) => ({
      name,
      purpose,
      declarations: exportsOf(file, read).toSorted((a, b) => order(a) - order(b)),
    }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is called comes before what is passed; within either, the order of the entry point stays. */
const order = ({ kind }: Declaration): number => (kind === 'interface' || kind === 'type' ? 1 : 0)

function exportsOf(file: string, read: (file: string) => string): readonly Declaration[] {
  const text = read(file)
  const own = declarationsOf(text)
  const passedOn = [...text.matchAll(EXPORT_LIST)].flatMap(([, names = '', from = '']) => {
    const theirs = new Map(exportsOf(from, read).map((one) => [one.name, one]))
    return namesIn(names).map((name) => {
      const declaration = theirs.get(name)
      if (declaration === undefined)
        throw new Error(`${file} exports ${name}, which ${from} does not declare.`)
      return declaration
    })
  })
  return [...own, ...passedOn]
}

const namesIn = (list: string): readonly string[] =>
  list
    .split(',')
    .map((name) => name.trim().replace(/^type /, ''))
    .filter((name) => name !== '')

/** The exported declarations of one file. A statement ends where the next one, or its docstring, begins in the first column. */
function declarationsOf(text: string): readonly Declaration[] {
  const statements = text.split(/^(?=\/\*\*|(?:export|import|declare|interface|type) )/m)
  const found: Declaration[] = []
  let docstring = ''
  for (const statement of statements) {
    const comment = DOCSTRING.exec(statement)?.[0] ?? ''
    const code = statement.slice(comment.length).trimEnd()
    const [, kind, name] = HEAD.exec(code) ?? []
    if (kind !== undefined && name !== undefined)
      found.push({
        name,
        kind: kind as Declaration['kind'], // one of those in the pattern
        text: textOf(comment === '' ? docstring : comment),
        code: code.replace(/^export (?:declare )?/, ''),
      })
    docstring = code === '' ? comment : ''
  }
  return found
}

const textOf = (comment: string): string =>
  comment
    .replace(/^\/\*\*\s?|\s*\*\/\s*$/g, '')
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\{@link ([^}]+)\}/g, '`$1`')
    // Tags become a list of their own under the text.
    .replace(/\n(?=@)/, '\n\n')
    .replaceAll(/^@(\w+) /gm, '- *$1* ')
    .trim()

/** The page itself. */
export function sdkReference(entries: readonly EntryPoint[]): string {
  const parts = entries.map(({ name, purpose, declarations }) => {
    const sections = declarations.map(
      (one) => `### ${one.name}\n\n${one.text}\n\n\`\`\`ts\n${one.code.replaceAll('    ', '  ')}\n\`\`\``,
    )
    const contents = declarations.map((one) => `[${one.name}](#${one.name.toLowerCase()})`).join(' · ')
    return `## \`${name}\`\n\n${purpose[0]?.toUpperCase()}${purpose.slice(1)}.\n\n${contents}\n\n${sections.join('\n\n')}`
  })
  return `${HEADER}\n\n${parts.join('\n\n')}\n`
}

const HEADER = `# Reference of the SDK

Everything that \`@springbar/sdk\` exports, made from its docstrings by \`npm run docs\`. How the parts work together stands in
[the guide](sdk.md).`
