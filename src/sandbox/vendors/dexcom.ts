import type { Oddities } from '../definition/oddities.ts'

/** Dexcom: the account's id in the access token itself, a code for one minute, no notifications at all. */
export const dexcom: Oddities = {
  subjects: [
    'e4b1c2d0-2f1a-4f57-9b8f-3f1d5f9a7c01',
    'e4b1c2d0-2f1a-4f57-9b8f-3f1d5f9a7c02',
    'e4b1c2d0-2f1a-4f57-9b8f-3f1d5f9a7c03',
  ],
  switches: { accessTokenLifetimeSeconds: 7_200, endGrantOnRefreshReuse: false },
  token: { redirectUri: 'required' },
}
