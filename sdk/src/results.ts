import { parseRedeemedResult, type RedeemedResult } from './answers.ts'
import { checkResultCode } from './arguments.ts'
import { type Ask, type CallOptions, json } from './request.ts'

/** Springbar's own call for a trustworthy outcome (contract §6); the documented service does not have it. */
export interface ResultCalls {
  /**
   * Redeems the `result` of a return URL: whose attempt it was, which source, and how it ended. Within 10 minutes, by
   * the application that it was made for, the same answer each time. `not_found` otherwise.
   */
  redeemResult(code: string, options?: CallOptions): Promise<RedeemedResult>
}

/** Makes the call that redeems a result code. */
export function resultCalls(ask: Ask, apiUrl: string): ResultCalls {
  return {
    async redeemResult(code, { signal } = {}) {
      const url = `${apiUrl}/v1/results/${checkResultCode(code)}`
      return parseRedeemedResult(
        (await ask('redeem a result', 200, { method: 'POST', url, ...json({}), signal })).text,
      )
    },
  }
}
