import * as oauth from 'oauth4webapi'
import { limits } from '../limits.ts'
import type { Secret } from '../model/secret.ts'
import type { Authorization } from '../model/source.ts'
import { throughGuardedFetch } from './authorization-server.ts'
import { type JsonObject, valueAt } from './json.ts'
import { readJsonObject, requireAvailable, type VendorContext } from './vendor-answer.ts'
import { VendorError } from './vendor-error.ts'

const CONTROL_CHARACTER = /\p{Cc}/u

/**
 * The person's id at the vendor, as a string: from the token answer where the definition says so, otherwise by a
 * request with the access token. Throws a {@link VendorError}; `scope_missing` when the vendor answers that the granted
 * scopes do not reach so far (403, RFC 6750 §3.1).
 */
export async function findAccountId(
  context: VendorContext,
  authorization: Authorization,
  tokenAnswer: JsonObject,
  accessToken: Secret,
): Promise<string> {
  const { account } = authorization
  if (account.from === 'token') return readAccountId(valueAt(tokenAnswer, account.path))
  if (account.from !== 'request') throw new TypeError(`the account id from ${account.from} is not read yet`)
  const response = await oauth.protectedResourceRequest(
    accessToken.reveal(),
    'GET',
    new URL(account.url),
    new Headers({ accept: 'application/json' }),
    null,
    throughGuardedFetch(context, authorization),
  )
  requireAvailable(response, context.now())
  if (response.status === 403) throw new VendorError('scope_missing', 'insufficient_scope', { status: 403 })
  if (response.status !== 200) throw new VendorError('rejected', 'http_status', { status: response.status })
  return readAccountId(valueAt(await readJsonObject(response), account.path))
}

/**
 * Account ids are compared, never calculated with, so each becomes the string of what the vendor wrote. Anything that
 * could stand for two people, or for nobody, is refused: no value, an empty string, zero, a rounded number.
 */
export function readAccountId(value: unknown): string {
  const id = typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? String(value) : value
  if (typeof id !== 'string' || id.trim() === '' || id === '0')
    throw new VendorError('malformed', 'account_id')
  if (id.length > limits.accountIdCharacters || CONTROL_CHARACTER.test(id)) {
    throw new VendorError('malformed', 'account_id')
  }
  return id
}
