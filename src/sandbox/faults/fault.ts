import { z } from 'zod'
import { SANDBOX_LIMITS } from '../sandbox-limits.ts'
import { OPERATIONS, REFUSALS } from '../vendor.ts'

const headerValue = z.string().regex(/^[\x20-\x7e]{1,200}$/, 'one line of printable ASCII')

/** What can go wrong with one call. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** A bare status, with `Retry-After` when wanted. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfterSeconds: z.int().min(0).max(86_400).optional(),
  }),
  /** An HTML page, as a proxy in front of the vendor answers. */
  z.strictObject({ kind: z.literal('html'), status: z.int().min(200).max(599).default(502) }),
  z.strictObject({ kind: z.literal('invalidJson') }),
  /** The first half of the real answer. */
  z.strictObject({ kind: z.literal('truncatedJson') }),
  /** The real answer with padding: valid, and far too large. */
  z.strictObject({
    kind: z.literal('largeBody'),
    bytes: z
      .int()
      .min(1)
      .max(SANDBOX_LIMITS.largeBodyBytes.max)
      .default(SANDBOX_LIMITS.largeBodyBytes.default),
  }),
  /** Nothing is answered until the caller gives up, the sandbox closes or a minute has passed. */
  z.strictObject({ kind: z.literal('noAnswer') }),
  /** The connection is cut. Needs real HTTP. */
  z.strictObject({ kind: z.literal('connectionReset') }),
  /** Fields of the real answer are set to other values or removed, wherever they stand in it. */
  z.strictObject({
    kind: z.literal('fields'),
    set: z.record(z.string(), z.json()).default({}),
    remove: z.array(z.string()).default([]),
  }),
  z.strictObject({ kind: z.literal('contentType'), contentType: headerValue }),
  z.strictObject({
    kind: z.literal('redirect'),
    location: headerValue,
    status: z.literal([301, 302, 303, 307, 308]).default(302),
  }),
  /** The real answer, later. */
  z.strictObject({ kind: z.literal('delay'), delayMs: z.int().min(0).max(SANDBOX_LIMITS.delayMs) }),
  /** The vendor's own words for a refusal that has no reason: a false `invalid_grant` that heals, for instance. */
  z.strictObject({ kind: z.literal('refusal'), refusal: z.enum(REFUSALS) }),
])

/** A fault and where it strikes. */
export const faultOrderSchema = z.strictObject({
  vendor: z.string().min(1).max(100),
  operation: z.enum(OPERATIONS),
  /** How many calls it strikes. */
  times: z.int().min(1).max(SANDBOX_LIMITS.faultTimes).default(1),
  /** Whether the vendor does what it was asked before the answer goes wrong: the case of the lost answer. */
  carryOut: z.boolean().default(false),
  fault: faultSchema,
})

/** A fault with its defaults filled in. */
export type Fault = z.infer<typeof faultSchema>
/** As given by a caller: what has a default may be left out. */
export type FaultOrder = z.input<typeof faultOrderSchema>
/** An order with its defaults filled in. */
export type CheckedFaultOrder = z.infer<typeof faultOrderSchema>
