import { parseConfirmed } from './answers.ts'
import { checkEndUserId, checkReference, checkTicket } from './arguments.ts'
import { type Api, inPath } from './endpoint.ts'
import { flag, listOf, nullable, number, object, text } from './readers.ts'
import { type Ask, type CallOptions, json } from './request.ts'

/** One trip of a person to a vendor, or one disconnect. */
export interface Attempt {
  /** What the person may read out to support. */
  readonly reference: string
  readonly endUserId: string
  readonly action: 'connect' | 'disconnect' | (string & {})
  readonly dataSource: number | null
  readonly vendor: string | null
  readonly status: 'created' | 'exchanging' | 'pending' | 'done' | 'failed' | (string & {})
  /** As in the return URL: after a disconnect false is success. Null while it is open. */
  readonly connected: boolean | null
  readonly error: string | null
  /** More about the error, for developers. */
  readonly cause: string | null
  readonly connectionId: string | null
  readonly redirectUri: string | null
  /** ISO-8601 instants, the oldest first. */
  readonly timeline: readonly { readonly step: string; readonly at: string }[]
}

/** Springbar's own call for `bind=confirm` (contract §3, §6); the documented service does not have it. */
export interface AttemptCalls {
  /**
   * Says who is logged in where a browser brought a ticket (`verifyUrl?ticket=…`), and gives the address to send that
   * browser on to. Take `endUserId` from your own log-in, never from the request. Asked again, it answers the same.
   * `user_mismatch` when the link was made for somebody else: nothing was connected, and nothing ever will be of this
   * ticket. `attempt_expired` when it came too late, `not_found` for a ticket that is not one of this application's.
   */
  confirmAttempt(
    confirmation: { readonly ticket: string; readonly endUserId: string },
    options?: CallOptions,
  ): Promise<{ readonly next: string }>
  /** What happened in the attempt whose reference the person saw, step by step. */
  readAttempt(reference: string, options?: CallOptions): Promise<Attempt>
  /**
   * What an end user tried to connect or disconnect in the last seven days, the newest first. An attempt that is still at the
   * vendor comes when it ends.
   */
  listAttempts(endUser: { readonly endUserId: string }, options?: CallOptions): Promise<readonly Attempt[]>
}

const attempt = object<Attempt>({
  reference: text,
  endUserId: text,
  action: text,
  dataSource: nullable(number),
  vendor: nullable(text),
  status: text,
  connected: nullable(flag),
  error: nullable(text),
  cause: nullable(text),
  connectionId: nullable(text),
  redirectUri: nullable(text),
  timeline: listOf(object({ step: text, at: text })),
})

/** Makes the calls about attempts. */
export function attemptCalls(ask: Ask, apiUrl: string, { get, list }: Api): AttemptCalls {
  return {
    async confirmAttempt({ ticket, endUserId }, { signal } = {}) {
      const body = { ticket: checkTicket(ticket), endUserId: checkEndUserId(endUserId) }
      const url = `${apiUrl}/v1/attempts/confirm`
      return parseConfirmed(
        (await ask('confirm an attempt', 200, { method: 'POST', url, ...json(body), signal })).text,
      )
    },

    readAttempt: async (reference, options) => {
      const query = { reference: checkReference(reference) }
      return get({ purpose: 'read an attempt', method: 'GET', path: '/attempts', query }, attempt, options)
    },

    listAttempts: async ({ endUserId }, options) => {
      const path = `/users/${inPath('endUserId', endUserId)}/attempts`
      return list({ purpose: 'list attempts', method: 'GET', path }, attempt, options)
    },
  }
}
