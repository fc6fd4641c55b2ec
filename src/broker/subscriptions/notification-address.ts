import { limits } from '../../limits.ts'
import type { Application, Client } from '../../model/application.ts'
import { asApplicationId } from '../../model/ids.ts'
import type { NotificationAddress } from '../../model/inbound.ts'
import type { AnyAuthorization, Notifications } from '../../model/source.ts'
import type { NotificationSecrets } from '../../oauth/index.ts'
import { sameDigest } from '../../vault/index.ts'
import { auditByApplication } from '../audit/append-audit.ts'
import { authorizationAt } from '../catalogue/find-source.ts'
import { applicationOf, type Context } from '../context.ts'
import { notificationSecretPlace } from '../sealing/sealed-places.ts'

/** An authorization whose vendor tells things. */
export type TellingAuthorization = AnyAuthorization & { readonly notifications: Notifications }

/** Where one application is told by one vendor, and what both know. */
export interface OpenAddress {
  readonly application: Application
  readonly authorization: TellingAuthorization
  readonly client: Client
  readonly secrets: NotificationSecrets
  readonly stored: NotificationAddress
}

type Row = Pick<NotificationAddress, 'applicationId' | 'vendor'>

/** Every address is there before it has a row. */
export const firstAddress = ({ applicationId, vendor }: Row): NotificationAddress => ({
  applicationId,
  vendor,
  generation: 0,
  changedAt: null,
  sealedSecret: null,
})

/** The path's last segment: whose it is, and 256 bits that nobody can guess and that need not be stored. */
const keyOf = (
  { vault }: Pick<Context, 'vault'>,
  { applicationId, vendor, generation }: NotificationAddress,
) =>
  `${applicationId}.${vendor}.${vault.ofAny('inbound-address', `${applicationId}\n${vendor}\n${generation}`)}`

/** What to register at the vendor. */
export const notificationUri = (context: Context, address: NotificationAddress): string =>
  `${context.urls.direct}/inbound/${keyOf(context, address)}`

/** The secrets of an address. Throws a `VaultError` when the vendor's does not open. */
export function notificationSecrets({ vault }: Context, address: NotificationAddress): NotificationSecrets {
  const { applicationId, vendor, generation, sealedSecret } = address
  return {
    verifyToken: vault.ofAny('inbound-verify', `${applicationId}\n${vendor}\n${generation}`),
    signingSecret: sealedSecret === null ? null : vault.open(sealedSecret, notificationSecretPlace(address)),
  }
}

/** Seals what a vendor said it signs with. */
export const sealSigningSecret = ({ vault }: Context, row: Row, secret: string): string =>
  vault.seal(secret, notificationSecretPlace(row))

/** The authorization of a vendor key, when its vendor tells things. */
export function tellingAuthorization(
  { sources }: Pick<Context, 'sources'>,
  vendor: string,
): TellingAuthorization | null {
  const found = authorizationAt(sources, vendor)
  return found !== null && tells(found) ? found : null
}

/** Whether a vendor tells of what happens by itself. */
export const tells = (authorization: AnyAuthorization): authorization is TellingAuthorization =>
  authorization.notifications !== undefined

const KEY = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})\.([a-z][a-z0-9-]{0,99})\.([A-Za-z0-9_-]{43})$/

/**
 * The address of a path's last segment; null for one that is nobody's. The one before the last change goes on working for
 * `limits.inboundOldAddressMs`.
 */
export async function openAddress(context: Context, key: string): Promise<OpenAddress | null> {
  const [, id = '', vendor = ''] = KEY.exec(key) ?? []
  const application = applicationOf(context, asApplicationId(id))
  const authorization = tellingAuthorization(context, vendor)
  const client = application?.clients.get(vendor)
  if (!application || authorization === null || client === undefined) return null
  const row = { applicationId: application.id, vendor }
  const stored =
    (await context.storage.read.notificationAddresses.find(application.id, vendor)) ?? firstAddress(row)
  const { changedAt, generation } = stored
  const before = { ...stored, generation: generation - 1 }
  const isOldOpen = changedAt !== null && context.now() < changedAt + limits.inboundOldAddressMs
  const meant = [stored, ...(isOldOpen ? [before] : [])].find((one) => sameDigest(key, keyOf(context, one)))
  if (meant === undefined) return null
  return { application, authorization, client, stored, secrets: notificationSecrets(context, meant) }
}

/** Changes the address of one vendor's notifications; gives the new one. */
export async function changeAddress(
  context: Context,
  application: Application,
  vendor: string,
): Promise<NotificationAddress> {
  const row = { applicationId: application.id, vendor }
  return context.storage.write(async (tables) => {
    const stored = (await tables.notificationAddresses.find(application.id, vendor)) ?? firstAddress(row)
    const changed = { ...stored, generation: stored.generation + 1, changedAt: context.now() }
    await tables.notificationAddresses.put(changed)
    await tables.subscriptions.hurry(application.id, vendor, context.now())
    await auditByApplication(context, tables, application, 'notification-address.change', vendor)
    return changed
  })
}
