import type { CatalogueSource } from '../model/source.ts'

type Category = CatalogueSource['category']

/** Connected at the vendor's pages, like the defined ones, and not defined yet. */
const planned = (
  id: number,
  key: string,
  name: string,
  category: Category,
  description: string,
  statusNote: string,
): CatalogueSource => ({
  id,
  key,
  name,
  category,
  description,
  kind: 'listed',
  connectedBy: 'web',
  status: 'planned',
  statusNote,
})

/** At a vendor that admits no new applications, or partners only. */
const closed = (...fields: Parameters<typeof planned>): CatalogueSource => ({
  ...planned(...fields),
  status: 'closed',
})

const LATER = 'Not available yet.'
/** For operators, who can do something about it. */
const OWN_FILE = 'Operators who have a client can add it by a file of their own.'
const UNPROVEN = `${LATER} How it is connected is known from too few sources. ${OWN_FILE}`

/**
 * The published ids that have no definition: what they are, and why they cannot be connected.
 * Names and ids: the documented table; from 1001 on, ours. What is said of vendors was collected in November 2026.
 */
export const catalogue: readonly CatalogueSource[] = [
  {
    id: 12,
    key: 'google-fit',
    name: 'Google Fit',
    category: 'platform',
    description: 'Activity data that Google Fit kept.',
    kind: 'listed',
    connectedBy: 'web',
    status: 'ended',
    statusNote:
      'Google has admitted no new applications since May 2024 and ends the service in 2026. Health Connect takes its place on the phone.',
  },
  closed(
    27,
    'beurer',
    'Beurer',
    'body',
    'Weight and blood pressure from Beurer devices.',
    'Beurer gives access to partners only. No public interface is known, so nothing can be configured.',
  ),
  {
    id: 40,
    key: 'google-fit-native',
    name: 'Google Fit native',
    category: 'platform',
    description: 'Activity data that Google Fit kept on the phone.',
    kind: 'listed',
    connectedBy: 'native',
    status: 'ended',
    statusNote: 'Google Fit has ended. Health Connect takes its place.',
  },
  closed(
    1011,
    'mapmyfitness',
    'MapMyFitness',
    'activity',
    'Workouts kept at MapMyFitness.',
    `Its owner gives no keys to new applications. ${OWN_FILE}`,
  ),
  closed(
    1012,
    'runkeeper',
    'Runkeeper',
    'activity',
    'Runs kept at Runkeeper.',
    `Runkeeper admits no new applications. ${OWN_FILE}`,
  ),
  planned(1013, 'hexoskin', 'Hexoskin', 'activity', 'Heart and breathing from Hexoskin shirts.', UNPROVEN),
  planned(1014, 'sporttracks', 'SportTracks', 'activity', 'Workouts kept at SportTracks.', UNPROVEN),
  closed(
    1015,
    'cronometer',
    'Cronometer',
    'body',
    'Food diary kept at Cronometer.',
    `Cronometer gives access to partners only. ${OWN_FILE}`,
  ),
  closed(
    1016,
    'zepp',
    'Zepp',
    'activity',
    'Activity, sleep and heart rate from Amazfit watches.',
    'Zepp gives access to corporate partners only. Its consent page wants an address of a form that is not supported.',
  ),
  planned(1017, 'sensor-bio', 'Sensor Bio', 'activity', 'Heart and sleep from Sensor Bio bands.', UNPROVEN),
]
