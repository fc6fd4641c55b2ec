import { z } from '@hono/zod-openapi'
import { limits } from '../../limits.ts'
import { REAUTH_REASONS } from '../../model/connection.ts'
import { OUTCOME_ERRORS } from '../../model/result.ts'
import { profileFields } from '../profile.ts'

/** The shapes of our own API, which validate what comes in and describe what goes out. */

export const instant = z.iso.datetime().openapi({ example: '2026-11-22T09:30:00.000Z' })
const hexId = z.string().openapi({ example: '0f3c9a5e7b1d42868ac0e4f2b6d8135a' })

export const languageTag = z
  .string()
  .regex(
    /^[A-Za-z]{2}(-([A-Za-z]{4}|[A-Za-z]{2}|[0-9]{3}))?$/,
    'must be two letters, optionally with a script or region',
  )
  .openapi({ example: 'zh-Hant' })

export const partnerUserId = z
  .string()
  .max(limits.partnerUserIdCharacters)
  .regex(/^[A-Za-z0-9\-_.:@+]+$/, 'must be made of letters, digits and - _ . : @ +')
  .openapi({ example: 'k7Qm2v' })

export const newUser = z
  .strictObject({ partnerUserId: partnerUserId.optional(), language: languageTag.optional() })
  .openapi('NewUser')

export const user = z
  .object({
    id: hexId,
    partnerUserId: z.string().nullable(),
    language: z.string().nullable(),
    height: z.int().nullable(),
    weight: z.number().nullable(),
    birthdate: z.string().nullable(),
    gender: z.enum(['male', 'female', 'genderless']).nullable(),
    createdAt: instant,
    deleteAt: instant.nullable(),
  })
  .openapi('User')

export const profile = z.strictObject(profileFields).openapi('Profile')

const dataSourceId = z.int().positive()

/** A misspelt option would widen what the session may do, so an unknown one is refused. */
export const newSession = z
  .strictObject({
    endUserId: z.string(),
    locale: languageTag.optional(),
    allowedSources: z.array(dataSourceId).min(1).max(100).optional(),
    redirectUri: z.string().max(limits.redirectUriCharacters).optional(),
    label: z
      .string()
      .trim()
      .min(1)
      .max(limits.sessionLabelCharacters)
      .regex(/^[^<>]*$/, 'must have no markup')
      .refine((text) => !/\p{Cc}/u.test(text), 'must have no control characters')
      .refine((text) => !/:\/\/|www\./i.test(text), 'must be a name, not an address')
      .optional(),
    lifetimeSeconds: z
      .int()
      .min(limits.sessionLifetimeSeconds.min)
      .max(limits.sessionLifetimeSeconds.max)
      .optional(),
  })
  .openapi('NewSession')

export const session = z
  .object({
    id: z.string().openapi({ example: '1734509912480551' }),
    token: z.string(),
    expiresAt: instant,
    widgetUrl: z.string(),
    links: z.array(
      z.object({
        dataSource: dataSourceId,
        key: z.string(),
        name: z.string(),
        connectUrl: z.string(),
        disconnectUrl: z.string(),
      }),
    ),
  })
  .openapi('Session')

export const endedSessions = z.object({ ended: z.int() }).openapi('EndedSessions')

export const connection = z
  .object({
    id: hexId,
    endUserId: hexId,
    dataSource: dataSourceId,
    status: z.enum(['active', 'needs_reauth', 'disconnected']),
    disconnectedBy: z.enum(['person', 'application', 'vendor', 'displaced', 'replaced', 'erased']).nullable(),
    reauthReason: z.enum(REAUTH_REASONS).nullable(),
    grantedScopes: z.array(z.string()),
    missingScopes: z.array(z.string()),
    connectedAt: instant,
    updatedAt: instant,
    disconnectedAt: instant.nullable(),
  })
  .openapi('Connection')

export const connectionDetail = connection
  .extend({
    revocations: z.array(
      z.object({
        status: z.enum(['pending', 'revoked', 'unsupported', 'superseded', 'gave_up']),
        tries: z.int(),
        createdAt: instant,
        finishedAt: instant.nullable(),
      }),
    ),
  })
  .openapi('ConnectionDetail')

export const notificationAddress = z
  .object({
    uri: z
      .url()
      .openapi({ description: 'What to register at the vendor. Whoever knows it can send something there' }),
    verifyToken: z.string().openapi({
      description: 'The word that the vendor is told to prove itself with, where it asks for one',
    }),
    setUp: z.string().openapi({ description: 'What to do at the vendor, in a sentence' }),
    changedAt: z.iso.datetime().nullable(),
    subscriptions: z
      .object({ active: z.int(), pending: z.int(), failing: z.int(), cause: z.string().nullable() })
      .openapi({
        description: 'What the service asked this vendor to tell, and why some of it could not be had',
      }),
  })
  .openapi('NotificationAddress')

