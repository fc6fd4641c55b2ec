// Goal: LibreLinkUp's double is as strict and as odd as open clients describe the real one, and the page lists its accounts.
// Method: calls in process, on a clock that stands still unless it is moved.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { LIBRE_ACCOUNTS, LIBRE_PASSWORD } from '../../src/sandbox/credentials/libre-link-up.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
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
