/**
 * The vendors that the sandbox plays.
 *
 * @module sandbox/vendors — owns one file of data for each vendor and this list. It owns no behaviour: a rule that
 * data cannot say yet belongs into `vendor.ts` and the engine.
 */
import type { Vendor } from '../vendor.ts'
import { fitbit } from './fitbit.ts'
import { googleHealth } from './google-health.ts'
import { strava } from './strava.ts'
import { withings } from './withings.ts'

/** All vendors, in the order of the home page. */
export const VENDORS: readonly Vendor[] = Object.freeze([strava, withings, fitbit, googleHealth])
