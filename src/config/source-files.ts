import { readFileSync } from 'node:fs'
import { limits } from '../limits.ts'
import { type Source, sourceSchema } from '../model/source.ts'
import { sourceProblems } from '../model/source-rules.ts'
import { placeOfFault } from './json-fault.ts'

/** The definitions of an operator's own files, and one sentence for each thing that is wrong with them. */
export interface SourceFiles {
  readonly sources: readonly Source[]
  readonly problems: readonly string[]
}

/**
 * Reads definitions in the same schema as the built-in ones, one file each. Every problem names the file and the field.
 */
export function readSourceFiles(paths: readonly string[]): SourceFiles {
  const read = paths.map(readSourceFile)
  return {
    sources: read.flatMap(({ sources }) => sources),
    problems: read.flatMap(({ problems }) => problems),
  }
}

/** One file; it holds one definition. */
export function readSourceFile(path: string): SourceFiles {
  const refused = (...reasons: string[]): SourceFiles => ({
    sources: [],
    problems: reasons.map((one) => `${path}: ${one}.`),
  })
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return refused('cannot be read')
  }
  if (text.length > limits.sourceFileCharacters)
    return refused(`is longer than ${limits.sourceFileCharacters} characters`)
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return refused(`is not valid JSON: ${placeOfFault(text)}`)
  }
  const parsed = sourceSchema.safeParse(content, {
    error: (issue) => (issue.input === undefined ? 'is missing' : undefined),
  })
  if (!parsed.success)
    return refused(
      ...parsed.error.issues.map(
        ({ path: field, message }) => `${field.join('.') || 'the file'}: ${message}`,
      ),
    )
  const source: Source = parsed.data
  const problems = [
    ...codeProblems(source),
    ...sourceProblems(source).map(({ path: field, message }) => `${field}: ${message}`),
  ]
  return problems.length > 0 ? refused(...problems) : { sources: [source], problems: [] }
}

/** What needs code beside the data cannot come from a file. */
function codeProblems(source: Source): string[] {
  if (source.kind === 'credentials' || source.kind === 'native')
    return [`kind: a source of the kind ${source.kind} needs code and cannot be added by a file`]
  if (source.kind === 'listed') return []
  return source.authorizations.flatMap(({ revocation }, i) =>
    revocation.kind === 'hook'
      ? [`authorizations.${i}.revocation.kind: a hook needs code; use token, request or unsupported`]
      : [],
  )
}
