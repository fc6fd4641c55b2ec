// Goal: people are sent to each vendor with exactly what its documentation asks for. Method: every URL to the letter.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOAuth2 } from '../../src/model/source.ts'
import { buildAuthorizationUrl, codeChallenge, requestedScopes } from '../../src/oauth/index.ts'
import { sources } from '../../src/sources/index.ts'

const GOOGLE = 'https://www.googleapis.com/auth/googlehealth'

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
