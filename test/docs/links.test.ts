// Goal: nobody who follows the documentation ends at nothing: links, images, headings, commands.
// Method: read every Markdown file of the project, and compare it with the files, scripts and verbs that there are.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { anchorsOf, linksOf, type Page, pages, ROOT } from './markdown.ts'

const isElsewhere = (target: string) => /^[a-z][a-z0-9+.-]*:/i.test(target)

/** Where a page's links begin. Notes on a source are read in its page, one folder above. */
const folderOf = ({ file }: Page) => path.posix.dirname(file.replace('docs/sources/notes/', 'docs/sources/'))

/** What is wrong with a link, or null. */
function problemOf(page: Page, target: string): string | null {
  if (isElsewhere(target)) return null
  const [file = '', anchor] = target.split('#')
  const found = file === '' ? page.file : path.posix.join(folderOf(page), file)
  if (found.startsWith('..')) return `${target} leads out of the project`
  if (!existsSync(path.join(ROOT, found))) return `${target} does not exist`
  if (anchor !== undefined && found.endsWith('.md') && !anchorsOf(found).has(anchor))
    return `${target}: there is no such heading`
  return null
}

/** Each line of a block, and each piece of inline code. */
const codeLinesOf = ({ code }: Page) => code.flatMap(({ text }) => text.split('\n'))

const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string> // the project's own file
}

/** The verbs as the command itself lists them. */
function readVerbs(): ReadonlySet<string> {
  const args = ['--conditions=springbar-source', path.join(ROOT, 'src/main.ts'), 'help']
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return new Set(
    [...stdout.matchAll(/^springbar ([a-z-]+(?: [a-z-]+)*) {2,}/gm)].map((match) => match[1] ?? ''),
  )
}

/** A line of the log that begins like the command. */
const LOG_LINE = 'springbar is serving'

describe('the documentation', () => {
  it('has the pages that everybody looks for', () => {
    const files = pages.map(({ file }) => file)
    for (const file of ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs/README.md'])
      assert.ok(files.includes(file), file)
  })

  it('links to files and headings that exist', () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .map((target) => problemOf(page, target))
        .flatMap((problem) => (problem === null ? [] : [`${page.file}: ${problem}`])),
    )
    assert.deepEqual(broken, [])
  })

  it('is listed as a whole in docs/README.md', () => {
    const index = pages.find(({ file }) => file === 'docs/README.md')
    assert.ok(index)
    const listed = linksOf(index).map((target) => path.posix.join('docs', target))
    // docs/sources has an index of its own, and the notes stand in its pages.
    const missing = pages
      .map(({ file }) => file)
      .filter((file) => file.startsWith('docs/') && file !== index.file)
      .filter((file) => !file.startsWith('docs/sources/') || file === 'docs/sources/README.md')
    assert.deepEqual(
      missing.filter((file) => !listed.includes(file)),
      [],
    )
  })

  it('names npm scripts that there are', () => {
    const named = pages.flatMap((page) =>
      codeLinesOf(page)
        .flatMap((line) => [...line.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)])
        .map((match) => `${page.file}: ${match[1] ?? match[2] ?? ''}`),
    )
    assert.ok(named.length > 5, 'it names some')
    assert.deepEqual(
      named.filter((one) => !Object.hasOwn(scripts, one.slice(one.indexOf(': ') + 2))),
      [],
    )
  })

  it('names verbs of springbar that there are', () => {
    const verbs = readVerbs()
    assert.ok(verbs.has('serve'))
    const command = /(?:^|[\s;(])(?:(?:npx |\S*bin\/)?springbar(?:\.js)?) ([a-z][a-z-]*)(?: ([a-z-]+))?/g
    const unknown = pages.flatMap((page) =>
      codeLinesOf(page)
        .filter((line) => line !== LOG_LINE)
        .flatMap((line) => [...line.matchAll(command)])
        .filter(([, verb = '', more = '']) => !verbs.has(verb) && !verbs.has(`${verb} ${more}`))
        .map((match) => `${page.file}: ${match[0].trim()}`),
    )
    assert.deepEqual(unknown, [])
  })

  it('runs files that there are', () => {
    const missing = pages.flatMap((page) =>
      codeLinesOf(page)
        .flatMap((line) => [
          ...line.matchAll(/\bnode (?:--\S+ )*((?:bin|examples|src|test|bench)\/\S+?\.[jt]s)\b/g),
        ])
        .flatMap((match) =>
          existsSync(path.join(ROOT, match[1] ?? '')) ? [] : [`${page.file}: ${match[1]}`],
        ),
    )
    assert.deepEqual(missing, [])
  })
})
