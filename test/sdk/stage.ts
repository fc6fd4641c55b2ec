/**
 * @module test/sdk/stage
 * The SDK in a real page without a service: an application at https://app.example, a hosted page at https://connect.example and
 * a stranger at https://stranger.example, answered by the browser's driver, so nothing listens and nothing is asked. What a page
 * does is the tests'.
 */
import path from 'node:path'
import type { TestContext } from 'node:test'
import { build } from 'esbuild-wasm'
import type { Browser } from 'playwright-core'
import { newPage, type PageOptions, type TestPage } from '../support/browser.ts'

const SOURCES = path.resolve(import.meta.dirname, '../../sdk/src')

export const APP = 'https://app.example'
export const CONNECT = 'https://connect.example'
export const STRANGER = 'https://stranger.example'

/** Bundles a script whose imports are files of the SDK (`./browser.ts`) and packages. Call esbuild's `stop` at the end. */
export async function bundleScript(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SOURCES, loader: 'tsx' },
    bundle: true,
    write: false,
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"development"' },
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

/** A page of the stage; `coop` cuts it off from whoever opened it. */
export interface StagePage {
  readonly body?: string
  readonly script?: string
  readonly coop?: boolean
}

/** Opens the first of the pages, which stand under their addresses; any other address of the stage is an empty page. */
export async function openStage(
  browser: Browser,
  test: TestContext,
  pages: Readonly<Record<string, StagePage>>,
  options: PageOptions = {},
): Promise<TestPage> {
  const visitor = await newPage(browser, { test, ...options })
  await visitor.context.route(/^https:\/\/(app|connect|stranger)\.example\//, (route) => {
    const { origin, pathname } = new URL(route.request().url())
    const { body = '', script = '', coop = false } = pages[`${origin}${pathname}`] ?? {}
    const headers = coop ? { 'cross-origin-opener-policy': 'same-origin' } : {}
    return route.fulfill({
      contentType: 'text/html; charset=utf-8',
      headers,
      body: `<!doctype html><html lang="en"><head><link rel="icon" href="data:,"><meta name="color-scheme" content="light dark">
        <title>Stage</title></head><body><main><h1>Stage</h1>${body}</main>
        <script>${script.replaceAll('</script', '<\\/script')}</script></body></html>`,
    })
  })
  await visitor.page.goto(Object.keys(pages)[0] ?? APP)
  return visitor
}
