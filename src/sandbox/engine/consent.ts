/**
 * The authorization endpoint: the question to the person and the way back.
 *
 * @module sandbox/engine/consent — owns what a decision does. Whether the request is right is decided in
 * `authorization-request.ts`; what the person sees, in `pages/`.
 */

import { faultOrderSchema } from '../faults/fault.ts'
import { consentPage } from '../pages/consent-page.ts'
import { byHandPage, malformedDecisionPage, problemPage } from '../pages/problem-page.ts'
import { render, type Values } from '../template.ts'
import type { Answer, DemoAccount, Switches, Vendor } from '../vendor.ts'
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

/** The description that a cancel carries: the vendor's own habit, or what the switch or the person on the page chose. */
function cancelDescription(world: World, vendor: Vendor, chosen: string | null): string | undefined {
  const own = vendor.authorization.cancelDescription
  const choice =
    chosen === 'with' || chosen === 'without' ? chosen : world.switches.of(vendor).cancelDescription
  if (choice === 'without') return undefined
  return choice === 'with' ? (own ?? OWN_DESCRIPTION) : own
}

function cancel(world: World, vendor: Vendor, request: AuthorizationRequest, choice: string | null): Answer {
  const errorDescription = cancelDescription(world, vendor, choice)
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

function offersRefreshToken(
  world: World,
  vendor: Vendor,
  request: AuthorizationRequest,
  givenBefore: boolean,
): boolean {
  const { refreshTokenAgain } = world.switches.of(vendor)
  if (refreshTokenAgain === 'always') return true
  if (refreshTokenAgain === 'first-consent-only') return !givenBefore
  if (refreshTokenAgain === 'with-prompt-consent') {
    return !givenBefore || (request.query.get('prompt') ?? '').split(' ').includes('consent')
  }
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
    offersRefreshToken:
      !trouble.withholdsRefreshToken && offersRefreshToken(world, vendor, request, givenBefore),
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
  if (decision === 'cancel') return cancel(world, vendor, request, form.get('cancelDescription'))
  const account = vendor.accounts.find((candidate) => candidate.key === form.get('account'))
  if (decision !== 'allow' || !account) return malformedDecisionPage(vendor)
  const trouble = troubleOf(form.get('trouble'))
  if (trouble.callbackError !== undefined) {
    return back(vendor, request, 'errorCallback', { error: trouble.callbackError })
  }
  const scopes = grantedScopes(vendor, request, form.getAll('scope'))
  // With nothing granted there is no consent: the same as a cancel. Where no scopes exist, allowing is enough.
  const isNothing = scopes.length === 0 && vendor.scopes.length > 0
  if (isNothing && world.switches.of(vendor).untickedAll === 'cancel')
    return cancel(world, vendor, request, null)
  const answer = allow(world, vendor, request, { account, scopes, trouble })
  return trouble.byHand ? byHandPage(vendor, answer.headers?.['location'] ?? '') : answer
}

/** The form as a person sends it who decides without looking at the page. */
function decisionWithoutLooking(
  vendor: Vendor,
  request: AuthorizationRequest,
  { consent, consentAccount }: Switches,
): URLSearchParams {
  const asked = request.asked.map((scope) => scope.value)
  const movable = request.asked.filter((scope) => !scope.fixed).map((scope) => scope.value)
  const unticked = new Map([
    ['untick-one', movable.slice(-1)],
    ['untick-all', asked],
  ]).get(consent)
  const form = new URLSearchParams({
    decision: consent === 'cancel' ? 'cancel' : 'allow',
    account: consentAccount ?? vendor.accounts[0]?.key ?? '',
  })
  for (const scope of asked) if (!unticked?.includes(scope)) form.append('scope', scope)
  return form
}

/** Answers an authorization request: the question, the decision, or the page that says what is wrong with it. */
export async function answerAuthorization(
  world: World,
  vendor: Vendor,
  request: VendorRequest,
): Promise<Answer> {
  const checked = checkAuthorizationRequest(world, vendor, request.query)
  if ('problem' in checked) return problemPage(vendor, checked.problem)
  if (request.method === 'POST') return decide(world, vendor, checked.request, request.form)
  const switches = world.switches.of(vendor)
  if (switches.consent === 'problem') return problemPage(vendor, 'vendor.trouble')
  if (switches.consent === 'ask') return consentPage(vendor, checked.request)
  return decide(world, vendor, checked.request, decisionWithoutLooking(vendor, checked.request, switches))
}
