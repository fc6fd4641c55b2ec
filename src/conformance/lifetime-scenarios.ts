import type { Authorization } from '../model/source.ts'
import type { Grant, RefreshedGrant } from '../oauth/index.ts'
import type { Bench } from './bench.ts'
import { failureOf, must, mustFail } from './expect.ts'
import { always, type Scenario } from './scenario.ts'

const isRenewable = ({ refresh }: Authorization): boolean => refresh.mode !== 'none'
const canBeEnded = ({ revocation }: Authorization): boolean => revocation.kind !== 'unsupported'

/** How a grant is kept alive, and how it ends. */
export const lifetimeScenarios: readonly Scenario[] = [
  {
    name: 'renewal as this vendor does it',
    appliesTo: isRenewable,
    otherwise: 'tokens of this vendor are not renewed',
    play: async (bench) => {
      const grant = await bench.connect()
      letAccessExpire(bench, grant)
      const renewed = await bench.refresh(grant)
      checkRotation(bench, grant, renewed)
      must(
        renewed.accessExpiresAt === null || renewed.accessExpiresAt > bench.control.nowMs(),
        'the new access token has expired already',
      )
      await bench.refresh({ ...grant, ...withTokens(renewed) })
    },
  },
  {
    name: 'a refresh token that was used before',
    appliesTo: ({ refresh }) => refresh.mode === 'rotating' && refresh.overlapSeconds === undefined,
    otherwise: 'an old refresh token may go on working here, or there is none',
    play: async (bench) => {
      const grant = await bench.connect()
      letAccessExpire(bench, grant)
      await bench.refresh(grant)
      const failure = await mustFail(bench.refresh(grant), 'rejected')
      must(failure.endsGrant, `that the grant is dead was not understood: ${failure.message}`)
    },
  },
  {
    name: 'an old refresh token within the overlap',
    appliesTo: ({ refresh }) => refresh.overlapSeconds !== undefined,
    otherwise: 'no old refresh token works beside a new one',
    play: async (bench) => {
      const grant = await bench.connect()
      letAccessExpire(bench, grant)
      await bench.refresh(grant)
      await bench.refresh(grant)
    },
  },
  {
    name: 'renewal without a refresh token',
    appliesTo: ({ refresh }) => refresh.mode === 'none',
    otherwise: 'the vendor gives a refresh token',
    play: async (bench) => {
      const failure = await mustFail(bench.refresh(await bench.connect()), 'rejected')
      must(failure.cause === 'no_refresh_token', `the cause is ${failure.cause}`)
    },
  },
  {
    name: 'renewal while the vendor is down leaves the grant alone',
    appliesTo: isRenewable,
    otherwise: 'tokens of this vendor are not renewed',
    play: async (bench) => {
      const grant = await bench.connect()
      letAccessExpire(bench, grant)
      for (const fault of [
        { kind: 'status', status: 503 },
        { kind: 'html', status: 502 },
        { kind: 'noAnswer' },
      ] as const) {
        bench.control.addFault({ vendor: bench.vendor.key, operation: 'refresh', fault })
        const isImpatient = fault.kind === 'noAnswer'
        const failure = await mustFail(bench.refresh(grant, { isImpatient }), 'unavailable')
        must(!failure.endsGrant, 'the grant was given up')
        if (isImpatient) must(failure.cause === 'timeout', 'the time limit did not strike')
      }
      await bench.refresh(grant)
    },
  },
  {
    name: 'renewal after the person removed the application',
    appliesTo: isRenewable,
    otherwise: 'tokens of this vendor are not renewed',
    play: async (bench) => {
      const grant = await bench.connect()
      letAccessExpire(bench, grant)
      endAtVendor(bench)
      const failure = await mustFail(bench.refresh(grant), 'rejected')
      must(failure.endsGrant, `that the grant is dead was not understood: ${failure.message}`)
    },
  },
  {
    name: 'disconnect: the grant ends at the vendor',
    appliesTo: canBeEnded,
    otherwise: 'the vendor has no call that ends a grant',
    play: async (bench) => {
      const grant = await bench.connect()
      must((await bench.revoke(grant)) === 'revoked', 'the vendor did not say that it ended')
      must(
        bench.control.token(grant.tokens.accessToken.reveal())?.state !== 'live',
        'the access token is still alive at the vendor',
      )
    },
  },
  {
    name: 'disconnect of a grant that has ended before',
    appliesTo: canBeEnded,
    otherwise: 'the vendor has no call that ends a grant',
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
    otherwise: 'the vendor has no call that ends a grant',
    play: async (bench) => {
      const grant = await bench.connect()
      bench.control.addFault({
        vendor: bench.vendor.key,
        operation: 'revoke',
        fault: { kind: 'status', status: 503 },
      })
      const failure = await mustFail(bench.revoke(grant), 'unavailable')
      must(failure.retryable, 'it would not be tried again')
      await bench.revoke(grant)
    },
  },
  {
    name: 'disconnect where the vendor has no call for it',
    appliesTo: (authorization) => !canBeEnded(authorization),
    otherwise: 'the vendor has one',
    play: async (bench) => {
      must((await bench.revoke(await bench.connect())) === 'unsupported', 'something was sent')
    },
  },
  {
    name: 'two grants of one account live side by side, or as the vendor says',
    appliesTo: always,
    play: async (bench) => {
      const [first, second] = [await bench.connect(), await bench.connect()]
      must(first.accountId === second.accountId, 'they are two accounts')
    },
  },
]

function letAccessExpire({ authorization, control }: Bench, { accessExpiresAt }: Grant): void {
  // What has ended cannot be extended.
  const margin = authorization.refresh.mode === 'extending' ? -1_000 : 1_000
  if (accessExpiresAt !== null) control.advance(Math.max(0, accessExpiresAt - control.nowMs() + margin))
}

function endAtVendor({ control }: Bench): void {
  for (const { id } of control.grants()) control.revokeGrant(id)
}

const withTokens = ({ tokens, accessExpiresAt, refreshExpiresAt }: RefreshedGrant) => ({
  tokens,
  accessExpiresAt,
  refreshExpiresAt,
})

function checkRotation({ authorization }: Bench, before: Grant, after: RefreshedGrant): void {
  const [old, now] = [before.tokens.refreshToken?.reveal(), after.tokens.refreshToken?.reveal()]
  const [oldAccess, nowAccess] = [before.tokens.accessToken.reveal(), after.tokens.accessToken.reveal()]
  const { mode } = authorization.refresh
  if (mode === 'rotating') must(old !== now, 'the refresh token did not change')
  if (mode === 'stable' || mode === 'extending') must(old === now, 'the refresh token changed')
  if (mode === 'extending') must(oldAccess === nowAccess, 'the access token changed')
  else must(oldAccess !== nowAccess, 'the access token did not change')
}
