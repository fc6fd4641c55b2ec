import { z } from 'zod'
import { limits } from '../limits.ts'
import { EVENT_TYPES } from '../model/event.ts'
import { TIMESTAMP_TYPES, WEBHOOK_FORMATS } from '../model/webhook.ts'
import { claimsStandard, standardKey } from '../model/webhook-secret.ts'
import { type Network, parseNetwork, targetProblem } from '../model/webhook-target.ts'

/** An address or a range of addresses. */
export const network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
  error: 'must be an IP address or a range such as 10.0.0.0/8',
})

/** What an operator decides about all webhooks. */
export const webhooks = z
  .strictObject({
    /** Networks that receivers may be in although they are not public. */
    networks: z.array(network).max(100).default([]),
    timeoutMs: z.coerce
      .number()
      .int()
      .min(limits.webhookTimeoutMs.min)
      .max(limits.webhookTimeoutMs.max)
      .default(limits.webhookTimeoutMs.default),
  })
  .prefault({})

/** The allowed networks, as far as they can be told from what was written. */
export function writtenNetworks(input: unknown): readonly Network[] {
  const written = z.object({ webhooks: z.object({ networks: z.array(z.unknown()) }) }).safeParse(input)
  const texts = written.data?.webhooks.networks ?? []
  return texts.flatMap((text) => {
    const parsed = network.safeParse(text)
    return parsed.success ? [parseNetwork(parsed.data)] : []
  })
}

const eventTypes = z.array(z.enum(EVENT_TYPES)).min(1).optional()

/** What an application wants of its event feed. */
export const feed = z.strictObject({ types: eventTypes }).prefault({})

/** One endpoint of an application. `secretText` is the rule for every secret of the configuration. */
export const webhook = (secretText: z.ZodType<string>, networks: readonly Network[]) =>
  z.strictObject({
    url: z.string().superRefine((value, context) => {
      const problem = targetProblem(value, networks)
      if (problem !== null) context.addIssue({ code: 'custom', message: problem })
    }),
    secrets: z
      .array(
        secretText.refine(
          (value) => !claimsStandard(value) || standardKey(value) !== null,
          'must have the base64 of 24 to 64 bytes behind whsec_',
        ),
      )
      .min(1)
      .max(2),
    types: eventTypes,
    timestampType: z.enum(TIMESTAMP_TYPES).default('unix'),
    format: z.enum(WEBHOOK_FORMATS).default('current'),
  })
