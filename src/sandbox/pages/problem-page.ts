import { html } from 'hono/html'
import { type Answer, type AnyVendor, lookUp, type Problem, type Vendor } from '../vendor.ts'
import { pageAnswer, vendorNotice } from './layout.ts'

const EXPLANATIONS: Readonly<Record<Problem, string>> = {
  'client.missing': 'The application did not say which client it is.',
  'client.unknown': 'The client id is not registered.',
  'redirect_uri.missing': 'The redirect URI is missing.',
  'redirect_uri.mismatch': 'The redirect URI is not the registered one.',
  'redirect_uri.private': 'The redirect URI points to localhost or an IP address.',
  'response_type.missing': 'The response type is missing.',
  'response_type.unknown': 'The response type is not “code”.',
  'scope.missing': 'No scope was asked for.',
  'scope.unknown': 'A scope is not known, or the scopes are separated by the wrong character.',
  'state.missing': 'The state is missing.',
  'state.short': 'The state is too short.',
  'code_challenge.missing': 'The PKCE code challenge is missing.',
  'code_challenge.malformed': 'The PKCE code challenge is malformed.',
  'code_challenge_method.unknown': 'The PKCE method is not one that is taken here.',
  'vendor.trouble': 'The vendor has a problem of its own.',
}

/** Why the person is not asked: shown here, and nobody is redirected. */
export function problemPage(vendor: Vendor, problem: Problem): Promise<Answer> {
  return pageAnswer(400, {
    title: `This request cannot go on – ${vendorNotice(vendor.name)}`,
    notice: vendorNotice(vendor.name),
    content: html`
      <div class="card">
        <h1>This request cannot go on</h1>
        <p>${EXPLANATIONS[problem]} ${vendor.name} stops here and does not send you back.</p>
        <p>What ${vendor.name} says:</p>
        <pre>${lookUp(vendor.authorization.problems, problem)}</pre>
        <p class="quiet">Go back to the application and try again once its registration is corrected.</p>
      </div>`,
  })
}

/** What a person sees instead of the consent page while the vendor is out of order, and how that ends here. */
export function outOfOrderPage(vendor: Pick<AnyVendor, 'key' | 'name'>, status: number): Promise<Answer> {
  return pageAnswer(status, {
    title: `Not available – ${vendorNotice(vendor.name)}`,
    notice: vendorNotice(vendor.name),
    content: html`
      <div class="card">
        <h1>${vendor.name} is not available right now</h1>
        <p>Please try again later.</p>
        <p class="quiet">
          Nobody is sent back to the application. You are at the sandbox, where this was asked for:
          <a href="/vendors/${vendor.key}">“Back to normal” on the page of ${vendor.name}</a> ends it.
        </p>
      </div>`,
  })
}

/** The way back as a link, so that it can be opened late, twice, or in another browser. */
export function byHandPage(vendor: Vendor, location: string): Promise<Answer> {
  return pageAnswer(200, {
    title: `The way back – ${vendorNotice(vendor.name)}`,
    notice: vendorNotice(vendor.name),
    content: html`
      <div class="card">
        <h1>The way back is yours to open</h1>
        <p>You allowed it. ${vendor.name} would send you back now. Open the link late, twice, or in another browser.</p>
        <p><a href="${location}" rel="noreferrer">Back to the application</a></p>
        <pre>${location}</pre>
      </div>`,
  })
}

/** A consent form that was sent with something that the page does not offer. */
export function malformedDecisionPage(vendor: Vendor): Promise<Answer> {
  return pageAnswer(400, {
    title: `That was not understood – ${vendorNotice(vendor.name)}`,
    notice: vendorNotice(vendor.name),
    content: html`
      <div class="card">
        <h1>That was not understood</h1>
        <p>The form has to name one of the demo accounts, and say “allow” or “cancel”. Go back and choose again.</p>
      </div>`,
  })
}
