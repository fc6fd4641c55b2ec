/**
 * @module test/support/accessibility
 * What axe-core finds on a page, looked at when the page is at rest: loaded with its stylesheets, no transition or
 * animation under way. It owns the rules that every page is held to; which pages are looked at is the tests'.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type Axe from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** WCAG 2.2 at level AA, and what axe calls best practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * Waits until the page has loaded and nothing on it moves: a colour that is measured before its stylesheet has come, or
 * half-way through a transition, is no colour of the page. Throws over an animation that never ends.
 */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    if (document.readyState !== 'complete')
      await new Promise((resolve) => window.addEventListener('load', resolve, { once: true }))
    await document.fonts.ready
    const running = () => document.getAnimations().filter(({ playState }) => playState === 'running')
    for (let moving = running(); moving.length > 0; moving = running()) {
      if (moving.some(({ effect }) => effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY))
        throw new Error('An animation of this page never ends.')
      // One that is replaced or taken away rejects, and is as finished as the others.
      await Promise.allSettled(moving.map(({ finished }) => finished))
    }
  })
}

/** What axe finds on a page at rest, a line for each element: the rule's id and the element's markup. */
export async function violations(page: Page): Promise<readonly string[]> {
  await atRest(page)
  // By evaluation, because the pages' policies let no script element in.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  return page.evaluate(async (rules) => {
    // The script that was put into the page just before defines it.
    const { axe } = window as unknown as { axe: typeof Axe }
    const found = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] })
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  }, RULES)
}
