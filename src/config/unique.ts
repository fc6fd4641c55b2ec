import type { z } from 'zod'

/**
 * A rule about several settings is looked at although one of them is wrong in itself, so that all is said at once. It must bear
 * with values of any kind.
 */
export const ALWAYS = Object.freeze({ when: () => true })

/** The names in all entries, which may be anything; what could not be filled in has none. */
function namesIn<Item>(items: unknown, names: (item: Item) => readonly string[]): readonly string[] {
  if (!Array.isArray(items)) return []
  return items.flatMap((item: Item) => {
    try {
      return names(item).filter((name) => typeof name === 'string' && name !== '')
    } catch {
      return []
    }
  })
}

/** Refuses a list in which something occurs twice; says what, unless it is a secret or may be one by mistake. */
export const unique =
  <Item>(what: string, names: (item: Item) => readonly string[], { shown }: { readonly shown: boolean }) =>
  (items: readonly Item[], context: z.RefinementCtx) => {
    const all = namesIn(items, names)
    for (const name of new Set(all.filter((value, i) => all.indexOf(value) !== i)))
      context.addIssue({
        code: 'custom',
        message: `the same ${what} occurs twice${shown ? `: ${name}` : ''}`,
      })
  }
