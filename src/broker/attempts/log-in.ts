import { errorName } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { type Attempt, formatReference, referenceOf } from '../../model/attempt.ts'
import { secret } from '../../model/secret.ts'
import { type Grant, type LogInAnswer, type LogInRefusal, VendorError } from '../../oauth/index.ts'
import { causeOf } from '../cause-of.ts'
import type { Context } from '../context.ts'
import { fail, reread } from './finish-connect.ts'
import { abandonGrant } from './keep-grant.ts'
import { keepOrHold } from './keep-or-hold.ts'
import { cancelOnOwnPage, type OpenPage, type OwnPageRequest, openOwnPage } from './own-page.ts'

/** Why the form is shown again: `incomplete`, or what the vendor said. */
export type LogInProblem = LogInRefusal | 'incomplete'

/** The form as it was sent. */
export interface LogInForm extends OwnPageRequest {
  /** Whether the person pressed "Log in", and not "Cancel". */
  readonly isSent: boolean
  readonly loginName: string
  readonly password: string
}

/** What follows: the form again, with a problem, or the attempt's outcome. */
export type LogInStep =
  | { readonly kind: 'again'; readonly page: OpenPage<'log-in'>; readonly problem: LogInProblem }
  | { readonly kind: 'over'; readonly attempt: Attempt }

/**
 * Tries a person's own log-in at a vendor that has no consent page. What they typed is used for one call to the vendor
 * and forgotten; what the vendor gave becomes a connection as any other grant does. What the person can put right keeps
 * the attempt open, for a few tries. Throws as {@link openOwnPage}.
 */
export async function submitLogIn(context: Context, form: LogInForm): Promise<LogInStep> {
  const page = await openOwnPage(context, form, 'log-in')
  if (page.kind === 'over') return page
  if (!form.isSent) return { kind: 'over', attempt: await cancelOnOwnPage(context, page) }
  const loginName = form.loginName.trim()
  if (!isComplete(loginName, form.password)) return { kind: 'again', page, problem: 'incomplete' }
  const triesLeft = await countTry(context, page, loginName)
  if (triesLeft < 0)
    return over(await fail(context, page.attempt, 'created', 'log_in_failed', 'too_many_tries'))

  const claimed = await context.storage.write((tables) =>
    tables.attempts.transition(page.attempt.id, 'created', {
      status: 'exchanging',
      returnedAt: context.now(),
    }),
  )
  // The form was sent twice; the other one's outcome counts.
  if (claimed === null) return over(await reread(context, page.attempt))
  const answer = await ask(context, page, loginName, form.password)
  if (answer instanceof VendorError)
    return over(await fail(context, claimed, 'exchanging', answer.outcome, causeOf(answer)))
  if (answer === null) return over(await fail(context, claimed, 'exchanging', 'server_error', 'unexpected'))
  if (answer.kind === 'granted') return over(await keep(context, claimed, page, answer.grant, form.state))
  const { reason } = answer
  if (triesLeft === 0) return over(await fail(context, claimed, 'exchanging', 'log_in_failed', reason))
  return reopen(context, claimed, page, reason)
}

const over = (attempt: Attempt): LogInStep => ({ kind: 'over', attempt })

const isComplete = (loginName: string, password: string): boolean =>
  loginName !== '' &&
  loginName.length <= limits.logInNameCharacters &&
  !/\p{Cc}/u.test(loginName) &&
  password !== '' &&
  password.length <= limits.passwordCharacters

/**
 * Counts a try before it is made and tells how many are left after it, on this form, in this session and for this
 * account at the vendor; negative when this one is too many. The account is counted by a digest.
 */
async function countTry(context: Context, { attempt, source }: OpenPage<'log-in'>, loginName: string) {
  const now = context.now()
  const account = context.vault.ofAny('log-id', `${source.vendor}\n${loginName.toLowerCase()}`)
  const counted = [
    { key: `log-in attempt ${attempt.id}`, limit: limits.logInTriesPerAttempt },
    { key: `log-in session ${attempt.sessionLookup}`, limit: limits.logInTriesPerSession },
    { key: `log-in account ${account}`, limit: limits.logInTriesPerAccount },
  ]
  return context.storage.write(async ({ tallies }) => {
    const left: number[] = []
    for (const { key, limit } of counted)
      left.push(limit - (await tallies.count(key, now, now + limits.logInTriesWindowMs)))
    return Math.min(...left)
  })
}

/** Logs in at the vendor. Null when the definition's code broke. */
async function ask(
  context: Context,
  { source }: OpenPage<'log-in'>,
  loginName: string,
  password: string,
): Promise<LogInAnswer | VendorError | null> {
  try {
    const hook = context.logInHooks.get(source.vendor)
    if (hook === undefined) throw new TypeError('a definition needs a log-in that nobody brought')
    return await hook(context, source, { loginName, password: secret(password) })
  } catch (error) {
    if (error instanceof VendorError) return error
    context.log.error('log-in broke', { vendor: source.vendor, error: errorName(error) })
    return null
  }
}

async function keep(
  context: Context,
  attempt: Attempt,
  { application, source }: OpenPage<'log-in'>,
  grant: Grant,
  state: string,
): Promise<Attempt> {
  try {
    const { vendor } = source
    return await keepOrHold(context, attempt, { application, vendor, grant, state, connectionId: null })
  } catch (error) {
    context.log.error('grant was not kept', { vendor: source.vendor, error: errorName(error) })
    await abandonGrant(context, attempt, source, grant)
    return fail(context, attempt, 'exchanging', 'server_error', 'not_stored')
  }
}

/** Gives the form back to the person, with the reason as the attempt's cause until it ends otherwise. */
async function reopen(
  context: Context,
  attempt: Attempt,
  page: OpenPage<'log-in'>,
  reason: LogInRefusal,
): Promise<LogInStep> {
  const reopened = await context.storage.write((tables) =>
    tables.attempts.transition(attempt.id, 'exchanging', {
      status: 'created',
      cause: reason,
      returnedAt: null,
    }),
  )
  if (reopened === null) return over(await reread(context, attempt))
  const reference = formatReference(referenceOf(attempt.id))
  context.log.info('log-in refused', { reference, source: attempt.sourceId, vendor: attempt.vendor, reason })
  return { kind: 'again', page: { ...page, attempt: reopened }, problem: reason }
}
