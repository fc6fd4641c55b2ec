import type { LookupAddress } from 'node:dns'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { LookupFunction } from 'node:net'
import { limits } from '../limits.ts'
import { literalAddress, mayConnect, type Network } from '../model/webhook-target.ts'

/** What is sent: the bytes of the body are the text in UTF-8. */
export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Why there was no answer. */
export type SendCause =
  | 'target_not_allowed'
  | 'name_not_found'
  | 'connection_refused'
  | 'connection_cut'
  | 'tls'
  | 'timeout'
  | 'network'
  | 'secret_not_readable'

/** What came back. */
export interface Answer {
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null
  readonly cause: SendCause | null
  /** The beginning of the body, as text. */
  readonly start: string
  readonly retryAfter: string | null
}

/** Sends one webhook. Never rejects. */
export type Send = (post: Post) => Promise<Answer>

/** `http.request` and `https.request`. */
export type Request = (
  url: URL,
  options: RequestOptions,
  onResponse: (response: IncomingMessage) => void,
) => ClientRequest

/** Resolves a name to all of its addresses, as `dns.lookup` does with `all`. */
export type Lookup = (
  hostname: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void

/** What a sender is made of: the ways to the network, and what an operator decided. */
export interface SenderOptions {
  readonly http: Request
  readonly https: Request
  readonly lookup: Lookup
  readonly networks: readonly Network[]
  readonly timeoutMs: number
}

const USER_AGENT = 'Springbar'

class TargetNotAllowed extends Error {}

/**
 * The only way to receivers. Whether an address may be reached is decided on the very addresses that the connection is
 * then opened to, so a name that resolves to something else a moment later gains nothing; a name of which any address is
 * not allowed is refused. Redirects are not followed, one time limit holds from the look-up to the last byte, and no
 * more of an answer is read than `limits.webhookResponseBytes`.
 */
export function createSender({ http, https, lookup, networks, timeoutMs }: SenderOptions): Send {
  return (post) => {
    const url = URL.parse(post.url)
    if (url === null) return Promise.resolve(failed('target_not_allowed'))
    const literal = literalAddress(url)
    if (literal !== null && !mayConnect(url, literal, networks))
      return Promise.resolve(failed('target_not_allowed'))
    return exchange(url.protocol === 'http:' ? http : https, url, post, {
      timeoutMs,
      lookup: guardedLookup(url, lookup, networks),
    })
  }
}

const failed = (cause: SendCause): Answer => ({ status: null, cause, start: '', retryAfter: null })

/** Gives a socket the addresses to connect to, or refuses. */
const guardedLookup =
  (url: URL, lookup: Lookup, networks: readonly Network[]): LookupFunction =>
  (hostname, options, done) => {
    lookup(hostname, (error, addresses) => {
      const [first] = addresses
      if (error !== null || first === undefined) return done(error ?? new Error('no address'), '')
      if (!addresses.every(({ address }) => mayConnect(url, address, networks)))
        return done(new TargetNotAllowed(), '')
      if (options.all === true) return done(null, [...addresses])
      return done(null, first.address, first.family)
    })
  }

function exchange(
  request: Request,
  url: URL,
  { headers, body }: Post,
  { timeoutMs, lookup }: { readonly timeoutMs: number; readonly lookup: LookupFunction },
): Promise<Answer> {
  const bytes = Buffer.from(body)
  const options: RequestOptions = {
    method: 'POST',
    // A connection of its own: none is kept that was opened to an address of another moment.
    agent: false,
    lookup,
    headers: { ...headers, 'user-agent': USER_AGENT, 'content-length': String(bytes.length) },
  }
  return new Promise<Answer>((resolve) => {
    const sent = request(url, options, (response) => readAnswer(response, finish))
    const timer = setTimeout(() => finish(failed('timeout')), timeoutMs)
    const finish = (answer: Answer) => {
      clearTimeout(timer)
      resolve(answer)
      sent.destroy()
    }
    sent.on('error', (error) => finish(failed(causeOf(error))))
    sent.end(bytes)
  }).catch(() => failed('network'))
}

/** Reads the beginning of an answer; what is longer than the limit is cut off, the status counts all the same. */
function readAnswer(response: IncomingMessage, finish: (answer: Answer) => void): void {
  const chunks: Buffer[] = []
  let length = 0
  const end = () =>
    finish({
      status: response.statusCode ?? null,
      cause: null,
      start: textOf(Buffer.concat(chunks)),
      retryAfter: response.headers['retry-after'] ?? null,
    })
  response.on('data', (chunk: Buffer) => {
    if (length < limits.webhookAnswerCharacters * 4) chunks.push(chunk)
    length += chunk.length
    if (length > limits.webhookResponseBytes) end()
  })
  response.on('end', end)
  response.on('error', () => finish(failed('connection_cut')))
  response.on('aborted', () => finish(failed('connection_cut')))
}

/** Text that can be stored and shown: no control characters, which a database or a terminal would trip over. */
const textOf = (bytes: Buffer): string =>
  bytes
    .subarray(0, limits.webhookAnswerCharacters * 4)
    .toString('utf8')
    .replace(/[^\P{C}\n\t]/gu, '�')
    .slice(0, limits.webhookAnswerCharacters)
    .toWellFormed()

function causeOf(error: Error): SendCause {
  if (error instanceof TargetNotAllowed) return 'target_not_allowed'
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name_not_found'
  if (code === 'ECONNREFUSED') return 'connection_refused'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'connection_cut'
  return /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code) ? 'tls' : 'network'
}
