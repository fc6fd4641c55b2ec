import { html } from 'hono/html'
import { appendParameters, isPrivate } from '../engine/redirect-uri.ts'
import { pageAnswer, vendorNotice } from '../pages/layout.ts'
import type { Answer, SandboxClient, Switches } from '../vendor.ts'
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
  if (request.method === 'POST') return decide(world, vendor, trip, request.form)
  const switches = world.switches.of(vendor)
  if (switches.consent === 'problem') return problem(vendor, 'Something went wrong here.')
  if (switches.consent === 'ask') return question(vendor, trip)
  return decide(world, vendor, trip, decisionWithoutLooking(vendor, switches))
}

/** The form as a person sends it who decides without looking at the page. */
function decisionWithoutLooking(
  vendor: OAuth1Vendor,
  { consent, consentAccount }: Switches,
): URLSearchParams {
  const all = vendor.scopes.map(({ value }) => value)
  const left = new Map([
    ['untick-one', all.slice(-1)],
    ['untick-all', all],
  ]).get(consent)
  const form = new URLSearchParams({
    decision: consent === 'cancel' ? 'cancel' : 'allow',
    account: consentAccount ?? vendor.accounts[0]?.key ?? '',
  })
  for (const scope of all) if (!left?.includes(scope)) form.append('scope', scope)
  return form
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
  const { allowLocalhost, redirectUriMatch } = world.switches.of(vendor)
  if (!allowLocalhost && isPrivate(callback)) return 'The callback may not be on localhost or an IP address.'
  const registered = client.redirectUris.some((uri) => {
    const known = new URL(uri)
    if (redirectUriMatch === 'host') return known.hostname === callback.hostname
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
  const ticked = form.getAll('scope')
  const isNothing = vendor.scopes.length > 0 && ticked.length === 0
  const switches = world.switches.of(vendor)
  const sayNo = isNothing && switches.untickedAll === 'cancel'
  if (decision === 'cancel' || account === undefined || sayNo)
    return refuse(world, vendor, { requestToken, callback })
  const grant = world.grants.consent({
    vendor: vendor.key,
    clientId: requestToken.clientId,
    account: account.key,
    scopes: vendor.scopes.map(({ value }) => value).filter((value) => ticked.includes(value)),
    incremental: false,
  })
  const verifier = world.text.make({ encoding: 'base64url', bytes: 12 })
  world.oauth1.putRequestToken({ ...requestToken, decided: true, approved: { grantId: grant.id, verifier } })
  const told =
    switches.verifier === 'wrong' ? world.text.make({ encoding: 'base64url', bytes: 12 }) : verifier
  return goBack(world, vendor, { requestToken, callback }, [
    ...(switches.verifier === 'absent' ? [] : [['oauth_verifier', told] as const]),
  ])
}

type Way = Pick<Trip, 'requestToken' | 'callback'>

/** How vendors say no: RFC 5849 has no word for it, so each has its own, or none. */
function refuse(
  world: World,
  vendor: OAuth1Vendor,
  { requestToken, callback }: Way,
): Answer | Promise<Answer> {
  world.oauth1.putRequestToken({ ...requestToken, decided: true })
  const { denial } = world.switches.of(vendor)
  const how = denial === 'vendor' ? vendor.denial : denial
  if (how === 'no-way-back') return stayHere(vendor)
  if (how === 'denied') return redirect(world, vendor, callback, [['denied', requestToken.value]])
  const said = {
    'no-verifier': [],
    'null-verifier': [['oauth_verifier', 'null']],
    'oauth-problem': [['oauth_problem', 'user_refused']],
  } as const
  return goBack(world, vendor, { requestToken, callback }, said[how])
}

type Parameters = readonly (readonly [name: string, value: string])[]

/** The way back, with the request token first. */
function goBack(
  world: World,
  vendor: OAuth1Vendor,
  { requestToken, callback }: Way,
  more: Parameters,
): Answer {
  const { callbackToken } = world.switches.of(vendor)
  const token = callbackToken === 'other' ? world.text.id() : requestToken.value
  const first: Parameters = callbackToken === 'absent' ? [] : [['oauth_token', token]]
  return redirect(world, vendor, callback, [...first, ...more])
}

function redirect(world: World, vendor: OAuth1Vendor, callback: URL, parameters: Parameters): Answer {
  const append = world.switches.of(vendor).callbackAppend === 'naive' ? 'naive' : 'standard'
  return {
    status: 302,
    body: null,
    headers: { location: appendParameters(callback.href, parameters, { append }) },
  }
}

/** A vendor that leads nobody back who says no. */
const stayHere = (vendor: OAuth1Vendor): Promise<Answer> =>
  pageAnswer(200, {
    title: `Nothing was allowed – ${vendorNotice(vendor.name)}`,
    notice: vendorNotice(vendor.name),
    content: html`
      <div class="card">
        <h1>Nothing was allowed</h1>
        <p>${vendor.name} does not send you back. You can close this page.</p>
      </div>`,
  })

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
