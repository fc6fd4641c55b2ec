import type { Markup, PageContext } from '../../src/pages/index.ts'

/** A page with a view that brings out one of its forms. */
export interface Sample {
  readonly name: string
  readonly render: (context: PageContext) => Markup
}

/** The texts that come from outside, in every place where a page shows one. */
export interface OutsideTexts {
  readonly application: string
  readonly source: string
  readonly label: string
  readonly reference: string
}
