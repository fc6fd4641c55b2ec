import type { ErrorPage } from '../../src/errors.ts'
import type { Action } from '../../src/model/attempt.ts'
import { OUTCOME_ERRORS, type OutcomeError } from '../../src/model/result.ts'
import {
  beforeLeavingPage,
  chooseRegionPage,
  confirmDisconnectPage,
  errorPage,
  framedStartPage,
  type LogInProblemView,
  logInPage,
  moveAccountPage,
  type OutcomeView,
  pairingPage,
  type RegionLabel,
  resultPage,
  type UnavailableReason,
} from '../../src/pages/index.ts'
import { lists } from './every-list.ts'
import type { OutsideTexts, Sample } from './sample.ts'

export type { OutsideTexts, Sample } from './sample.ts'

export const PLAIN: OutsideTexts = Object.freeze({
  application: 'Morning Miles',
  source: 'Strava',
  label: 'Ada L.',
  reference: '0D3K9-Q7M2V',
})

export const NONCE = 'bm9uY2Utb2YtYS10ZXN0'

export const ERROR_PAGES = [
  'link-not-valid',
  'link-expired',
  'redirect-not-allowed',
  'source-unknown',
  'source-not-available',
  'source-native',
  'already-used',
  'browser-changed',
  'too-many-requests',
  'not-found',
  'temporarily-down',
  'something-broke',
] as const satisfies readonly ErrorPage[]

const REASONS = [
  'planned',
  'ended',
  'closed',
  'native',
  'not-set-up',
  'log-in-off',
  'not-offered',
] as const satisfies readonly UnavailableReason[]

const START = '/dataSourceDirectConnection.html?token=1X2&dataSource=11'
const STOP = '/dataSourceDirectRevoke.html?token=1X2&dataSource=11'
const FORM = Object.freeze({ action: STOP, fields: Object.freeze({ token: '1X2', once: 'c3VyZQ' }) })

function outcome(
  texts: OutsideTexts,
  action: Action,
  error: OutcomeError | null,
  more: Partial<OutcomeView> = {},
): Sample {
  const { application, source, reference } = texts
  const view: OutcomeView = {
    kind: 'outcome',
    action,
    error,
    source: { key: 'strava', name: source },
    application,
    permissionsMissing: false,
    consentMissing: false,
    cancelledHere: false,
    stillConnected: false,
    vendorEnd: { kind: 'asked' },
    tryAgainUrl: error === null ? null : START,
    allowMoreUrl: more.permissionsMissing === true ? START : null,
    listUrl: null,
    reference,
    ...more,
  }
  return { name: `${action}-${error ?? 'succeeded'}`, render: (context) => resultPage(view, context) }
}

const named = (name: string, { render }: Sample): Sample => ({ name, render })

function results(texts: OutsideTexts): Sample[] {
  const byHand = { kind: 'by-hand', address: 'strava.example/settings/apps' } as const
  const list = { listUrl: 'https://connect.example/?connectionSessionToken=1X2' }
  return [
    { name: 'result-general', render: (context) => resultPage({ kind: 'general' }, context) },
    outcome(texts, 'connect', null),
    named('connect-partly', outcome(texts, 'connect', null, { permissionsMissing: true, ...list })),
    named('connect-again-cancelled', outcome(texts, 'connect', 'access_denied', { stillConnected: true })),
    named('connect-cancelled-here', outcome(texts, 'connect', 'access_denied', { cancelledHere: true })),
    named('connect-not-moved', outcome(texts, 'connect', 'account_in_use', { cancelledHere: true })),
    named('connect-consent-missing', outcome(texts, 'connect', 'scope_missing', { consentMissing: true })),
    outcome(texts, 'disconnect', null),
    named('disconnect-by-hand', outcome(texts, 'disconnect', null, { vendorEnd: byHand, ...list })),
    named(
      'disconnect-by-hand-somewhere',
      outcome(texts, 'disconnect', null, { vendorEnd: { kind: 'by-hand', address: null } }),
    ),
    ...(['ended', 'stays'] as const).map((kind) =>
      named(`disconnect-${kind}`, outcome(texts, 'disconnect', null, { vendorEnd: { kind } })),
    ),
    ...[null, byHand.address].map((address, index) =>
      named(
        `disconnect-gave-up-${index}`,
        outcome(texts, 'disconnect', null, { vendorEnd: { kind: 'gave-up', address } }),
      ),
    ),
    named(
      'disconnect-without-connection',
      outcome(texts, 'disconnect', null, { vendorEnd: { kind: 'nothing' } }),
    ),
    ...OUTCOME_ERRORS.flatMap((error) => [
      outcome(texts, 'connect', error),
      outcome(texts, 'disconnect', error),
    ]),
  ]
}

