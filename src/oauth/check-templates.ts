import type { Authorization } from '../model/source.ts'
import { CLIENT_PLACEHOLDERS, clientFieldOf, GRANT_PLACEHOLDERS, placeholdersOf } from './template.ts'
import type { VendorCall } from './vendor-call.ts'

const IN_STEPS = GRANT_PLACEHOLDERS
/** Before the account is known there is no more than the tokens. */
const WITH_TOKENS: readonly string[] = ['accessToken', 'refreshToken']

/**
 * Throws a TypeError when a template of a definition names what nobody knows, what is not known at that moment, or a
 * client field that the definition does not declare; or when a GET has a body. To be called once for each definition at
 * start, so that no person finds out.
 */
export function checkTemplates(authorization: Authorization): void {
  const fields = (authorization.registration?.clientFields ?? []).map(({ name }) => name)
  const check = (templates: readonly string[], grantPlaceholders: readonly string[]) => {
    for (const placeholder of templates.flatMap(placeholdersOf)) {
      const field = clientFieldOf(placeholder)
      const isKnown =
        field === null
          ? CLIENT_PLACEHOLDERS.includes(placeholder) || grantPlaceholders.includes(placeholder)
          : fields.includes(field)
      if (!isKnown)
        throw new TypeError(
          `${authorization.vendor}: {${placeholder}} is not known where a template names it`,
        )
    }
  }
  const checkCall = (call: VendorCall) => {
    if (call.method === 'GET' && (call.body !== undefined || call.authentication === 'client_secret_post'))
      throw new TypeError(`${authorization.vendor}: a GET has no body`)
    check([call.url, ...valuesIn(call.headers), ...valuesIn(call.body?.members)], IN_STEPS)
  }

  const { account, tokenRequest, afterConnect = [], revocation, api } = authorization
  check(valuesIn(tokenRequest.headers), [])
  if (account.from === 'request') check(valuesIn(account.headers), WITH_TOKENS)
  for (const step of afterConnect) checkCall(step)
  if (revocation.kind === 'request') checkCall(revocation)
  check(valuesIn(api?.headers), IN_STEPS)
}

const valuesIn = (templates: Readonly<Record<string, string>> | undefined): readonly string[] =>
  Object.values(templates ?? {})
