import { html } from 'hono/html'
import type { AuthorizationRequest } from '../engine/authorization-request.ts'
import { TROUBLES, type Trouble } from '../engine/trouble.ts'
import type { Answer, DemoAccount, Vendor, VendorScope } from '../vendor.ts'
import { type Html, pageAnswer, vendorNotice } from './layout.ts'

const accountChoice = (account: DemoAccount, index: number): Html => html`
  <label class="choice">
    <input type="radio" name="account" value="${account.key}" ${index === 0 ? 'checked' : ''} />
    <span>${account.name}<small>Account ${account.subject}</small></span>
  </label>`

const scopeChoice = (scope: VendorScope): Html => html`
  <label class="choice">
    <input type="checkbox" name="scope" value="${scope.value}" checked ${scope.fixed ? 'disabled' : ''} />
    <span>${scope.sentence}<small>${scope.value}${scope.fixed ? ' – always part of it' : ''}</small></span>
  </label>`

/** A trouble fits a vendor when the call that it spoils exists there. */
const fits = (vendor: Vendor, trouble: Trouble) =>
  trouble.fault?.operation !== 'identity' ||
  vendor.resources.some((resource) => resource.operation === 'identity')

const troubleFields = (vendor: Vendor): Html => html`
  <details>
    <summary>Make something go wrong</summary>
    <p class="quiet">For trying out what your application does then. It counts for this trip only.</p>
    <label class="block" for="trouble">What goes wrong when you allow</label>
    <select id="trouble" name="trouble">
      ${TROUBLES.filter((trouble) => fits(vendor, trouble)).map(
        (trouble) => html`<option value="${trouble.key}">${trouble.label}</option>`,
      )}
    </select>
    <label class="block" for="cancel-description">When you cancel, the way back carries</label>
    <select id="cancel-description" name="cancelDescription">
      <option value="vendor">what ${vendor.name} sends</option>
      <option value="with">access_denied with a description</option>
      <option value="without">access_denied alone</option>
    </select>
  </details>`

/** Where the person goes next, short enough to read. */
function destination(redirectUri: string): string {
  const url = new URL(redirectUri)
  return url.host === '' ? `${url.protocol}//` : url.host
}

/** The consent question. The form goes back to its own address, so the request's query stays where it is. */
export function consentPage(vendor: Vendor, request: AuthorizationRequest): Promise<Answer> {
  const application = request.client.name ?? request.client.clientId
  const scopes = [
    ...vendor.scopes.filter((scope) => scope.fixed === 'always' && !request.asked.includes(scope)),
    ...request.asked,
  ]
  return pageAnswer(200, {
    title: `${application} asks for access – ${vendorNotice(vendor.name)}`,
    notice: vendorNotice(vendor.name),
    content: html`
      <form method="post" class="card">
        <h1>Let ${application} use your ${vendor.name} data?</h1>
        <p class="quiet">Afterwards you go back to ${destination(request.redirectUri)}.</p>
        <fieldset>
          <legend>You are signed in as</legend>
          ${vendor.accounts.map(accountChoice)}
        </fieldset>
        ${scopes.length === 0 ? '' : html`<fieldset><legend>${application} asks to</legend>${scopes.map(scopeChoice)}</fieldset>`}
        <div class="actions">
          <button class="primary" name="decision" value="allow">Allow</button>
          <button name="decision" value="cancel">Cancel</button>
        </div>
        ${troubleFields(vendor)}
      </form>`,
  })
}
