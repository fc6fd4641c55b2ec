// Goal: a connection of OAuth 1.0a becomes one of OAuth 2.0 in place, and whatever goes wrong leaves it as it was. Method:
// people connected by the real app on both databases, then the exchange as the command runs it, against the sandbox.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  countExchangeable,
  type ExchangeOutcome,
  type ExchangePlan,
  exchangeConnections,
  findExchange,
} from '../../src/broker/connections/exchange-generation.ts'
import type { Context } from '../../src/broker/context.ts'
import { openTokens } from '../../src/broker/sealing/sealed-tokens.ts'
import { readExchangeArguments, runExchange } from '../../src/cli/exchange-connections.ts'
import { limits } from '../../src/limits.ts'
import type { Client } from '../../src/model/application.ts'
import type { Connection } from '../../src/model/connection.ts'
import { asApplicationId, asConnectionId, asEndUserId } from '../../src/model/ids.ts'
import { secret } from '../../src/model/secret.ts'
import type { FaultOrder } from '../../src/sandbox/index.ts'
import { onBothDatabases } from '../support/databases.ts'
import { backendOf, link, newPerson } from '../support/person.ts'
import { openWorld, type World } from '../support/world.ts'

const APP = 'app-a-oauth1'
const APP_ID = asApplicationId(APP)
const DONE = 'https://oauth1.example.com/done'
const NOTHING = { exchanged: 0, refused: 0, unavailable: 0, failed: 0, changed: 0, 'account-in-use': 0 }

const WRONGS: readonly (readonly [what: string, fault: FaultOrder['fault'], outcome: ExchangeOutcome])[] = [
  ['is down for a moment', { kind: 'status', status: 503 }, 'unavailable'],
  ['asks for a pause', { kind: 'status', status: 429, retryAfterSeconds: 30 }, 'unavailable'],
  ['refuses the token', { kind: 'status', status: 401 }, 'refused'],
  ['answers a page', { kind: 'html', status: 200 }, 'failed'],
  ['cuts its answer', { kind: 'truncatedJson' }, 'failed'],
  ['gives no refresh token', { kind: 'fields', remove: ['refresh_token'] }, 'failed'],
  ['gives tokens of another sort', { kind: 'fields', set: { token_type: 'mac' } }, 'failed'],
  ['sends far too much', { kind: 'largeBody' }, 'failed'],
]

const garminClient: Client = {
  vendor: 'garmin',
  clientId: 'garmin-client',
  clientSecret: secret('garmin-client-secret'),
  scopes: null,
  extras: new Map(),
  managedBy: 'configuration',
}

/** The context of a command that knows both clients and does not really wait. */
function contextOf(world: World, clients: readonly Client[] = [garminClient], waits: number[] = []): Context {
  const applications = new Map(
    [...world.context.applications].map(([id, application]) => [
      id,
      id === APP_ID
        ? {
            ...application,
            clients: new Map([
              ...application.clients,
              ...clients.map((client) => [client.vendor, client] as const),
            ]),
          }
        : application,
    ]),
  )
  return { ...world.context, applications, wait: async (ms) => void waits.push(ms) }
}

const planOf = (world: World): ExchangePlan => {
  const plan = findExchange(world.context.sources, 'garmin-oauth1')
  assert.ok(plan)
  return plan
}

const read = async (world: World, id: Connection['id']): Promise<Connection> => {
  const connection = await world.context.storage.read.connections.find(APP_ID, id)
  assert.ok(connection)
  return connection
}

/** Somebody new, connected by OAuth 1.0a. */
async function connected(world: World) {
  const backend = backendOf(world, APP)
  const { token, endUserId } = await backend.newSession()
  const person = newPerson(world)
  await person.connect(link('Connection', token, 2, { redirect_uri: DONE }))
  const [connection] = await world.context.storage.read.connections.listOf(APP_ID, [asEndUserId(endUserId)])
  assert.equal(connection?.vendor, 'garmin-oauth1')
  return { backend, person, token, endUserId, connection }
}

