// Goal: a vendor is data, and the data is sound. Method: a vendor made up on the spot; checks over every definition.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSandbox, VENDORS, type Vendor } from '../../src/sandbox/index.ts'
import { render } from '../../src/sandbox/template.ts'
import { strava } from '../../src/sandbox/vendors/strava.ts'
import { callbackOf, codeOf, createRepeatableRandom, get, post, START_MS, textOf } from './harness.ts'

/** Bends the protocol in ways that none of the built-in vendors does. */
const madeUp: Vendor = {
  ...strava,
  key: 'made-up',
  name: 'Made Up',
  authorization: {
    ...strava.authorization,
    urls: ['id.made-up.example/authorize'],
    pkce: 'required',
    pkceMethods: ['plain'],
    append: 'standard',
  },
  token: {
    ...strava.token,
    urls: ['id.made-up.example/token'],
    accessToken: { prefix: 'mu_', encoding: 'hex', bytes: 4 },
    exchangeAnswer: {
      status: 201,
      body: { tokens: ['{accessToken}', '{refreshToken}'], access_token: '{accessToken}' },
    },
  },
  refresh: {
    rotates: 'never',
    endsOlderAccessTokens: false,
    lifetimeSeconds: null,
    idleLifetimeSeconds: null,
  },
  revocations: [
    {
      url: 'id.made-up.example/revoke',
      authentication: 'none',
      target: { kind: 'token', parameter: 'token' },
      reach: 'token',
      gone: 'refusal',
      answer: { status: 204, body: null },
    },
  ],
  resources: [
    {
      operation: 'identity',
      methods: ['GET'],
      url: 'api.made-up.example/me',
      scopes: [],
      answer: { status: 200, body: { id: '{subject}' } },
    },
  ],
}

const sandboxOf = (vendors: readonly Vendor[]) =>
  createSandbox({
    vendors,
    now: () => START_MS,
    random: createRepeatableRandom(),
    clients: [
      {
        vendor: 'made-up',
        clientId: 'c',
        clientSecret: 's',
        redirectUris: ['https://app.example/cb?source=a'],
      },
    ],
  })

const CHALLENGE = 'p'.repeat(43)
const url = (challenge: string) =>
  `https://id.made-up.example/authorize?response_type=code&client_id=c&scope=read&redirect_uri=${encodeURIComponent(
    'https://app.example/cb?source=a',
  )}${challenge}`
const withChallenge = url(`&code_challenge=${CHALLENGE}`)

const exchange = async (sandbox: ReturnType<typeof sandboxOf>) =>
  post(sandbox, 'id.made-up.example/token', {
    client_id: 'c',
    client_secret: 's',
    grant_type: 'authorization_code',
    code: await codeOf(sandbox, withChallenge),
    code_verifier: CHALLENGE,
  })

test('a vendor can be added as data: required PKCE, another answer, another status', async () => {
  const sandbox = sandboxOf([madeUp])
  assert.equal((await sandbox.control.consent(url(''))).location, null, 'PKCE is required')
  const { status, json } = await exchange(sandbox)
  assert.equal(status, 201)
  assert.match(textOf(json, 'access_token'), /^mu_[0-9a-f]{8}$/)
  const identity = await get(sandbox, 'api.made-up.example/me', textOf(json, 'access_token'))
  assert.deepEqual(identity.json, { id: 30100701 })
})

test('parameters are put behind a query with an ampersand where the vendor does it right', async () => {
  const { control } = sandboxOf([madeUp])
  const { location } = await control.consent(withChallenge)
  assert.equal(callbackOf(location).get('source'), 'a')
  assert.ok(callbackOf(location).get('code'))
})

test('a revocation with the reach of a token leaves the other tokens of the account alone', async () => {
  const sandbox = sandboxOf([madeUp])
  const first = textOf((await exchange(sandbox)).json, 'access_token')
  const second = textOf((await exchange(sandbox)).json, 'access_token')
  assert.equal((await post(sandbox, 'id.made-up.example/revoke', { token: first })).status, 204)
  assert.equal((await get(sandbox, 'api.made-up.example/me', first)).status, 401)
  assert.equal((await get(sandbox, 'api.made-up.example/me', second)).status, 200)
})

