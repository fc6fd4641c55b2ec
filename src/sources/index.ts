/**
 * The registry of data sources: every id that was ever published, with how to connect it, or why not.
 *
 * @module sources — owns the definitions, one file for each source that can be connected, and the code that a definition
 * brings along where data does not suffice. It owns no protocol (`oauth/`) and decides nothing (`broker/`). The built-in
 * definitions are checked against the schema by the compiler and by a test, not at start, which would load the schema.
 */
import type { Source } from '../model/source.ts'
import type { LogInHooks, RevocationHooks } from '../oauth/index.ts'
import { appleHealth } from './apple-health.ts'
import { catalogue } from './catalogue.ts'
import { concept2 } from './concept2.ts'
import { coros } from './coros.ts'
import { decathlon } from './decathlon.ts'
import { deepFreeze } from './deep-freeze.ts'
import { dexcom } from './dexcom.ts'
import { fatsecret } from './fatsecret.ts'
import { fitbit } from './fitbit.ts'
import { freestyleLibre } from './freestyle-libre.ts'
import { garmin } from './garmin.ts'
import { hammerhead } from './hammerhead.ts'
import { healthConnect } from './health-connect.ts'
import { huaweiHealth } from './huawei-health.ts'
import { ihealth } from './ihealth.ts'
import { intervalsIcu } from './intervals-icu.ts'
import { komoot } from './komoot.ts'
import { logInLibreLinkUp } from './log-in-libre-link-up.ts'
import { omron } from './omron.ts'
import { oura } from './oura.ts'
import { polar } from './polar.ts'
import { rideWithGps } from './ride-with-gps.ts'
import { samsungHealth } from './samsung-health.ts'
import { shenai } from './shenai.ts'
import { smashrun } from './smashrun.ts'
import { strava } from './strava.ts'
import { suunto } from './suunto.ts'
import { trainingpeaks } from './trainingpeaks.ts'
import { ultrahuman } from './ultrahuman.ts'
import { wahoo } from './wahoo.ts'
import { whoop } from './whoop.ts'
import { revokeWithings, withings } from './withings.ts'

export { type CombinedSources, combineSources } from './combine.ts'
export { pointAt } from './point-at.ts'
export { createPresentation } from './presentation.ts'

/** All data sources by their published id, in ascending order. An id is never used for anything else. */
export const sources: ReadonlyMap<number, Source> = new Map(
  [
    ...catalogue,
    appleHealth,
    healthConnect,
    samsungHealth,
    shenai,
    concept2,
    coros,
    decathlon,
    dexcom,
    fatsecret,
    fitbit,
    freestyleLibre,
    garmin,
    hammerhead,
    huaweiHealth,
    ihealth,
    intervalsIcu,
    komoot,
    omron,
    oura,
    polar,
    rideWithGps,
    smashrun,
    strava,
    suunto,
    trainingpeaks,
    ultrahuman,
    wahoo,
    whoop,
    withings,
  ]
    .toSorted((a, b) => a.id - b.id)
    .map((source) => [source.id, deepFreeze(source)]),
)

/** The revocations that data cannot describe, by vendor key. */
export const revocationHooks: RevocationHooks = new Map([['withings', revokeWithings]])

/** How people log in at vendors that have no consent page, by vendor key. */
export const logInHooks: LogInHooks = new Map([[freestyleLibre.vendor, logInLibreLinkUp]])
