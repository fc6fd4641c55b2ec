import { z } from '@hono/zod-openapi'
import { limits } from '../../limits.ts'
import { connection } from './schemas.ts'

/** The shapes of what apps on phones call. */

/** Names as the phone's own store has them, such as `HKQuantityTypeIdentifierStepCount`. */
const permissionNames = z
  .array(
    z
      .string()
      .min(1)
      .max(limits.permissionCharacters)
      .regex(/^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/, 'must be a name without spaces, quotes and commas'),
  )
  .max(limits.permissionsPerReport)

const permissions = z
  .object({ granted: permissionNames, missing: permissionNames })
  .openapi('Permissions', { example: { granted: ['READ_STEPS'], missing: ['READ_SLEEP'] } })

export const pairing = z
  .object({
    applicationId: z.string().min(1).max(64),
    code: z.string().min(1).max(40).openapi({ example: 'BCDFG-HJKLM' }),
    /** Who is logged in to the app. When it is somebody else than the code was made for, nothing is connected. */
    endUserId: z.string().max(64).optional(),
    partnerUserId: z.string().max(limits.partnerUserIdCharacters).optional(),
    permissions: permissions.optional(),
  })
  .openapi('Pairing')

export const pairedDevice = z
  .object({
    deviceToken: z
      .string()
      .openapi({ description: 'Given once. It can report on this connection, and nothing else' }),
    endUserId: z.string(),
    partnerUserId: z.string().nullable(),
    connection,
  })
  .openapi('PairedDevice')

export const deviceReport = z
  .object({ status: z.enum(['connected', 'disconnected']), permissions: permissions.optional() })
  .openapi('DeviceReport')

export const deviceState = z
  .object({ status: z.enum(['connected', 'disconnected']), connection })
  .openapi('DeviceState')
