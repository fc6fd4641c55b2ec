// Every way in which a vendor's token or account call can go wrong: the application is told in one word, nothing is
// stored, the attempt ends, and the person can try again. The sandbox breaks on request.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseAttemptId } from '../../src/model/attempt.ts'
import { asApplicationId, asEndUserId } from '../../src/model/ids.ts'
import type { FaultOrder } from '../../src/sandbox/index.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson, toldAfter } from '../support/person.ts'
import { query } from '../support/rows.ts'
import { APP_A, type World } from '../support/world.ts'

type Fault = FaultOrder['fault']

const MARKER = 'vendor-text-that-nobody-repeats'

const UNAVAILABLE: readonly (readonly [string, Fault])[] = [
  ['500', { kind: 'status', status: 500 }],
  ['503 with a time to wait', { kind: 'status', status: 503, retryAfterSeconds: 30 }],
  ['429', { kind: 'status', status: 429, retryAfterSeconds: 30 }],
  ['502 with a page', { kind: 'html', status: 502 }],
]

const UNUSABLE: readonly (readonly [string, Fault])[] = [
  ['a page under 200', { kind: 'html', status: 200 }],
  ['invalid JSON', { kind: 'invalidJson' }],
  ['half of its answer', { kind: 'truncatedJson' }],
  ['two megabytes', { kind: 'largeBody' }],
  ['another content type', { kind: 'contentType', contentType: 'text/plain' }],
  ['a redirect elsewhere', { kind: 'redirect', location: 'https://evil.example/token', status: 307 }],
  ['a refusal', { kind: 'refusal', refusal: 'client.secret' }],
]

const TOKEN_FIELDS: readonly (readonly [string, Fault])[] = [
  ['no access token', { kind: 'fields', remove: ['access_token'] }],
  ['an empty access token', { kind: 'fields', set: { access_token: '' } }],
  ['a list as access token', { kind: 'fields', set: { access_token: [MARKER] } }],
  ['an access token with a line break', { kind: 'fields', set: { access_token: `${MARKER}\r\nX: 1` } }],
  ['a number as refresh token', { kind: 'fields', set: { refresh_token: 12 } }],
  ['another token type', { kind: 'fields', set: { token_type: 'mac' } }],
  ['a negative lifetime', { kind: 'fields', set: { expires_in: -1 } }],
  ['a lifetime of a billion seconds', { kind: 'fields', set: { expires_in: 1e9 } }],
  ['no lifetime', { kind: 'fields', remove: ['expires_in'] }],
]

/** The member that names the account, by vendor. */
const ACCOUNT_MEMBERS = { strava: 'id', withings: 'userid', 'google-health': 'healthUserId' } as const

const VENDORS = [
  ['strava', 11],
  ['withings', 8],
  ['google-health', 1],
] as const

