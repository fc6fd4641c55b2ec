// Pages of an application that hold the list in a frame, and what such a page hears.
import type { FrameLocator, Page } from 'playwright-core'
import type { BrowserWorld } from '../support/browser-world.ts'
import { newSession } from './steps.ts'

/** A page of an application that holds the list in a frame and keeps what it is told. */
export const embedding = (
  url: string,
): string => `<!doctype html><html lang="en"><head><title>Shop</title></head>
<script>window.told = []; addEventListener('message', (event) => told.push({ origin: event.origin, data: event.data }))</script>
<iframe title="Sources" width="700" height="800" src="${url.replaceAll('&', '&amp;')}"></iframe></html>`

/** A message that the page was sent, and from where. */
export interface Told {
  readonly origin: string
  readonly data: { readonly type: string }
}

const TELLS_WITHIN_MS = 60_000

/**
 * What the application's page heard of connections, once it has heard of `count`: the frame is another process, so what it
 * said may still be on its way when its list shows the same.
 */
export const toldOf = async (page: Page, count: number): Promise<readonly Told[]> => {
  const told = await page.waitForFunction(
    (least) => {
      // The page's own script put it there.
      const { told } = window as unknown as { told: Told[] }
      const ofConnections = told.filter(({ data }) => data.type === 'springbar.connection')
      return ofConnections.length >= least && ofConnections
    },
    count,
    // Not by frames that are painted: the page may be behind a window.
    { polling: 50, timeout: TELLS_WITHIN_MS },
  )
  // false is what was waited away
  return (await told.jsonValue()) || []
}

/** Opens a page of the listed origin that holds the list, and waits for the list. */
export async function openFrame(page: Page, world: BrowserWorld, url: string): Promise<FrameLocator> {
  await page.goto(`${world.urls.shop}${world.publish(embedding(url))}`)
  const list = page.frameLocator('iframe')
  await list.getByRole('heading', { name: 'Your data sources' }).waitFor()
  return list
}

/** A person who has the list of a new session before them, in a frame on a page of the application. */
export async function visitFrame(world: BrowserWorld, options: Parameters<BrowserWorld['visit']>[0] = {}) {
  const { page, context } = await world.visit(options)
  const { url, sources } = await newSession(world)
  return { page, context, sources, list: await openFrame(page, world, url) }
}

/** The link of the list that connects a source. */
export const connectLink = (list: Page | FrameLocator, name: string) =>
  list.getByRole('link', { name: `Connect ${name}`, exact: true })
