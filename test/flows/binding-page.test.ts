// bind=page: a page of ours asks whether this person started it, before the vendor sees anything; and asks again before
// another end user loses the vendor account. Its forms work once, in the browser that the page was shown in.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { limits } from '../../src/limits.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, type Person, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_PAGE, SERVICE } from '../support/world.ts'

onBothDatabases('bind=page', (world) => {
  const newUser = async (label?: string) => {
    const backend = backendOf(world(), 'app-a-page')
    const endUserId = await backend.createEndUser()
    const body = { endUserId, ...(label === undefined ? {} : { label }) }
    const minted = await backend.api('POST', '/sessions', body)
    const { token } = (await minted.json()) as { token: string } // our own API's answer
    const start = link('Connection', token, 11, { redirect_uri: APP_PAGE })
    const sources = () => backend.connectedSources(endUserId)
    const events = async () => {
      const sql = 'select type, detail from events where end_user_id = ? order by sequence'
      return (await query(world(), sql, [endUserId])).map(({ type, detail }) => {
        const { error, causeId } = JSON.parse(String(detail)) as { error?: string; causeId?: string } // written by us
        return { type: String(type).replace('notification.source.', ''), error, causeId }
      })
    }
    return { backend, endUserId, token, start, sources, events }
  }
  type User = Awaited<ReturnType<typeof newUser>>

  /** The form of a page: where it is sent, and what it carries. */
  const formOf = async (page: Response) => {
    assert.equal(page.status, 200)
    const text = await page.text()
    const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const fields = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
    return { text, action, fields: Object.fromEntries(fields.map(([, name, value]) => [name, value])) }
  }
  const answer = async (person: Person, page: Response, word: 'yes' | 'no') => {
    const { action, fields } = await formOf(page)
    return person.post(action, { ...fields, answer: word })
  }
  /** From the link over the page and the vendor's consent to the answer of the callback. */
  const connect = async (person: Person, user: User, account = person.account) => {
    const left = await answer(person, await person.get(user.start), 'yes')
    const consent = await world().sandbox.control.consent(locationOf(left).href, { account })
    return person.get(consent.location ?? '')
  }
  const attemptsOf = ({ endUserId }: User) =>
    query(world(), 'select status from attempts where end_user_id = ?', [endUserId])

  it('names application, source and user, and asks; the GET stores nothing and reaches no vendor [T075]', async () => {
    const user = await newUser('m•••@example.com')
    const person = newPerson(world())
    const calls = world().sandbox.control.calls({}).length
    const page = await person.get(user.start)
    assert.equal(page.headers.get('location'), null)
    const policy = page.headers.get('content-security-policy') ?? ''
    assert.match(policy, /form-action 'self' https:\/\/sandbox\.example\.net https:\/\/page\.example\.com;/)
    assert.match(policy, /frame-ancestors 'none'/)
    const { text } = await formOf(page)
    for (const part of ['APP-A-PAGE', 'Strava', 'm•••@example.com', 'Did you start this yourself?'])
      assert.ok(text.includes(part), part)
    for (const headers of [{ 'sec-purpose': 'prefetch' }, { purpose: 'preview' }, {}])
      assert.equal((await person.get(user.start, headers)).headers.get('location'), null)
    assert.deepEqual(await attemptsOf(user), [])
    assert.equal(world().sandbox.control.calls({}).length, calls)
  })

  it('goes on to the vendor when the person says yes, and connects', async () => {
    const user = await newUser()
    const person = newPerson(world())
    const told = await toldAfter(person, await connect(person, user))
    assert.equal(told.connected, 'true')
    assert.deepEqual(await user.sources(), [11])
  })

  it('tells the application when the person says no, and no vendor hears of it', async () => {
    const user = await newUser()
    const person = newPerson(world())
    const told = await toldAfter(person, await answer(person, await person.get(user.start), 'no'))
    assert.deepEqual([told.connected, told.error], ['false', 'access_denied'])
    assert.deepEqual(await user.sources(), [])
  })

  it('takes its form once: a second post starts nothing, thirty at once start one [T075]', async () => {
    const user = await newUser()
    const person = newPerson(world())
    const { action, fields } = await formOf(await person.get(user.start))
    const posts = await Promise.all(
      Array.from({ length: 30 }, () => person.post(action, { ...fields, answer: 'yes' })),
    )
    posts.push(await person.post(action, { ...fields, answer: 'no' }))
    assert.deepEqual(posts.map(({ status }) => status).toSorted(), [
      303,
      ...Array.from({ length: 30 }, () => 409),
    ])
    assert.equal((await attemptsOf(user)).length, 1)
  })

  it('refuses a form that was made for another browser, another link, or that is old or altered [T075]', async () => {
    const [user, other] = [await newUser(), await newUser()]
    const [person, attacker] = [newPerson(world()), newPerson(world())]
    const { action, fields } = await formOf(await attacker.get(user.start))
    const own = await formOf(await person.get(other.start))
    const refused = async (response: Promise<Response>, why: string, status = 400) => {
      const { status: answered, headers } = await response
      assert.deepEqual([answered, headers.get('location')], [status, null], why)
    }
    const yes = (form: Record<string, string | undefined>) =>
      Object.fromEntries(
        [...Object.entries(form), ['answer', 'yes']].flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value]],
        ),
      ) as Record<string, string> // the pairs are those that have a value
    await refused(person.post(action, yes(fields)), 'the form that the attacker got')
    await refused(newPerson(world()).post(action, yes(fields)), 'a browser without a cookie')
    await refused(person.post(action, yes(own.fields)), 'the form of another link')
    await refused(person.post(own.action, { answer: 'yes' }), 'no form of ours')
    await refused(
      person.post(own.action, yes({ ...own.fields, attempt: fields['attempt'] })),
      'another attempt',
    )
    await refused(person.post(own.action, yes({ ...own.fields, expires: '9999999999999' })), 'another end')
    const crossSite = world().app.request(`${SERVICE}${own.action}`, {
      method: 'POST',
      headers: {
        'sec-fetch-site': 'cross-site',
        cookie: [...person.cookies].map((pair) => pair.join('=')).join('; '),
      },
      body: new URLSearchParams(yes(own.fields)),
    })
    await refused(Promise.resolve(crossSite), 'a page of another site')
    for (const each of [user, other]) assert.deepEqual(await attemptsOf(each), [])
    world().advance(limits.attemptLifetimeMs)
    // The cookie has ended with the form; a browser that kept it is refused as well.
    const late = newPerson(world())
    for (const pair of person.cookies) late.cookies.set(...pair)
    await refused(late.post(own.action, yes(own.fields)), 'an old form', 410)
  })

  it('believes no cookie that comes twice, and one page does not spoil the form of another', async () => {
    const [one, two] = [await newUser(), await newUser()]
    const person = newPerson(world())
    const first = await formOf(await person.get(one.start))
    const second = await formOf(await person.get(two.start))
    for (const { action, fields } of [second, first])
      assert.equal((await person.post(action, { ...fields, answer: 'yes' })).status, 303)
    const [name = '', value = ''] = [...person.cookies].find(([key]) => key.endsWith('-start')) ?? []
    const third = await formOf(await person.get(one.start))
    const twice = newPerson(world())
    twice.cookies.set(`${name}=${value}; ${name}`, value)
    assert.equal((await twice.post(third.action, { ...third.fields, answer: 'yes' })).status, 400)
  })

  it('refuses at the form what it would refuse at the link', async () => {
    const user = await newUser()
    const person = newPerson(world())
    const page = await person.get(user.start)
    await user.backend.api('DELETE', `/users/${user.endUserId}/sessions`)
    assert.equal((await answer(person, page, 'yes')).status, 403)
    assert.equal((await person.get(user.start)).status, 403)
    const unknown = await newUser()
    assert.equal((await person.get(unknown.start.replace('dataSource=11', 'dataSource=77'))).status, 303)
    assert.equal(
      (
        await person.get(
          unknown.start.replace(/redirect_uri=[^&]+/, 'redirect_uri=https%3A%2F%2Fevil.example'),
        )
      ).status,
      400,
    )
  })

  it('asks before another end user loses the vendor account, and until then they keep it [T077]', async () => {
    const person = newPerson(world())
    const [owner, other] = [await newUser(), await newUser('m•••@example.com')]
    await connect(person, owner)
    const asked = await person.follow(await connect(person, other))
    const { text } = await formOf(asked.clone())
    for (const part of ['Another user of', 'Strava', 'm•••@example.com']) assert.ok(text.includes(part), part)
    assert.deepEqual([await owner.sources(), await other.sources(), await other.events()], [[11], [], []])

    const told = await toldAfter(person, await answer(person, asked, 'yes'))
    assert.equal(told.connected, 'true')
    assert.deepEqual([await owner.sources(), await other.sources()], [[], [11]])
    const [lost, won] = [(await owner.events()).at(-1), (await other.events()).at(-1)]
    assert.deepEqual([lost?.type, won?.type], ['disconnect', 'connect'])
    assert.ok(lost?.causeId !== undefined && lost.causeId === won?.causeId)
    await world().sweep()
    const grants = world()
      .sandbox.control.grants()
      .filter(({ account }) => account === person.account)
    assert.ok(
      grants.every(({ ended }) => ended === null),
      'nothing is revoked',
    )
  })

  it('leaves the account where it is when the person says no, says nothing, or is another browser [T077]', async () => {
    const person = newPerson(world())
    const [owner, other] = [await newUser(), await newUser()]
    await connect(person, owner)
    const asked = await person.follow(await connect(person, other))
    const { action } = await formOf(asked.clone())
    assert.equal((await newPerson(world()).post(action, { answer: 'yes' })).status, 409)
    const forged = newPerson(world())
    for (const [name, value] of person.cookies)
      forged.cookies.set(
        name,
        value.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
      )
    assert.equal((await forged.post(action, { answer: 'yes' })).status, 409, 'another secret')
    assert.deepEqual(await other.sources(), [])
    const no = await toldAfter(person, await answer(person, asked, 'no'))
    assert.deepEqual([no.connected, no.error], ['false', 'account_in_use'])
    assert.equal(
      (await toldAfter(person, await person.post(action, { answer: 'yes' }))).error,
      'account_in_use',
    )

    const silent = await person.follow(await connect(person, other))
    assert.equal(silent.status, 200)
    world().advance(limits.heldGrantMs)
    await world().sweep()
    assert.deepEqual(
      (await other.events()).map(({ error }) => error),
      ['account_in_use', 'attempt_expired'],
    )
    await world().sweep()
    assert.deepEqual([await owner.sources(), await other.sources()], [[11], []])
    const held = await query(
      world(),
      'select sealed from held_grants where end_user_id = ? and sealed is not null',
      [other.endUserId],
    )
    assert.deepEqual(held, [])
    const grants = world()
      .sandbox.control.grants()
      .filter(({ account }) => account === person.account)
    assert.ok(
      grants.some(({ ended }) => ended === null),
      'the owner’s grant lives on',
    )
  })

  it('does not ask the owner who connects again', async () => {
    const person = newPerson(world())
    const owner = await newUser()
    await connect(person, owner)
    const told = await toldAfter(person, await connect(person, owner))
    assert.equal(told.connected, 'true')
  })

  it('takes fifty answers to one question at once as one', async () => {
    const person = newPerson(world())
    const [owner, other] = [await newUser(), await newUser()]
    await connect(person, owner)
    const { action } = await formOf(await person.follow(await connect(person, other)))
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => person.post(action, { answer: i % 2 === 0 ? 'yes' : 'no' })),
    )
    assert.ok(answers.every(({ status }) => status === 303))
    const [outcome, ...more] = await other.events()
    assert.deepEqual(more, [])
    assert.deepEqual(await other.sources(), outcome?.type === 'connect' ? [11] : [])
    assert.deepEqual(await owner.sources(), outcome?.type === 'connect' ? [] : [11])
  })
})
