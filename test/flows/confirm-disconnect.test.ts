// Without `direct=true` a page asks first. Its form counts once, for the link that it was made for, for a quarter of an
// hour; nobody but our own page can make one.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson, type Person, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A, SERVICE } from '../support/world.ts'

interface Form {
  readonly action: string
  readonly fields: Record<string, string>
}

async function formOf(page: Response): Promise<Form> {
  const html = await page.text()
  const plainText = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"')
  const action = plainText(/<form method="post" action="([^"]+)"/.exec(html)?.[1] ?? '')
  const inputs = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)
  return {
    action,
    fields: Object.fromEntries([...inputs].map(([, name, value]) => [name, plainText(value ?? '')])),
  }
}

onBothDatabases('the page that asks before a disconnect', (world) => {
  const connected = async () => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    await person.connect(link('Connection', token, 11))
    return { backend, endUserId, token, person }
  }
  const asking = async (redirectUri: string | null = APP_A) => {
    const one = await connected()
    const url = link('Revoke', one.token, 11, redirectUri === null ? {} : { redirect_uri: redirectUri })
    const page = await one.person.get(url)
    assert.equal(page.status, 200)
    return { ...one, url, page, form: await formOf(page) }
  }
  const answer = (person: Person, { action, fields }: Form, word: 'yes' | 'no') =>
    person.post(action, { ...fields, answer: word })
  const disconnects = async (endUserId: string) =>
    (
      await query(
        world(),
        `select id from events where end_user_id = ? and type = 'notification.source.disconnect'`,
        [endUserId],
      )
    ).length

  it('names source and application, and asking alone changes nothing [T081]', async () => {
    const { backend, endUserId, person, url } = await asking()
    for (let i = 0; i < 3; i++) {
      const text = await (await person.get(url)).text()
      assert.match(text, /Disconnect Strava\?/)
      assert.match(text, /APP-A/)
    }
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('yes disconnects, answers 303 and tells the application connected=false [T035]', async () => {
    const { backend, endUserId, person, form } = await asking()
    const answered = await answer(person, form, 'yes')
    assert.equal(answered.status, 303)
    const told = await toldAfter(person, answered)
    assert.deepEqual([told.connected, told.error, told.dataSource], ['false', null, '11'])
    assert.deepEqual(await backend.connectedSources(endUserId), [])
  })

  it('no keeps the connection and tells the application that nothing was disconnected [T087]', async () => {
    const { backend, endUserId, person, form } = await asking()
    const told = await toldAfter(person, await answer(person, form, 'no'))
    assert.deepEqual([told.connected, told.error], ['true', 'access_denied'])
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('works without a return address and ends on the own result page', async () => {
    const { backend, endUserId, person, form } = await asking(null)
    const last = await person.follow(await answer(person, form, 'yes'))
    assert.equal(last.status, 200)
    assert.match(await last.text(), /Strava is disconnected/)
    assert.deepEqual(await backend.connectedSources(endUserId), [])
  })

  it('a form sent twice, or thirty times at once, counts once and shows the same each time', async () => {
    for (const isConnected of [true, false]) {
      const { endUserId, token, person, form } = await asking()
      if (!isConnected) await person.get(link('Revoke', token, 11, { direct: 'true' }))
      const answers = await Promise.all(Array.from({ length: 30 }, () => answer(person, form, 'yes')))
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303])
      assert.equal(new Set(answers.map(({ headers }) => headers.get('location'))).size, 1)
      assert.equal(await disconnects(endUserId), 1)
      assert.equal((await toldAfter(person, await answer(person, form, 'yes'))).connected, 'false')
    }
  })

  it('a form that was used does not disconnect what was connected since', async () => {
    const { backend, endUserId, token, person, form } = await asking()
    await answer(person, form, 'yes')
    await person.connect(link('Connection', token, 11))
    const told = await toldAfter(person, await answer(person, form, 'yes'))
    assert.equal(told.connected, 'false', 'what was true of that form')
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('going back after a no and answering yes disconnects', async () => {
    const { backend, endUserId, person, form } = await asking()
    await answer(person, form, 'no')
    assert.equal((await toldAfter(person, await answer(person, form, 'yes'))).connected, 'false')
    assert.deepEqual(await backend.connectedSources(endUserId), [])
  })

  it('a form that was made up, changed, or made for another link is refused and changes nothing', async () => {
    const { backend, endUserId, person, form, token } = await asking()
    const other = await asking()
    const { attempt = '', expires = '', proof = '' } = form.fields
    const forged: readonly Record<string, string>[] = [
      {},
      { attempt, expires },
      { attempt, expires, proof: '' },
      { attempt, expires, proof: 'A'.repeat(43) },
      { attempt, expires, proof: `${proof}A` },
      { attempt, expires: String(Number(expires) + 1), proof },
      { attempt: attempt.replace(/.$/, (last) => (last === '0' ? '1' : '0')), expires, proof },
      { attempt: '', expires, proof },
      { ...other.form.fields },
    ]
    for (const fields of forged) {
      const refused = await person.post(form.action, { ...fields, answer: 'yes' })
      assert.equal(refused.status, 400, JSON.stringify(fields))
      assert.equal(refused.headers.get('location'), null)
    }
    const elsewhere = link('Revoke', token, 8, { redirect_uri: APP_A })
    assert.equal((await person.post(elsewhere, { ...form.fields, answer: 'yes' })).status, 400)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('the body of the form cannot say where it leads, whom it is for or that it is direct', async () => {
    const { backend, endUserId, person, form } = await asking()
    const told = await toldAfter(
      person,
      await person.post(form.action, {
        ...form.fields,
        answer: 'no',
        redirect_uri: 'https://evil.example',
        direct: 'true',
        dataSource: '8',
      }),
    )
    assert.ok(told.address.startsWith(`${APP_A}?dataSource=11&`), told.address)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('a form is good for a quarter of an hour', async () => {
    const { backend, endUserId, person, form } = await asking()
    world().advance(15 * 60_000)
    const late = await answer(person, form, 'yes')
    assert.equal(late.status, 410)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('a session that ended since the page was shown disconnects nothing', async () => {
    const { backend, endUserId, person, form } = await asking()
    await backend.api('DELETE', `/users/${endUserId}/sessions`)
    assert.equal((await answer(person, form, 'yes')).status, 403)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('a return address that was taken off the list since disconnects nothing and leads nowhere [T032, T082]', async () => {
    const uri = 'https://gone.example.com/done'
    await backendOf(world()).api('POST', '/redirect-uris', { uri })
    const { backend, endUserId, person, form } = await asking(uri)
    await backend.api('DELETE', `/redirect-uris?uri=${encodeURIComponent(uri)}`)
    const refused = await answer(person, form, 'yes')
    assert.equal(refused.status, 400)
    assert.equal(refused.headers.get('location'), null)
    assert.deepEqual(await backend.connectedSources(endUserId), [11])
  })

  it('takes a form of the usual kind only, and of a bounded size', async () => {
    const { form } = await asking()
    const send = async (body: string, type: string) => {
      const headers = { 'content-type': type, 'x-test-address': type }
      return (await world().app.request(`${SERVICE}${form.action}`, { method: 'POST', body, headers })).status
    }
    assert.equal(await send(JSON.stringify(form.fields), 'application/json'), 415)
    assert.equal(await send('x', 'text/plain'), 415)
    assert.equal(await send('a=b', 'multipart/form-data; boundary=x'), 415)
    assert.equal(await send(`a=${'b'.repeat(70_000)}`, 'application/x-www-form-urlencoded'), 413)
  })
})
