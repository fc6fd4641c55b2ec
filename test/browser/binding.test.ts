// Goal: a link that somebody sends to another person does what its way to bind allows, and no more. Method: the attack, with
// the attacker's backend and the victim's real browser, in each mode; and the honest person on the same way.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { SpringbarClient } from '@springbar/sdk'
import type { Browser, Page } from 'playwright-core'
import { PEOPLE } from '../../examples/custom-screen/people.ts'
import { violations } from '../support/accessibility.ts'
import { launchBrowser } from '../support/browser.ts'
import { type BrowserWorld, openBrowserWorld } from '../support/browser-world.ts'
import { allow, atVendor, connect, heading, openDemo, SOURCES, says, sourcesOf } from './steps.ts'

describe('a link in the wrong hands', () => {
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser.close())

  /** A user of the application: Mara and Jonas are the demo's, the attacker is Jonas. */
  async function userOf(client: SpringbarClient, name: 'mara' | 'jonas') {
    const person = PEOPLE.find(({ id }) => id === name)
    assert.ok(person)
    const endUserId = await client.createEndUser({ partnerUserId: person.partnerUserId })
    return {
      sources: () => sourcesOf(client, endUserId),
      link: async (redirectUri: string | null) => {
        const { token } = await client.createConnectionSession({ endUserId })
        const to = redirectUri === null ? {} : { redirectUri }
        return client.connectUrl({ token, dataSource: SOURCES.Strava, ...to })
      },
    }
  }
  const exchanged = ({ sandbox }: BrowserWorld) => sandbox.calls({ operation: 'token' }).length
  const asked = async (page: Page) => {
    await heading(page, 'Connect Strava to Tidewell?')
    await page.getByText('Did you start this yourself?').waitFor()
  }

  it('auto: connects whoever opens it to the sender, without a question [T076]', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const attacker = await userOf(world.backend, 'jonas')
    const { page } = await world.visit()
    await page.goto(await attacker.link(null))
    await allow(page)
    await says(page, 'Strava is connected')
    assert.deepEqual(await attacker.sources(), [11])
  })

  for (const javaScriptEnabled of [true, false])
    it(`page: asks first, and the vendor sees only who goes on, ${javaScriptEnabled ? 'with' : 'without'} scripts [T075]`, async (t) => {
      const world = await openBrowserWorld(t, browser)
      const attacker = await userOf(world.bound.page, 'jonas')
      const { page } = await world.visit({ javaScriptEnabled })
      const link = await attacker.link(`${world.urls.shop}/done`)
      await page.goto(link)
      await asked(page)
      await page.getByRole('button', { name: 'No, cancel' }).click()
      await page.waitForURL(`${world.urls.shop}/done?**`)
      assert.match(page.url(), /connected=false&error=access_denied/)
      assert.deepEqual([await attacker.sources(), exchanged(world)], [[], 0])

      // Somebody who says yes all the same is connected: this mode only warns.
      await page.goto(link)
      await asked(page)
      await page.getByRole('button', { name: 'Yes, continue' }).click()
      await allow(page)
      await page.waitForURL(`${world.urls.shop}/done?**`)
      assert.match(page.url(), /connected=true/)
      assert.deepEqual(await attacker.sources(), [11])
    })

  it('page: a form that the attacker got cannot be sent from the victim’s browser [T075]', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const attacker = await userOf(world.bound.page, 'jonas')
    const link = await attacker.link(null)
    const [own, victim] = [await world.visit(), await world.visit({ expectedErrors: /status of 400/ })]
    await own.page.goto(link)
    const fields = await own.page
      .locator('form input[type=hidden]')
      .evaluateAll((inputs) => inputs.map((input) => input.outerHTML).join(''))
    // The victim's browser has a page of ours open as well, so it has a cookie of its own.
    await victim.page.goto(link)
    await asked(victim.page)
    const trap = world.publish(
      `<!doctype html><html lang="en"><head><title>Win</title></head><form method="post" action="${link}">${fields}<button name="answer" value="yes">Win</button></form></html>`,
    )
    await victim.page.goto(world.urls.stranger + trap)
    await victim.page.getByRole('button', { name: 'Win' }).click()
    await heading(victim.page, 'This link is not valid')
    assert.deepEqual([await attacker.sources(), exchanged(world)], [[], 0])
  })

  it('page: an account that another user has is moved only after a question [T077]', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { page } = await world.visit()
    const [mara, jonas] = [await userOf(world.bound.page, 'mara'), await userOf(world.bound.page, 'jonas')]
    const go = async (link: string) => {
      await page.goto(link)
      await page.getByRole('button', { name: 'Yes, continue' }).click()
      await allow(page)
    }
    await go(await mara.link(null))
    await says(page, 'Strava is connected')
    await go(await jonas.link(null))
    await heading(page, 'Move this Strava account?')
    assert.deepEqual(await violations(page), [])
    assert.deepEqual([await mara.sources(), await jonas.sources()], [[11], []])
    await page.getByRole('button', { name: 'Yes, move it' }).click()
    await says(page, 'Strava is connected')
    assert.deepEqual([await mara.sources(), await jonas.sources()], [[], [11]])
  })

  it('confirm: connects nobody, because the application sees who is logged in [T069]', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { confirm } = world.bound
    const [attacker, victim] = [await userOf(confirm, 'jonas'), await userOf(confirm, 'mara')]
    const { page } = await world.visit({ expectedErrors: /status of 409/ })
    await openDemo(page, world)
    await page.goto(await attacker.link(`${world.urls.demo}/connected`))
    await allow(page)
    await heading(page, 'You did not start this')
    assert.deepEqual(await violations(page), [])
    assert.deepEqual([await attacker.sources(), await victim.sources()], [[], []])
    assert.match(page.url(), new RegExp(`^${world.urls.demo}/verify\\?ticket=`))
  })

  it('confirm: connects nobody when the victim signs in first, and nobody when they never do [T069, T070]', async (t) => {
    const world = await openBrowserWorld(t, browser)
    const { confirm } = world.bound
    const [attacker, victim] = [await userOf(confirm, 'jonas'), await userOf(confirm, 'mara')]
    const { page } = await world.visit({ expectedErrors: /status of 409/ })
    await page.goto(await attacker.link(`${world.urls.demo}/connected`))
    await allow(page)
    const mara = page.getByRole('button', { name: 'Mara Lindqvist' })
    await mara.waitFor()
    assert.deepEqual(await attacker.sources(), [], 'nobody has signed in')
    await mara.click()
    await heading(page, 'You did not start this')
    assert.deepEqual([await attacker.sources(), await victim.sources()], [[], []])
  })

  for (const javaScriptEnabled of [true, false])
    it(`confirm: the demo connects who started, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
      const world = await openBrowserWorld(t, browser)
      const { page } = await world.visit({ javaScriptEnabled })
      await openDemo(page, world)
      await page.getByRole('button', { name: 'Try it with a check' }).click()
      await page.getByText('With a check:').waitFor()
      await connect(page, 'Strava')
      assert.deepEqual(await (await userOf(world.bound.confirm, 'mara')).sources(), [11])
      assert.deepEqual(await (await userOf(world.backend, 'mara')).sources(), [], 'the other way has its own')
      await page.getByRole('button', { name: 'Try it without a check' }).click()
      await page.getByText('Without a check:').waitFor()
      await page.getByRole('link', { name: 'Connect Strava', exact: true }).click()
      await atVendor(page)
    })
})
