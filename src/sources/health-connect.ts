import type { NativeSource } from '../model/source.ts'

/** Health Connect: read on the phone, by Android’s own store for health data. */
export const healthConnect: NativeSource = {
  id: 44,
  key: 'health-connect',
  name: 'Health Connect',
  description: 'Health data that an Android phone has collected.',
  category: 'platform',
  kind: 'native',
  vendor: 'health-connect',
  platforms: ['android'],
  documentation: {
    url: 'https://developer.android.com/health-and-fitness/health-connect',
    checkedOn: '2026-11-22',
    doubts: [],
  },
}
