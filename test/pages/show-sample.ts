// A page in a browser, with everything on it open.
import type { Page } from 'playwright-core'
import { languages } from '../../src/pages/messages/index.ts'
import { NONCE, type Sample } from './every-page.ts'

/** The key of a language of our pages. */
export type LanguageKey = keyof typeof languages

/** Shows a page in a language. */
export async function show(page: Page, sample: Sample, language: LanguageKey): Promise<void> {
  const markup = sample.render({ language: languages[language], nonce: NONCE })
  await page.setContent(String(markup), { waitUntil: 'domcontentloaded' })
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
}
