import type { OAuthSource } from '../model/source.ts'

const HEALTH_KIT = 'https://www.huawei.com/healthkit/'

/**
 * Huawei Health Kit, on Huawei's account service. `openid` must be asked for, and its ID token says whose account it is.
 * Huawei approves each kind of data for each application, so an application often asks for fewer than the usual ones. An
 * error has a main number and a second one, which tells what it is. Revoking needs the token alone, and ends both.
 */
export const huaweiHealth: OAuthSource = {
  id: 38,
  key: 'huawei-health',
  name: 'Huawei Health',
  description: 'Activity, sleep and heart rate from Huawei watches.',
  category: 'activity',
  kind: 'oauth2',
  authorizations: [
    {
      vendor: 'huawei-health',
      name: 'Huawei Health',
      status: 'live',
      statusNote: null,
      scopes: [
        { value: 'openid', label: 'Account number', requested: true, givesData: false },
        { value: `${HEALTH_KIT}step.read`, label: 'Steps', requested: true, givesData: true },
        {
          value: `${HEALTH_KIT}distance.read`,
          label: 'Distance and climbs',
          requested: true,
          givesData: true,
        },
        { value: `${HEALTH_KIT}calories.read`, label: 'Calories', requested: true, givesData: true },
        {
          value: `${HEALTH_KIT}activity.read`,
          label: 'Activity of the day',
          requested: true,
          givesData: true,
        },
        { value: `${HEALTH_KIT}activityrecord.read`, label: 'Workouts', requested: true, givesData: true },
        { value: `${HEALTH_KIT}heartrate.read`, label: 'Heart rate', requested: true, givesData: true },
        { value: `${HEALTH_KIT}sleep.read`, label: 'Sleep', requested: true, givesData: true },
        { value: `${HEALTH_KIT}stress.read`, label: 'Stress', requested: true, givesData: true },
        {
          value: `${HEALTH_KIT}oxygensaturation.read`,
          label: 'Blood oxygen',
          requested: true,
          givesData: true,
        },
        {
          value: `${HEALTH_KIT}heightweight.read`,
          label: 'Height and weight',
          requested: true,
          givesData: true,
        },
        {
          value: `${HEALTH_KIT}bloodglucose.read`,
          label: 'Blood glucose',
          requested: false,
          givesData: true,
        },
        {
          value: `${HEALTH_KIT}bodytemperature.read`,
          label: 'Body temperature',
          requested: false,
          givesData: true,
        },
        {
          value: `${HEALTH_KIT}reproductive.read`,
          label: 'Menstrual cycle',
          requested: false,
          givesData: true,
        },
        {
          value: `${HEALTH_KIT}location.read`,
          label: 'Location during workouts',
          requested: false,
          givesData: true,
        },
        {
          value: `${HEALTH_KIT}historydata.open.week`,
          label: 'Data of the week before',
          requested: false,
          givesData: false,
        },
        {
          value: `${HEALTH_KIT}historydata.open.month`,
          label: 'Data of the month before',
          requested: false,
          givesData: false,
        },
        {
          value: `${HEALTH_KIT}historydata.open.year`,
          label: 'Data of the year before',
          requested: false,
          givesData: false,
        },
      ],
      scopeSeparator: ' ',
      authorizationRequest: {
        endpoint: 'https://oauth-login.cloud.huawei.com/oauth2/v3/authorize',
        parameters: { access_type: 'offline', display: 'page' },
        pkce: false,
      },
      authorizationResponse: {
        grantedScopeParameter: null,
        issuer: { value: 'https://accounts.huawei.com', required: false },
      },
      tokenRequest: {
        endpoint: 'https://oauth-login.cloud.huawei.com/oauth2/v3/token',
        clientAuthentication: 'client_secret_post',
        parameters: {},
        codeLifetimeSeconds: 300,
      },
      tokenResponse: {
        // No envelope, but numbers where RFC 6749 has words. These mean: code wrong or used, refresh token ended.
        envelope: {
          statusPath: 'sub_error',
          successStatus: 0,
          temporaryStatuses: [500, 100_300],
          invalidGrantStatuses: [11_205, 20_153, 20_154, 20_155, 20_156, 20_158, 31_202, 31_204],
          dataPath: null,
          onlyOnFailure: true,
        },
        errorPath: 'error',
      },
      refresh: {
        mode: 'mayRotate',
        // 180 days.
        lifetimeSeconds: 15_552_000,
        lifetimePath: null,
      },
      account: { from: 'idToken', claim: 'sub' },
      revocation: {
        kind: 'token',
        reach: 'account',
        endpoint: 'https://oauth-login.cloud.huawei.com/oauth2/v3/revoke',
        clientAuthentication: 'none',
        sendTypeHint: false,
        // An ended token is refused with 400, and so is one that is not one.
        goneStatuses: [400],
      },
      api: {
        baseUrl: 'https://health-api.cloud.huawei.com/healthkit/v2',
        headers: { 'x-client-id': '{clientId}', 'x-version': '1.0' },
      },
      notifications: {
        handshake: { kind: 'reachable', status: 204 },
        authentication: {
          kind: 'signature',
          header: 'x-notification-signature',
          algorithm: 'sha256',
          encoding: 'base64',
          key: '{client.subscriberSecret}',
          keyIsBase64: true,
          over: 'members',
          members: ['openId', 'eventType', 'eventTime'],
          required: false,
        },
        refusedStatus: 401,
        acceptedStatus: 204,
        format: 'json',
        bodiesDiffer: true,
        events: [
          {
            when: { eventType: ['USER_EVENT$REVOKE_ALL', 'USER_EVENT$DELETE_USER'] },
            account: 'openId',
            means: 'removed',
          },
          { account: 'openId', means: 'data' },
        ],
        setUp:
          'Register as a subscriber with the address, and give the subscriber’s secret with the client. What is subscribed to for each person is not done by the service.',
      },
      registration: {
        url: 'https://developer.huawei.com/consumer/en/console',
        redirectUri: { match: 'exact', loopback: 'unknown' },
        clientFields: [
          {
            name: 'subscriberSecret',
            label: 'Secret of the subscriber, where notifications are set up',
            required: false,
          },
        ],
      },
      documentation: {
        url: 'https://developer.huawei.com/consumer/en/doc/hmscore-guides/auth-example-0000001054581058',
        checkedOn: '2026-11-22',
        doubts: [
          'That the openId of a notification is the sub of the ID token is not documented; where it is not, notifications find nobody.',
          'A notification is signed over person, kind and time alone, so a removal is confirmed at Huawei all the same.',
          'Huawei approves each kind of data for each application, so this cannot be tried without an approval.',
          "Huawei's account service takes PKCE (S256); whether with a secret and for this kit is not documented, so it is not used.",
          'Whether the refresh token changes is not documented; a new one is taken when it comes.',
          'The numbers of errors are documented for the account service, which this kit uses.',
          'That one revocation ends every grant of the account is not documented; account is the careful reading.',
          'display is documented as mandatory, with page for computers and touch for phones; open clients leave it out.',
        ],
      },
    },
  ],
}
