import type { OAuth1Authorization } from '../model/source.ts'
import type { FaultOrder, Operation, Switches } from '../sandbox/index.ts'
import { must, mustFail } from './expect.ts'
import type { OAuth1Bench, Trip } from './oauth1-bench.ts'
import type { OAuth1Scenario } from './oauth1-consent-scenarios.ts'
import { always } from './scenario.ts'
import { TROUBLES, type Trouble } from './troubles.ts'

const asksForAccount = ({ account }: OAuth1Authorization): boolean => account.from === 'request'
const asksForPermissions = ({ permissions }: OAuth1Authorization): boolean => permissions !== undefined

/** What can go wrong between the start and the connection. */
export const oauth1ExchangeScenarios: readonly OAuth1Scenario[] = [
  {
    name: 'a verifier works once',
    appliesTo: always,
    play: async (bench) => {
      const { trip, parameters } = await comeBack(bench)
      await bench.exchange(trip, parameters)
      await mustFail(bench.exchange(trip, parameters), 'rejected')
    },
  },
  {
    name: 'another verifier',
    appliesTo: always,
    play: async (bench) => {
      const { trip, parameters } = await comeBack(bench, { verifier: 'wrong' })
      await mustFail(bench.exchange(trip, parameters), 'rejected')
    },
  },
  {
    name: 'a way back without a verifier',
    appliesTo: always,
    play: async (bench) => {
      const { trip, parameters } = await comeBack(bench, { verifier: 'absent' })
      await mustFail(bench.exchange(trip, parameters), 'denied')
    },
  },
  {
    name: 'a way back with another request token, or with none',
    appliesTo: always,
    play: async (bench) => {
      for (const callbackToken of ['other', 'absent'] as const) {
        const { trip, parameters } = await comeBack(bench, { callbackToken })
        await mustFail(bench.exchange(trip, parameters), 'malformed')
      }
      must(bench.control.calls({ operation: 'token' }).length === 0, 'a verifier was exchanged')
    },
  },
  {
    name: 'a way back of another trip',
    appliesTo: always,
    play: async (bench) => {
      const { parameters } = await comeBack(bench)
      await mustFail(bench.exchange(await bench.depart(), parameters), 'malformed')
    },
  },
  {
    name: 'a request token that has expired, or that the vendor has lost',
    appliesTo: always,
    play: async (bench) => {
      bench.control.setSwitches(bench.vendor.key, { requestTokenLost: 'before-consent' })
      must((await bench.consent(await bench.depart())) === null, 'the vendor sent the person back')
      const lost = await comeBack(bench, { requestTokenLost: 'after-consent' })
      await mustFail(bench.exchange(lost.trip, lost.parameters), 'rejected')
      const late = await comeBack(bench, { requestTokenLost: 'never', requestTokenLifetimeSeconds: 60 })
      bench.control.advance(60_000)
      await mustFail(bench.exchange(late.trip, late.parameters), 'rejected')
    },
  },
  {
    name: 'a callback that is not confirmed',
    appliesTo: ({ callbackIn }) => callbackIn === 'temporary_credentials',
    otherwise: 'the callback stands on the authorization URL',
    play: async (bench) => {
      for (const callbackConfirmed of ['absent', 'false'] as const) {
        bench.control.setSwitches(bench.vendor.key, { callbackConfirmed })
        await mustFail(bench.depart(), 'malformed')
      }
    },
  },
  {
    name: 'a signature, a key or a time that the vendor refuses',
    appliesTo: always,
    play: async (bench) => {
      for (const signedRequests of [
        'signature_invalid',
        'consumer_key_unknown',
        'timestamp_refused',
        'nonce_used',
      ] as const) {
        bench.control.setSwitches(bench.vendor.key, { signedRequests })
        await mustFail(bench.depart(), 'rejected')
      }
      bench.control.backToNormal(bench.vendor.key)
      const { trip, parameters } = await comeBack(bench)
      bench.control.setSwitches(bench.vendor.key, { signedRequests: 'signature_invalid' })
      await mustFail(bench.exchange(trip, parameters), 'rejected')
    },
  },
  ...TROUBLES.map(troubleAtTheStart),
  ...TROUBLES.map((trouble) => troubleAt('token', 'the exchange of the verifier', trouble)),
  ...TROUBLES.map((trouble) => ({
    ...troubleAt('identity', 'the question whose account it is', trouble),
    appliesTo: asksForAccount,
    otherwise: 'nothing says whose account it is: a digest of the token stands for it',
  })),
  ...TROUBLES.map((trouble) => ({
    ...troubleAt('permissions', 'the question what was allowed', trouble),
    appliesTo: asksForPermissions,
    otherwise: 'it is all or nothing',
  })),
  {
    name: 'what was allowed, when the first answer is stale',
    appliesTo: ({ permissions }) => (permissions?.triesWhenEmpty ?? 1) > 1,
    otherwise: 'it is all or nothing',
    play: async (bench) => {
      bench.control.setSwitches(bench.vendor.key, { stalePermissionReads: 1 })
      must((await bench.connect()).missingScopes.length === 0, 'the first, empty answer was believed')
    },
  },
  {
    name: 'a request token that is none',
    appliesTo: always,
    play: async (bench) => {
      for (const fault of NO_TOKENS) {
        bench.control.addFault({ vendor: bench.vendor.key, operation: 'request_token', fault })
        await mustFail(bench.depart(), 'malformed')
      }
    },
  },
  {
    name: 'tokens that are none',
    appliesTo: always,
    play: async (bench) => {
      for (const fault of NO_TOKENS) {
        const { trip, parameters } = await comeBack(bench)
        bench.control.addFault({ vendor: bench.vendor.key, operation: 'token', fault })
        await mustFail(bench.exchange(trip, parameters), 'malformed')
      }
    },
  },
  {
    name: 'an account that is none',
    appliesTo: asksForAccount,
    otherwise: 'nothing says whose account it is: a digest of the token stands for it',
    play: async (bench) => {
      const { account } = bench.authorization
      const member = account.from === 'request' ? (account.path.split('.').at(-1) ?? '') : ''
      for (const value of ['', 0, null, {}, true, 'x'.repeat(300)]) {
        const { trip, parameters } = await comeBack(bench)
        const fault = { kind: 'fields', set: { [member]: value } } as const
        bench.control.addFault({ vendor: bench.vendor.key, operation: 'identity', fault })
        await mustFail(bench.exchange(trip, parameters), 'malformed')
      }
    },
  },
]

