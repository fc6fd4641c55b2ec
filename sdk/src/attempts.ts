import { parseConfirmed } from './answers.ts'
import { checkEndUserId, checkTicket } from './arguments.ts'
import { type Ask, type CallOptions, json } from './request.ts'

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
}

/** Makes the call that confirms an attempt. */
export function attemptCalls(ask: Ask, apiUrl: string): AttemptCalls {
  return {
    async confirmAttempt({ ticket, endUserId }, { signal } = {}) {
      const body = { ticket: checkTicket(ticket), endUserId: checkEndUserId(endUserId) }
      const url = `${apiUrl}/v1/attempts/confirm`
      return parseConfirmed(
        (await ask('confirm an attempt', 200, { method: 'POST', url, ...json(body), signal })).text,
      )
    },
  }
}
