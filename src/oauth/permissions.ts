import { limits } from '../limits.ts'
import type { Client } from '../model/application.ts'
import type { Authorization } from '../model/source.ts'
import { getWithToken } from './get-with-token.ts'
import type { Tokens } from './grant.ts'
import { type JsonObject, valueAt } from './json.ts'
import type { VendorContext } from './vendor-answer.ts'
import { VendorError } from './vendor-error.ts'

type Permissions = NonNullable<Authorization['permissions']>

/**
 * What the person allowed, as the vendor lists it. Right after a consent such a list may still be empty, so it is asked
 * for again, after growing waits; when it stays empty, nothing was allowed. Throws a {@link VendorError}.
 */
export async function askForPermissions(
  context: VendorContext,
  authorization: Authorization,
  permissions: Permissions,
  client: Client,
  tokens: Tokens,
): Promise<readonly string[]> {
  return collectPermissions(context, permissions, () =>
    getWithToken(context, authorization, client, permissions, tokens),
  )
}

/** The same for any way to ask. */
export async function collectPermissions(
  context: Pick<VendorContext, 'wait'>,
  { path, triesWhenEmpty }: Permissions,
  ask: () => Promise<JsonObject>,
): Promise<readonly string[]> {
  for (let tried = 1; ; tried++) {
    const granted = readPermissions(valueAt(await ask(), path))
    if (granted.length > 0 || tried >= triesWhenEmpty) return granted
    await context.wait(limits.permissionsWaitMs.first * 2 ** (tried - 1))
  }
}

function readPermissions(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > limits.permissionsListed)
    throw new VendorError('malformed', 'scope')
  const names = value.filter((name) => typeof name === 'string' && name !== '')
  if (names.length !== value.length) throw new VendorError('malformed', 'scope')
  return [...new Set(names)]
}
