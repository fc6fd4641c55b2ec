import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Context as BrokerContext } from '../../broker/context.ts'
import { SpringbarError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { headerOf } from '../request-header.ts'
import type { ApiEnvironment } from './router.ts'

/** Minting twice is harmless, and its answer holds a secret that must not be kept. So do those of webhook secrets and previews. */
const IGNORED =
  /^\/v1\/((sessions|results)(\/|$)|connections\/[^/]+\/(token$|proxy\/)|webhooks$|webhooks\/[^/]+\/secrets$|appearance\/preview$)/

/**
 * `Idempotency-Key` on POSTs that return no secret: the same key with the same request gives the same answer, with
 * another request a 422, and however many arrive at once, one takes effect.
 */
export const idempotency =
  (context: BrokerContext): MiddlewareHandler<ApiEnvironment> =>
  async (c, next) => {
    const key = headerOf(c, 'idempotency-key')
    if (key === undefined || c.req.method !== 'POST' || IGNORED.test(c.req.path)) return next()
    if (key.length < 1 || key.length > limits.idempotencyKeyCharacters)
      throw new SpringbarError(
        'invalid_request',
        `Idempotency-Key has 1 to ${limits.idempotencyKeyCharacters} characters.`,
      )
    const applicationId = c.get('application').id
    const requestHash = createHash('sha256')
      .update(`${c.req.path}\n${await c.req.text()}`)
      .digest('base64url')
    const now = context.now()
    const first = await context.storage.write((tables) =>
      tables.records.claimIdempotencyKey(
        applicationId,
        key,
        requestHash,
        now,
        now - limits.requestTimeoutMs,
        now - limits.idempotencyKeptMs,
      ),
    )
    if (first !== null && first.requestHash !== requestHash)
      throw new SpringbarError('idempotency_mismatch', 'This key came with another request before.')
    if (first !== null && first.status === null)
      throw new SpringbarError(
        'idempotency_in_progress',
        'The first request with this key has no answer yet.',
        {
          headers: { 'Retry-After': '1' },
        },
      )
    if (first !== null)
      return new Response(first.body, {
        status: first.status ?? 200,
        headers: { 'Content-Type': 'application/json', 'Idempotency-Replayed': 'true' },
      })
    await next()
    const done = c.error === undefined && c.res.ok
    const body = done ? await c.res.clone().text() : null
    await context.storage.write((tables) =>
      tables.records.answerIdempotencyKey(applicationId, key, done ? c.res.status : null, body),
    )
    return undefined
  }
