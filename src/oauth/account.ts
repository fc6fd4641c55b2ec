import { limits } from '../limits.ts'
import type { Client } from '../model/application.ts'
import type { Authorization } from '../model/source.ts'
import { getWithToken } from './get-with-token.ts'
import type { Tokens } from './grant.ts'
import { type JsonObject, valueAt } from './json.ts'
import { readClaims, requireForUs } from './jwt.ts'
import type { VendorContext } from './vendor-answer.ts'
import { VendorError } from './vendor-error.ts'

const CONTROL_CHARACTER = /\p{Cc}/u

/**
 * The person's id at the vendor, as a string, from where the definition says: the token answer, a claim of one of its
 * tokens, or a request with the access token. Throws a {@link VendorError}; `scope_missing` when the vendor answers
 * that the granted scopes do not reach so far.
 */
export async function findAccountId(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  tokenAnswer: JsonObject,
  tokens: Tokens,
): Promise<string> {
  const { account } = authorization
  switch (account.from) {
    case 'token':
      return readAccountId(valueAt(tokenAnswer, account.path))
    case 'idToken': {
      const claims = readClaims(valueAt(tokenAnswer, 'id_token'))
      requireForUs(claims, authorization, client, context.now())
      return readAccountId(valueAt(claims, account.claim))
    }
    case 'accessToken':
      return readAccountId(valueAt(readClaims(tokens.accessToken.reveal()), account.claim))
    case 'request': {
      const answer = await getWithToken(context, authorization, client, account, tokens)
      return readAccountId(valueAt(answer, account.path))
    }
  }
}

/** Whether the person's id can be asked for at any time. */
export const asksAccount = ({ account }: Pick<Authorization, 'account'>): boolean =>
  account.from === 'request'

/**
 * Asks for the person's id with a token that may be dead. Throws a {@link VendorError}: `rejected` with 401 when it is, and
 * a TypeError where the vendor has no such call.
 */
export async function findAccountAgain(
  context: VendorContext,
  authorization: Authorization,
  client: Client,
  tokens: Tokens,
): Promise<string> {
  if (!asksAccount(authorization)) throw new TypeError('this vendor tells the account with the tokens alone')
  return findAccountId(context, authorization, client, {}, tokens)
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
