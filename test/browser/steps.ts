// What people do and see in these tests, in their words.
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { PEOPLE } from '../../examples/custom-screen/people.ts'
import type { BrowserWorld } from '../support/browser-world.ts'

/** Catalogue ids of the sources that can be connected. */
export const SOURCES = { Strava: 11, Withings: 8, Fitbit: 1 } as const
/** The name of a source that can be connected. */
export type SourceName = keyof typeof SOURCES

/** Opens the demo and signs in as its first person. */
export async function openDemo(page: Page, { urls }: BrowserWorld): Promise<void> {
  await page.goto(urls.demo)
  await page.getByRole('button', { name: 'Mara Lindqvist' }).click()
  await page.getByRole('heading', { name: 'Your sources' }).waitFor()
}

/** The sources that the demo's first person has connected, as its backend is told. */
export async function demoSources({ backend }: BrowserWorld): Promise<readonly number[]> {
  const [mara] = PEOPLE
  const endUserId = await backend.createEndUser(
    mara === undefined ? {} : { partnerUserId: mara.partnerUserId },
  )
  return sourcesOf(backend, endUserId)
}

/** The sources that an end user has connected, as an application's backend is told. */
export async function sourcesOf(
  backend: BrowserWorld['backend'],
  endUserId: string,
): Promise<readonly number[]> {
  const [endUser] = await backend.readEndUsers([endUserId])
  return (endUser?.connectedSources ?? []).map(({ dataSource }) => dataSource)
}

/** A new end user with a session: the token for links, the widget's URL, and whose they are. */
export async function newSession({ backend }: BrowserWorld) {
  const endUserId = await backend.createEndUser()
  const { token, url } = await backend.createConnectionSession({ endUserId })
  return { endUserId, token, url, sources: () => sourcesOf(backend, endUserId) }
}

/** On the demo's screen: goes to a vendor, and waits for its consent page. */
export async function leaveFor(page: Page, source: SourceName): Promise<void> {
  await page.getByRole('link', { name: `Connect ${source}`, exact: true }).click()
  await atVendor(page)
}

/** Waits for a vendor's consent page. */
export const atVendor = (page: Page): Promise<void> =>
  isThere(page, page.getByRole('button', { name: 'Allow', exact: true }))

export const allow = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Allow', exact: true }).click()

export const cancel = (page: Page): Promise<void> => page.getByRole('button', { name: 'Cancel' }).click()

/** On the demo's screen, signed in: connects a source and waits until the screen says so. */
export async function connect(page: Page, source: SourceName): Promise<void> {
  await leaveFor(page, source)
  await allow(page)
  await says(page, `${source} is connected`)
}

/** Does what opens a window or a tab, and waits for it. */
export async function opensWindow(context: BrowserContext, act: () => Promise<void>): Promise<Page> {
  const [opened] = await Promise.all([context.waitForEvent('page'), act()])
  return opened
}

/** Waits until the page says so: the demo in its message, the service as its heading. */
export const says = (page: Page, text: string): Promise<void> =>
  isThere(page, page.getByRole('status').getByText(text, { exact: true }))

/** Waits for a heading. */
export const heading = (page: Page, name: string): Promise<void> =>
  isThere(page, page.getByRole('heading', { name, exact: true }))

/** Words can be read before the rest of the page has come and its script, which may change the address, has run. */
async function isThere(page: Page, words: Locator): Promise<void> {
  await words.waitFor()
  await page.waitForLoadState()
}

/** The `Path` and query of the page's address. */
export const addressOf = (page: Page): URL => new URL(page.url())

/** The vendor's calls that exchange a code. */
export const exchanges = ({ sandbox }: BrowserWorld): number => sandbox.calls({ operation: 'token' }).length
