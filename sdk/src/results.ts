import { parseRedeemedResult, type RedeemedResult } from './answers.ts'
import { checkEndUserId, checkResultCode } from './arguments.ts'
import { SpringbarError } from './errors.ts'
import { type Ask, type CallOptions, json } from './request.ts'

/** Springbar's own call for a trustworthy outcome (contract §6); the documented service does not have it. */
export interface ResultCalls {
  /**
   * Redeems the `result` of a return URL: whose attempt it was, which source, and how it ended. Within 10 minutes, by
   * the application that it was made for, the same answer each time. `not_found` otherwise.
   * Take `endUserId` from your own log-in, never from the request: of anybody else's code nothing is told but
   * `user_mismatch`, so that nobody can link somebody else by handing them a code.
   */
  redeemResult(
    result: { readonly code: string; readonly endUserId: string },
    options?: CallOptions,
  ): Promise<RedeemedResult>
}

/** Makes the call that redeems a result code. */
export function resultCalls(ask: Ask, apiUrl: string): ResultCalls {
  return {
    async redeemResult({ code, endUserId }, { signal } = {}) {
      const url = `${apiUrl}/v1/results/${checkResultCode(code)}`
      const expected = checkEndUserId(endUserId)
      const answer = await ask('redeem a result', 200, { method: 'POST', url, ...json({}), signal })
      const result = parseRedeemedResult(answer.text)
      if (result.endUserId !== expected)
        throw new SpringbarError('user_mismatch', 'The result is one of another end user.')
      return result
    },
  }
}
