import type { Source } from './source.ts'

/** A text and the language that it is really in (BCP 47). */
export interface LocalText {
  readonly text: string
  readonly language: string
}

/** A picture as it is sent. */
export interface Logo {
  readonly mediaType: 'image/svg+xml' | 'image/png' | 'image/webp'
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** How sources are shown to people: their texts in the languages of our pages, and their logos. */
export interface Presentation {
  /** The description of a source; English where there is no translation of it. `language` is a tag of our pages. */
  readonly description: (source: Source, language: string) => LocalText
  /** A scope's label, in English where one of its words has no translation. */
  readonly scopeLabel: (label: string, language: string) => LocalText
  readonly category: (category: Source['category'], language: string) => string
  readonly status: (status: SourceStatus, language: string) => string
  /** The operator's own logo of a source, or the built-in one; null for neither. */
  readonly logo: (key: string) => Logo | null
}

/** How a source stands, for everybody. */
export type SourceStatus = 'live' | 'planned' | 'closed' | 'ended'
