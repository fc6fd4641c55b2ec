import type { ErrorPage } from '../errors.ts'
import type { OutcomeError } from '../model/result.ts'
import { beforeLeavingPage } from './before-leaving-page.ts'
import { chooseRegionPage } from './choose-region-page.ts'
import { confirmDisconnectPage } from './confirm-disconnect-page.ts'
import { type ErrorView, errorPage } from './error-page.ts'
import { framedStartPage } from './framed-start-page.ts'
import { logInPage } from './log-in-page.ts'
import type { Markup } from './markup.ts'
import { moveAccountPage } from './move-account-page.ts'
import { pairingPage } from './pairing-page.ts'
import { type OutcomeView, resultPage } from './result-page.ts'
import { sourceListPage } from './source-list-page.ts'
import type { SourceItem, SourceState } from './source-row.ts'
import type { PageContext, SourceLabel } from './view.ts'

/** A source as the preview needs it. */
export interface PreviewSource extends SourceLabel {
  readonly id: number
  readonly description: string
  readonly descriptionLanguage: string
}

/** What the pages of a preview are filled with. Every link and every form of theirs leads to `home`. */
export interface PreviewMaterial {
  readonly application: string
  readonly sources: readonly [PreviewSource, ...PreviewSource[]]
  /** Where the preview is: a path on the own origin. */
  readonly home: string
}

/** A page of ours with something to show in it. */
export interface PreviewSample {
  /** Names it in an address. */
  readonly key: string
  /** For developers, in English. */
  readonly title: string
  readonly render: (material: PreviewMaterial, page: PageContext) => Markup
}

const LABEL = 'Ada L.'
const REFERENCE = '0D3K9-Q7M2V'
const CODE = 'BCDFG-HJKLM'
const CONNECTED_AT = Date.UTC(2026, 10, 3, 12)

const formOf = ({ home }: PreviewMaterial) => ({ action: home, fields: {} })

const STATES: readonly SourceState[] = [
  { kind: 'connected', connectedAt: CONNECTED_AT, isPartial: false },
  { kind: 'needs-attention', reason: 'refused' },
  { kind: 'connected', connectedAt: CONNECTED_AT, isPartial: true },
  { kind: 'not-connected' },
  { kind: 'not-connected' },
  { kind: 'disconnected', disconnectedAt: CONNECTED_AT },
  { kind: 'not-connected' },
  { kind: 'not-available', reason: 'not-set-up' },
  { kind: 'not-available', reason: 'planned' },
]

const itemsOf = ({ sources, home }: PreviewMaterial): readonly SourceItem[] =>
  sources.slice(0, STATES.length).map((source, index) => {
    const state = STATES[index] ?? { kind: 'not-connected' }
    const isLiving = state.kind === 'connected' || state.kind === 'needs-attention'
    return {
      ...source,
      state,
      isOnPhone: index === 6,
      isDown: index === 4,
      failure: null,
      vendorEnd: { kind: 'nothing' },
      connectUrl: state.kind === 'not-available' ? null : home,
      disconnectUrl: isLiving ? home : null,
    }
  })

const list = (key: string, title: string, isFramed: boolean): PreviewSample => ({
  key,
  title,
  render: (material, page) =>
    sourceListPage(
      {
        application: material.application,
        label: LABEL,
        items: itemsOf(material),
        search: { text: '', fields: {} },
        elsewhere: null,
        isFramed,
        embedOrigins: [],
        address: null,
      },
      page,
    ),
})

const result = (
  key: string,
  title: string,
  action: OutcomeView['action'],
  error: OutcomeError | null,
  more: Partial<OutcomeView> = {},
): PreviewSample => ({
  key,
  title,
  render: ({ application, sources: [source], home }, page) =>
    resultPage(
      {
        kind: 'outcome',
        action,
        error,
        source,
        application,
        permissionsMissing: false,
        consentMissing: false,
        cancelledHere: false,
        stillConnected: false,
        vendorEnd: { kind: 'asked' },
        tryAgainUrl: error === null ? null : home,
        allowMoreUrl: more.permissionsMissing === true ? home : null,
        listUrl: home,
        reference: REFERENCE,
        ...more,
      },
      page,
    ),
})

