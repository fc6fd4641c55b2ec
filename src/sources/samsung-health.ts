import type { NativeSource } from '../model/source.ts'

/** Samsung Health: read on the phone, by the Samsung Health Data SDK. */
export const samsungHealth: NativeSource = {
  id: 6,
  key: 'samsung-health',
  name: 'Samsung Health',
  description: 'Health data that a Samsung phone has collected.',
  category: 'platform',
  kind: 'native',
  vendor: 'samsung-health',
  platforms: ['android'],
  documentation: {
    url: 'https://developer.samsung.com/health/data/overview.html',
    checkedOn: '2026-11-22',
    doubts: ['Use outside the developer mode needs an agreement with the vendor; not tried.'],
  },
}