/** Countries, a place that is none of them, and one that has a name in English only. */
const REGIONS = [
  { key: 'us', label: 'United States' },
  { key: 'eu', label: 'Outside the United States and Japan' },
  { key: 'jp', label: 'Japan' },
] as const
const PLACES = [
  { key: 'us', label: 'United States' },
  { key: 'lab', label: 'The laboratory' },
  { key: 'field', label: 'The field' },
] as const

const regionChoice = (
  { application, source }: OutsideTexts,
  name: string,
  regions: readonly RegionLabel[],
): Sample => ({
  name,
  render: (context) =>
    chooseRegionPage(
      {
        application,
        source: { key: 'dexcom', name: source },
        choices: regions.map((region) => ({ ...region, url: `${START}&region=${region.key}` })),
        regions,
      },
      context,
    ),
})

function errors(texts: OutsideTexts): Sample[] {
  const nobody = { application: null, source: null, reason: null, tryAgainUrl: null }
  const known = {
    application: texts.application,
    source: { key: 'withings', name: texts.source },
    reason: null,
    tryAgainUrl: START,
  }
  const { reference } = texts
  return [
    ...ERROR_PAGES.flatMap((page): Sample[] => [
      {
        name: `error-${page}`,
        render: (context) => errorPage({ page, reference, ...nobody }, context),
      },
      {
        name: `error-${page}-known`,
        render: (context) => errorPage({ page, reference, ...known }, context),
      },
    ]),
    ...REASONS.map(
      (reason): Sample => ({
        name: `error-source-not-available-${reason}`,
        render: (context) =>
          errorPage(
            { page: 'source-not-available', reference, ...known, tryAgainUrl: null, reason },
            context,
          ),
      }),
    ),
  ]
}

function screens({ application, source, label }: OutsideTexts): Sample[] {
  const strava = { key: 'strava', name: source }
  return [
    {
      name: 'confirm-disconnect',
      render: (context) =>
        confirmDisconnectPage(
          { application, source: strava, label, vendorEnd: { kind: 'asked' }, form: FORM },
          context,
        ),
    },
    {
      name: 'confirm-disconnect-nobody',
      render: (context) =>
        confirmDisconnectPage(
          { application, source: strava, label: null, vendorEnd: { kind: 'nothing' }, form: FORM },
          context,
        ),
    },
    {
      name: 'before-leaving',
      render: (context) => beforeLeavingPage({ application, source: strava, label, form: FORM }, context),
    },
    {
      name: 'before-leaving-nobody',
      render: (context) =>
        beforeLeavingPage({ application, source: strava, label: null, form: FORM }, context),
    },
    {
      name: 'move-account',
      render: (context) => moveAccountPage({ application, source: strava, label, form: FORM }, context),
    },
    {
      name: 'move-account-nobody',
      render: (context) => moveAccountPage({ application, source: strava, label: null, form: FORM }, context),
    },
    ...(['new-window', 'whole-window'] as const).map(
      (opensIn): Sample => ({
        name: `framed-${opensIn}`,
        render: (context) =>
          framedStartPage({ application, source: strava, startUrl: START, opensIn }, context),
      }),
    ),
  ]
}

const PROBLEMS = [
  'incomplete',
  'wrong_password',
  'terms',
  'extra_step',
  'locked',
] as const satisfies readonly LogInProblemView[]

function logIns({ application, source, label }: OutsideTexts): Sample[] {
  const view = { application, source: { key: 'strava', name: source }, account: source, form: FORM } as const
  return [
    {
      name: 'log-in',
      render: (context) => logInPage({ ...view, label, loginName: 'email', problem: null }, context),
    },
    ...PROBLEMS.map(
      (problem): Sample => ({
        name: `log-in-${problem}`,
        render: (context) => logInPage({ ...view, label: null, loginName: 'username', problem }, context),
      }),
    ),
  ]
}

/** What the pairing page leads to. */
export const APP_LINK = 'myapp://pair?code=BCDFGHJKLM'

function pairings({ application, source, label }: OutsideTexts): Sample[] {
  const view = {
    application,
    source: { key: 'strava', name: source },
    code: 'BCDFG-HJKLM',
    minutes: 15,
    doneUrl: '/pairing?state=1X2&asked=1',
    form: FORM,
  }
  return [
    {
      name: 'pairing',
      render: (context) => pairingPage({ ...view, label, appLink: APP_LINK, notYet: false }, context),
    },
    {
      name: 'pairing-not-yet',
      render: (context) => pairingPage({ ...view, label: null, appLink: null, notYet: true }, context),
    },
  ]
}

/** Every page in every form, with these texts in every place that shows one from outside. */
export const everyPage = (texts: OutsideTexts = PLAIN): readonly Sample[] => [
  ...results(texts),
  ...errors(texts),
  ...screens(texts),
  ...lists(texts),
  ...logIns(texts),
  ...pairings(texts),
  regionChoice(texts, 'choose-region', REGIONS),
  regionChoice(texts, 'choose-region-by-its-own-words', PLACES),
]
