// Goal: the sandbox works over real HTTP, cuts connections when told, and closes. Method: a server on a free port.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { type ServedSandbox, serveSandbox } from '../../src/sandbox/index.ts'
import { authorizationUrl, callbackOf, createRepeatableRandom, START_MS, TEST_CLIENTS } from './harness.ts'

const serve = () =>
  serveSandbox({ port: 0, now: () => START_MS, random: createRepeatableRandom(), clients: TEST_CLIENTS })

async function withServer(run: (sandbox: ServedSandbox) => Promise<void>) {
  const sandbox = await serve()
  try {
    await run(sandbox)
  } finally {
    await sandbox.close()
  }
}

const token = (sandbox: ServedSandbox, code: string, signal?: AbortSignal) =>
  fetch(`${sandbox.url}/www.strava.com/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: 'sandbox-strava',
      client_secret: 'sandbox-strava-secret',
      grant_type: 'authorization_code',
      code,
    }),
    ...(signal ? { signal } : {}),
  })

test('a whole trip over HTTP', () =>
  withServer(async (sandbox) => {
    assert.match(sandbox.url, /^http:\/\/localhost:\d+$/)
    const url = authorizationUrl('strava', 'www.strava.com/oauth/authorize', 'read')
    const address = url.replace('https:/', sandbox.url)
    const page = await fetch(address)
    assert.equal(page.status, 200)
    assert.match(await page.text(), /not the real Strava/)
    const decided = await fetch(address, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ decision: 'allow', account: 'robin' }),
    })
    assert.equal(decided.status, 302)
    const code = callbackOf(decided.headers.get('location')).get('code') ?? ''
    const answer = await token(sandbox, code)
    assert.equal(answer.status, 200)
    assert.equal((await answer.json()).athlete.id, 30100701)
  }))

test('the control plays the person on the address that the service sends the browser to', () =>
  withServer(async (sandbox) => {
    const url = authorizationUrl('strava', 'www.strava.com/oauth/authorize', 'read')
    const rewritten = url.replace('https:/', sandbox.url)
    const outcome = await sandbox.control.consent(rewritten)
    assert.ok(callbackOf(outcome.location).get('code'))
  }))

test('a cut connection is an error at the caller, and the next call is good', () =>
  withServer(async (sandbox) => {
    sandbox.control.addFault({ vendor: 'strava', operation: 'token', fault: { kind: 'connectionReset' } })
    await assert.rejects(token(sandbox, 'x'))
    assert.equal((await token(sandbox, 'x')).status, 400)
  }))

test('a call without answer ends when the sandbox closes', async () => {
  const sandbox = await serve()
  sandbox.control.addFault({ vendor: 'strava', operation: 'token', fault: { kind: 'noAnswer' } })
  const waiting = assert.rejects(token(sandbox, 'x'))
  while (sandbox.control.calls().length === 0) await new Promise(setImmediate)
  await sandbox.close()
  await waiting
})

test('a caller that gives up leaves a sandbox that works', () =>
  withServer(async (sandbox) => {
    sandbox.control.addFault({ vendor: 'strava', operation: 'token', fault: { kind: 'noAnswer' } })
    const caller = new AbortController()
    const waiting = assert.rejects(token(sandbox, 'x', caller.signal))
    while (sandbox.control.calls().length === 0) await new Promise(setImmediate)
    caller.abort()
    await waiting
    assert.equal((await token(sandbox, 'x')).status, 400)
  }))

test('a taken port is an error of its own', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    await assert.rejects(
      serveSandbox({ port, now: () => START_MS, random: createRepeatableRandom(), clients: [] }),
      { code: 'EADDRINUSE' },
    )
  } finally {
    other.close()
  }
})

test('after closing nobody answers', async () => {
  const sandbox = await serve()
  await sandbox.close()
  await assert.rejects(fetch(sandbox.url))
})
