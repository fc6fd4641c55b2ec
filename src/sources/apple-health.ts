import type { NativeSource } from '../model/source.ts'

/** Apple Health: read on the iPhone, by HealthKit. There is no server to ask; a refused read permission looks like an empty store. */
export const appleHealth: NativeSource = {
  id: 5,
  key: 'apple-health',
  name: 'Apple Health',
  description: 'Health data that an iPhone has collected.',
  category: 'platform',
  kind: 'native',
  vendor: 'apple-health',
  platforms: ['ios'],
  documentation: {
    url: 'https://developer.apple.com/documentation/healthkit',
    checkedOn: '2026-11-22',
    doubts: ['A person’s “no” to reading is never told to the app, so it cannot report it as missing.'],
  },
}