test('one vendor cannot want one URL for two things', () => {
  const [revocation] = madeUp.revocations
  const twice = { ...madeUp, revocations: revocation ? [revocation, { ...revocation }] : [] }
  assert.throws(() => sandboxOf([twice]), /id\.made-up\.example/)
})

test('two vendors at one URL are told apart by the client, the code and the token', async () => {
  const twin = { ...madeUp, key: 'twin', accounts: madeUp.accounts.map((one) => ({ ...one, subject: '7' })) }
  const sandbox = createSandbox({
    vendors: [madeUp, twin],
    now: () => START_MS,
    random: createRepeatableRandom(),
    clients: [
      {
        vendor: 'made-up',
        clientId: 'c',
        clientSecret: 's',
        redirectUris: ['https://app.example/cb?source=a'],
      },
      { vendor: 'twin', clientId: 't', clientSecret: 's', redirectUris: ['https://app.example/cb?source=a'] },
    ],
  })
  const tokenOf = async (clientId: string) => {
    const asked = withChallenge.replace('client_id=c', `client_id=${clientId}`)
    const { json } = await post(sandbox, 'id.made-up.example/token', {
      client_id: clientId,
      client_secret: 's',
      grant_type: 'authorization_code',
      code: await codeOf(sandbox, asked),
      code_verifier: CHALLENGE,
    })
    return textOf(json, 'access_token')
  }
  for (const [clientId, id] of [
    ['c', 30100701],
    ['t', 7],
  ] as const) {
    const identity = await get(sandbox, 'api.made-up.example/me', await tokenOf(clientId))
    assert.deepEqual(identity.json, { id })
  }
})

for (const vendor of VENDORS) {
  test(`${vendor.name}: keys, ids and scopes are there once, URLs begin with a host, every box has a sentence`, () => {
    const unique = (values: readonly string[]) => assert.equal(new Set(values).size, values.length)
    unique(vendor.accounts.map((account) => account.key))
    unique(vendor.accounts.map((account) => account.subject))
    unique(vendor.scopes.map((scope) => scope.value))
    assert.ok(vendor.accounts.length >= 2, 'different accounts can be connected')
    const urls = [
      ...vendor.authorization.urls,
      ...vendor.token.urls,
      ...vendor.revocations.map((rules) => rules.url),
      ...vendor.resources.map((rules) => rules.url),
    ]
    for (const address of urls) assert.match(address, /^[a-z0-9-]+(\.[a-z0-9-]+)+\/[^?#]+$/)
    for (const scope of vendor.scopes) assert.match(scope.sentence, /^[A-Z].{8,}[^.]$/)
    const known = new Set(vendor.scopes.map((scope) => scope.value))
    for (const rules of vendor.resources) assert.ok(rules.scopes.every((scope) => known.has(scope)))
    assert.match(vendor.documentation.checkedOn, /^\d{4}-\d{2}-\d{2}$/)
  })

  test(`${vendor.name}: an account id given as a number survives JSON`, () => {
    if (vendor.switches.userIdAs !== 'number') return
    for (const account of vendor.accounts) assert.equal(String(Number(account.subject)), account.subject)
  })
}

test('a template keeps types, fills texts, and leaves out what has no value', () => {
  const template = {
    whole: '{n}',
    within: 'n is {n}, m is {m}',
    missing: '{m}',
    nothing: '{none}',
    deep: [{ a: '{n}' }, '{m}', null, true, 3],
  }
  assert.deepEqual(render(template, { n: 7, none: null }), {
    whole: 7,
    within: 'n is 7, m is ',
    nothing: null,
    deep: [{ a: 7 }, null, true, 3],
  })
})

test('a value that looks like a placeholder is not filled again', () => {
  assert.equal(render('{a}!', { a: '{b}', b: 'secret' }), '{b}!')
})
