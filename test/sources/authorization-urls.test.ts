// Goal: people are sent to each vendor with exactly what its documentation asks for. Method: every URL to the letter.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOAuth2 } from '../../src/model/source.ts'
import { buildAuthorizationUrl, codeChallenge, requestedScopes } from '../../src/oauth/index.ts'
import { sources } from '../../src/sources/index.ts'

const GOOGLE = 'https://www.googleapis.com/auth/googlehealth'

const HUAWEI = 'https://www.huawei.com/healthkit'
const S256 = '&code_challenge=iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ&code_challenge_method=S256'

const URLS: Readonly<Record<string, string>> = {
  strava:
    'https://www.strava.com/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fstrava' +
    '&scope=read,profile:read_all,activity:read,activity:read_all&approval_prompt=auto&state=the-state',
  withings:
    'https://account.withings.com/oauth2_user/authorize2?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fwithings' +
    '&scope=user.info,user.metrics,user.activity,user.sleepevents&state=the-state',
  'google-health':
    'https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fgoogle-health' +
    `&scope=${GOOGLE}.activity_and_fitness.readonly%20${GOOGLE}.health_metrics_and_measurements.readonly` +
    `%20${GOOGLE}.sleep.readonly%20${GOOGLE}.nutrition.readonly%20${GOOGLE}.ecg.readonly` +
    `%20${GOOGLE}.irn.readonly%20${GOOGLE}.profile.readonly` +
    '&access_type=offline&prompt=consent&include_granted_scopes=true&state=the-state' +
    '&code_challenge=iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ&code_challenge_method=S256',
  fitbit:
    'https://www.fitbit.com/oauth2/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Ffitbit' +
    '&scope=activity%20cardio_fitness%20electrocardiogram%20heartrate%20irregular_rhythm_notifications' +
    '%20nutrition%20oxygen_saturation%20profile%20respiratory_rate%20sleep%20temperature%20weight' +
    '&state=the-state' +
    '&code_challenge=iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ&code_challenge_method=S256',
  decathlon:
    'https://api.decathlon.net/connect/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fdecathlon' +
    '&scope=profile%20openid%20sports_tracking_data&state=the-state' +
    '&code_challenge=iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ&code_challenge_method=S256',
  komoot:
    'https://auth.komoot.de/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fkomoot' +
    '&scope=profile&state=the-state',
  ultrahuman:
    'https://auth.ultrahuman.com/authorise?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fultrahuman' +
    '&scope=profile%20ring_data%20cgm_data&state=the-state',
  trainingpeaks:
    'https://oauth.trainingpeaks.com/OAuth/Authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Ftrainingpeaks' +
    '&scope=athlete:profile%20workouts:read%20workouts:details%20metrics:read&state=the-state',
  'trainingpeaks-sandbox':
    'https://oauth.sandbox.trainingpeaks.com/OAuth/Authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Ftrainingpeaks-sandbox' +
    '&scope=athlete:profile%20workouts:read%20workouts:details%20metrics:read&state=the-state',
  hammerhead:
    'https://api.hammerhead.io/v1/auth/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fhammerhead' +
    '&scope=activity:read&state=the-state',
  concept2:
    'https://log.concept2.com/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fconcept2' +
    '&scope=user:read,results:read&state=the-state',
  'concept2-sandbox':
    'https://log-dev.concept2.com/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fconcept2-sandbox' +
    '&scope=user:read,results:read&state=the-state',
  'ride-with-gps':
    'https://ridewithgps.com/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fride-with-gps' +
    '&scope=user&state=the-state',
  'intervals-icu':
    'https://intervals.icu/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fintervals-icu' +
    '&scope=ACTIVITY:READ,WELLNESS:READ,SETTINGS:READ&state=the-state',
  smashrun:
    'https://secure.smashrun.com/oauth2/authenticate?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fsmashrun' +
    '&scope=read_activity&state=the-state',
  garmin:
    'https://connect.garmin.com/oauth2Confirm?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fgarmin&state=the-state' +
    S256,
  polar:
    'https://flow.polar.com/oauth2/authorization?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fpolar' +
    '&scope=accesslink.read_all&state=the-state',
  'polar-v4':
    'https://auth.polar.com/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fpolar-v4' +
    '&scope=training_sessions:read%20activity:read%20sleep:read%20nightly_recharge:read' +
    '%20continuous_samples:read%20tests:read%20profile:read&state=the-state',
  omron:
    'https://oauth.omronwellness.com/connect/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fomron' +
    '&scope=bloodpressure%20activity%20openid%20offline_access&state=the-state',
  'omron-staging':
    'https://ohi-oauth.numerasocial.com/connect/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fomron-staging' +
    '&scope=bloodpressure%20activity%20openid%20offline_access&state=the-state',
  suunto:
    'https://cloudapi-oauth.suunto.com/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fsuunto' +
    '&scope=workout&state=the-state',
  oura:
    'https://moi.ouraring.com/oauth/v2/ext/oauth-authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Foura' +
    '&scope=extapi:personal%20extapi:daily%20extapi:heartrate%20extapi:workout%20extapi:session' +
    '%20extapi:spo2%20extapi:stress%20extapi:heart_health&state=the-state' +
    S256,
  'oura-legacy':
    'https://cloud.ouraring.com/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Foura-legacy' +
    '&scope=personal%20daily%20heartrate%20workout%20session%20spo2%20stress%20heart_health&state=the-state',
  // No state of its own: the redirect URI has it.
  ihealth:
    'https://api.ihealthlabs.com:8443/OpenApiV2/OAuthv2/userauthorization/?response_type=code&client_id=12345' +
    '&APIName=OpenApiBP%20OpenApiBG%20OpenApiWeight%20OpenApiSpO2%20OpenApiActivity%20OpenApiSleep' +
    '%20OpenApiSport' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fihealth%3Fstate%3Dthe-state',
  'huawei-health':
    'https://oauth-login.cloud.huawei.com/oauth2/v3/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fhuawei-health' +
    `&scope=openid%20${HUAWEI}/step.read%20${HUAWEI}/distance.read%20${HUAWEI}/calories.read` +
    `%20${HUAWEI}/activity.read%20${HUAWEI}/activityrecord.read%20${HUAWEI}/heartrate.read` +
    `%20${HUAWEI}/sleep.read%20${HUAWEI}/stress.read%20${HUAWEI}/oxygensaturation.read` +
    `%20${HUAWEI}/heightweight.read&access_type=offline&display=page&state=the-state`,
  dexcom:
    'https://api.dexcom.com/v2/oauth2/login?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fdexcom' +
    '&scope=offline_access&state=the-state',
  'dexcom-eu':
    'https://api.dexcom.eu/v2/oauth2/login?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fdexcom-eu' +
    '&scope=offline_access&state=the-state',
  'dexcom-jp':
    'https://api.dexcom.jp/v2/oauth2/login?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fdexcom-jp' +
    '&scope=offline_access&state=the-state',
  'dexcom-sandbox':
    'https://sandbox-api.dexcom.com/v2/oauth2/login?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fdexcom-sandbox' +
    '&scope=offline_access&state=the-state',
  whoop:
    'https://api.prod.whoop.com/oauth/oauth2/auth?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fwhoop' +
    '&scope=read:recovery%20read:cycles%20read:workout%20read:sleep%20read:body_measurement' +
    '%20read:profile%20offline&state=the-state',
  wahoo:
    'https://api.wahooligan.com/oauth/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fwahoo' +
    '&scope=user_read%20workouts_read%20offline_data&state=the-state' +
    S256,
  coros:
    'https://open.coros.com/oauth2/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fcoros&state=the-state',
  'coros-sandbox':
    'https://opentest.coros.com/oauth2/authorize?response_type=code&client_id=12345' +
    '&redirect_uri=https%3A%2F%2Fconnect.example.org%2Fcallback%2Fcoros-sandbox&state=the-state',
}

for (const source of sources.values()) {
  if (source.kind !== 'oauth2') continue
  for (const authorization of source.authorizations.filter(isOAuth2)) {
    test(`the authorization URL of ${authorization.vendor}`, () => {
      const client = { clientId: '12345', scopes: null }
      const url = buildAuthorizationUrl(authorization, client, {
        redirectUri: `https://connect.example.org/callback/${authorization.vendor}`,
        state: 'the-state',
        codeChallenge: codeChallenge('verifier'),
        scopes: requestedScopes(authorization, client),
      })
      assert.equal(url, URLS[authorization.vendor])
    })
  }
}
