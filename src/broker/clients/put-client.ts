import { SpringbarError } from '../../errors.ts'
import type { Application } from '../../model/application.ts'
import type { AnyAuthorization, Source } from '../../model/source.ts'
import { auditByApplication } from '../audit/append-audit.ts'
import { type AuthorizationChoice, chooseAuthorization } from '../catalogue/choose-authorization.ts'
import type { Context } from '../context.ts'
import { type ClientSecrets, sealClient } from '../sealing/sealed-client.ts'
import { type KnownClient, knownClient } from './known-client.ts'

/** A client as an application gives it. */
export interface NewClient extends AuthorizationChoice, ClientSecrets {
  readonly clientId: string
  /** The scopes to ask for; null for those that the source asks for by itself. */
  readonly scopes: readonly string[] | null
}

/**
 * Stores an application's client for a source, or replaces it; the next connect uses it. Throws
 * `managed_by_configuration`, `source_not_available`, or `invalid_request` with what the definition does not know.
 */
export async function putClient(
  context: Context,
  application: Application,
  source: Source,
  given: NewClient,
): Promise<KnownClient> {
  const authorization = chooseAuthorization(source, given)
  const { vendor } = authorization
  assertNotConfigured(application, vendor)
  checkScopes(authorization, given.scopes)
  checkExtras(authorization, given.extras)
  const now = context.now()
  const row = { applicationId: application.id, vendor }
  const { clientId, scopes } = given
  const client = { ...row, clientId, scopes, sealedSecrets: sealClient(context, row, given) }
  const stored = await context.storage.write(async (tables) => {
    await tables.clients.put({ ...client, createdAt: now, updatedAt: now })
    await auditByApplication(context, tables, application, 'client.put', vendor)
    return tables.clients.find(application.id, vendor)
  })
  await context.refreshClients()
  return knownClient(authorization, { ...given, managedBy: 'api' }, stored)
}

/** Throws `managed_by_configuration` for a vendor key whose client the configuration gives. */
export function assertNotConfigured(application: Application, vendor: string): void {
  if (application.clients.get(vendor)?.managedBy === 'configuration')
    throw new SpringbarError('managed_by_configuration', 'This client stands in the configuration.')
}

function checkScopes(authorization: AnyAuthorization, scopes: readonly string[] | null): void {
  const known = new Set(authorization.scopes.map(({ value }) => value))
  const index = scopes?.findIndex((scope) => !known.has(scope)) ?? -1
  if (index === -1) return
  const list = [...known].join(', ')
  throw new SpringbarError(
    'invalid_request',
    `scopes.${index}: the data source has no such scope; there are ${list}.`,
  )
}

/** Where the definition names further values, it names all of them. */
function checkExtras({ registration }: AnyAuthorization, extras: NewClient['extras']): void {
  const fields = registration?.clientFields
  if (fields === undefined) return
  const missing = fields.find(({ name, required }) => required && !extras.has(name))
  if (missing !== undefined)
    throw new SpringbarError('invalid_request', `extras.${missing.name} is missing: ${missing.label}.`)
  if ([...extras.keys()].some((name) => !fields.some((field) => field.name === name)))
    throw new SpringbarError(
      'invalid_request',
      `extras: the vendor takes no such value; there are ${fields.map(({ name }) => name).join(', ')}.`,
    )
}
