// What somebody reads who comes back to the list of sources: why a connect failed and what to do, a vendor that does not
// answer before they try it, a request for what is missing alone, and all of it in the language that they chose there.
// And on the result page of a disconnect: what has become of the access at the vendor by the time it is read.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, type Person } from '../support/person.ts'

const DAY_MS = 24 * 60 * 60_000

/** Words without markup. */
const words = (html: string): string =>
  html
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,:?])/g, '')
    .trim()

onBothDatabases('the list of sources', (world) => {
  const newUser = async (application = 'app-a') => {
    const backend = backendOf(world(), application)
    const { endUserId, token } = await backend.newSession()
    return { backend, endUserId, token, person: newPerson(world()) }
  }
  type User = Awaited<ReturnType<typeof newUser>>
  const list = async ({ person, token }: User, lang = 'en'): Promise<string> =>
    (await person.get(`/?connectionSessionToken=${token}&platform=web&lang=${lang}`)).text()
  const rowOf = (html: string, key: string): string =>
    new RegExp(`<li class="source" id="s-${key}"[^]*?</li>`).exec(html)?.[0] ?? ''
  const row = async (user: User, key: string, lang?: string) => words(rowOf(await list(user, lang), key))
  /** The address of the row's link with this word in its id. */
  const linkIn = (html: string, id: string): string =>
    new RegExp(`id="${id}"[^>]*href="([^"]+)"`).exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
  /** The page at the end of all redirects on our own host. */
  const page = async (person: Person, answer: Response) => (await person.follow(answer)).text()
  const postForm = (person: Person, html: string, answer: string) => {
    const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const fields = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
    return person.post(action, {
      ...Object.fromEntries(fields.map(([, name, value]) => [name, value])),
      answer,
    })
  }

  it('asks for the permissions that are missing alone', async () => {
    const user = await newUser()
    const scope = 'https://www.googleapis.com/auth/googlehealth.sleep.readonly'
    const partly = await page(
      user.person,
      await user.person.connect(link('Connection', user.token, 1), { scopes: [scope] }),
    )
    const offered = /class="button primary" href="([^"]*)"/.exec(partly)?.[1]?.replaceAll('&amp;', '&') ?? ''
    assert.match(offered, /&scopes=missing$/, 'the result page offers to allow more')
    const wanted = locationOf(await user.person.get(offered)).searchParams.get('scope') ?? ''
    assert.ok(wanted !== '' && !wanted.split(' ').includes(scope), wanted)
    const html = await list(user)
    assert.match(words(rowOf(html, 'fitbit')), /Some permissions are missing Allow more Disconnect$/)
    const more = linkIn(html, 'allow-more-fitbit')
    const asked = (locationOf(await user.person.get(more)).searchParams.get('scope') ?? '').split(' ')
    assert.ok(asked.length > 1 && !asked.includes(scope), String(asked))
    const left = await page(user.person, await user.person.connect(more, { decision: 'cancel' }))
    const again = /href="([^"]*scopes=missing[^"]*)"/.exec(left)?.[1] ?? ''
    assert.notEqual(again, '', 'trying again asks for the same')
    await user.person.connect(more)
    assert.match(await row(user, 'fitbit'), /Connected since [^.]* 20\d\d Disconnect$/)
    assert.match(linkIn(await list(user), 'connect-withings'), /dataSource=8&from=list$/)
  })

  it('keeps the language that was chosen there, at every step and on the way back', async () => {
    const user = await newUser('app-a-staging')
    const { person } = user
    const start = linkIn(await list(user, 'fr'), 'connect-strava')
    const result = await page(person, await person.connect(start))
    assert.match(result, /<html lang="fr"/)
    const back = /href="([^"]*connectionSessionToken[^"]*)"/.exec(result)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const listed = await page(person, await person.get(back.replace(/^https:\/\/[^/]+/, '')))
    assert.match(listed, /<html lang="fr"/)
    const question = await (await person.get(linkIn(listed, 'disconnect-strava'))).text()
    assert.match(question, /<html lang="fr"/)
    assert.match(await page(person, await postForm(person, question, 'yes')), /<html lang="fr"/)
    const phone = await page(person, await person.get(linkIn(listed, 'show-code-apple-health')))
    assert.match(phone, /<html lang="fr"/)
  })

  it('an application that chose a language is heard first, and a link of its own has no such choice', async () => {
    const user = await newUser()
    const token = await user.backend.mint(user.endUserId, 'de')
    const html = await list({ ...user, token }, 'fr')
    assert.match(html, /<html lang="de"/)
    assert.doesNotMatch(linkIn(html, 'connect-strava'), /lang=/)
    for (const more of [{ lang: 'fr' }, { lang: 'fr"x', from: 'list' }] as const) {
      const question = await user.person.get(link('Revoke', user.token, 11, more))
      assert.match(await question.text(), /<html lang="en"/)
    }
  })

  it('shows why a connect failed, until the next try or for a quarter of an hour', async () => {
    const user = await newUser()
    const { person, token } = user
    const from = { from: 'list' }
    assert.match(await row(user, 'strava'), /Connect$/)
    await person.connect(link('Connection', token, 11, from), { decision: 'cancel' })
    assert.match(
      await row(user, 'strava'),
      /You cancelled at Strava\. You can try again whenever you like\. Connect$/,
    )
    assert.match(await row(user, 'strava', 'de'), /Du hast bei Strava abgebrochen\./)
    world().advance(1000)
    world().network.setReachable(false)
    await person.connect(link('Connection', token, 11, from))
    world().network.setReachable(true)
    assert.match(
      await row(user, 'strava'),
      /Strava is not answering at the moment\. Please try again in a few minutes\. Connect$/,
    )
    assert.doesNotMatch(await row(user, 'withings'), /answering|cancelled/)
    world().advance(limits.attemptLifetimeMs)
    assert.doesNotMatch(await row(user, 'strava'), /answering/)
    await person.connect(link('Connection', token, 11, from), { decision: 'cancel' })
    assert.match(await row(user, 'strava'), /You cancelled at Strava/)
    world().advance(1000)
    await person.connect(link('Connection', token, 11, from))
    assert.match(await row(user, 'strava'), /Connected since [^.]* 20\d\d Disconnect$/)
  })

  it('shows a failure to nobody but the session that it happened in', async () => {
    const user = await newUser()
    await user.person.connect(link('Connection', user.token, 11), { decision: 'cancel' })
    const token = await user.backend.mint(user.endUserId)
    assert.doesNotMatch(await row({ ...user, token }, 'strava'), /cancelled/)
    assert.doesNotMatch(await row(await newUser(), 'strava'), /cancelled/)
  })

  it('says before anybody tries that a vendor does not answer, and stops when it does again', async () => {
    const user = await newUser()
    const first = await newUser()
    await first.person.connect(link('Connection', first.token, 11))
    const warning = /Strava is not answering at the moment\. Please try again in a few minutes\. Connect$/
    world().network.setReachable(false)
    for (let outage = 0; outage < limits.circuitOutages; outage++) {
      assert.doesNotMatch(await row(await newUser(), 'strava'), warning, `after ${outage} outages`)
      const other = await newUser()
      await other.person.connect(link('Connection', other.token, 11))
    }
    assert.match(await row(user, 'strava'), warning)
    assert.doesNotMatch(await row(user, 'withings'), /not answering/, 'another vendor is not blamed')
    world().network.setReachable(true)
    // While it is taken for down, one person in thirty seconds may try.
    world().advance(limits.breakerProbeMs)
    await user.person.connect(link('Connection', user.token, 11))
    assert.match(await row(user, 'strava'), /Connected since [^.]* 20\d\d Disconnect$/)
    assert.doesNotMatch(await row(await newUser(), 'strava'), warning, 'one answer is enough')
  })

  it('who says no on a page of ours reads that, there and in the list, and not that they cancelled at the vendor', async () => {
    const said = /You chose not to go on\. Nothing was changed\. You can try again whenever you like\./
    const asked = await newUser('app-a-page')
    const { person, token } = asked
    const before = await (await person.get(link('Connection', token, 11, { from: 'list' }))).text()
    assert.match(words(await page(person, await postForm(person, before, 'no'))), said)
    assert.match(await row(asked, 'strava'), /You chose not to go on\. You can try again/)

    const paired = await newUser('app-a-staging')
    const code = await page(
      paired.person,
      await paired.person.get(link('Connection', paired.token, 5, { from: 'list' })),
    )
    assert.match(words(code), /works once, for 15 minutes\./)
    assert.match(words(await page(paired.person, await postForm(paired.person, code, 'no'))), said)
  })

  it('who leaves an account with another user reads that nothing was changed', async () => {
    const owner = await newUser('app-a-page')
    const other = await newUser('app-a-page')
    const connect = async ({ person, token }: User) => {
      const question = await (await person.get(link('Connection', token, 11, { from: 'list' }))).text()
      const left = await postForm(person, question, 'yes')
      const consent = await world().sandbox.control.consent(locationOf(left).href, {
        account: owner.person.account,
      })
      return page(person, await person.get(consent.location ?? ''))
    }
    assert.match(await connect(owner), /Strava is connected/)
    const question = await connect(other)
    assert.match(words(question), /Move this Strava account\?/)
    const kept = words(await page(other.person, await postForm(other.person, question, 'no')))
    assert.match(kept, /Strava was not connected You chose not to go on\. Nothing was changed\./)
    assert.match(await row(owner, 'strava'), /Connected since/)
  })

  it('the result page of a disconnect says how the end at the vendor is going whenever it is read', async () => {
    const { person, token } = await newUser()
    await person.connect(link('Connection', token, 11))
    world().network.setReachable(false)
    const answer = await person.get(link('Revoke', token, 11, { direct: 'true' }))
    const address = locationOf(answer).href
    const read = async () => words(await (await person.get(address)).text())
    assert.match(await read(), /We also ask Strava to end the access on its side\./)
    await world().sweep()
    assert.match(await read(), /We also ask Strava to end the access on its side\./)
    world().network.setReachable(true)
    world().advance(60 * 60_000)
    await world().sweep()
    assert.match(await read(), /Strava has ended the access on its side\./)
    await person.connect(
      link(
        'Connection',
        await backendOf(world())
          .newSession()
          .then((s) => s.token),
        11,
      ),
    )
    assert.match(await read(), /Strava has ended the access on its side\./)
  })

  it('a window that has lost the token from its address still reads the outcome of a disconnect; a program keeps nothing [T013]', async () => {
    const { person, token } = await newUser()
    await person.connect(link('Connection', token, 11))
    const start = link('Revoke', token, 11, { direct: 'true' })
    const program = newPerson(world())
    const bare = locationOf(await program.get(start))
    assert.deepEqual([...program.cookies], [])
    bare.searchParams.delete('token')
    assert.match(words(await (await program.get(bare.href)).text()), /You can go back to your app/)
    const outcome = locationOf(await person.get(start, { 'sec-fetch-dest': 'document' }))
    outcome.searchParams.delete('token')
    assert.match(words(await (await person.get(outcome.href)).text()), /Strava is disconnected/)
    assert.match(words(await (await program.get(outcome.href)).text()), /You can go back to your app/)
  })

  it('where the vendor never confirmed, the list says where to look', async () => {
    const user = await newUser()
    const { person, token } = user
    await person.connect(link('Connection', token, 11))
    world().network.setReachable(false)
    await person.get(link('Revoke', token, 11, { direct: 'true' }))
    for (let day = 0; day <= 31; day++) {
      await world().sweep()
      world().advance(DAY_MS)
    }
    world().network.setReachable(true)
    const later = { ...user, token: await user.backend.mint(user.endUserId) }
    const look =
      /Strava did not confirm that the access has ended\. To be sure, remove it there: www\.strava\.com\/settings\/apps/
    assert.match(await row(later, 'strava'), look)
    await person.connect(link('Connection', later.token, 11))
    assert.doesNotMatch(await row(later, 'strava'), look)
  })

  it('where another connection uses the same access, it says that it stays', async () => {
    const first = await newUser()
    await first.person.connect(link('Connection', first.token, 11))
    const answer = await first.person.get(link('Revoke', first.token, 11, { direct: 'true' }))
    const next = await newUser()
    await next.person.connect(link('Connection', next.token, 11), { account: first.person.account })
    await world().sweep()
    const text = words(await (await first.person.get(locationOf(answer).href)).text())
    assert.match(text, /Another connection still uses your access at Strava, so it stays there\./)
  })

  it('where the vendor offers no way, it says where to remove it by hand, before and after', async () => {
    const { person, token } = await newUser('only-komoot')
    await person.connect(link('Connection', token, 45))
    const question = await (await person.get(link('Revoke', token, 45))).text()
    const byHand = /remove it there: www\.komoot\.com\/account\/connections/
    assert.match(words(question), byHand)
    assert.match(words(await page(person, await postForm(person, question, 'yes'))), byHand)
    await world().sweep()
  })
})
