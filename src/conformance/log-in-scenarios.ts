import type { CredentialsSource } from '../model/source.ts'
import type { LogInRefusal, VendorErrorKind } from '../oauth/index.ts'
import type { Switches } from '../sandbox/index.ts'
import { must, mustFail } from './expect.ts'
import { type LogInBench, PASSWORD } from './log-in-bench.ts'
import { always, type Scenario, without } from './scenario.ts'
import { TROUBLES } from './troubles.ts'

type LogInScenario = Scenario<CredentialsSource, LogInBench>

const OPERATION = 'log_in'

/** What can become of a person's own log-in. */
export const logInScenarios: readonly LogInScenario[] = [
  {
    name: 'a log-in says what the definition says, and nothing in an address',
    appliesTo: always,
    play: async (bench) => {
      await bench.connect()
      const calls = bench.control.calls({ operation: OPERATION })
      must(calls.length > 0, 'nobody was asked')
      for (const { method, url, parameters, authorization } of calls) {
        must(method === 'POST' && !url.includes(PASSWORD), `it is ${method} ${url}`)
        must(authorization === null, 'it carries an Authorization header')
        must(Object.values(parameters).includes(PASSWORD), 'the password is not in the body')
      }
      const asked = calls.map(({ url }) => `/${url}`)
      must(bench.source.endpoints['logIn']?.endsWith(asked[0] ?? 'none') === true, `it asked ${asked[0]}`)
    },
  },
  {
    name: 'the right password: a whole grant of one account',
    appliesTo: always,
    play: async (bench) => {
      const [grant, again] = [await bench.connect(), await bench.connect()]
      must(
        grant.accountId !== '' && grant.accountId === again.accountId,
        'the account is not the same each time',
      )
      must(grant.tokens.refreshToken === null, 'there is a refresh token')
      must((grant.accessExpiresAt ?? 0) > bench.control.nowMs(), 'it has expired already')
      must(!JSON.stringify(grant).includes(PASSWORD), 'the password is kept')
    },
  },
  {
    name: 'another person is another account',
    appliesTo: always,
    play: async (bench) => {
      const other = await bench.connect({ loginName: 'bob@example.com' })
      must(other.accountId !== (await bench.connect()).accountId, 'both are the same account')
    },
  },
  {
    name: 'a wrong password, and then the right one',
    appliesTo: always,
    play: async (bench) => {
      await mustRefuse(bench, 'wrong_password', { password: 'not-it' })
      await bench.connect()
    },
  },
  {
    name: 'too many wrong passwords: locked, until the vendor lets go',
    appliesTo: always,
    play: async (bench) => {
      for (let i = 0; i < 3; i++) await mustRefuse(bench, 'wrong_password', { password: 'not-it' })
      await mustRefuse(bench, 'locked')
      bench.control.advance(300_000)
      await bench.connect()
    },
  },
  refused('new terms wait', { logIn: 'terms' }, 'terms'),
  refused('a new privacy policy waits', { logIn: 'privacy' }, 'terms'),
  refused('a further step: a code is asked for', { logIn: 'extra-step' }, 'extra_step'),
  refused('a locked account', { logIn: 'locked' }, 'locked'),
  {
    name: 'an account of another region is found there',
    appliesTo: ({ endpoints }) => endpoints['regionalLogIn'] !== undefined,
    otherwise: 'there are no regions',
    play: async (bench) => {
      await bench.connect()
      const hosts = bench.control.calls({ operation: OPERATION }).map(({ url }) => url.split('/')[0])
      must(hosts.length === 2 && hosts[0] !== hosts[1], `it asked ${hosts.join(', ')}`)
    },
  },
  odd('regions that send the account on and on', { logIn: 'endless-regions' }, 'malformed'),
  odd('a region that would make another host', { logIn: 'odd-region' }, 'malformed'),
  odd('a status that nobody knows', { logIn: 'unknown-status' }, 'rejected'),
  ...TROUBLES.map(
    ({ name, fault, kinds }): LogInScenario => ({
      name: `the log-in: ${name}`,
      appliesTo: always,
      play: async (bench) => {
        bench.control.addFault({ vendor: bench.source.vendor, operation: OPERATION, fault })
        await mustFail(bench.logIn({ isImpatient: fault.kind === 'noAnswer' }), ...kinds)
        must(bench.control.faults().length === 0, 'the fault struck nobody')
        await bench.connect()
      },
    }),
  ),
  {
    name: 'a token or an account that is none',
    appliesTo: always,
    play: async (bench) => {
      const wrong = ['', 7, null, ['x'], 'two\r\nlines', 'x'.repeat(9_000)]
      for (const member of ['token', 'id'])
        for (const value of wrong) {
          await mustFail(withMember(bench, member, value), 'malformed')
          bench.control.clearFaults()
        }
      for (const value of ['', -1, 0, null, 1e300]) {
        await mustFail(withMember(bench, 'expires', value), 'malformed')
        bench.control.clearFaults()
      }
    },
  },
  without('cancel', 'the form is ours: nothing is sent to the vendor'),
  without('scopes unticked', 'a log-in has no scopes'),
  without('renewal', 'there is no refresh token; the person logs in again when it ends'),
  without('disconnect at the vendor', 'the vendor has no call for it: what was kept is forgotten'),
]

function refused(name: string, switches: Partial<Switches>, reason: LogInRefusal): LogInScenario {
  return {
    name: `${name}: the person is told, and can try again`,
    appliesTo: always,
    play: async (bench) => {
      bench.control.setSwitches(bench.source.vendor, switches)
      await mustRefuse(bench, reason)
      bench.control.backToNormal(bench.source.vendor)
      await bench.connect()
    },
  }
}

function odd(name: string, switches: Partial<Switches>, kind: VendorErrorKind): LogInScenario {
  return {
    name,
    appliesTo: always,
    play: async (bench) => {
      bench.control.setSwitches(bench.source.vendor, switches)
      await mustFail(bench.logIn(), kind)
      const asked = bench.control.calls({ operation: OPERATION }).length
      must(asked <= 2, `the vendor was asked ${asked} times`)
    },
  }
}

async function mustRefuse(bench: LogInBench, reason: LogInRefusal, typed = {}): Promise<void> {
  const answer = await bench.logIn(typed)
  const said = answer.kind === 'refused' ? answer.reason : 'a grant'
  must(said === reason, `${reason} was expected, and it was ${said}`)
}

type Member = string | number | null | string[]

/** A log-in whose answers all differ in one member, wherever it stands. */
function withMember(bench: LogInBench, member: string, value: Member): Promise<unknown> {
  const fault = { kind: 'fields', set: { [member]: value } } as const
  bench.control.addFault({ vendor: bench.source.vendor, operation: OPERATION, times: 2, fault })
  return bench.logIn()
}
