// Goal: where a vendor has no page, ours do: a person logs in, or pairs a phone, in a real browser, with and without
// script, and comes back to the application. Method: a real browser; service, sandbox and application on three sites.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { LIBRE_PASSWORD } from '../../src/sandbox/credentials/libre-link-up.ts'
import { violations } from '../support/accessibility.ts'
import { launchBrowser } from '../support/browser.ts'
import { type BrowserWorld, openBrowserWorld } from '../support/browser-world.ts'
import { addressOf, heading, newSession } from './steps.ts'

const LIBRE = 46
const APPLE_HEALTH = 5

describe('pages of ours in place of a vendor’s', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  const linkOf = ({ backend, urls }: BrowserWorld, token: string, dataSource: number): string =>
    backend.connectUrl({ token, dataSource, redirectUri: `${urls.shop}/done` })

  for (const javaScriptEnabled of [true, false])
    it(`the log-in form, ${javaScriptEnabled ? 'as it is' : 'without script'}: a mistake is told, then it leads to the application`, async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page } = await world.visit({ javaScriptEnabled, expectedErrors: /status of 422/ })
      const session = await newSession(world)
      await page.goto(linkOf(world, session.token, LIBRE))
      await heading(page, 'Log in to connect FreeStyle Libre')
      const email = page.getByLabel('Email address')
      const password = page.getByLabel('Password', { exact: true })
      assert.equal(await email.getAttribute('autocomplete'), 'username')
      assert.equal(await password.getAttribute('autocomplete'), 'current-password')
      await email.fill('ada@example.com')
      await password.fill('nearly')
      await password.press('Enter')
      await page.getByRole('alert').getByText('No account matches this').waitFor()
      assert.deepEqual([await email.inputValue(), await password.inputValue()], ['', ''])
      if (javaScriptEnabled) {
        assert.deepEqual(await violations(page), [])
        await page.emulateMedia({ colorScheme: 'dark' })
        assert.deepEqual(await violations(page), [])
      }
      await email.fill('ada@example.com')
      await password.fill(LIBRE_PASSWORD)
      await page.getByRole('button', { name: 'Log in', exact: true }).click()
      await page.waitForURL(`${world.urls.shop}/done?**`)
      assert.equal(addressOf(page).searchParams.get('connected'), 'true')
      assert.deepEqual(await session.sources(), [LIBRE])
      assert.deepEqual(world.complaints, [])
    })

  it('cancel on the log-in form works with empty fields, and leads to the application', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const session = await newSession(world)
    await page.goto(linkOf(world, session.token, LIBRE))
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.waitForURL(`${world.urls.shop}/done?**`)
    assert.equal(addressOf(page).searchParams.get('error'), 'access_denied')
  })

  it('pairing: the phone redeems the code, and the page leads to the application', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit({ javaScriptEnabled: false })
    const session = await newSession(world)
    await page.goto(linkOf(world, session.token, APPLE_HEALTH))
    await heading(page, 'Connect Apple Health with your phone')
    await page.getByRole('img', { name: 'QR code that holds the pairing code' }).waitFor()
    await page.getByRole('link', { name: 'I have done this' }).click()
    await page.getByRole('alert').getByText('has not answered yet').waitFor()

    const phone = (await world.visit()).page
    const code = await page.locator('.pairing-code').innerText()
    await phone.goto(`${world.urls.vendor}/phone`)
    await phone.getByLabel('Pairing code').fill(code.toLowerCase())
    await phone.getByLabel('Sleep').uncheck()
    await phone.getByRole('button', { name: 'Pair' }).click()
    await phone.getByRole('heading', { name: 'This phone is paired' }).waitFor()

    await page.getByRole('link', { name: 'I have done this' }).click()
    await page.waitForURL(`${world.urls.shop}/done?**`)
    assert.equal(addressOf(page).searchParams.get('connected'), 'true')
    assert.deepEqual(await session.sources(), [APPLE_HEALTH])
    await phone.getByRole('button', { name: 'Disconnect on this phone' }).click()
    await phone.getByRole('heading', { name: 'no longer paired' }).waitFor()
    assert.deepEqual(await session.sources(), [])
    assert.deepEqual(world.complaints, [])
  })

  it('on the phone itself the button opens the app with the code', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const session = await newSession(world)
    await page.goto(linkOf(world, session.token, APPLE_HEALTH))
    const code = (await page.locator('.pairing-code').innerText()).replace('-', '')
    await page.getByRole('link', { name: 'Open Tidewell on this phone' }).click()
    assert.equal(await page.getByLabel('Pairing code').inputValue(), code)
    assert.deepEqual(await violations(page), [])
  })
})
