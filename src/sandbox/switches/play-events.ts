import type { EventRules, SignatureRules } from '../vendor.ts'
import type { Switches } from './switches.ts'

const SCHEMES: Readonly<
  Record<Exclude<Switches['eventSignature'], 'vendor' | 'none'>, Omit<SignatureRules, 'header' | 'key'>>
> = {
  'sha1-base64-amp': { algorithm: 'sha1', encoding: 'base64', keySuffix: '&', over: 'body' },
  'sha256-hex': { algorithm: 'sha256', encoding: 'hex', over: 'body' },
  'sha256-HEX': {
    algorithm: 'sha256',
    encoding: 'HEX',
    over: 'timestamp+body',
    timestampHeader: 'x-signature-timestamp',
  },
  'sha256-base64': {
    algorithm: 'sha256',
    encoding: 'base64',
    over: 'timestamp+body',
    timestampHeader: 'x-signature-timestamp',
    timestampUnit: 'milliseconds',
  },
  timed: { algorithm: 'sha256', encoding: 'hex', over: 'timed' },
}

function signature(rules: EventRules, scheme: Switches['eventSignature']): SignatureRules | null {
  if (scheme === 'vendor') return rules.signature
  if (scheme === 'none') return null
  return {
    ...SCHEMES[scheme],
    header: rules.signature?.header ?? 'x-signature',
    key: rules.signature?.key ?? 'client',
  }
}

/** A vendor's notifications as the switches want them. */
export function playEvents(rules: EventRules, switches: Switches): EventRules {
  const { eventFormat, eventBatch, eventHandshake, eventEcho } = switches
  return {
    ...rules,
    ...(eventFormat === 'vendor' ? {} : { format: eventFormat }),
    ...(eventBatch === 'vendor' ? {} : { batch: eventBatch }),
    ...(eventHandshake === 'vendor' ? {} : { handshake: eventHandshake }),
    ...(eventEcho === 'vendor' ? {} : { echoesRevocation: eventEcho === 'on' }),
    signature: signature(rules, switches.eventSignature),
  }
}
