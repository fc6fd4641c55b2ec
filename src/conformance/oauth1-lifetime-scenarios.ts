import type { OAuth1Authorization } from '../model/source.ts'
import { failureOf, must, mustFail } from './expect.ts'
import type { OAuth1Bench } from './oauth1-bench.ts'
import type { OAuth1Scenario } from './oauth1-consent-scenarios.ts'
import { always, without } from './scenario.ts'
import { TROUBLES } from './troubles.ts'

const canBeEnded = ({ revocation }: OAuth1Authorization): boolean => revocation.kind !== 'unsupported'
const canBeExchanged = ({ exchange }: OAuth1Authorization): boolean => exchange !== undefined
const NO_CALL = 'the vendor has no call that ends a grant'
const NO_EXCHANGE = 'the vendor has no newer generation'

/** How a grant lives on, becomes one of the newer protocol, and ends. */
export const oauth1LifetimeScenarios: readonly OAuth1Scenario[] = [
  without('a step after the consent, and its failure', 'no vendor with this protocol wants one'),
  without('renewal', 'tokens of OAuth 1.0a do not expire and are never renewed'),
  {
    name: 'a grant lives on for years',
    appliesTo: always,
    play: async (bench) => {
      const grant = await bench.connect()
      bench.control.advance(3 * 365 * 86_400_000)
      const token = bench.control.token(grant.tokens.accessToken.reveal())
      must(token?.state === 'live', 'the token has ended by itself')
    },
  },
  {
    name: 'the exchange for OAuth 2.0: the same account, and a grant that can be renewed',
    appliesTo: canBeExchanged,
    otherwise: NO_EXCHANGE,
    play: async (bench) => {
      const grant = await bench.connect()
      const exchanged = await bench.exchangeForOAuth2(grant)
      must(exchanged.accountId === grant.accountId, 'it is another account')
      must(exchanged.tokens.refreshToken !== null, 'there is no refresh token')
    },
  },
  ...TROUBLES.map(
    ({ name, fault, kinds }): OAuth1Scenario => ({
      name: `the exchange for OAuth 2.0: ${name}`,
      appliesTo: canBeExchanged,
      otherwise: NO_EXCHANGE,
      play: async (bench) => {
        const grant = await bench.connect()
        bench.control.addFault({ vendor: bench.vendor.key, operation: 'exchange', fault })
        const isImpatient = fault.kind === 'noAnswer'
        await mustFail(bench.exchangeForOAuth2(grant, { isImpatient }), ...kinds)
        must(bench.control.faults().length === 0, 'the fault struck nobody')
        // The old grant lives on, so it can be tried again.
        await bench.exchangeForOAuth2(grant)
      },
    }),
  ),
  {
    name: 'the exchange for OAuth 2.0 after the person removed the application',
    appliesTo: canBeExchanged,
    otherwise: NO_EXCHANGE,
    play: async (bench) => {
      const grant = await bench.connect()
      endAtVendor(bench)
      await mustFail(bench.exchangeForOAuth2(grant), 'rejected')
    },
  },
  {
    name: 'disconnect: the grant ends at the vendor',
    appliesTo: canBeEnded,
    otherwise: NO_CALL,
    play: async (bench) => {
      const grant = await bench.connect()
      must((await bench.revoke(grant)) === 'revoked', 'the vendor did not say that it ended')
      const token = bench.control.token(grant.tokens.accessToken.reveal())
      must(token?.state !== 'live', 'the token is still alive at the vendor')
    },
  },
  {
    name: 'disconnect of a grant that has ended before',
    appliesTo: canBeEnded,
    otherwise: NO_CALL,
    play: async (bench) => {
      const grant = await bench.connect()
      endAtVendor(bench)
      // Whatever the vendor says to it, it must not be tried for ever.
      await bench.revoke(grant).catch(async (error: unknown) => {
        const failure = await failureOf(Promise.reject(error), 'a refusal')
        must(!failure.retryable, 'it would be tried again and again')
      })
    },
  },
  {
    name: 'disconnect while the vendor is down is tried again',
    appliesTo: canBeEnded,
    otherwise: NO_CALL,
    play: async (bench) => {
      const grant = await bench.connect()
      const fault = { kind: 'status', status: 503 } as const
      bench.control.addFault({ vendor: bench.vendor.key, operation: 'revoke', fault })
      const failure = await mustFail(bench.revoke(grant), 'unavailable')
      must(failure.retryable, 'it would not be tried again')
      must((await bench.revoke(grant)) === 'revoked', 'the second try did not end it')
    },
  },
  {
    name: 'disconnect where the vendor has no call for it',
    appliesTo: (authorization) => !canBeEnded(authorization),
    otherwise: 'the vendor has one',
    play: async (bench) => {
      const grant = await bench.connect()
      const before = bench.control.calls().length
      must((await bench.revoke(grant)) === 'unsupported', 'it is taken for ended')
      must(bench.control.calls().length === before, 'something was sent')
    },
  },
  {
    name: 'two grants of one account live side by side',
    appliesTo: always,
    play: async (bench) => {
      const [first, second] = [await bench.connect(), await bench.connect()]
      // Where the token stands for the account, each consent is an account of its own.
      const isTold = bench.authorization.account.from !== 'tokenDigest'
      must((first.accountId === second.accountId) === isTold, 'whose they are is not as the definition says')
      for (const { tokens } of [first, second])
        must(bench.control.token(tokens.accessToken.reveal())?.state === 'live', 'one ended the other')
    },
  },
]

function endAtVendor({ control }: OAuth1Bench): void {
  for (const { id } of control.grants()) control.revokeGrant(id)
}
