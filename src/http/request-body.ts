import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { SpringbarError } from '../errors.ts'
import { limits } from '../limits.ts'
import { readQueryParameter } from './raw-query.ts'
import { headerOf } from './request-header.ts'

/** Bodies that are read: the media type, its only charset being UTF-8. */
type MediaType = 'application/json' | 'application/x-www-form-urlencoded'

/**
 * Reads a whole body as text. Throws `payload_too_large`, `unsupported_media_type`, and `invalid_request` for one that is
 * no UTF-8: what would stand in place of its broken characters is nobody's words.
 */
export async function readBody(c: Context, maxBytes: number = limits.requestBodyBytes): Promise<string> {
  const bytes = await readBytes(c, maxBytes)
  if (bytes.byteLength === 0) return ''
  try {
    return UTF_8.decode(bytes)
  } catch {
    throw new SpringbarError('invalid_request', 'The body is not valid UTF-8.')
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true })
const NOTHING = new Uint8Array(0)

/**
 * Reads a whole body. The bytes are counted as they arrive, so that neither a false `Content-Length` nor a chunked body
 * gets past the limit. Throws `payload_too_large`, `unsupported_media_type`, and `invalid_request` for one that breaks off.
 */
export async function readBytes(c: Context, maxBytes: number): Promise<Uint8Array> {
  const encoding = headerOf(c, 'content-encoding')
  if (encoding !== undefined && encoding !== 'identity')
    throw new SpringbarError('unsupported_media_type', 'Compressed bodies are not read.')
  const length = headerOf(c, 'content-length')
  if (length !== undefined && Number(length) > maxBytes) throw tooLarge(maxBytes)
  // Nothing to wait for, as in every call that says all in its path.
  if (length === '0' || hasNoBody(c)) return NOTHING
  try {
    // Node's parser ends a body at its Content-Length, so this cannot grow beyond what was checked.
    if (length !== undefined) return new Uint8Array(await c.req.arrayBuffer())
    return await readCounted(c, maxBytes)
  } catch (error) {
    if (error instanceof SpringbarError) throw error
    throw new SpringbarError('invalid_request', 'The body broke off before its end.', { cause: error })
  }
}

/** Whether a request that came over the wire announces no body, and so has none (RFC 9112 §6.3). */
function hasNoBody(c: Context): boolean {
  const bindings: Partial<HttpBindings> | undefined = c.env
  const headers = bindings?.incoming?.headers
  return (
    headers !== undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined
  )
}

async function readCounted(c: Context, maxBytes: number): Promise<Uint8Array> {
  const body = c.req.raw.body
  if (body === null) return NOTHING
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const tooLarge = (bytes: number) =>
  new SpringbarError('payload_too_large', `A body has at most ${bytes} bytes.`)

/**
 * A body that is passed on while it comes, cut off with an error when it grows beyond a number of bytes; null where there
 * is none. Throws `payload_too_large` for one that announces more.
 */
export function limitedBody(c: Context, bytes: number): ReadableStream<Uint8Array> | null {
  const length = headerOf(c, 'content-length')
  if (length !== undefined && Number(length) > bytes) throw tooLarge(bytes)
  const hasBody = length === undefined ? headerOf(c, 'transfer-encoding') !== undefined : Number(length) > 0
  if (!hasBody || c.req.raw.body === null) return null
  let left = bytes
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      left -= chunk.byteLength
      if (left < 0) controller.error(tooLarge(bytes))
      else controller.enqueue(chunk)
    },
  })
  return c.req.raw.body.pipeThrough(counted)
}

/** Throws `unsupported_media_type` unless the body is of this type. */
export function assertMediaType(c: Context, expected: MediaType): void {
  const [type, ...parameters] = (headerOf(c, 'content-type') ?? '').toLowerCase().split(';')
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset='))
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  if (type?.trim() !== expected || !isUtf8)
    throw new SpringbarError('unsupported_media_type', `The content type must be ${expected}, in UTF-8.`)
}

/** A JSON body as a plain object. Throws `invalid_json` and `invalid_request`. */
export async function readJsonObject(c: Context): Promise<Readonly<Record<string, unknown>>> {
  assertMediaType(c, 'application/json')
  const text = await readBody(c)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new SpringbarError('invalid_json', 'The body is not valid JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SpringbarError('invalid_request', 'The body must be one JSON object.')
  return value as Record<string, unknown> // an object that is no array, checked above
}

/** The fields of a form body, each of which may be absent but not repeated. */
export type Form = (name: string) => string | null

/** A form body. An empty one needs no content type. Fields that nobody asks for have no effect. */
export async function readForm(c: Context): Promise<Form> {
  const text = await readBody(c)
  if (text !== '' || headerOf(c, 'content-type') !== undefined)
    assertMediaType(c, 'application/x-www-form-urlencoded')
  return formOf(text)
}

/** The fields of a form-encoded text, such as a query. Throws `invalid_request` for a repeated or malformed field. */
export const formOf =
  (text: string): Form =>
  (name) => {
    const found = readQueryParameter(text, name)
    if (found.kind === 'value') return found.value
    if (found.kind === 'absent') return null
    throw new SpringbarError('invalid_request', `The parameter ${name} is ${found.kind}.`)
  }
