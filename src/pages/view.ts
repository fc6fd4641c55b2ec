import type { Language } from './language.ts'
import type { Look } from './look.ts'

/** What every page needs beside its own view. */
export interface PageContext {
  readonly language: Language
  /** The nonce of this answer's Content-Security-Policy: base64 or base64url, fresh for each answer. */
  readonly nonce: string
  /** The application's look; ours when missing. */
  readonly look?: Look
}

/** A data source as pages show it. */
export interface SourceLabel {
  /** The catalogue's key; decides the colour of its tile. */
  readonly key: string
  readonly name: string
  /** Where its logo is, on the own origin; without one the first letter of the name stands in. */
  readonly logo?: string | null
}

/**
 * What becomes of the access at the vendor after a disconnect: `asked` — we ask the vendor to end it; `ended` — it did;
 * `stays` — it was not asked, because a living connection uses the same access; `gave-up` — it never confirmed, so the
 * person is told where to look; `by-hand` — the vendor offers no way, so the person is told where to remove it; `nothing` —
 * there is nothing to say, because nothing was connected or the vendor is not to be asked.
 */
export type VendorEnd =
  | { readonly kind: 'asked' | 'ended' | 'stays' }
  | { readonly kind: 'by-hand' | 'gave-up'; readonly address: string | null }
  | { readonly kind: 'nothing' }

/** Why a source cannot be connected here. */
export type UnavailableReason =
  | 'planned'
  | 'ended'
  | 'closed'
  | 'native'
  | 'not-set-up'
  | 'log-in-off'
  | 'not-offered'

/** A form of ours: where it is posted to, and the hidden fields, the one-time token among them. */
export interface PageForm {
  /** A path on the own origin. */
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
}
