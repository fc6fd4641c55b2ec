import { type AttentionReason, type SourceItem, sourceListPage } from '../../src/pages/index.ts'
import type { OutsideTexts, Sample } from './sample.ts'

const START = '/dataSourceDirectConnection.html?token=1X2&dataSource=11'
const STOP = '/dataSourceDirectRevoke.html?token=1X2&dataSource=11'

const CATALOGUE = [
  ['strava', 'Strava', 'Runs, rides and other workouts'],
  ['withings', 'Withings', 'Weight, blood pressure, sleep and activity'],
  ['fitbit', 'Fitbit', 'Steps, heart rate, sleep and weight'],
  ['garmin', 'Garmin', 'Activities, sleep, stress and body battery'],
  ['polar', 'Polar', 'Training, recovery and sleep'],
  ['oura', 'Oura', 'Sleep, readiness and activity'],
  ['apple-health', 'Apple Health', 'Everything that the Health app collects'],
  ['google-fit', 'Google Fit', 'Steps and workouts'],
  ['dexcom', 'Dexcom', 'Glucose values'],
  ['huawei', 'Huawei Health', 'Steps, sleep and workouts'],
  ['komoot', 'Komoot', 'Tours by foot and by bike'],
  ['shenai', 'ShenAI', 'Vital signs by camera'],
] as const

const STATES: readonly SourceItem['state'][] = [
  { kind: 'connected', connectedAt: Date.UTC(2026, 10, 3, 12), isPartial: false },
  { kind: 'needs-attention', reason: 'refused' },
  { kind: 'not-connected' },
  { kind: 'not-connected' },
  { kind: 'not-connected' },
  { kind: 'not-available', reason: 'not-set-up' },
  { kind: 'not-available', reason: 'native' },
  { kind: 'not-available', reason: 'ended' },
  { kind: 'not-available', reason: 'closed' },
  { kind: 'not-available', reason: 'planned' },
  { kind: 'not-available', reason: 'not-offered' },
  { kind: 'not-available', reason: 'planned' },
]

const LIST_URL = 'https://connect.example/?connectionSessionToken=1X2'

/** Where the list stands: in a window of its own, with few sources. */
const PLACE = {
  search: null,
  elsewhere: null,
  isFramed: false,
  embedOrigins: ['https://app.example'],
  address: null,
} as const

function items(firstName: string): SourceItem[] {
  return CATALOGUE.map(([key, name, description], index) => ({
    key,
    id: index + 1,
    name: index === 0 ? firstName : name,
    description: index === 0 ? `${firstName}: ${description}` : description,
    descriptionLanguage: 'en',
    state: STATES[index] ?? { kind: 'not-connected' },
    isOnPhone: false,
    isDown: false,
    failure: null,
    vendorEnd: { kind: 'nothing' },
    connectUrl: START,
    disconnectUrl: index < 2 ? STOP : null,
  }))
}

const REASONS_OF_ATTENTION: readonly AttentionReason[] = ['refused', 'expired', 'interrupted', 'removed']

/** Every state that the first list lacks. */
function moreItems(firstName: string): SourceItem[] {
  const [first, second, third, fourth, ...others] = items(firstName)
  const connectedAt = Date.UTC(2026, 10, 3, 12)
  return [
    ...REASONS_OF_ATTENTION.flatMap((reason, index) => {
      const item = others[index]
      return item === undefined
        ? []
        : [{ ...item, disconnectUrl: STOP, state: { kind: 'needs-attention', reason } as const }]
    }),
    ...(first === undefined
      ? []
      : [{ ...first, state: { kind: 'connected', connectedAt, isPartial: true } as const }]),
    ...(second === undefined
      ? []
      : [
          {
            ...second,
            disconnectUrl: null,
            state: { kind: 'disconnected', disconnectedAt: connectedAt } as const,
          },
        ]),
    ...(third === undefined ? [] : [{ ...third, isOnPhone: true }]),
    ...(fourth === undefined ? [] : [{ ...fourth, isDown: true }]),
  ]
}

/** The list of sources in every form. */
export function lists({ application, source, label }: OutsideTexts): Sample[] {
  return [
    {
      name: 'list',
      render: (context) => sourceListPage({ ...PLACE, application, label, items: items(source) }, context),
    },
    {
      name: 'list-more',
      render: (context) =>
        sourceListPage(
          {
            ...PLACE,
            application,
            label,
            items: moreItems(source),
            isFramed: true,
            search: { text: source, fields: { session: 'abc' } },
          },
          context,
        ),
    },
    {
      name: 'list-in-app',
      render: (context) =>
        sourceListPage(
          {
            ...PLACE,
            application,
            label: null,
            items: items(source).slice(0, 4),
            elsewhere: { url: LIST_URL, browserUrl: `intent://${LIST_URL.slice(8)}#Intent;scheme=https;end` },
          },
          context,
        ),
    },
    {
      name: 'list-empty',
      render: (context) => sourceListPage({ ...PLACE, application, label: null, items: [] }, context),
    },
  ]
}
