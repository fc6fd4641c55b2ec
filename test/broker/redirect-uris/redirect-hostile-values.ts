// Goal: one table of hostile redirect URIs, for the rule's own tests and for those of the pages.
// Method: two text files of templates, filled in around a listed entry, so that each value is as near to a legal one
// as it gets.
import { readFileSync } from 'node:fs'

/** Values of one class of attack, and the rules of which one must refuse each of them. */
export interface HostileClass {
  readonly name: string
  readonly rules: readonly number[]
  readonly values: readonly string[]
}

/**
 * Decoded values that are refused for an application that lists `entry` alone: an http or https URI with a path, without port
 * or query. `resultPageUrl` is the service's own.
 */
export const hostileRedirectUris = (entry: string, resultPageUrl: string): readonly HostileClass[] =>
  readClasses('redirect-hostile-values.txt', partsOf(entry, resultPageUrl))

/** Raw queries around the listed `entry` that rules 1 and 2 refuse. */
export const hostileRawQueries = (entry: string): readonly HostileClass[] =>
  readClasses('redirect-hostile-queries.txt', partsOf(entry, entry))

function partsOf(entry: string, resultPageUrl: string): Readonly<Record<string, string>> {
  const [, scheme = '', host = '', path = ''] = /^(https?):\/\/([^/:?]+)(\/[^?]+)$/.exec(entry) ?? []
  const own = resultPageUrl.slice(0, resultPageUrl.indexOf('/', 'https://'.length))
  const onceEncoded = encodeURIComponent(entry)
  const twiceEncoded = encodeURIComponent(onceEncoded)
  return {
    ...{ entry, scheme, host, path, site: `${scheme}://${host}`, tail: path.slice(1), empty: '' },
    ...{ result: resultPageUrl, own, ownPath: resultPageUrl.slice(own.length) },
    ...{ onceEncoded, twiceEncoded, thriceEncoded: encodeURIComponent(twiceEncoded) },
    otherScheme: scheme === 'https' ? 'http' : 'https',
    base64: Buffer.from(entry).toString('base64'),
  }
}

function readClasses(file: string, parts: Readonly<Record<string, string>>): HostileClass[] {
  const lists = new Map<string, string[]>()
  const classes: { name: string; rules: number[]; values: string[] }[] = []
  let current: string[] = []
  for (const line of readFileSync(new URL(file, import.meta.url), 'utf8').split('\n')) {
    const heading = /^== (.+): ([\d ]+)$/.exec(line)
    if (line === '' || line.startsWith(';; ')) continue
    current = heading || line.startsWith('@') ? [] : current
    if (heading) {
      const [, name = '', rules = ''] = heading
      classes.push({ name, rules: rules.split(' ').map(Number), values: current })
    } else if (line.startsWith('@')) {
      lists.set(line.slice(1), current)
    } else {
      // Escapes are read after filling in, so that an escaped brace is not taken for a placeholder.
      current.push(...fillIn(line, parts, lists).map((value): string => JSON.parse(`"${value}"`)))
    }
  }
  return classes
}

/** Fills in one template: every combination of the lists that it names, then the parts of the entry. */
function fillIn(
  template: string,
  parts: Readonly<Record<string, string>>,
  lists: ReadonlyMap<string, readonly string[]>,
): string[] {
  const [placeholder, word = ''] = /\{([^{}]+)\}/.exec(template) ?? []
  if (placeholder === undefined) return [template]
  const values = wordsFor(word, parts, lists)
  return values.flatMap((value) =>
    fillIn(
      template.replace(placeholder, () => value),
      parts,
      lists,
    ),
  )
}

function wordsFor(
  word: string,
  parts: Readonly<Record<string, string>>,
  lists: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const length = /^(\d+) x$/.exec(word)?.[1]
  if (length !== undefined) return ['x'.repeat(Number(length))]
  // `{encodedName}`: the first letter percent-encoded; `{encodedTail}`: the same without its `%`.
  const hex = (name: string) => name.charCodeAt(0).toString(16) + name.slice(1)
  if (word === 'encodedName') return (lists.get('name') ?? []).map((name) => `%${hex(name)}`)
  if (word === 'encodedTail') return (lists.get('name') ?? []).map(hex)
  const fold = spellingOf(word)
  for (const [key, value] of [
    ...lists,
    ...Object.entries(parts).map(([key, value]) => [key, [value]] as const),
  ]) {
    if (key === word) return value.map(escapeForJson)
    if (fold(key) === word) return value.map((text) => escapeForJson(fold(text)))
  }
  throw new Error(`The template names {${word}}, which is neither a list nor a part`)
}

const escapeForJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** `{HOST}` is in capitals, `{Host}` begins with one. */
function spellingOf(word: string): (text: string) => string {
  return word === word.toUpperCase()
    ? (text) => text.toUpperCase()
    : (text) => text.charAt(0).toUpperCase() + text.slice(1)
}