onBothDatabases('the exchange of a generation', (world) => {
  /** Nothing of the tests before is left to exchange. */
  const settleOthers = async () => {
    world().network.setReachable(true)
    world().sandbox.control.clearFaults()
    await exchangeConnections(contextOf(world()), planOf(world()))
  }

  it('turns the connection in place into one of OAuth 2.0, with its event and audit line', async () => {
    await settleOthers()
    const { backend, endUserId, connection } = await connected(world())
    const context = contextOf(world())
    const { counts } = await exchangeConnections(context, planOf(world()))
    assert.deepEqual(counts, { ...NOTHING, exchanged: 1 })
    const now = await read(world(), connection.id)
    assert.deepEqual(
      [now.vendor, now.status, now.accountId, now.connectedAt],
      ['garmin', 'active', connection.accountId, connection.connectedAt],
    )
    assert.deepEqual(now.grantedScopes, connection.grantedScopes)
    assert.equal(now.accessExpiresAt, world().now() + 86_400_000)
    const told = world()
      .network.exchanges.filter(({ url }) => url.endsWith('/token-exchange'))
      .at(-1)?.answer
    const { refresh_token_expires_in: seconds } = JSON.parse(told ?? '') as Record<string, number> // the token answer
    assert.equal(now.refreshExpiresAt, world().now() + Number(seconds) * 1_000)
    const tokens = openTokens(context, now, now.sealedTokens ?? '')
    const { control } = world().sandbox
    for (const one of [tokens.accessToken, tokens.refreshToken])
      assert.equal(control.token(one?.reveal() ?? '')?.vendor, 'garmin')
    const renewal = await context.storage.read.renewals.find(APP_ID, connection.id)
    assert.ok(renewal !== null && renewal.dueAt < world().now() + 86_400_000, 'the new tokens are kept alive')
    assert.deepEqual(await backend.connectedSources(endUserId), [2])
    const events = await context.storage.read.events.list(APP_ID, 0, 10_000)
    assert.deepEqual(
      events.filter((event) => event.connectionId === connection.id).map(({ type }) => type),
      ['notification.source.connect', 'connection.repaired'],
    )
    const audit = await context.storage.read.audit.list(APP_ID, 0, 1_000)
    const [line] = audit.filter(({ object }) => object === connection.id)
    assert.deepEqual([line?.actor, line?.action, line?.result], ['operator', 'connection.exchange', 'ok'])
  })

  it('is done with what it has exchanged: a second run finds nothing', async () => {
    await settleOthers()
    await connected(world())
    const context = contextOf(world())
    assert.deepEqual([...(await countExchangeable(context, planOf(world()))).values()], [1])
    await exchangeConnections(context, planOf(world()))
    world().sandbox.control.clearCalls()
    assert.deepEqual((await exchangeConnections(context, planOf(world()))).counts, NOTHING)
    assert.deepEqual(world().sandbox.control.calls({ operation: 'exchange' }), [])
  })

  it('asks for one after the other, with a pause between', async () => {
    await settleOthers()
    for (let person = 0; person < 3; person++) await connected(world())
    const waits: number[] = []
    const { counts } = await exchangeConnections(contextOf(world(), [garminClient], waits), planOf(world()))
    assert.equal(counts.exchanged, 3)
    assert.deepEqual(waits, Array(3).fill(limits.exchangePauseMs))
  })

  for (const [what, fault, outcome] of WRONGS)
    it(`leaves a connection as it was when the vendor ${what}, and goes on with the next`, async () => {
      await settleOthers()
      const people = [await connected(world()), await connected(world())]
      const [first, second] = people
        .map(({ connection }) => connection)
        .toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1))
      assert.ok(first && second)
      world().sandbox.control.addFault({ vendor: 'garmin-oauth1', operation: 'exchange', fault })
      const { counts, stopped } = await exchangeConnections(contextOf(world()), planOf(world()))
      assert.deepEqual(counts, { ...NOTHING, exchanged: 1, [outcome]: 1 })
      assert.equal(stopped, false)
      assert.deepEqual(await read(world(), first.id), first)
      assert.equal((await read(world(), second.id)).vendor, 'garmin')
    })

  it('leaves a connection as it was when the new tokens are of another account', async () => {
    await settleOthers()
    const { connection } = await connected(world())
    const { control } = world().sandbox
    control.addFault({
      vendor: 'garmin',
      operation: 'identity',
      fault: { kind: 'fields', set: { userId: 'somebody-else' } },
    })
    const { counts } = await exchangeConnections(contextOf(world()), planOf(world()))
    assert.deepEqual(counts, { ...NOTHING, failed: 1 })
    assert.deepEqual(await read(world(), connection.id), connection)
  })

  it('stops by itself when the vendor stays down, and a later run does the rest', async () => {
    await settleOthers()
    const people = limits.exchangeUnavailableInARow + 2
    for (let person = 0; person < people; person++) await connected(world())
    world().network.setReachable(false)
    const first = await exchangeConnections(contextOf(world()), planOf(world()))
    assert.equal(first.stopped, true)
    assert.deepEqual(first.counts, { ...NOTHING, unavailable: limits.exchangeUnavailableInARow })
    world().network.setReachable(true)
    const second = await exchangeConnections(contextOf(world()), planOf(world()))
    assert.deepEqual(second.counts, { ...NOTHING, exchanged: people })
  })

  it('a lost answer loses nothing: the next run exchanges again', async () => {
    await settleOthers()
    const { connection } = await connected(world())
    world().sandbox.control.addFault({
      vendor: 'garmin-oauth1',
      operation: 'exchange',
      carryOut: true,
      fault: { kind: 'html', status: 504 },
    })
    const context = contextOf(world())
    assert.equal((await exchangeConnections(context, planOf(world()))).counts.unavailable, 1)
    assert.deepEqual(await read(world(), connection.id), connection)
    assert.equal((await exchangeConnections(context, planOf(world()))).counts.exchanged, 1)
  })

  it('whoever disconnects meanwhile stays disconnected, and the new grant ends with the old one', async () => {
    await settleOthers()
    const { backend, person, token, endUserId, connection } = await connected(world())
    world().network.beforeAnswerOf('token-exchange', async () => {
      await person.follow(await person.get(link('Revoke', token, 2, { direct: 'true', redirect_uri: DONE })))
    })
    const { counts } = await exchangeConnections(contextOf(world()), planOf(world()))
    assert.deepEqual(counts, { ...NOTHING, changed: 1 })
    const now = await read(world(), connection.id)
    assert.deepEqual([now.status, now.vendor, now.sealedTokens], ['disconnected', 'garmin-oauth1', null])
    assert.deepEqual(await backend.connectedSources(endUserId), [])
    const revocations = await world().context.storage.read.revocations.listOf(APP_ID, connection.id)
    assert.deepEqual(revocations.map(({ vendor, status }) => [vendor, status]).toSorted(), [
      ['garmin', 'pending'],
      ['garmin-oauth1', 'pending'],
    ])
  })

  it('whoever connects again meanwhile keeps what they connected', async () => {
    await settleOthers()
    const { person, token, connection } = await connected(world())
    world().network.beforeAnswerOf('token-exchange', async () => {
      await person.connect(link('Connection', token, 2, { redirect_uri: DONE }))
    })
    const { counts } = await exchangeConnections(contextOf(world()), planOf(world()))
    assert.deepEqual(counts, { ...NOTHING, changed: 1 })
    const now = await read(world(), connection.id)
    assert.deepEqual([now.status, now.vendor], ['active', 'garmin-oauth1'])
    assert.notEqual(now.sealedTokens, connection.sealedTokens)
  })

  it('an account that is connected by OAuth 2.0 already is let alone, and nobody is asked', async () => {
    await settleOthers()
    const { connection } = await connected(world())
    const { endUserId } = await backendOf(world(), APP).newSession()
    const taken: Connection = {
      ...connection,
      id: asConnectionId('f'.repeat(31) + String(Number(world().databaseUrl.startsWith('postgres')))),
      endUserId: asEndUserId(endUserId),
      vendor: 'garmin',
    }
    await world().context.storage.write((tables) => tables.connections.insert(taken))
    world().sandbox.control.clearCalls()
    const { counts } = await exchangeConnections(contextOf(world()), planOf(world()))
    assert.deepEqual(counts, { ...NOTHING, 'account-in-use': 1 })
    assert.deepEqual(world().sandbox.control.calls({ operation: 'exchange' }), [])
    assert.deepEqual(await read(world(), connection.id), connection)
    await world().context.storage.write((tables) =>
      tables.connections.update(APP_ID, taken.id, taken.version, { status: 'disconnected' }),
    )
  })

  it('an application without a client for both generations is named, and nothing of it changes', async () => {
    await settleOthers()
    const { connection } = await connected(world())
    const report = await exchangeConnections(contextOf(world(), []), planOf(world()))
    assert.deepEqual([report.counts, report.withoutClient], [NOTHING, [APP_ID]])
    assert.deepEqual(await read(world(), connection.id), connection)
  })

  it('nothing of a token reaches the log or what the command prints', async () => {
    await settleOthers()
    await connected(world())
    const lines: string[] = []
    await runExchange(contextOf(world()), { vendor: 'garmin-oauth1', dryRun: false }, (line) =>
      lines.push(line),
    )
    const answers = world()
      .network.exchanges.filter(({ url }) => url.endsWith('/access_token') || url.endsWith('/token-exchange'))
      .slice(-2)
      .flatMap(({ answer }) => answer.match(/[A-Za-z0-9_-]{20,}/g) ?? [])
      .filter((word) => !/^(oauth|refresh)_token/.test(word))
    assert.ok(answers.length >= 4)
    const told = JSON.stringify([world().log, lines])
    for (const word of answers) assert.ok(!told.includes(word))
  })
})

