/**
 * The vendors that the sandbox plays.
 *
 * @module sandbox/vendors — owns one file of data for each vendor that a definition alone does not describe, and these
 * lists. It owns no behaviour: a rule that data cannot say yet belongs into `vendor.ts` and the engine.
 */
import type { Authorization } from '../../model/source.ts'
import type { Oddities } from '../definition/oddities.ts'
import { vendorFromDefinition } from '../definition/vendor-from-definition.ts'
import type { Vendor } from '../vendor.ts'
import { coros } from './coros.ts'
import { dexcom } from './dexcom.ts'
import { fitbit } from './fitbit.ts'
import { garmin } from './garmin.ts'
import { googleHealth } from './google-health.ts'
import { oura, ouraLegacy } from './oura.ts'
import { polar, polarV4 } from './polar.ts'
import {
  concept2,
  decathlon,
  hammerhead,
  huaweiHealth,
  ihealth,
  intervalsIcu,
  komoot,
  rideWithGps,
  trainingpeaks,
  ultrahuman,
} from './short.ts'
import { strava } from './strava.ts'
import { suunto } from './suunto.ts'
import { wahoo } from './wahoo.ts'
import { whoop } from './whoop.ts'
import { withings } from './withings.ts'

/** The vendors that are written by hand, in the order of the home page. */
export const VENDORS: readonly Vendor[] = Object.freeze([strava, withings, fitbit, googleHealth])

/** What definitions do not say, by vendor key. */
const ODDITIES: Readonly<Record<string, Oddities>> = Object.freeze({
  concept2,
  'concept2-sandbox': concept2,
  coros,
  'coros-sandbox': coros,
  decathlon,
  dexcom,
  'dexcom-eu': dexcom,
  'dexcom-jp': dexcom,
  'dexcom-sandbox': dexcom,
  garmin,
  hammerhead,
  'huawei-health': huaweiHealth,
  ihealth,
  'intervals-icu': intervalsIcu,
  komoot,
  oura,
  'oura-legacy': ouraLegacy,
  polar,
  'polar-v4': polarV4,
  'ride-with-gps': rideWithGps,
  suunto,
  trainingpeaks,
  'trainingpeaks-sandbox': trainingpeaks,
  ultrahuman,
  wahoo,
  whoop,
})

/** The vendor of a definition: by hand where there is one, else made of the definition and what is odd there. */
export const vendorFor = (definition: Authorization): Vendor =>
  VENDORS.find(({ key }) => key === definition.vendor) ??
  vendorFromDefinition(definition, ODDITIES[definition.vendor])
