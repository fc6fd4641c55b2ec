/**
 * @module test/docs/markdown
 * The project's Markdown as the tests of this folder look at it: pages, what they link to, their headings, their code.
 * It reads the forms of Markdown that the pages use, not all of it.
 */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../..')

/** One Markdown file, split into what people read and what stands in code. */
export interface Page {
  /** Relative to the project, with slashes. */
  readonly file: string
  /** Without fenced and inline code. */
  readonly prose: string
  /** Fenced blocks with their language, and inline code with the language null. */
  readonly code: readonly { readonly language: string | null; readonly text: string }[]
}

const FENCE = /^( *)(`{3,})([\w-]*)[^\n]*\n([\s\S]*?)\n\1\2 *$/gm
const INLINE = /(?<!`)(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)/g

/** Reads a page. */
export function readPage(file: string): Page {
  const text = readFileSync(path.join(ROOT, file), 'utf8')
  const code: { language: string | null; text: string }[] = []
  const withoutFences = text.replace(FENCE, (_, _indent, _ticks, language: string, body: string) => {
    code.push({ language, text: body })
    return ''
  })
  const prose = withoutFences.replace(INLINE, (_, _ticks, body: string) => {
    code.push({ language: null, text: body })
    return ''
  })
  return { file, prose, code }
}

/** All pages of the project, without those of its packages. */
export const pages: readonly Page[] = globSync('{*.md,{docs,sdk,examples,bench,test,src}/**/*.md}', {
  cwd: ROOT,
  exclude: (name) => name.includes('node_modules'),
})
  .map((file) => file.replaceAll(path.sep, '/'))
  .sort()
  .map(readPage)

/** Targets of links and images, as they are written. */
export function linksOf({ prose }: Page): readonly string[] {
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)]
  const html = [...prose.matchAll(/\b(?:href|src)="([^"]+)"/g)]
  const references = [...prose.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?$/gm)]
  return [...inline, ...html, ...references].map((match) => match[1] ?? '')
}

/** The anchors of a page's headings, as code hosts make them. */
export function anchorsOf(file: string): ReadonlySet<string> {
  const text = readFileSync(path.join(ROOT, file), 'utf8').replace(FENCE, '')
  const slugs = [...text.matchAll(/^#{1,6} +(.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
  const ids = [...text.matchAll(/\b(?:id|name)="([^"]+)"/g)].map((match) => match[1] ?? '')
  return new Set([...slugs, ...ids])
}
