import { SpringbarError } from '../../errors.ts'
import type { Connection } from '../../model/connection.ts'
import type { Device } from '../../model/pairing.ts'
import type { Tables } from '../../storage/storage.ts'
import { endConnection } from '../connections/end-connection.ts'
import type { Context } from '../context.ts'
import { connectionEvent } from '../events/new-event.ts'
import { writeAgain } from '../write-again.ts'
import { DEVICE_TOKEN_PREFIX, type Permissions } from './redeem-pairing.ts'

/** What an app on a phone tells. */
export interface DeviceReport {
  readonly status: 'connected' | 'disconnected'
  /** Null when nothing is said of them. */
  readonly permissions: Permissions | null
}

const DEVICE_TOKEN = new RegExp(`^${DEVICE_TOKEN_PREFIX}[A-Za-z0-9_-]{43}$`)

/** The device of a token; null for any other token, and when its application was taken out of the configuration. */
export async function findDevice(context: Context, token: string): Promise<Device | null> {
  if (!DEVICE_TOKEN.test(token)) return null
  const device = await context.storage.read.devices.find(context.vault.ofRandom('device-token', token))
  return device !== null && context.applications.has(device.applicationId) ? device : null
}

/**
 * Takes what a paired phone reports and returns the connection as it is then. `disconnected` ends it, as often as it is
 * said. Throws `pairing_ended` for `connected` on a connection that has ended: the app is to stop, and to
 * forget its token.
 */
export async function reportDevice(
  context: Context,
  device: Device,
  report: DeviceReport,
): Promise<Connection> {
  return writeAgain(context, async (tables) => {
    const connection = await find(tables, device)
    if (connection.status === 'disconnected') {
      if (report.status === 'disconnected') return connection
      throw new SpringbarError('pairing_ended', 'This connection was disconnected.', {
        extra: { disconnectedBy: connection.disconnectedBy ?? 'person' },
      })
    }
    await tables.devices.reported(device.applicationId, device.tokenHash, context.now())
    if (report.status === 'disconnected')
      await endConnection(context, tables, connection, { by: 'person', causeId: null, revoke: false })
    else if (report.permissions !== null && differs(connection, report.permissions))
      await changePermissions(context, tables, connection, report.permissions)
    return find(tables, device)
  })
}

async function find(tables: Tables, { applicationId, connectionId }: Device): Promise<Connection> {
  const connection = await tables.connections.find(applicationId, connectionId)
  // The device goes with its connection, so it was erased just now.
  if (connection === null)
    throw new SpringbarError('invalid_device_token', 'This is not the token of a paired device.')
  return connection
}

const differs = ({ grantedScopes, missingScopes }: Connection, { granted, missing }: Permissions): boolean =>
  JSON.stringify([grantedScopes, missingScopes]) !== JSON.stringify([granted, missing])

async function changePermissions(
  context: Context,
  tables: Tables,
  connection: Connection,
  { granted, missing }: Permissions,
): Promise<void> {
  const changed = await tables.connections.update(
    connection.applicationId,
    connection.id,
    connection.version,
    { grantedScopes: granted, missingScopes: missing, updatedAt: context.now() },
  )
  if (!changed) throw new SpringbarError('conflict', 'The connection changed meanwhile.')
  await tables.events.append(
    await connectionEvent(context, tables, 'connection.scopes_changed', connection, {
      grantedScopes: granted,
      missingScopes: missing,
    }),
  )
}
