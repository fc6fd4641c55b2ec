/**
 * The authorization endpoint: the question to the person and the way back.
 *
 * @module sandbox/engine/consent — owns what a decision does. Whether the request is right is decided in
 * `authorization-request.ts`; what the person sees, in `pages/`.
 */

import { faultOrderSchema } from '../faults/fault.ts'
import { consentPage } from '../pages/consent-page.ts'
import { malformedDecisionPage, problemPage } from '../pages/problem-page.ts'
import { render, type Values } from '../template.ts'
import type { Answer, DemoAccount, Vendor } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'
import { type AuthorizationRequest, checkAuthorizationRequest } from './authorization-request.ts'
import { appendParameters } from './redirect-uri.ts'
import { type Trouble, troubleOf } from './trouble.ts'

const OWN_DESCRIPTION = 'The person pressed Cancel.'

function back(
  vendor: Vendor,
  request: AuthorizationRequest,
  kind: 'callback' | 'errorCallback',
  values: Values,
): Answer {
  const parameters = vendor.authorization[kind].flatMap(([name, template]) => {
    const value = render(template, { state: request.state ?? undefined, ...values })
    return value === undefined ? [] : [[name, String(value)] as const]
  })
  const location = appendParameters(request.redirectUri, parameters, vendor.authorization)
  return { status: 302, body: null, headers: { location } }
}

/** The description that a cancel carries: the vendor's own habit, or what the person chose on the page. */
function cancelDescription(vendor: Vendor, choice: string | null): string | undefined {
  const own = vendor.authorization.cancelDescription
  if (choice === 'without') return undefined
  return choice === 'with' ? (own ?? OWN_DESCRIPTION) : own
}

function cancel(vendor: Vendor, request: AuthorizationRequest, choice: string | null): Answer {
  const errorDescription = cancelDescription(vendor, choice)
  return back(vendor, request, 'errorCallback', { error: 'access_denied', errorDescription })
}

/** What is granted: what cannot be unticked, and what was ticked among what was asked for. */
function grantedScopes(vendor: Vendor, request: AuthorizationRequest, ticked: readonly string[]): string[] {
  const asked = new Set(request.asked.map((scope) => scope.value))
  return vendor.scopes
    .filter(
      (scope) =>
        scope.fixed === 'always' ||
        (asked.has(scope.value) && (scope.fixed === 'asked' || ticked.includes(scope.value))),
    )
    .map((scope) => scope.value)
}

function offersRefreshToken(vendor: Vendor, request: AuthorizationRequest, givenBefore: boolean): boolean {
  const { offered } = vendor.refresh
  if (!offered) return true
  const [name, value] = offered.whenParameter
  if (request.query.get(name) !== value) return false
  const [againName, word] = offered.againWhenParameter
  return !givenBefore || (request.query.get(againName) ?? '').split(' ').includes(word)
}

/** Puts the trouble's fault where it will strike: at this trip's code, or at the next call of its kind. */
function armFault(world: World, vendor: Vendor, trouble: Trouble, code: string) {
  if (!trouble.fault) return
  const order = faultOrderSchema.parse({ ...trouble.fault, vendor: vendor.key })
  world.faults.add(order, order.operation === 'token' ? code : undefined)
}

interface Allowed {
  readonly account: DemoAccount
  readonly scopes: readonly string[]
  readonly trouble: Trouble
}

function allow(world: World, vendor: Vendor, request: AuthorizationRequest, allowed: Allowed): Answer {
  const { account, scopes, trouble } = allowed
  const { incrementalParameter } = vendor.authorization
  const incremental = incrementalParameter !== undefined && request.query.get(incrementalParameter) === 'true'
  const clientId = request.client.clientId
  const givenBefore = world.grants.living(vendor.key, clientId, account.key)?.refreshTokenGiven === true
  const grant = world.grants.consent({
    vendor: vendor.key,
    clientId,
    account: account.key,
    scopes,
    incremental,
  })
  const lifetimeSeconds = world.switches.of(vendor).codeLifetimeSeconds
  const value = world.text.make(vendor.code)
  world.codes.add({
    value,
    vendor: vendor.key,
    clientId,
    grantId: grant.id,
    scopes: grant.scopes,
    redirectUri: request.redirectUriSent ? request.redirectUri : null,
    codeChallenge: request.codeChallenge,
    codeChallengeMethod: request.codeChallengeMethod,
    offersRefreshToken: !trouble.withholdsRefreshToken && offersRefreshToken(vendor, request, givenBefore),
    expiresAtMs: world.clock.nowMs() + (trouble.code === 'expired' ? 0 : lifetimeSeconds * 1_000),
    spent: false,
  })
  armFault(world, vendor, trouble, value)
  return back(vendor, request, 'callback', {
    code: trouble.code === 'unknown' ? world.text.make(vendor.code) : value,
    scope: grant.scopes.join(vendor.authorization.scopeSeparator),
    ...changedState(world, trouble),
  })
}

function changedState(world: World, trouble: Trouble): Values {
  if (trouble.callbackState === undefined) return {}
  return { state: trouble.callbackState === 'missing' ? undefined : world.text.id() }
}

/** Answers the consent form. */
async function decide(
  world: World,
  vendor: Vendor,
  request: AuthorizationRequest,
  form: URLSearchParams,
): Promise<Answer> {
  const decision = form.get('decision')
  if (decision === 'cancel') return cancel(vendor, request, form.get('cancelDescription'))
  const account = vendor.accounts.find((candidate) => candidate.key === form.get('account'))
  if (decision !== 'allow' || !account) return malformedDecisionPage(vendor)
  const trouble = troubleOf(form.get('trouble'))
  if (trouble.callbackError !== undefined) {
    return back(vendor, request, 'errorCallback', { error: trouble.callbackError })
  }
  const scopes = grantedScopes(vendor, request, form.getAll('scope'))
  // With nothing granted there is no consent: the same as a cancel.
  if (scopes.length === 0) return cancel(vendor, request, null)
  return allow(world, vendor, request, { account, scopes, trouble })
}

/** Answers an authorization request: the question, the decision, or the page that says what is wrong with it. */
export async function answerAuthorization(
  world: World,
  vendor: Vendor,
  request: VendorRequest,
): Promise<Answer> {
  const checked = checkAuthorizationRequest(world, vendor, request.query)
  if ('problem' in checked) return problemPage(vendor, checked.problem)
  return request.method === 'POST'
    ? decide(world, vendor, checked.request, request.form)
    : consentPage(vendor, checked.request)
}
