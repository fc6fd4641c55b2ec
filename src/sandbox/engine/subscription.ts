import { numberOf } from '../events/write-event.ts'
import type { Answer, SubscriptionRules, Vendor } from '../vendor.ts'
import { parameterOf, type VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { fill, refuse } from './answer.ts'
import { openWithToken } from './caller.ts'
import { authenticateClient } from './client-authentication.ts'

function authenticate(world: World, vendor: Vendor, rules: SubscriptionRules, request: VendorRequest) {
  if (rules.authentication === 'none') return { clientId: undefined }
  if (rules.authentication === 'bearer') {
    const opened = openWithToken(world, vendor, request.authorization)
    return 'refusal' in opened ? opened : { clientId: opened.grant.clientId }
  }
  const credentials = { form: withHeaders(rules, request), authorization: request.authorization }
  const authenticated = authenticateClient(world, vendor, [rules.authentication], credentials)
  return 'refusal' in authenticated ? authenticated : { clientId: authenticated.client.clientId }
}

/** Client id and secret, which some vendors want in headers of their own at this call. */
function withHeaders({ clientHeaders }: SubscriptionRules, request: VendorRequest): URLSearchParams {
  if (!clientHeaders) return request.form
  const [id, secret] = clientHeaders
  return new URLSearchParams({
    client_id: request.header(id) ?? '',
    client_secret: request.header(secret) ?? '',
  })
}

/** Answers the vendor's own call that registers where notifications go: the URL is tried first, as the vendor does. */
export async function answerSubscription(
  world: World,
  vendor: Vendor,
  rules: SubscriptionRules,
  request: VendorRequest,
): Promise<Answer> {
  const authenticated = authenticate(world, vendor, rules, request)
  if ('refusal' in authenticated) return refuse(vendor, authenticated.refusal, authenticated.value)
  const url = parameterOf(request, rules.urlParameter)
  const { verifyTokenParameter } = rules
  const verifyToken = verifyTokenParameter === undefined ? null : parameterOf(request, verifyTokenParameter)
  if (!url) return refuse(vendor, 'parameter.missing', rules.urlParameter)
  try {
    const { target, accepted } = await world.events.register(vendor, {
      url,
      clientId: authenticated.clientId,
      verifyToken: verifyToken ?? undefined,
    })
    if (!accepted) return refuse(vendor, 'notification_url.unverified', url)
    return fill(rules.answer, {
      subscriptionId: target.subscriptionId,
      subscriptionNumber: numberOf(target.subscriptionId),
      notificationSecret: target.secret,
      notificationUrl: target.url,
    })
  } catch (error) {
    if (error instanceof RangeError) return refuse(vendor, 'notification_url.forbidden', url)
    throw error
  }
}
