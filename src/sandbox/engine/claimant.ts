import type { VendorRequest } from '../vendor-request.ts'
import { parameterOf } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { readBearer } from './caller.ts'
import { readBasic } from './client-authentication.ts'

/** Parameters that may hold a token or a code. */
const TOKENS = ['token', 'access_token', 'refresh_token', 'code'] as const

/**
 * The vendor that knows the caller of a URL that several vendors share: by the token or code that it shows, else by its
 * client. Undefined when none does.
 */
export function claimantOf(world: World, request: VendorRequest): string | undefined {
  const shown = [
    readBearer(request.authorization),
    ...TOKENS.map((name) => parameterOf(request, name)),
  ].flatMap((value) => value ?? [])
  const token = shown.map((value) => world.tokens.find(value) ?? world.codes.find(value)).find(Boolean)
  if (token) return token.vendor
  const clientId = readBasic(request.authorization)?.id ?? parameterOf(request, 'client_id')
  return world.clients.find((client) => client.clientId === clientId)?.vendor
}
