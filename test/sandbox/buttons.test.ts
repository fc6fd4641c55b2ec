// Goal: the ten buttons of a vendor's page do what they say, for a person and for a script. Method: the forms of the page
// as a browser sends them; the page's own words.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUTTONS } from '../../src/sandbox/control/buttons.ts'
import { exampleSandbox } from './example-vendor.ts'

/** The example with a grant of Robin's, and a way to press. */
async function atPage() {
  const example = exampleSandbox()
  const tokens = (await example.exchange()).json
  const press = (button: string, headers: Record<string, string> = {}, account = 'robin') =>
    example.call('/vendors/example', {
      method: 'POST',
      headers,
      body: new URLSearchParams({ button, account }),
    })
  const page = async () => (await example.call('/vendors/example')).text
  return { ...example, tokens, press, page }
}

test('the page has the ten buttons as forms, and says that all is normal', async () => {
  const { page } = await atPage()
  const text = await page()
  assert.equal(BUTTONS.length, 10)
  for (const { key, label } of BUTTONS) {
    assert.ok(text.includes(`name="button" value="${key}"`), key)
    assert.ok(text.includes(`>${label}</button>`), label)
  }
  assert.ok(text.includes('Everything is normal.'))
  assert.ok(!text.includes('<script'))
})

for (const [button, sentence, status] of [
  ['down', 'The vendor is down.', 503],
  ['slow', 'The vendor is slow.', 200],
  ['rubbish', 'Its token endpoint answers rubbish.', 200],
] as const) {
  test(`${button}: the page says so, calls show it, and it ends with “Back to normal”`, async () => {
    const { press, page, exchange, sandbox } = await atPage()
    const answer = await press(button)
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), `/vendors/example?done=${button}`)
    assert.ok((await page()).includes(sentence))
    assert.equal((await exchange()).status, status)
    assert.ok(sandbox.control.calls({ operation: 'token' }).at(-1)?.fault, 'a fault struck')
    await press('normal')
    assert.ok((await page()).includes('Everything is normal.'))
    assert.ok((await exchange()).json.access_token)
  })
}

test('down: who comes for consent reads it on a page, with the way to bring the vendor back up', async () => {
  const { press, authorize } = await atPage()
  await press('down')
  const answer = await authorize()
  assert.equal(answer.status, 503)
  assert.match(answer.text, /<h1>Example is not available right now<\/h1>/)
  assert.match(answer.text, /href="\/vendors\/example"/)
})

test('each button says what has happened, and how that goes on', async () => {
  const { press, call } = await atPage()
  const said = async (button: string) => {
    const { text } = await call((await press(button)).headers.get('location') ?? '')
    return /role="status">(.*?)<\/p>/s.exec(text)?.[1]?.replace(/<\/?strong>/g, '')
  }
  const stays = 'It stays so until you press “Back to normal”.'
  const noticed = 'Example has told nobody: an application notices when it next calls.'
  assert.equal(await said('down'), `Example is down now. ${stays}`)
  assert.equal(await said('normal'), 'Example is back to normal. ')
  assert.equal(await said('change-permissions'), `Robin Vale took a permission back. ${noticed}`)
  assert.equal(await said('revoke'), `Robin Vale removed the application. ${noticed}`)
})

test('what nobody pressed is not said, whatever the address asks for', async () => {
  const { call } = await atPage()
  for (const query of ['done=nothing', 'done=revoke', 'done=revoke&account=nobody', 'account=robin'])
    assert.ok(!(await call(`/vendors/example?${query}`)).text.includes('role="status"'), query)
})

test('cancel and untick: the next consent is decided', async () => {
  const { press, authorize, control } = await atPage()
  await press('cancel')
  assert.match((await authorize()).headers.get('location') ?? '', /error=access_denied/)
  await press('untick')
  assert.match((await authorize()).headers.get('location') ?? '', /code=/)
  assert.deepEqual(control.grants()[0]?.scopes, ['profile'])
})

test('revoke and delete-account: the person’s grant ends', async () => {
  for (const button of ['revoke', 'delete-account']) {
    const { press, control, tokens } = await atPage()
    await press(button, {}, 'kim')
    assert.equal(control.grants()[0]?.ended, null, 'Kim has none')
    await press(button)
    assert.equal(control.grants()[0]?.ended?.by, 'person')
    assert.equal(control.token(String(tokens.access_token))?.state, 'ended')
  }
})

test('change-permissions: the last box is taken back, also from tokens that live', async () => {
  const { press, control, tokens, withToken, call } = await atPage()
  await press('change-permissions')
  assert.deepEqual(control.grants()[0]?.scopes, ['profile'])
  const { text } = await withToken('/api.example.org/permissions', tokens.access_token)
  assert.equal(text, '{"permissions":["profile"]}')
  await press('change-permissions')
  assert.match((await call('/vendors/example')).text, /none of it any more/)
})

test('end-refresh-token: the next refresh is refused, while the access token lives on', async () => {
  const { press, tokens, refresh, control } = await atPage()
  await press('end-refresh-token')
  assert.equal((await refresh(tokens.refresh_token)).json.error, 'invalid_grant')
  assert.equal(control.token(String(tokens.access_token))?.state, 'live')
})

for (const [name, body, headers, status] of [
  ['an unknown button', { button: 'explode' }, {}, 404],
  ['a person whom nobody knows', { button: 'revoke', account: 'nobody' }, {}, 404],
  ['no person', { button: 'revoke' }, {}, 404],
  ['a page of another site', { button: 'down' }, { 'sec-fetch-site': 'cross-site' }, 403],
] as const) {
  test(`${name} presses nothing`, async () => {
    const { call, page } = await atPage()
    const answer = await call('/vendors/example', {
      method: 'POST',
      headers,
      body: new URLSearchParams(body),
    })
    assert.equal(answer.status, status)
    assert.ok((await page()).includes('Everything is normal.'))
  })
}

test('a script presses too, and is told when it cannot', async () => {
  const { call, control } = await atPage()
  const press = (body: object) =>
    call('/_sandbox/vendors/example/press', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  assert.equal((await press({ button: 'revoke', account: 'robin' })).status, 204)
  assert.equal(control.grants()[0]?.ended?.by, 'person')
  assert.equal((await press({ button: 'revoke' })).status, 400)
  assert.equal((await press({ button: 'explode' })).status, 400)
})
