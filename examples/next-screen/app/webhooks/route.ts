import { SpringbarError, verifyWebhook } from '@springbar/sdk'

/** The ids that were handled. Yours is a table with a unique key: an event may come more than once. */
const handled = new Set<string>()

/** Believes what is signed with our secret, just now. The verifier reads the body itself: nothing may do so before. */
export async function POST(request: Request): Promise<Response> {
  const secret = process.env.SPRINGBAR_WEBHOOK_SECRET
  if (!secret) return new Response(null, { status: 404 })
  try {
    const event = await verifyWebhook(request, { secret })
    if (!handled.has(event.id)) {
      handled.add(event.id)
      console.log(`${event.type}, told by the webhook`)
    }
    return new Response(null, { status: 204 })
  } catch (error) {
    const isRefused =
      error instanceof SpringbarError && ['invalid_signature', 'invalid_timestamp'].includes(error.code)
    if (!isRefused) throw error
    return new Response(null, { status: 401 })
  }
}
