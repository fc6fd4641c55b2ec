// The log-in at LibreLinkUp believes nothing: whatever an answer holds, it calls no other host than the vendor's, and
// only a whole grant is one. The vendor is played by answers written down here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secret } from '../../src/model/secret.ts'
import { VendorError } from '../../src/oauth/index.ts'
import { freestyleLibre } from '../../src/sources/freestyle-libre.ts'
import { logInLibreLinkUp } from '../../src/sources/log-in-libre-link-up.ts'

const NOW = Date.UTC(2026, 10, 22)
const EXPIRES = NOW / 1000 + 15_552_000

const whole = {
  status: 0,
  data: {
    user: { id: '6f1c7a52-1111-4222-8333-444455556666' },
    authTicket: { token: 'eyJ.abc.def', expires: EXPIRES, duration: 15_552_000_000 },
  },
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

/** Logs in at a vendor that gives these answers, one after the other. */
async function logIn(...answers: readonly Response[]) {
  const asked: { readonly url: string; readonly headers: Headers; readonly body: string }[] = []
  const fetch = async (url: string, init: RequestInit) => {
    asked.push({ url, headers: new Headers(init.headers), body: String(init.body) })
    const answer = answers[asked.length - 1]
    assert.ok(answer, 'asked more often than there are answers')
    return answer
  }
  const credentials = { loginName: 'ada@example.com', password: secret('pass"word') }
  const outcome = await logInLibreLinkUp(
    { fetch, now: () => NOW, wait: async () => undefined },
    freestyleLibre,
    credentials,
  ).catch((error: unknown) => {
    assert.ok(error instanceof VendorError, String(error))
    return error
  })
  return { asked, outcome }
}

test('sends what the vendor’s own app sends, and no more', async () => {
  const { asked, outcome } = await logIn(json(whole))
  const [call] = asked
  assert.equal(call?.url, 'https://api.libreview.io/llu/auth/login')
  assert.deepEqual(JSON.parse(call?.body ?? ''), { email: 'ada@example.com', password: 'pass"word' })
  assert.equal(call?.headers.get('product'), 'llu.android')
  assert.ok(!(outcome instanceof VendorError) && outcome.kind === 'granted')
  assert.equal(outcome.grant.accountId, whole.data.user.id)
  assert.equal(outcome.grant.accessExpiresAt, EXPIRES * 1000)
  assert.equal(outcome.grant.tokens.accessToken.reveal(), 'eyJ.abc.def')
  assert.equal(outcome.grant.tokens.refreshToken, null)
})

test('follows a region once, and keeps it with the token', async () => {
  const { asked, outcome } = await logIn(
    json({ status: 0, data: { redirect: true, region: 'eu2' } }),
    json(whole),
  )
  assert.equal(asked[1]?.url, 'https://api-eu2.libreview.io/llu/auth/login')
  assert.ok(!(outcome instanceof VendorError) && outcome.kind === 'granted')
  assert.equal(outcome.grant.tokens.extras?.['region'], 'eu2')
  const again = json({ status: 0, data: { redirect: true, region: 'us' } })
  const lost = await logIn(json({ status: 0, data: { redirect: true, region: 'eu' } }), again)
  assert.ok(lost.outcome instanceof VendorError && lost.outcome.outcome === 'vendor_error')
})

test('a region is never the beginning of another host', async () => {
  for (const region of [
    'eu.evil.example/',
    'evil.example#',
    'eu@evil',
    '..',
    '',
    'EU',
    'eu-',
    'europe',
    'e',
    '1u',
    'eu\n',
  ]) {
    const { asked, outcome } = await logIn(json({ status: 0, data: { redirect: true, region } }))
    assert.ok(outcome instanceof VendorError && outcome.kind === 'malformed', region)
    assert.equal(asked.length, 1)
  }
})

const refusals = [
  [{ status: 2, error: { message: 'notAuthenticated' } }, 200, 'wrong_password'],
  [{ message: 'Unauthorized' }, 401, 'wrong_password'],
  [{ status: 4, data: { step: { type: 'tou' }, authTicket: whole.data.authTicket } }, 200, 'terms'],
  [{ status: 4, data: { step: { type: 'pp' } } }, 200, 'terms'],
  [{ status: 4, data: { step: { type: 'verifyEmail' } } }, 200, 'extra_step'],
  [{ status: 4, data: {} }, 200, 'extra_step'],
  [{ ...whole, data: { ...whole.data, step: { type: 'anything' } } }, 200, 'extra_step'],
  [{ status: 429, data: { code: 60, message: 'locked' } }, 200, 'locked'],
  [{ status: 429, data: { code: 60, message: 'locked' } }, 429, 'locked'],
] as const
for (const [body, status, reason] of refusals)
  test(`${JSON.stringify(body).slice(0, 60)} with ${status} is ${reason}`, async () => {
    const { outcome } = await logIn(json(body, status))
    assert.deepEqual(outcome, { kind: 'refused', reason })
  })

const failures: readonly (readonly [Response, VendorError['kind']])[] = [
  [json({ message: 'Forbidden' }, 403), 'rejected'],
  [json({ status: 911 }), 'rejected'],
  [json({}, 500), 'unavailable'],
  [new Response('banned', { status: 429 }), 'unavailable'],
  [new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }), 'malformed'],
  [new Response('{"status":0,', { headers: { 'content-type': 'application/json' } }), 'malformed'],
  [json([]), 'malformed'],
  [json({ status: '0', data: whole.data }), 'malformed'],
  [json({ status: 0 }), 'malformed'],
  [json({ status: 0, data: { user: whole.data.user } }), 'malformed'],
  [json({ status: 0, data: { authTicket: whole.data.authTicket } }), 'malformed'],
  [json({ status: 0, data: { ...whole.data, user: { id: '' } } }), 'malformed'],
  [json({ status: 0, data: { ...whole.data, user: { id: 'x'.repeat(257) } } }), 'malformed'],
  ...['', 'a b', 'a\nb', 'x'.repeat(8193)].map(
    (token) =>
      [
        json({ status: 0, data: { ...whole.data, authTicket: { token, expires: EXPIRES } } }),
        'malformed',
      ] as const,
  ),
  ...[0, -1, 1.5, 1e12].map(
    (expires) =>
      [
        json({ status: 0, data: { ...whole.data, authTicket: { token: 'abc', expires } } }),
        'malformed',
      ] as const,
  ),
]
failures.forEach(([answer, kind], i) => {
  test(`an answer that cannot be used (${i}, ${answer.status}) is ${kind}, and no grant`, async () => {
    const { outcome } = await logIn(answer)
    assert.ok(outcome instanceof VendorError)
    assert.equal(outcome.kind, kind)
  })
})
