// Runs the shell examples of a page of documentation without a shell or curl: assignments, `$(…)`, quotes, variables, and the
// few options of curl and jq that the pages use. Anything else in an example is a fault of the page.
import assert from 'node:assert/strict'

/** A command of a page with the JSON that the page shows as its answer, when it does. */
export interface Example {
  readonly command: string
  readonly shown: unknown
}

/** The commands of a page, in order. A block of JSON shows the answer of the last command before it. */
export function examplesIn(page: string): readonly Example[] {
  const blocks = [...page.matchAll(/```(sh|json)\n(.*?)```/gs)].map(([, language, text = '']) => ({
    language,
    text,
  }))
  return blocks.flatMap(({ language, text }, i) => {
    if (language !== 'sh') return []
    const next = blocks[i + 1]
    const shown: unknown = next?.language === 'json' ? JSON.parse(next.text) : undefined
    const commands = splitCommands(text)
    return commands.map((command, at) => ({ command, shown: at === commands.length - 1 ? shown : undefined }))
  })
}

/** Splits at line ends that stand outside quotes and are not escaped. */
function splitCommands(text: string): readonly string[] {
  const joined = text.replaceAll('\\\n', ' ')
  return (joined.match(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|[^'"\n])+/g) ?? [])
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** Carries out commands one after the other, keeping the variables that they set. */
export function createShell(send: (url: string, init: RequestInit) => Promise<Response>) {
  const variables = new Map<string, string>()
  const curl = async (command: string): Promise<Response> => {
    const [program, ...args] = wordsOf(command, variables)
    assert.equal(program, 'curl', command)
    const { url, init, forMs } = requestOf(args)
    return forMs === null ? send(url, init) : sendFor(forMs, (signal) => send(url, { ...init, signal }))
  }
  return async (command: string): Promise<Response | null> => {
    const [, name, value = ''] = /^([A-Z_]+)=(.*)$/s.exec(command) ?? []
    // Whoever ends what has no end says so, and then its failure is none.
    if (name === undefined) return curl(command.replace(/(--max-time .*) \|\| true$/, '$1'))
    const inner = /^\$\((.*)\)$/s.exec(value)?.[1]
    if (inner === undefined) {
      variables.set(name, wordsOf(value, variables).join(' '))
      return null
    }
    const [request = '', path] = inner.split(' | jq -r ')
    const response = await curl(request)
    const text = await response.clone().text()
    variables.set(name, path === undefined ? text : memberOf(JSON.parse(text), path))
    return response
  }
}

/** What arrived within a time, as `--max-time` of curl lets it. */
async function sendFor(ms: number, send: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
  const signal = AbortSignal.timeout(ms)
  const response = await send(signal)
  const parts: Uint8Array[] = []
  try {
    for await (const part of response.body ?? []) parts.push(part)
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return new Response(Buffer.concat(parts), response)
}

/** What `jq -r` prints for a path such as `.data[0].id`. */
function memberOf(value: unknown, path: string): string {
  const names = path.match(/[A-Za-z]+|\d+/g) ?? []
  const found = names.reduce<unknown>((inner, name) => Object(inner)[name], value)
  assert.ok(typeof found === 'string', `${path} is no text`)
  return found
}

/** The words of a command, with quotes taken off and variables put in. */
function wordsOf(command: string, variables: ReadonlyMap<string, string>): readonly string[] {
  const expand = (text: string) =>
    text.replace(/\$([A-Z_]+)/g, (_, name: string) => {
      const value = variables.get(name)
      assert.ok(value !== undefined, `$${name} is not set in: ${command}`)
      return value
    })
  const words = command.match(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|[^\s'"])+/g) ?? []
  return words.map((word) =>
    word.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|[^'"]+/g, (all, single?: string, double?: string) => {
      if (single !== undefined) return single
      return expand(double ?? all).replace(/\\(["\\$])/g, '$1')
    }),
  )
}

interface Request {
  readonly url: string
  readonly init: RequestInit
  /** How long to listen; null to the end. */
  readonly forMs: number | null
}

function requestOf(args: readonly string[]): Request {
  const headers = new Headers()
  const data: string[] = []
  let [url, method, inQuery] = ['', '', false]
  let forMs: number | null = null
  const rest = [...args]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const value = () => rest.shift() ?? ''
    if (word === '-s' || word === '-N') continue
    if (word === '-X') method = value()
    else if (word === '-G') inQuery = true
    else if (word === '--max-time') forMs = Number(value()) * 1000
    else if (word === '-u') headers.set('Authorization', `Basic ${btoa(value())}`)
    else if (word === '-d') data.push(value())
    else if (word === '--data-urlencode')
      data.push(value().replace(/=(.*)$/s, (_, text: string) => `=${encodeURIComponent(text)}`))
    else if (word === '-H') {
      const [, name = '', text = ''] = /^([^:]+): ?(.*)$/.exec(value()) ?? []
      headers.set(name, text)
    } else {
      assert.match(word, /^http:\/\//, `an option of curl that is not known here: ${word}`)
      url = word
    }
  }
  if (inQuery) return { url: `${url}?${data.join('&')}`, init: { method: method || 'GET', headers }, forMs }
  if (data.length === 0) return { url, init: { method: method || 'GET', headers }, forMs }
  if (!headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded')
  return { url, init: { method: method || 'POST', headers, body: data.join('&') }, forMs }
}

/** A JSON value with everything that is another one each time replaced by a word. */
export function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, isTime(name) ? 0 : timeless(inner)]),
    )
  if (typeof value !== 'string') return value
  return value
    .replace(/\bwhsec_[A-Za-z0-9+/=]+/g, 'SECRET')
    .replace(/\b[0-9a-z]{1,11}-[0-9a-f]{8}-[A-Za-z0-9_-]{16}/g, 'CURSOR')
    .replace(/\b[0-9a-f]{32}\b/g, 'ID')
    .replace(/\b\d{16}(X\d{39})?\b/g, 'TOKEN')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
    .replace(/\b[0-9A-Z]{5}-[0-9A-Z]{5}\b/g, 'REFERENCE')
    .replace(/localhost(:|%3A)\d+/g, 'localhost')
}

const isTime = (name: string): boolean => name === 'durationMs' || name === 'timestamp'
