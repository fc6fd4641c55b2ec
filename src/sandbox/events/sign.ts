import { createHmac } from 'node:crypto'
import type { SignatureRules } from '../vendor.ts'

/** What is signed, and with what. */
export interface Signed {
  readonly body: string
  readonly key: string
  /** Epoch milliseconds. */
  readonly atMs: number
}

/** The headers that a notification's signature adds. */
export function signatureHeaders(rules: SignatureRules, { body, key, atMs }: Signed): Record<string, string> {
  const time = String(rules.timestampUnit === 'milliseconds' ? atMs : Math.floor(atMs / 1_000))
  const over = {
    body,
    'timestamp+body': `${time}${body}`,
    timed: `${time}.${body}`,
    members: rules.over === 'members' ? membersOf(rules.members ?? [], body) : '',
  }[rules.over]
  const secret = `${key}${rules.keySuffix ?? ''}`
  const bytes = rules.keyIsBase64 === true ? Buffer.from(secret, 'base64') : secret
  const digest = createHmac(rules.algorithm, bytes).update(over)
  const plain = digest.digest(rules.encoding === 'base64' ? 'base64' : 'hex')
  const value = rules.encoding === 'HEX' ? plain.toUpperCase() : plain
  return {
    [rules.header]: rules.over === 'timed' ? `t=${time},v1=${value}` : value,
    ...(rules.timestampHeader && rules.over !== 'body' ? { [rules.timestampHeader]: time } : {}),
  }
}

function membersOf(names: readonly string[], body: string): string {
  const members: Readonly<Record<string, unknown>> = Object(JSON.parse(body))
  return names.map((name) => String(members[name] ?? '')).join('_')
}
