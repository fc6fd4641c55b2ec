import type { AnyVendor, ClientAuthentication, Refusal, SandboxClient } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import { findClient, type World } from '../world.ts'
import { sameText, signatureOf } from './signature.ts'

/** The client that proved who it is, or why not. */
export type Authenticated =
  | { readonly client: SandboxClient }
  | { readonly refusal: Refusal; readonly value: string }

const no = (refusal: Refusal, value = ''): Authenticated => ({ refusal, value })

/** Client id and secret of a Basic header, form-decoded as RFC 6749 §2.3.1 wants it; null when there is no such header. */
export function readBasic(authorization: string | null): { id: string; secret: string } | null {
  const encoded = /^basic ([a-z0-9+/]+={0,2})$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 0) return null
  const decode = (text: string) => new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? ''
  return { id: decode(decoded.slice(0, colon)), secret: decode(decoded.slice(colon + 1)) }
}

function bySecret(world: World, vendor: AnyVendor, id: string, secret: string): Authenticated {
  const client = findClient(world, vendor, id)
  if (!client) return no('client.unknown', id)
  return sameText(client.clientSecret, secret) ? { client } : no('client.secret')
}

/** A public client only says who it is: RFC 6749 §3.2.1. */
function byId(world: World, vendor: AnyVendor, id: string | null): Authenticated {
  if (!id) return no('client.missing')
  const client = findClient(world, vendor, id)
  return client ? { client } : no('client.unknown', id)
}

/** Checks a nonce and the signature over `signed` and the nonce. The nonce is used up by a right signature only. */
export function bySignature(
  world: World,
  vendor: AnyVendor,
  form: URLSearchParams,
  signed: readonly string[],
): Authenticated {
  const id = form.get('client_id')
  if (!id) return no('client.missing')
  const client = findClient(world, vendor, id)
  if (!client) return no('client.unknown', id)
  for (const name of signed) {
    if (name === 'nonce' && !form.get(name)) return no('nonce.missing')
    if (name === 'timestamp' && !/^\d{1,12}$/.test(form.get(name) ?? '')) return no('timestamp.missing')
  }
  const signature = form.get('signature')
  if (!signature) return no('signature.missing')
  const parameters = Object.fromEntries(signed.map((name) => [name, form.get(name) ?? '']))
  if (!sameText(signatureOf(parameters, client.clientSecret), signature)) return no('signature.wrong')
  const nonce = signed.includes('nonce') ? form.get('nonce') : null
  const refusal = nonce === null ? null : world.nonces.use(nonce, id)
  return refusal ? no(refusal) : { client }
}

/**
 * Authenticates the client of a token call in one of the ways that the vendor takes. A way that it does not take is not
 * even looked at, so credentials in the wrong place count as missing.
 */
export function authenticateClient(
  world: World,
  vendor: AnyVendor,
  accepted: readonly ClientAuthentication[],
  request: Pick<VendorRequest, 'form' | 'authorization'>,
): Authenticated {
  const { form, authorization } = request
  const basic = accepted.includes('client_secret_basic') ? readBasic(authorization) : null
  if (basic) return bySecret(world, vendor, basic.id, basic.secret)
  if (accepted.includes('signature') && form.has('signature')) {
    return bySignature(world, vendor, form, ['action', 'client_id', 'nonce'])
  }
  if (accepted.includes('none')) return byId(world, vendor, form.get('client_id'))
  const id = accepted.includes('client_secret_post') ? form.get('client_id') : null
  if (id) return bySecret(world, vendor, id, form.get('client_secret') ?? '')
  return no('client.missing', authorization === null ? 'null' : authorization.slice(0, 40))
}
