import type { AnyVendor, Refusal } from '../vendor.ts'
import type { World } from '../world.ts'
import type { Grant } from './grants.ts'
import type { Token } from './tokens.ts'

/** The token of a Bearer header (RFC 6750 §2.1); null when there is none. */
export function readBearer(authorization: string | null): string | null {
  return /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization ?? '')?.[1] ?? null
}

function checkToken(
  world: World,
  vendor: AnyVendor,
  token: Token | undefined,
  kind: Token['kind'],
): Refusal | null {
  const name = kind === 'access' ? 'access_token' : 'refresh_token'
  if (token?.kind !== kind || token.vendor !== vendor.key) return `${name}.unknown`
  const state = world.tokens.state(token.value)
  if (state === 'expired') return `${name}.expired`
  return state === 'live' ? null : `${name}.ended`
}

/** The grant that a token opens, or why it does not. */
export type Opened =
  | { readonly token: Token; readonly grant: Grant }
  | { readonly refusal: Refusal; readonly value: string }

/** Reads the token of a call's header, and says what it opens. */
export function openWithToken(
  world: World,
  vendor: AnyVendor,
  authorization: string | null,
  kind: Token['kind'] = 'access',
): Opened {
  const value = readBearer(authorization)
  if (value === null) return { refusal: 'access_token.missing', value: '' }
  const token = world.tokens.find(value)
  const refusal = checkToken(world, vendor, token, kind)
  const grant = token ? world.grants.find(token.grantId) : undefined
  return refusal || !token || !grant
    ? { refusal: refusal ?? 'access_token.unknown', value }
    : { token, grant }
}
