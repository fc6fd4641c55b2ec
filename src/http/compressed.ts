import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Context } from 'hono'
import { headerOf } from './request-header.ts'

const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)

/** Half the way to the best: a page takes about a millisecond, and one per cent more would take ten. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

/**
 * A page in the smallest form that the browser takes. Only for pages whose address nobody can make up who does not have
 * its secrets already: the length of a compressed page tells what an outsider's words in it have in common with them.
 */
export async function compressed(c: Context, page: Response): Promise<Response> {
  const accepted = (headerOf(c, 'accept-encoding') ?? '').split(',').map((one) => one.trim().toLowerCase())
  const encoding = (['br', 'gzip'] as const).find((one) => accepted.includes(one))
  const headers = new Headers(page.headers)
  headers.append('Vary', 'Accept-Encoding, Sec-Fetch-Dest, User-Agent')
  if (encoding === undefined) return new Response(page.body, { status: page.status, headers })
  const bytes = Buffer.from(await page.arrayBuffer())
  const packed = await (encoding === 'br' ? toBrotli(bytes, BROTLI) : toGzip(bytes))
  headers.set('Content-Encoding', encoding)
  headers.set('Content-Length', String(packed.length))
  return new Response(new Uint8Array(packed), { status: page.status, headers })
}
