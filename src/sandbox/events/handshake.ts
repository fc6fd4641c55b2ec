import type { Handshake } from '../vendor.ts'
import type { NotificationTarget } from './target.ts'

/** A request to a notification URL, and what came back. */
export type Probe = (init: {
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}) => Promise<{ readonly status: number | null; readonly text: string }>

function member(text: string, name: string): unknown {
  try {
    return Object(JSON.parse(text))[name]
  } catch {
    return undefined
  }
}

const isSuccess = (status: number | null) => status !== null && status >= 200 && status < 300

/** What each way of trying a URL does; true when the URL answers as it should. */
const WAYS: Readonly<
  Record<Handshake, (probe: Probe, target: NotificationTarget, word: string) => Promise<boolean>>
> = {
  none: async () => true,
  'hub-challenge': async (probe, { verifyToken }, word) => {
    const query = { 'hub.mode': 'subscribe', 'hub.challenge': word, 'hub.verify_token': verifyToken }
    const { status, text } = await probe({ method: 'GET', query })
    return status === 200 && member(text, 'hub.challenge') === word
  },
  'verify-code': async (probe, { verifyToken }, word) => {
    const right = await probe({ method: 'GET', query: { verify: verifyToken } })
    const wrong = await probe({ method: 'GET', query: { verify: word } })
    return right.status === 204 && wrong.status === 404
  },
  'two-probes': async (probe, { secret }) => {
    const body = { type: 'verification' }
    const right = await probe({ method: 'POST', body, headers: { authorization: secret } })
    const wrong = await probe({ method: 'POST', body })
    return isSuccess(right.status) && wrong.status !== null && wrong.status >= 400 && wrong.status < 500
  },
  'challenge-json': async (probe, { verifyToken }, word) => {
    const query = { verification_token: verifyToken, challenge: word }
    const { status, text } = await probe({ method: 'GET', query })
    return isSuccess(status) && member(text, 'challenge') === word
  },
  ping: async (probe) => {
    const body = { event: 'PING' }
    return (await probe({ method: 'POST', body })).status === 200
  },
  head: async (probe) => (await probe({ method: 'HEAD' })).status === 200,
  'get-204': async (probe) => (await probe({ method: 'GET' })).status === 204,
}

/** Tries a notification URL as the vendor does before it sends anything there. `word` is one that nobody can guess. */
export const shakeHands = (handshake: Handshake, probe: Probe, target: NotificationTarget, word: string) =>
  WAYS[handshake](probe, target, word)