onBothDatabases('a vendor that does not do its part', (world) => {
  /** One session, with which one failure after the other is met; what must hold after each is checked. */
  const newTrial = async (id: number) => {
    const backend = backendOf(world())
    const { endUserId, token } = await backend.newSession()
    const person = newPerson(world())
    const start = link('Connection', token, id, { redirect_uri: APP_A })
    const { read } = world().context.storage
    return {
      /** Connects while something is broken, and gives the word that the application is told. */
      failsWith: async (breakIt: (world: World) => void): Promise<string | null> => {
        // Each failure stands alone: several at once would keep people from the vendor.
        world().advance(31_000)
        const callback = await person.consent(start)
        breakIt(world())
        const told = await toldAfter(person, await person.get(callback))
        world().sandbox.control.clearFaults()
        world().network.setReachable(true)

        assert.deepEqual([told.connected, told.dataSource], ['false', String(id)])
        assert.ok(!told.address.includes(MARKER))
        const attemptId = parseAttemptId(told.result.split('-')[0] ?? '')
        const attempt = attemptId && (await read.attempts.find(attemptId))
        assert.deepEqual([attempt?.status, attempt?.finishedAt], ['failed', world().now()])
        return told.error
      },
      /** Nothing was stored or said by all of that, and the session is still good. */
      endsWell: async () => {
        const owner = [asApplicationId('app-a'), [asEndUserId(endUserId)]] as const
        assert.deepEqual(await read.connections.listOf(...owner), [])
        assert.deepEqual(
          world().log.filter(({ level }) => level === 'error'),
          [],
        )
        assert.ok(!JSON.stringify(world().log).includes(MARKER))
        assert.equal((await toldAfter(person, await person.connect(start))).connected, 'true')
        assert.deepEqual(await backend.connectedSources(endUserId), [id])
      },
    }
  }

  const strikes = (vendor: string, operation: FaultOrder['operation'], fault: Fault) => (open: World) =>
    void open.sandbox.control.addFault({ vendor, operation, fault })

  for (const [vendor, id] of VENDORS) {
    it(`${vendor}: a token endpoint that is down is told as vendor_unavailable`, async () => {
      const { failsWith, endsWell } = await newTrial(id)
      for (const [name, fault] of UNAVAILABLE)
        assert.equal(await failsWith(strikes(vendor, 'token', fault)), 'vendor_unavailable', name)
      assert.equal(await failsWith(({ network }) => network.setReachable(false)), 'vendor_unavailable')
      await endsWell()
    })

    it(`${vendor}: an answer that cannot be used is told as vendor_error [T061, T064]`, async () => {
      const { failsWith, endsWell } = await newTrial(id)
      for (const [name, fault] of [...UNUSABLE, ...TOKEN_FIELDS])
        assert.equal(await failsWith(strikes(vendor, 'token', fault)), 'vendor_error', name)
      await endsWell()
      assert.ok(!world().network.exchanges.some(({ url }) => url.includes('evil.example')))
    })

    it(`${vendor}: an account that could be anybody's is nobody's [T066]`, async () => {
      const { failsWith, endsWell } = await newTrial(id)
      const operation = vendor === 'google-health' ? 'identity' : 'token'
      const member = ACCOUNT_MEMBERS[vendor]
      const values = ['', '0', ' ', null, ['1'], { id: 1 }, 1e21]
      const faults: Fault[] = [
        { kind: 'fields', remove: [member] },
        ...values.map((value): Fault => ({ kind: 'fields', set: { [member]: value } })),
      ]
      for (const fault of faults)
        assert.equal(
          await failsWith(strikes(vendor, operation, fault)),
          'vendor_error',
          JSON.stringify(fault),
        )
      await endsWell()
    })

    it(`${vendor}: a code that is unknown, expired or used is asked for once [T050]`, async () => {
      const { failsWith, endsWell } = await newTrial(id)
      const count = () => world().sandbox.control.calls({ vendor, operation: 'token' }).length
      for (const refusal of ['code.unknown', 'code.expired', 'code.used'] as const) {
        const before = count()
        assert.equal(
          await failsWith(strikes(vendor, 'token', { kind: 'refusal', refusal })),
          'vendor_error',
          refusal,
        )
        assert.equal(count() - before, 1)
      }
      await endsWell()
    })
  }

  it('a vendor that reports its own fault on the way back is told apart from a cancel', async () => {
    for (const [trouble, expected] of [
      ['callback-unavailable', 'vendor_unavailable'],
      ['callback-server-error', 'vendor_unavailable'],
      ['code-expired', 'vendor_error'],
      ['code-unknown', 'vendor_error'],
    ] as const)
      for (const [, id] of VENDORS) {
        const backend = backendOf(world())
        const { endUserId, token } = await backend.newSession()
        const person = newPerson(world())
        const start = link('Connection', token, id, { redirect_uri: APP_A })
        const told = await toldAfter(person, await person.connect(start, { trouble }))
        assert.deepEqual([told.connected, told.error], ['false', expected], `${trouble} of ${id}`)
        assert.deepEqual(await backend.connectedSources(endUserId), [])
      }
  })

  it('google-health: an account call that fails ends the attempt in the same way', async () => {
    const { failsWith, endsWell } = await newTrial(1)
    const identity = (fault: Fault) => strikes('google-health', 'identity', fault)
    for (const [name, fault] of UNAVAILABLE)
      assert.equal(await failsWith(identity(fault)), 'vendor_unavailable', name)
    for (const [name, fault] of UNUSABLE) assert.equal(await failsWith(identity(fault)), 'vendor_error', name)
    await endsWell()
  })

  it('a failure is an event of the application, with the reference that the person sees', async () => {
    const { endUserId, token } = await backendOf(world()).newSession()
    const person = newPerson(world())
    const page = await person.follow(
      await person.connect(link('Connection', token, 11), { trouble: 'token-500' }),
    )
    const reference = /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(await page.text())?.[0]
    const [event] = await query(
      world(),
      `select type, detail from events where end_user_id = ? and type = 'attempt.failed'`,
      [endUserId],
    )
    assert.deepEqual(JSON.parse(String(event?.['detail'])), { error: 'vendor_unavailable', reference })
  })
})

onBothDatabases(
  'a vendor that never answers',
  (world) => {
    it('is told as vendor_unavailable once its time is over', async () => {
      for (const [vendor, id] of VENDORS) {
        const { endUserId, token } = await backendOf(world()).newSession()
        const person = newPerson(world())
        const callback = await person.consent(link('Connection', token, id, { redirect_uri: APP_A }))
        world().sandbox.control.addFault({ vendor, operation: 'token', fault: { kind: 'noAnswer' } })
        const told = await toldAfter(person, await person.get(callback))
        assert.deepEqual([told.connected, told.error], ['false', 'vendor_unavailable'])
        assert.deepEqual(await backendOf(world()).connectedSources(endUserId), [])
      }
    })
  },
  { vendorTimeoutMs: 20 },
)
