import type { NativeSource } from '../model/source.ts'

/** ShenAI: measured on the phone, by the vendor’s SDK. There is nothing to log in to; the app itself holds the licence. */
export const shenai: NativeSource = {
  id: 47,
  key: 'shenai',
  name: 'ShenAI',
  description: 'Heart rate and stress, measured with the camera of the phone.',
  category: 'camera',
  kind: 'native',
  vendor: 'shenai',
  platforms: ['ios', 'android'],
  documentation: {
    url: 'https://developer.shen.ai/',
    checkedOn: '2026-11-22',
    doubts: ['The vendor’s SDK documentation was not read beyond its first page.'],
  },
}
