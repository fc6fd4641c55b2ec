// A source that lives on a phone is connected by a pairing: our page shows a code, the app there redeems it without any
// API key, and from then on the connection is as any other, told of by the phone.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, locationOf, newPerson, toldAfter } from '../support/person.ts'
import { codeIn, HEALTH_CONNECT, PERMISSIONS, PHONE_APP, phonesIn } from '../support/phones.ts'
import { query } from '../support/rows.ts'
import { APP_A_STAGING } from '../support/world.ts'

const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'

/** The code with one of the wrong last letters. */
function wrongHalf(code: string, i: number): string {
  const others = [...ALPHABET].filter((letter) => letter !== code.at(-1))
  return code.slice(0, -1) + (others[i] ?? '')
}

onBothDatabases('pairing with a phone', (world) => {
  let aliases = 0
  const { again, paired, pairedOf, phone, problemOf, redeem, shown, typesOf } = phonesIn(world)

  it('shows a code to read, a picture to scan and an address to follow, the same each time', async () => {
    const { person, address, html, code } = await shown()
    assert.match(code, new RegExp(`^[${ALPHABET}]{5}-[${ALPHABET}]{5}$`))
    assert.match(html, /<svg class="qr"[^>]*role="img" aria-label="[^"]+"/)
    assert.match(
      html,
      new RegExp(`href="https://app-a-staging.example.com/pair\\?code=${code.replace('-', '')}"`),
    )
    assert.doesNotMatch(html, /<script/)
    assert.ok((await (await person.get(address)).text()).includes(code))
    assert.match(await (await again(person, address)).text(), /has not answered yet/)
  })

  it('a redeemed code connects: the page goes on, and the API, the event and the result are as ever', async () => {
    const { backend, endUserId, person, address, code } = await shown()
    const answer = await pairedOf(await redeem(code))
    assert.match(answer.deviceToken, /^sbd_[A-Za-z0-9_-]{43}$/)
    assert.equal(answer.endUserId, endUserId)
    const told = await toldAfter(person, await again(person, address))
    assert.deepEqual([told.dataSource, told.connected, told.error], [String(HEALTH_CONNECT), 'true', null])
    assert.deepEqual(await backend.connectedSources(endUserId), [HEALTH_CONNECT])
    const connection = await (await backend.api('GET', `/connections/${answer.connection.id}`)).json()
    assert.partialDeepStrictEqual(connection, {
      endUserId,
      dataSource: HEALTH_CONNECT,
      status: 'active',
      grantedScopes: PERMISSIONS.granted,
      missingScopes: PERMISSIONS.missing,
      revocations: [],
    })
    const result = await (await backend.api('POST', `/results/${told.result}`)).json()
    assert.partialDeepStrictEqual(result, { endUserId, succeeded: true, dataSource: HEALTH_CONNECT })
    assert.deepEqual(await typesOf(endUserId), ['notification.source.connect'])
  })

  it('a code is read however it was typed', async () => {
    for (const change of [
      (code: string) => code.toLowerCase(),
      (code: string) => code.replace('-', ''),
      (code: string) => ` ${code.replace('-', ' ')} `,
    ]) {
      const { code } = await shown()
      assert.equal((await redeem(change(code))).status, 200)
    }
  })

  it('a code works once, also when fifty phones bring it at the same time', async () => {
    const { endUserId, code } = await shown()
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(code)))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array(49).fill(404)])
    assert.deepEqual(await typesOf(endUserId), ['notification.source.connect'])
    assert.equal((await problemOf(await redeem(code))).code, 'invalid_pairing_code')
  })

  it('after five wrong second halves the right one is refused too', async () => {
    const { code } = await shown()
    const spared = await shown()
    for (let i = 0; i < 4; i++) {
      assert.equal((await redeem(wrongHalf(code, i))).status, 404)
      await redeem(wrongHalf(spared.code, i))
    }
    assert.equal((await redeem(spared.code)).status, 200, 'four tries are forgiven')
    assert.equal((await redeem(wrongHalf(code, 4))).status, 404)
    assert.equal((await redeem(code)).status, 404, 'the fifth was the last')
  })

  it('guesses are bounded for each application, and for each address', async () => {
    const guess = (address: string, i: number) =>
      phone(
        '/pairings/redeem',
        {
          applicationId: 'app-b',
          code: `BBBB${String(i)
            .padStart(6, 'B')
            .replace(/\d/g, (d) => ALPHABET[Number(d)] ?? 'B')}`,
        },
        { 'x-test-address': address },
      )
    const statuses: number[] = []
    for (let i = 0; i < 31; i++) statuses.push((await guess('one guesser', i)).status)
    assert.deepEqual([statuses[0], statuses[29], statuses[30]], [404, 404, 429])
    await query(world(), `update tallies set count = 1000 where key = 'pairing failures app-b'`, [])
    const refused = await guess('another', 99)
    assert.equal(refused.status, 429)
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    const { code } = await shown()
    assert.equal((await redeem(code)).status, 200, 'other applications go on')
    world().advance(10 * 60_000)
    assert.equal((await guess('later', 7)).status, 404)
  })

  it('another application’s code, an unknown application and a malformed code look alike', async () => {
    const { code } = await shown()
    const bodies: string[] = []
    for (const [applicationId, given] of [
      ['app-b', code],
      ['app-nobody', code],
      [PHONE_APP, 'BCDFG-HJKLM'],
      [PHONE_APP, 'AEIOU-00000'],
      [PHONE_APP, 'sbd_'],
    ] as const) {
      const refused = await redeem(given, { applicationId })
      assert.equal(refused.status, 404)
      bodies.push(JSON.stringify({ ...(await problemOf(refused)), requestId: '' }))
    }
    assert.equal(new Set(bodies).size, 1)
    assert.equal((await redeem(code)).status, 200, 'the code itself is unharmed')
  })

  it('a code ends with its attempt: after a quarter of an hour, by a cancel, with the session', async () => {
    const late = await shown()
    world().advance(15 * 60_000)
    assert.equal((await redeem(late.code)).status, 404)

    const cancelled = await shown()
    const fields = /name="proof" value="([^"]+)"/.exec(cancelled.html)?.[1] ?? ''
    const answer = await cancelled.person.post(cancelled.address, { proof: fields, answer: 'no' })
    assert.equal((await toldAfter(cancelled.person, answer)).error, 'access_denied')
    assert.equal((await redeem(cancelled.code)).status, 404)

    const ended = await shown()
    await ended.backend.api('DELETE', `/users/${ended.endUserId}/sessions`)
    assert.equal((await problemOf(await redeem(ended.code))).code, 'session_expired')
    const told = await toldAfter(ended.person, await again(ended.person, ended.address))
    assert.deepEqual([told.connected, told.error], ['false', 'session_expired'])
    assert.deepEqual(await ended.backend.connectedSources(ended.endUserId), [])
  })

  it('the app can say who is logged in, and nothing is connected for somebody else', async () => {
    for (const more of [{ endUserId: '0'.repeat(32) }, { partnerUserId: 'somebody-else' }]) {
      const { backend, endUserId, person, address, code } = await shown()
      const refused = await problemOf(await redeem(code, more))
      assert.deepEqual([refused.status, refused.code], [409, 'user_mismatch'])
      assert.deepEqual(await backend.connectedSources(endUserId), [])
      assert.equal((await toldAfter(person, await again(person, address))).connected, 'false')
      assert.equal((await redeem(code)).status, 404)
    }
    const alias = `alias-${++aliases}`
    const known = await shown(APP_A_STAGING, alias)
    const answer = await redeem(known.code, { endUserId: known.endUserId, partnerUserId: alias })
    assert.equal((await pairedOf(answer)).partnerUserId, alias)
  })

  it('an application that confirms has to hear who is logged in to its app', async () => {
    const backend = backendOf(world(), 'app-a-confirm')
    const { token, endUserId } = await backend.newSession()
    const person = newPerson(world())
    const started = await person.get(link('Connection', token, HEALTH_CONNECT))
    const html = await (await person.get(locationOf(started).href)).text()
    const code = codeIn(html)
    const applicationId = 'app-a-confirm'
    assert.equal((await redeem(code, { applicationId })).status, 400)
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    assert.equal((await redeem(code, { applicationId, endUserId })).status, 200)
    assert.deepEqual(await backend.connectedSources(endUserId), [HEALTH_CONNECT])
  })

  it('another browser does not see the code', async () => {
    const { address, code } = await shown()
    const other = await newPerson(world()).get(address)
    assert.equal(other.status, 409)
    assert.ok(!(await other.text()).includes(code))
    assert.equal((await redeem(code)).status, 200)
  })

  it('a cancel that another site sends changes nothing', async () => {
    const { person, address, code } = await shown()
    assert.equal((await person.post(address, { answer: 'no' })).status, 400)
    assert.equal((await redeem(code)).status, 200)
  })

  it('neither code nor device token is stored or logged', async () => {
    const { deviceToken, code } = await paired()
    const open = await shown()
    const secrets = [deviceToken, code, code.replace('-', ''), open.code, open.code.replace('-', '')]
    const rows: unknown[] = []
    for (const table of ['pairings', 'devices', 'attempts', 'connections', 'events'])
      rows.push(...(await query(world(), `select * from ${table}`, [])))
    const kept = JSON.stringify([rows, world().log])
    for (const secret of secrets) assert.ok(!kept.includes(secret), secret)
    if (world().databaseUrl.startsWith('sqlite:')) {
      const file = world().databaseUrl.slice('sqlite:'.length)
      const bytes = Buffer.concat([file, `${file}-wal`].map((path) => readFileSync(path)))
      for (const secret of secrets) assert.ok(!bytes.includes(secret), secret)
    }
  })

  it('an application without an app on the phone says that the source is connected there', async () => {
    const backend = backendOf(world())
    const { token } = await backend.newSession()
    const page = await newPerson(world()).get(link('Connection', token, HEALTH_CONNECT))
    assert.equal(page.status, 409)
    assert.match(await page.text(), /on your phone/)
  })
})
