import type { Authorization } from '../model/source.ts'
import type { Operation } from '../sandbox/index.ts'
import type { Bench } from './bench.ts'
import { must, mustFail } from './expect.ts'
import { always, type Scenario } from './scenario.ts'
import { TROUBLES, type Trouble } from './troubles.ts'

const asksForAccount = ({ account }: Authorization): boolean => account.from === 'request'
const hasSteps = ({ afterConnect = [] }: Authorization): boolean => afterConnect.length > 0

/** What can go wrong between the callback and the connection. */
export const exchangeScenarios: readonly Scenario[] = [
  {
    name: 'a code works once',
    appliesTo: always,
    play: async (bench) => {
      const parameters = await comeBack(bench)
      await bench.exchange(parameters)
      await mustFail(bench.exchange(parameters), 'rejected')
    },
  },
  {
    name: 'a code that has expired',
    appliesTo: always,
    play: async (bench) => {
      const parameters = await comeBack(bench)
      bench.control.advance(bench.authorization.tokenRequest.codeLifetimeSeconds * 1_000 + 1_000)
      await mustFail(bench.exchange(parameters), 'rejected')
    },
  },
  {
    name: 'a code of another verifier',
    appliesTo: ({ authorizationRequest }) => authorizationRequest.pkce,
    otherwise: 'the vendor does not know PKCE',
    play: async (bench) => {
      await mustFail(bench.exchange(await comeBack(bench), { withOtherVerifier: true }), 'rejected')
    },
  },
  ...TROUBLES.map((trouble) => troubleAt('token', 'the token request', always, trouble)),
  ...TROUBLES.map((trouble) => ({
    ...troubleAt('identity', 'the question whose account it is', asksForAccount, trouble),
    otherwise: 'the account comes with the token',
  })),
  ...TROUBLES.filter(({ kinds }) => kinds.includes('unavailable')).map((trouble) => ({
    ...troubleAt('afterConnect', 'a step after the consent', hasSteps, trouble),
    otherwise: 'there is no step after the consent',
  })),
  {
    name: 'tokens that are none',
    appliesTo: always,
    play: async (bench) => {
      const member = bench.authorization.tokenResponse.members?.accessToken ?? 'access_token'
      for (const value of ['', 7, null, ['x'], 'two\r\nlines'])
        await connectWith(bench, 'token', { [last(member)]: value })
    },
  },
  {
    name: 'an account that is none',
    appliesTo: ({ account }) => account.from === 'token' || account.from === 'request',
    otherwise: 'the account stands in a signed token',
    play: async (bench) => {
      const { account } = bench.authorization
      if (account.from !== 'token' && account.from !== 'request') return
      const operation = account.from === 'token' ? 'token' : 'identity'
      for (const value of ['', 0, null, {}, true, 'x'.repeat(300)])
        await connectWith(bench, operation, { [last(account.path)]: value })
    },
  },
]

function troubleAt(
  operation: Operation,
  where: string,
  appliesTo: Scenario['appliesTo'],
  { name, fault, kinds }: Trouble,
): Scenario {
  return {
    name: `${where}: ${name}`,
    appliesTo,
    play: async (bench) => {
      const parameters = await comeBack(bench)
      bench.control.addFault({ vendor: bench.vendor.key, operation, fault })
      const isImpatient = fault.kind === 'noAnswer'
      const failure = await mustFail(bench.exchange(parameters, { isImpatient }), ...kinds)
      must(bench.control.faults().length === 0, 'the fault struck nobody')
      if (isImpatient) must(failure.cause === 'timeout', 'the time limit did not strike')
      if (fault.kind === 'status') must(failure.retryAfterSeconds === 7, 'Retry-After was not read')
      // The vendor is well again, and so is everything else.
      await bench.connect()
    },
  }
}

/** An answer that differs in one member must not become a connection. */
async function connectWith(
  bench: Bench,
  operation: Operation,
  set: Readonly<Record<string, string | number | boolean | null | string[] | Record<string, never>>>,
) {
  const parameters = await comeBack(bench)
  bench.control.addFault({ vendor: bench.vendor.key, operation, fault: { kind: 'fields', set: { ...set } } })
  await mustFail(bench.exchange(parameters), 'malformed', 'rejected', 'scope_missing')
}

async function comeBack(bench: Bench): Promise<URLSearchParams> {
  const parameters = await bench.consent()
  must(parameters !== null, 'the vendor did not send the person back')
  return parameters
}

/** The faults name members wherever they stand. */
const last = (path: string): string => path.split('.').at(-1) ?? path