const changed = (set: Record<string, string | string[]>, remove: string[] = []): FaultOrder['fault'] => ({
  kind: 'fields',
  set,
  remove,
})

/** Empty, missing, twice, unprintable, endless. */
const NO_TOKENS: readonly FaultOrder['fault'][] = [
  changed({ oauth_token: '' }),
  changed({ oauth_token_secret: '' }),
  changed({}, ['oauth_token_secret']),
  changed({ oauth_token: ['a', 'b'] }),
  changed({ oauth_token: 'two\r\nlines' }),
  changed({ oauth_token: 'x'.repeat(9_000) }),
]

interface Back {
  readonly trip: Trip
  readonly parameters: URLSearchParams
}

async function comeBack(bench: OAuth1Bench, switches: Partial<Switches> = {}): Promise<Back> {
  bench.control.setSwitches(bench.vendor.key, switches)
  const trip = await bench.depart()
  const parameters = await bench.consent(trip)
  must(parameters !== null, 'the vendor did not send the person back')
  return { trip, parameters }
}

function troubleAtTheStart({ name, fault, kinds }: Trouble): OAuth1Scenario {
  return {
    name: `the request for a request token: ${name}`,
    appliesTo: always,
    play: async (bench) => {
      bench.control.addFault({ vendor: bench.vendor.key, operation: 'request_token', fault })
      const failure = await mustFail(bench.depart({ isImpatient: fault.kind === 'noAnswer' }), ...kinds)
      must(bench.control.faults().length === 0, 'the fault struck nobody')
      if (fault.kind === 'status') must(failure.retryAfterSeconds === 7, 'Retry-After was not read')
      await bench.connect()
    },
  }
}

function troubleAt(operation: Operation, where: string, { name, fault, kinds }: Trouble): OAuth1Scenario {
  return {
    name: `${where}: ${name}`,
    appliesTo: always,
    play: async (bench) => {
      const { trip, parameters } = await comeBack(bench)
      bench.control.addFault({ vendor: bench.vendor.key, operation, fault })
      const isImpatient = fault.kind === 'noAnswer'
      const failure = await mustFail(bench.exchange(trip, parameters, { isImpatient }), ...kinds)
      must(bench.control.faults().length === 0, 'the fault struck nobody')
      if (fault.kind === 'status') must(failure.retryAfterSeconds === 7, 'Retry-After was not read')
      // The vendor is well again, and so is everything else.
      await bench.connect()
    },
  }
}
