import { inPath } from './endpoint.ts'
import { invalidArgument, SpringbarError } from './errors.ts'
import { type CallOptions, readText, refusal, type Transport } from './request.ts'

/** A request to a vendor's interface. */
export interface VendorRequest {
  readonly connectionId: string
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query at the vendor, such as `/api/v3/athlete`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

/** The vendor's interface with the token put in (contract §6). */
export interface ProxyCalls {
  /**
   * Calls the vendor for one connection. The answer is the vendor's, whatever its status: it streams, so read or cancel its body.
   * The time limit holds until it begins. Never tried again. An answer of our own (`Springbar-Answered-By` is absent)
   * that is no success rejects with a `SpringbarError`.
   */
  callVendor(request: VendorRequest, options?: CallOptions): Promise<Response>
}

/** A path that means the same to every reader: no step up, nothing a URL would cut off. */
const PATH = /^\/(?!\/)[\x21\x22\x24-\x5b\x5d-\x7e]{0,4000}$/
const STEP = /(^|\/)(\.|%2e){1,2}(\/|\?|$)/i

/** Makes the call that goes through to a vendor. */
export function proxyCalls(
  transport: Transport,
  apiUrl: string,
  credentials: Readonly<Record<string, string>>,
): ProxyCalls {
  return {
    async callVendor({ connectionId, method = 'GET', path, headers = {}, body }, { signal } = {}) {
      if (!PATH.test(path) || STEP.test(path.split('?')[0] ?? ''))
        throw invalidArgument('path must begin with one slash, and be encoded, without steps.')
      const url = `${apiUrl}/v1/connections/${inPath('connectionId', connectionId)}/proxy${path}`
      const init = { method, headers: { ...headers, ...credentials }, redirect: 'manual' } as const
      const response = await begin(transport, url, body === undefined ? init : { ...init, body }, signal)
      if (response.ok || response.headers.has('springbar-answered-by')) return response
      const { status } = response
      const answer = { status, headers: response.headers, text: await readText(response) }
      throw refusal(transport, answer, 'call the vendor')
    },
  }
}

/** Sends a request and gives the answer as soon as it begins; what is left of it can be cancelled from outside still. */
async function begin(
  { fetch, timeoutMs }: Transport,
  url: string,
  init: RequestInit,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const controller = new AbortController()
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    controller.abort()
  }, timeoutMs)
  const abort = () => controller.abort()
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await fetch(url, { ...init, signal: controller.signal })
  } catch {
    if (timedOut) throw new SpringbarError('timeout', `The vendor did not answer in ${timeoutMs} ms.`)
    if (controller.signal.aborted) throw new SpringbarError('aborted', 'The call was cancelled.')
    throw new SpringbarError('unreachable', 'Springbar could not be reached.')
  } finally {
    clearTimeout(timer)
  }
}
