import type { OAuth1Authorization } from '../model/source.ts'
import { requestedScopes } from '../oauth/index.ts'
import { must, mustFail } from './expect.ts'
import type { OAuth1Bench } from './oauth1-bench.ts'
import { always, type Scenario, without } from './scenario.ts'

/** A scenario of OAuth 1.0a. */
export type OAuth1Scenario = Scenario<OAuth1Authorization, OAuth1Bench>

const toldBefore = ({ callbackIn }: OAuth1Authorization): boolean => callbackIn === 'temporary_credentials'

/** What the person can do at the vendor, and what comes back with the browser. */
export const oauth1ConsentScenarios: readonly OAuth1Scenario[] = [
  {
    name: 'the request for a request token says each thing once, where the definition says',
    appliesTo: always,
    play: async (bench) => {
      await bench.depart()
      const [call] = bench.control.calls({ operation: 'request_token' })
      const header = [...(call?.authorization ?? '').matchAll(/(oauth_[a-z_]+)="([^"]*)"/g)]
      const inBody = Object.entries(call?.parameters ?? {})
      const isBody = bench.authorization.parametersIn === 'body'
      const said = isBody
        ? inBody
        : header.map(([, name = '', value = '']) => [name, decodeURIComponent(value)])
      must((isBody ? header : inBody).length === 0, 'parameters stand in two places')
      const names = ['consumer_key', 'nonce', 'signature', 'signature_method', 'timestamp', 'version']
      if (toldBefore(bench.authorization)) names.unshift('callback')
      const found = said.map(([name = '']) => name.replace('oauth_', '')).toSorted()
      must(found.join() === names.toSorted().join(), `it says ${found.join(', ')}`)
      const told = new Map(said.map(([name = '', value = '']) => [name, value])).get('oauth_callback')
      must(
        !toldBefore(bench.authorization) || told === bench.callbackUri,
        'the callback is not as it was given',
      )
    },
  },
  {
    name: 'the authorization URL, to the letter',
    appliesTo: always,
    play: async (bench) => {
      const { url, requestToken } = await bench.depart()
      const { authorizationEndpoint } = bench.authorization
      const token = `${authorizationEndpoint}?oauth_token=${requestToken.token.reveal()}`
      const callback = `&oauth_callback=${encodeURIComponent(bench.callbackUri)}`
      must(url === (toldBefore(bench.authorization) ? token : token + callback), `it is ${url}`)
    },
  },
  {
    name: 'approve: a whole grant of the right account, which does not expire',
    appliesTo: always,
    play: async (bench) => {
      const account = bench.vendor.accounts[0]?.key ?? ''
      const grant = await bench.connect({ account })
      must(grant.missingScopes.length === 0, `missing although granted: ${grant.missingScopes.join(', ')}`)
      must(grant.accessExpiresAt === null && grant.refreshExpiresAt === null, 'the token expires')
      must(grant.tokens.refreshToken === null, 'there is a refresh token')
      // Where nothing says whose account it is, a digest of the token stands for it.
      const subject = bench.subjectOf(account)
      const isTold = bench.authorization.account.from !== 'tokenDigest'
      must(!isTold || grant.accountId === subject, `the account is ${grant.accountId} instead of ${subject}`)
      must(
        !grant.accountId.includes(grant.tokens.accessToken.reveal()),
        'the account’s id gives the token away',
      )
    },
  },
  {
    name: 'another person is another account',
    appliesTo: always,
    play: async (bench) => {
      const [first, second] = bench.vendor.accounts
      must(first !== undefined && second !== undefined, 'the sandbox has one account only')
      const one = await bench.connect({ account: first.key })
      const other = await bench.connect({ account: second.key })
      must(one.accountId !== other.accountId, 'both are the same account')
    },
  },
  {
    name: 'cancel, in each way that vendors have: nothing is granted',
    appliesTo: always,
    play: async (bench) => {
      for (const denial of ['vendor', 'no-verifier', 'null-verifier', 'oauth-problem', 'denied'] as const) {
        bench.control.setSwitches(bench.vendor.key, { denial })
        const trip = await bench.depart()
        const parameters = await bench.consent(trip, { decision: 'cancel' })
        must(parameters !== null, 'the vendor did not send the person back')
        await mustFail(bench.exchange(trip, parameters), 'denied')
      }
      must(bench.control.calls({ operation: 'token' }).length === 0, 'a verifier was exchanged')
    },
  },
  {
    name: 'cancel without a way back: nothing is granted, and the next trip goes well',
    appliesTo: always,
    play: async (bench) => {
      bench.control.setSwitches(bench.vendor.key, { denial: 'no-way-back' })
      const parameters = await bench.consent(await bench.depart(), { decision: 'cancel' })
      must(parameters === null, 'the vendor sent the person back')
      must(bench.control.grants().length === 0, 'something was granted')
      await bench.connect()
    },
  },
  {
    name: 'one scope unticked: known as missing',
    appliesTo: ({ scopes }) => scopes.filter(({ requested }) => requested).length > 1,
    otherwise: 'it is all or nothing: there are no scopes',
    play: async (bench) => {
      const asked = requestedScopes(bench.authorization, bench.client)
      const left = asked.at(-1) ?? ''
      const grant = await bench.connect({ scopes: asked.slice(0, -1) })
      must(grant.missingScopes.join() === left, `missing: ${grant.missingScopes.join(', ') || 'nothing'}`)
    },
  },
  {
    name: 'all scopes unticked: no connection',
    appliesTo: ({ scopes }) => scopes.length > 0,
    otherwise: 'it is all or nothing: there are no scopes',
    play: async (bench) => {
      const trip = await bench.depart()
      const parameters = await bench.consent(trip, { scopes: [] })
      must(parameters !== null, 'the vendor did not send the person back')
      await mustFail(bench.exchange(trip, parameters), 'denied', 'scope_missing')
    },
  },
  without('a code of another verifier (PKCE)', 'a trip is bound by the secret of its request token'),
]