export const dataSource = z
  .object({
    id: dataSourceId,
    key: z.string(),
    name: z.string(),
    description: z.string(),
    category: z.string(),
    categoryName: z.string(),
    kind: z.enum(['oauth2', 'web', 'credentials', 'native']),
    status: z.enum(['live', 'planned', 'closed', 'ended']),
    statusName: z.string(),
    /** For developers, in English. */
    statusNote: z.string().nullable(),
    logo: z.string(),
    scopes: z.array(z.object({ value: z.string(), label: z.string(), requested: z.boolean() })),
    connectable: z.boolean(),
    missing: z
      .object({
        reason: z.enum(['no_client', 'planned', 'closed', 'ended', 'native', 'credentials_off']),
        text: z.string(),
      })
      .nullable()
      .openapi({ description: 'Why it cannot be connected: a word for programs, a sentence for people' }),
    /** What to register at the vendor as the redirect URI. */
    callbackUri: z.string().nullable(),
    authorizations: z
      .array(
        z.object({
          vendor: z.string(),
          name: z.string(),
          environment: z.enum(['production', 'sandbox']),
          status: z.enum(['live', 'ended']),
          callbackUri: z.string(),
          client: z.enum(['configuration', 'api']).nullable(),
          used: z.boolean(),
          notifications: notificationAddress.nullable().openapi({
            description: 'Where this vendor tells what happens there; null for one that tells nothing',
          }),
        }),
      )
      .openapi({ description: 'What a client can be given for, whose there is, and which one is used' }),
  })
  .openapi('DataSource')

export const redirectUri = z.object({ uri: z.string() }).openapi('RedirectUri')

export const listedRedirectUri = z
  .object({ uri: z.string(), managedBy: z.enum(['configuration', 'api']) })
  .openapi('ListedRedirectUri')

export const addedRedirectUri = listedRedirectUri
  .extend({ warnings: z.array(z.object({ code: z.string(), detail: z.string() })) })
  .openapi('AddedRedirectUri')

export const redirectUriCheck = z
  .object({
    allowed: z.boolean(),
    /** Which of the seven rules refused it; null when it is allowed. */
    rule: z.int().nullable(),
    code: z.string().nullable(),
    detail: z.string().nullable(),
    /** The listed redirect URI that it matches; null for our own result page. */
    entry: z.string().nullable(),
  })
  .openapi('RedirectUriCheck')

export const result = z
  .object({
    endUserId: hexId,
    partnerUserId: z.string().nullable(),
    action: z.enum(['connect', 'disconnect']),
    dataSource: dataSourceId.nullable(),
    connected: z.boolean(),
    succeeded: z.boolean(),
    error: z.enum(OUTCOME_ERRORS).nullable(),
    connection: z.union([connection, z.null()]),
    reference: z.string(),
    finishedAt: instant,
  })
  .openapi('Result')

export const attempt = z
  .object({
    reference: z.string(),
    endUserId: hexId,
    action: z.enum(['connect', 'disconnect']),
    dataSource: dataSourceId.nullable(),
    vendor: z.string().nullable(),
    status: z.enum(['created', 'exchanging', 'pending', 'done', 'failed']),
    connected: z.boolean().nullable(),
    error: z.enum(OUTCOME_ERRORS).nullable(),
    /** The cause in fixed words, for the operator. */
    cause: z.string().nullable(),
    connectionId: hexId.nullable(),
    redirectUri: z.string().nullable(),
    timeline: z.array(
      z.object({ step: z.enum(['started', 'returned', 'confirmed', 'finished']), at: instant }),
    ),
  })
  .openapi('Attempt')

export const confirmation = z
  .object({
    /** The `ticket` that the browser brought to the application's `verifyUrl`. */
    ticket: z.string().min(1).max(200),
    /** Who is logged in there. */
    endUserId: hexId.regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hex digits'),
  })
  .openapi('Confirmation')

export const confirmed = z
  .object({
    /** Where the browser goes on; the outcome waits there. */
    next: z.string(),
  })
  .openapi('Confirmed')

export const userExport = z
  .object({
    user,
    connections: z.array(connection),
    /** By table: sessions, attempts, history, events and all else, without credentials and what is sealed. */
    records: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
    exportedAt: instant,
  })
  .openapi('UserExport')

export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() })