it('springbar connections exchange prints counts, and with --dry-run changes nothing', async () => {
  const world = await openWorld()
  try {
    const { connection } = await connected(world)
    await connected(world)
    const run = async (vendor: string, dryRun: boolean, clients?: readonly Client[]) => {
      const lines: string[] = []
      const code = await runExchange(contextOf(world, clients), { vendor, dryRun }, (line) =>
        lines.push(line),
      )
      return { code, lines }
    }
    assert.deepEqual(await run('garmin-oauth1', true), {
      code: 0,
      lines: [`${APP}: 2 to exchange`, '2 of garmin-oauth1 would become garmin. Nothing was changed.'],
    })
    assert.deepEqual(await read(world, connection.id), connection)
    assert.deepEqual(world.sandbox.control.calls({ operation: 'exchange' }), [])
    assert.equal((await run('garmin-oauth1', false, [])).code, 1)
    assert.deepEqual(await run('garmin-oauth1', false), {
      code: 0,
      lines: ['exchanged: 2', 'refused: 0', 'unavailable: 0', 'failed: 0', 'changed: 0', 'account-in-use: 0'],
    })
    for (const vendor of ['garmin', 'fatsecret', 'strava', 'nobody'])
      assert.equal((await run(vendor, false)).code, 2, vendor)
  } finally {
    await world.close()
  }
})

it('springbar connections exchange takes one vendor, and --dry-run on either side of it', () => {
  const vendor = 'garmin-oauth1'
  assert.deepEqual(readExchangeArguments([vendor]), { vendor, dryRun: false })
  assert.deepEqual(readExchangeArguments([vendor, '--dry-run']), { vendor, dryRun: true })
  assert.deepEqual(readExchangeArguments(['--dry-run', vendor]), { vendor, dryRun: true })
  for (const words of [[], ['--dry-run'], [vendor, 'x'], ['--dryrun'], [''], ['../x'], [vendor, '--force']])
    assert.equal(readExchangeArguments(words), null, words.join(' '))
})
