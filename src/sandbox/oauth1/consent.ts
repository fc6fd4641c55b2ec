import { html } from 'hono/html'
import { pageAnswer, vendorNotice } from '../pages/layout.ts'
import type { Answer, SandboxClient } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import type { RequestToken } from './oauth1-state.ts'
import type { OAuth1Vendor } from './oauth1-vendor.ts'

/** A trip that may go on: its request token waits for a decision, and where it goes then is known. */
interface Trip {
  readonly requestToken: RequestToken
  readonly client: SandboxClient
  readonly callback: URL
}

/** Answers the authorization URL: the question, the decision, or the page that says what is wrong (RFC 5849 §2.2). */
export async function answerOAuth1Authorization(
  world: World,
  vendor: OAuth1Vendor,
  request: VendorRequest,
): Promise<Answer> {
  const trip = findTrip(world, vendor, request.query)
  if (typeof trip === 'string') return problem(vendor, trip)
  return request.method === 'POST' ? decide(world, vendor, trip, request.form) : question(vendor, trip)
}

function findTrip(world: World, vendor: OAuth1Vendor, query: URLSearchParams): Trip | string {
  const requestToken = world.oauth1.findRequestToken(query.get('oauth_token') ?? '')
  if (requestToken?.vendor !== vendor.key) return 'The request token is missing or unknown.'
  if (requestToken.decided || requestToken.spent) return 'The request token was used before.'
  if (requestToken.expiresAtMs <= world.clock.nowMs()) return 'The request token has expired.'
  const client = world.clients.find(
    (one) => one.vendor === vendor.key && one.clientId === requestToken.clientId,
  )
  const callback = URL.parse(requestToken.callback ?? query.get('oauth_callback') ?? '')
  if (client === undefined || callback === null) return 'The callback is missing or no address.'
  const registered = client.redirectUris.some((uri) => {
    const known = new URL(uri)
    return known.origin === callback.origin && known.pathname === callback.pathname
  })
  return registered ? { requestToken, client, callback } : 'The callback is not the registered one.'
}

/** The decision. Whatever it is, the request token takes no second one. */
async function decide(
  world: World,
  vendor: OAuth1Vendor,
  { requestToken, callback }: Trip,
  form: URLSearchParams,
): Promise<Answer> {
  const decision = form.get('decision')
  const account = vendor.accounts.find(({ key }) => key === form.get('account'))
  if (decision !== 'cancel' && (decision !== 'allow' || account === undefined))
    return problem(vendor, 'The form has to name one of the demo accounts, and say “allow” or “cancel”.')
  const back = new URL(callback)
  back.searchParams.append('oauth_token', requestToken.value)
  if (decision === 'cancel' || account === undefined) {
    world.oauth1.putRequestToken({ ...requestToken, decided: true })
    if (vendor.denial === 'null-verifier') back.searchParams.append('oauth_verifier', 'null')
    return { status: 302, body: null, headers: { location: back.href } }
  }
  const ticked = form.getAll('scope')
  const grant = world.grants.consent({
    vendor: vendor.key,
    clientId: requestToken.clientId,
    account: account.key,
    scopes: vendor.scopes.map(({ value }) => value).filter((value) => ticked.includes(value)),
    incremental: false,
  })
  const verifier = world.text.make({ encoding: 'base64url', bytes: 12 })
  world.oauth1.putRequestToken({ ...requestToken, decided: true, approved: { grantId: grant.id, verifier } })
  back.searchParams.append('oauth_verifier', verifier)
  return { status: 302, body: null, headers: { location: back.href } }
}

function question(vendor: OAuth1Vendor, { client, callback }: Trip): Promise<Answer> {
  const application = client.name ?? client.clientId
  return pageAnswer(200, {
    title: `${application} asks for access – ${vendorNotice(vendor.name)}`,
    notice: vendorNotice(vendor.name),
    content: html`
      <form method="post" class="card">
        <h1>Let ${application} use your ${vendor.name} data?</h1>
        <p class="quiet">Afterwards you go back to ${callback.host}.</p>
        <fieldset>
          <legend>You are signed in as</legend>
          ${vendor.accounts.map(
            ({ key, name, subject }, index) => html`
              <label class="choice">
                <input type="radio" name="account" value="${key}" ${index === 0 ? 'checked' : ''} />
                <span>${name}<small>Account ${subject}</small></span>
              </label>`,
          )}
        </fieldset>
        ${
          vendor.scopes.length === 0
            ? ''
            : html`
              <fieldset>
                <legend>${application} asks to</legend>
                ${vendor.scopes.map(
                  ({ value, sentence }) => html`
                    <label class="choice">
                      <input type="checkbox" name="scope" value="${value}" checked />
                      <span>${sentence}<small>${value}</small></span>
                    </label>`,
                )}
              </fieldset>`
        }
        <div class="actions">
          <button class="primary" name="decision" value="allow">Allow</button>
          <button name="decision" value="cancel">Cancel</button>
        </div>
      </form>`,
  })
}

const problem = (vendor: OAuth1Vendor, sentence: string): Promise<Answer> =>
  pageAnswer(400, {
    title: `This request cannot go on – ${vendorNotice(vendor.name)}`,
    notice: vendorNotice(vendor.name),
    content: html`
      <div class="card">
        <h1>This request cannot go on</h1>
        <p>${sentence} ${vendor.name} stops here and does not send you back.</p>
        <p class="quiet">Go back to the application and begin again.</p>
      </div>`,
  })
