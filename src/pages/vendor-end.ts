import { type Markup, markup } from './markup.ts'
import type { Messages } from './messages/en.ts'
import { phrase } from './phrase.ts'
import type { SourceLabel, VendorEnd } from './view.ts'

/**
 * What becomes of the access at the vendor, in one sentence; null when there is nothing to say. An address is shown as
 * text: our pages link to nobody else, so that no address of ours with a token in it is left by a click.
 */
export function vendorEndPhrase(end: VendorEnd, source: SourceLabel, messages: Messages): Markup | null {
  if (end.kind === 'nothing') return null
  if (end.kind !== 'by-hand' && end.kind !== 'gave-up')
    return phrase(messages, `vendor.${end.kind}`, { source: source.name })
  if (end.address === null) return phrase(messages, `vendor.${end.kind}`, { source: source.name })
  const address = markup`<bdi dir="ltr" class="address">${end.address}</bdi>`
  return phrase(messages, `vendor.${end.kind}-at`, { source: source.name, address })
}
