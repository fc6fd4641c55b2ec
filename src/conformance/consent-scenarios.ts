import { requestedScopes } from '../oauth/index.ts'
import type { Bench } from './bench.ts'
import { STATE } from './effects.ts'
import { must, mustFail } from './expect.ts'
import { always, type Scenario } from './scenario.ts'

/** What the person can do at the vendor, and what comes back with the browser. */
export const consentScenarios: readonly Scenario[] = [
  {
    name: 'the authorization URL says each thing once',
    appliesTo: always,
    play: async (bench) => {
      const { searchParams } = new URL(bench.authorizationUrl(STATE))
      const names = [...searchParams.keys()]
      must(new Set(names).size === names.length, `a parameter stands there twice: ${names.join(', ')}`)
      const isInRedirectUri = bench.authorization.authorizationRequest.stateIn === 'redirect_uri'
      const carrier = isInRedirectUri
        ? URL.parse(searchParams.get('redirect_uri') ?? '')?.searchParams
        : searchParams
      must(carrier?.get('state') === STATE, 'the state is not as it was given')
      must(searchParams.get('client_id') === bench.client.clientId, 'the client id is not as it was given')
      const hasChallenge = searchParams.has('code_challenge')
      must(
        hasChallenge === bench.authorization.authorizationRequest.pkce,
        'PKCE is not as the definition says',
      )
    },
  },
  {
    name: 'approve: a whole grant of the right account',
    appliesTo: always,
    play: async (bench) => {
      const [first] = bench.vendor.accounts
      const grant = await bench.connect()
      must(
        grant.accountId === first?.subject,
        `the account is ${grant.accountId} instead of ${first?.subject}`,
      )
      must(grant.missingScopes.length === 0, `missing although granted: ${grant.missingScopes.join(', ')}`)
      must(
        grant.accessExpiresAt === null || grant.accessExpiresAt > bench.control.nowMs(),
        'the access token has expired already',
      )
      const isRenewable = bench.authorization.refresh.mode !== 'none'
      must(
        (grant.tokens.refreshToken !== null) === isRenewable,
        'the refresh token is not as the definition says',
      )
    },
  },
  {
    name: 'another person is another account',
    appliesTo: always,
    play: async (bench) => {
      const [, second] = bench.vendor.accounts
      must(second !== undefined, 'the sandbox has one account only')
      const [one, other] = [await bench.connect(), await bench.connect({ account: second.key })]
      must(
        other.accountId === second.subject && other.accountId !== one.accountId,
        'both are the same account',
      )
    },
  },
  {
    name: 'cancel: nothing is granted',
    appliesTo: always,
    play: async (bench) => {
      for (const cancelDescription of ['with', 'without'] as const) {
        const parameters = await bench.consent({ decision: 'cancel', cancelDescription })
        must(parameters !== null, 'the vendor did not send the person back')
        await mustFail(bench.exchange(parameters), 'denied')
      }
    },
  },
  {
    name: 'one scope unticked: known as missing',
    appliesTo: (authorization) => authorization.scopes.filter(({ requested }) => requested).length > 1,
    otherwise: 'one scope is asked for at most',
    play: async (bench) => {
      const left = untickable(bench).at(-1)
      if (left === undefined) return
      const rest = asked(bench).filter((scope) => scope !== left)
      if (!givesData(bench, rest)) return
      const grant = await bench.connect({ scopes: rest })
      must(
        grant.missingScopes.join() === left,
        `missing: ${grant.missingScopes.join(', ') || 'nothing'} instead of ${left}`,
      )
    },
  },
  {
    name: 'all scopes unticked: no connection',
    appliesTo: (authorization) => authorization.scopes.length > 0,
    otherwise: 'there are no scopes',
    play: async (bench) => {
      if (untickable(bench).length < asked(bench).length) return
      const parameters = await bench.consent({ scopes: [] })
      if (parameters === null) return
      await mustFail(bench.exchange(parameters), 'denied', 'scope_missing')
    },
  },
]

const asked = ({ authorization, client }: Bench): readonly string[] => requestedScopes(authorization, client)

/** The scopes that the vendor lets the person leave out. */
const untickable = (bench: Bench): readonly string[] =>
  asked(bench).filter((scope) =>
    bench.vendor.scopes.some(({ value, fixed }) => value === scope && fixed === undefined),
  )

const givesData = ({ authorization }: Bench, scopes: readonly string[]): boolean =>
  authorization.scopes.some((scope) => scope.givesData && scopes.includes(scope.value))
