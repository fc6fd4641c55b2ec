import { createHmac } from 'node:crypto'
import type { JsonValue } from '../template.ts'
import { serialize } from './answer.ts'

const encode = (value: JsonValue) => Buffer.from(serialize(value)).toString('base64url')

/** A JWT (RFC 7519), signed with HS256 under the client secret. */
export function signJwt(claims: JsonValue, clientSecret: string): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', clientSecret).update(signed).digest('base64url')}`
}
