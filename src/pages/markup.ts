import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Markup that is safe to send: made of our own templates and escaped values. */
export type Markup = HtmlEscapedString

/** What may stand in a template: a text, which is escaped, markup, which is not, nothing, or a list of these. */
export type Fragment = Markup | string | number | null | readonly Fragment[]

/**
 * Hono's `html` for templates that wait for nothing: texts are escaped, in elements and in quoted attributes.
 * An attribute whose value is not a constant must be quoted.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  const result = html(strings, ...values)
  if (result instanceof Promise) throw new TypeError('A page is made of values, not of promises')
  return result
}

/** Our own constant text as markup: the stylesheet, a script, an icon. Never for anything that came from outside. */
export const constantMarkup = (text: string): Markup => raw(text)
