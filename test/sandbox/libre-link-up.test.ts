// Goal: LibreLinkUp's double is as strict and as odd as open clients describe the real one, and the page lists its accounts.
// Method: calls in process, on a clock that stands still unless it is moved.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { LOG_IN_BUTTONS } from '../../src/sandbox/control/protocol-buttons.ts'
import { LIBRE_ACCOUNTS, LIBRE_PASSWORD } from '../../src/sandbox/credentials/libre-link-up.ts'
import type { Sandbox, Switches } from '../../src/sandbox/index.ts'
import { createTestSandbox, START_SECONDS } from './harness.ts'

interface Answered {
  readonly status: number
  readonly data?: {
    readonly redirect?: boolean
    readonly region?: string
    readonly message?: string
    readonly step?: { readonly type: string }
    readonly user?: { readonly id?: string }
    readonly authTicket?: { readonly token: string; readonly expires: number }
  }
}

const HEADERS = { product: 'llu.android', version: '4.16.0', 'content-type': 'application/json' }

async function logIn(
  sandbox: Sandbox,
  email: string,
  {
    password = LIBRE_PASSWORD,
    host = 'api-eu.libreview.io',
    headers = HEADERS as Record<string, string>,
  } = {},
): Promise<{ readonly http: number; readonly answer: Answered }> {
  const response = await sandbox.app.request(`/${host}/llu/auth/login`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password }),
  })
  // As the vendor answers, also with its refusals.
  return { http: response.status, answer: (await response.json()) as Answered }
}

test('the global host sends an account to its region, and another region knows it not', async () => {
  const sandbox = createTestSandbox()
  const { answer } = await logIn(sandbox, 'ada@example.com', { host: 'api.libreview.io' })
  assert.deepEqual(answer, { status: 0, data: { redirect: true, region: 'eu' } })
  const elsewhere = await logIn(sandbox, 'ada@example.com', { host: 'api-us.libreview.io' })
  assert.equal(elsewhere.answer.status, 911)
})

test('a log-in gives an account, the same each time, and a ticket for 180 days', async () => {
  const sandbox = createTestSandbox()
  const one = (await logIn(sandbox, 'ada@example.com')).answer.data
  const again = (await logIn(sandbox, 'ADA@example.com')).answer.data
  const other = (await logIn(sandbox, 'bob@example.com')).answer.data
  assert.match(one?.user?.id ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.equal(again?.user?.id, one?.user?.id)
  assert.notEqual(other?.user?.id, one?.user?.id)
  assert.equal(one?.authTicket?.expires, START_SECONDS + 180 * 86_400)
})

test('three failures within a minute lock an account for five, also for the right password', async () => {
  const sandbox = createTestSandbox()
  const fail = async () => (await logIn(sandbox, 'ada@example.com', { password: 'x' })).answer.status
  assert.deepEqual([await fail(), await fail()], [2, 2])
  sandbox.control.advance(60_000)
  assert.deepEqual([await fail(), await fail(), await fail()], [2, 2, 2])
  assert.equal((await logIn(sandbox, 'ada@example.com')).answer.data?.message, 'locked')
  assert.equal((await logIn(sandbox, 'bob@example.com')).answer.status, 0)
  sandbox.control.advance(300_000)
  assert.equal((await logIn(sandbox, 'ada@example.com')).answer.status, 0)
})

test('steps come with their type, and without the account’s id', async () => {
  const sandbox = createTestSandbox()
  for (const [email, type] of [
    ['terms@example.com', 'tou'],
    ['privacy@example.com', 'pp'],
    ['mfa@example.com', 'sendCode'],
  ] as const) {
    const { answer } = await logIn(sandbox, email)
    assert.deepEqual([answer.status, answer.data?.step?.type, answer.data?.user?.id], [4, type, undefined])
  }
})

test('an app that is too old, or says nothing of itself, is refused with 403', async () => {
  const sandbox = createTestSandbox()
  for (const headers of [
    {},
    { product: 'llu.android' },
    { ...HEADERS, version: '4.15.9' },
    { ...HEADERS, version: 'x' },
  ])
    assert.equal((await logIn(sandbox, 'ada@example.com', { headers })).http, 403)
})

test('docs/sandbox.md lists the accounts with an end of their own, and the password', () => {
  const page = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8')
  for (const email of Object.keys(LIBRE_ACCOUNTS)) assert.ok(page.includes(`| \`${email}\` |`), email)
  assert.ok(page.includes(`password \`${LIBRE_PASSWORD}\``))
})

test('the switch logIn decides for everybody, and condition and faults strike as at every vendor', async () => {
  const sandbox = createTestSandbox()
  const statusWith = async (change: Partial<Switches>) => {
    sandbox.control.backToNormal('freestyle-libre')
    sandbox.control.setSwitches('freestyle-libre', change)
    const { answer } = await logIn(sandbox, 'ada@example.com')
    return answer.data?.step?.type ?? answer.data?.region ?? answer.status
  }
  assert.equal(await statusWith({ logIn: 'wrong-password' }), 2)
  assert.equal(await statusWith({ logIn: 'terms' }), 'tou')
  assert.equal(await statusWith({ logIn: 'privacy' }), 'pp')
  assert.equal(await statusWith({ logIn: 'extra-step' }), 'sendCode')
  assert.equal(await statusWith({ logIn: 'locked' }), 429)
  assert.equal(await statusWith({ logIn: 'endless-regions' }), 'us')
  assert.equal(await statusWith({ logIn: 'unknown-status' }), 77)
  sandbox.control.setSwitches('freestyle-libre', { logIn: 'odd-region' })
  const global = await logIn(sandbox, 'ada@example.com', { host: 'api.libreview.io' })
  assert.equal(global.answer.data?.region, 'eu.evil')
  await sandbox.control.press('freestyle-libre', 'normal')
  sandbox.control.addFault({
    vendor: 'freestyle-libre',
    operation: 'log_in',
    fault: { kind: 'fields', set: { status: 911 } },
  })
  assert.equal((await logIn(sandbox, 'ada@example.com')).answer.status, 911)
  assert.equal((await logIn(sandbox, 'ada@example.com')).answer.status, 0)
  assert.equal(sandbox.control.calls({ vendor: 'freestyle-libre', operation: 'log_in' }).length, 10)
})

test('the page has a button for each end, says whom one can log in as, and what makes no sense there', async () => {
  const sandbox = createTestSandbox()
  const page = async () => (await sandbox.app.request('/vendors/freestyle-libre')).text()
  const text = await page()
  for (const { key } of LOG_IN_BUTTONS) assert.ok(text.includes(`value="${key}"`), key)
  for (const email of Object.keys(LIBRE_ACCOUNTS)) assert.ok(text.includes(email), email)
  assert.ok(text.includes('there is no consent page'))
  const press = (button: string) =>
    sandbox.app.request('/vendors/freestyle-libre', { method: 'POST', body: new URLSearchParams({ button }) })
  assert.equal((await press('terms')).status, 303)
  assert.ok((await page()).includes('Every log-in ends in: terms.'))
  assert.equal((await press('cancel')).status, 404)
})