const error = (key: ErrorPage, title: string, more: Partial<ErrorView> = {}): PreviewSample => ({
  key: `error-${key}`,
  title,
  render: ({ application, sources: [source] }, page) =>
    errorPage(
      { page: key, reference: REFERENCE, application, source, reason: null, tryAgainUrl: null, ...more },
      page,
    ),
})

const REGIONS = [
  { key: 'us', label: 'United States' },
  { key: 'jp', label: 'Japan' },
] as const

const questions: readonly PreviewSample[] = [
  {
    key: 'before-leaving',
    title: 'Before leaving for a vendor',
    render: (material, page) =>
      beforeLeavingPage(
        {
          application: material.application,
          source: material.sources[0],
          label: LABEL,
          form: formOf(material),
        },
        page,
      ),
  },
  {
    key: 'choose-region',
    title: 'Where the account is',
    render: ({ application, sources: [source], home }, page) =>
      chooseRegionPage(
        { application, source, choices: REGIONS.map((one) => ({ ...one, url: home })), regions: REGIONS },
        page,
      ),
  },
  ...(['none', 'wrong_password'] as const).map(
    (problem): PreviewSample => ({
      key: problem === 'none' ? 'log-in' : 'log-in-again',
      title: problem === 'none' ? 'Log-in' : 'Log-in, wrong password',
      render: (material, page) =>
        logInPage(
          {
            application: material.application,
            source: material.sources[0],
            account: material.sources[0].name,
            loginName: 'email',
            label: LABEL,
            problem: problem === 'none' ? null : problem,
            form: formOf(material),
          },
          page,
        ),
    }),
  ),
  {
    key: 'pairing',
    title: 'Pairing with a phone',
    render: (material, page) =>
      pairingPage(
        {
          application: material.application,
          source: material.sources[0],
          label: LABEL,
          code: CODE,
          appLink: material.home,
          minutes: 15,
          notYet: false,
          doneUrl: material.home,
          form: formOf(material),
        },
        page,
      ),
  },
  {
    key: 'move-account',
    title: 'Moving an account from another user',
    render: (material, page) =>
      moveAccountPage(
        {
          application: material.application,
          source: material.sources[0],
          label: LABEL,
          form: formOf(material),
        },
        page,
      ),
  },
  {
    key: 'confirm-disconnect',
    title: 'Before disconnecting',
    render: (material, page) =>
      confirmDisconnectPage(
        {
          application: material.application,
          source: material.sources[0],
          label: LABEL,
          vendorEnd: { kind: 'asked' },
          form: formOf(material),
        },
        page,
      ),
  },
  {
    key: 'framed-start',
    title: 'A start link in a frame',
    render: ({ application, sources: [source], home }, page) =>
      framedStartPage({ application, source, startUrl: home, opensIn: 'new-window' }, page),
  },
]

/** Every page that an application's look is on. */
export const previewSamples: readonly PreviewSample[] = Object.freeze([
  list('list', 'The list of sources', false),
  list('list-framed', 'The list in a frame', true),
  ...questions,
  result('connected', 'Connected', 'connect', null),
  result('connected-partly', 'Connected, with less than asked for', 'connect', null, {
    permissionsMissing: true,
  }),
  result('cancelled', 'Cancelled', 'connect', 'access_denied'),
  result('failed', 'Not connected', 'connect', 'vendor_unavailable'),
  result('disconnected', 'Disconnected', 'disconnect', null),
  error('link-expired', 'Error: the link has expired'),
  error('source-native', 'Error: a source of the phone'),
  error('source-not-available', 'Error: a source that is not available', { reason: 'not-set-up' }),
  error('something-broke', 'Error on our side', { source: null }),
])
