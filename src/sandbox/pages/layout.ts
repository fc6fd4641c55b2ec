/**
 * The pages that people see at the sandbox.
 *
 * @module sandbox/pages — owns HTML and CSS. It owns no decision: it is told what to show. Everything that is shown goes
 * through `hono/html`, which escapes it.
 */
import { html } from 'hono/html'
import type { Answer } from '../vendor.ts'
import { STYLESHEET_PATH } from './stylesheet.ts'

/** A piece of HTML that is escaped already. */
export type Html = ReturnType<typeof html>

/**
 * No `form-action`: browsers apply it to every redirect that follows a form, and the trip goes on through the
 * application's callback to addresses that a vendor cannot know.
 */
const HEADERS = Object.freeze({
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
})

/** What a page shows. */
export interface Page {
  readonly title: string
  /** Stands at the top of every page: that this is not the real thing. */
  readonly notice: string
  readonly content: Html
  readonly wide?: boolean
}

/** A whole page as an answer. */
export async function pageAnswer(status: number, page: Page): Promise<Answer> {
  const document = await html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>${page.title}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${STYLESHEET_PATH}" />
  </head>
  <body>
    <header class="notice">${page.notice}</header>
    <main class="${page.wide ? 'wide' : 'narrow'}">${page.content}</main>
  </body>
</html>`
  return { status, body: null, headers: HEADERS, html: document.toString() }
}

/** The notice of a vendor's pages. */
export const vendorNotice = (vendorName: string) => `Sandbox – not the real ${vendorName}`
