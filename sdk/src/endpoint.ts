import { invalidArgument, unexpectedAnswer } from './errors.ts'
import { parseJson } from './fields.ts'
import { pageOf, type Reader } from './readers.ts'
import { type Ask, type Call, type CallOptions, json } from './request.ts'

/** One call of `/v1`: what it is for, where it goes, and what the good answer is. */
export interface Endpoint {
  /** Completes "refused to …" in an error. */
  readonly purpose: string
  readonly method: Call['method']
  /** Below `/v1`, encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** A JSON body; absent when there is none. */
  readonly body?: object
  /** The status of success; 200 unless told. */
  readonly status?: number
}

/** Makes calls of `/v1`. */
export interface Api {
  /** Sends the call and reads its answer. */
  readonly get: <Value>(
    endpoint: Endpoint,
    read: Reader<Value>,
    options: CallOptions | undefined,
  ) => Promise<Value>
  /** Reads a list to its end, page by page. */
  readonly list: <Entry>(
    endpoint: Endpoint,
    read: Reader<Entry>,
    options: CallOptions | undefined,
  ) => Promise<readonly Entry[]>
  /** Sends a call that answers 204, nothing. */
  readonly run: (endpoint: Endpoint, options: CallOptions | undefined) => Promise<void>
}

/** An id as it may stand in a path: of the service's own making, so without anything that a path would read. */
const ID = /^(?!\.{1,2}$)[A-Za-z0-9._:@+~-]{1,128}$/

/**
 * An id for a path.
 * @param name how the argument is called, for the complaint
 */
export function inPath(name: string, id: string): string {
  if (typeof id !== 'string' || !ID.test(id)) throw invalidArgument(`${name} must be an id of the service.`)
  return encodeURIComponent(id)
}

/** Pages of one list: far more than the service has, and an end where one sends us in circles. */
const PAGES_MAX = 1_000

/** Binds the calls of `/v1` to a client's way of asking. */
export function createApi(ask: Ask, apiUrl: string): Api {
  const call = (endpoint: Endpoint, options: CallOptions | undefined, status: number) => {
    const { purpose, method, path, query = {}, body } = endpoint
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    )
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`
    const content = body === undefined ? { headers: {} } : json(body)
    const url = `${apiUrl}/v1${path}${search}`
    return ask(purpose, endpoint.status ?? status, { method, url, ...content, signal: options?.signal })
  }
  const get: Api['get'] = async (endpoint, read, options) =>
    read(parseJson((await call(endpoint, options, 200)).text))
  return {
    get,
    async list<Entry>(endpoint: Endpoint, read: Reader<Entry>, options: CallOptions | undefined) {
      const page = pageOf(read)
      const entries: Entry[] = []
      let cursor: string | undefined
      for (let pages = 0; pages < PAGES_MAX; pages += 1) {
        const query = { ...endpoint.query, cursor }
        const { data, nextCursor } = await get({ ...endpoint, query }, page, options)
        entries.push(...data)
        if (nextCursor === null) return Object.freeze(entries)
        cursor = nextCursor
      }
      throw unexpectedAnswer('a list that does not end', { status: 200 })
    },
    run: async (endpoint, options) => void (await call(endpoint, options, 204)),
  }
}
