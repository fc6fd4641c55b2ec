import type { Context } from 'hono'
import type { Authenticate } from '../broker/authenticate.ts'
import { SpringbarError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Application } from '../model/application.ts'
import { headerOf } from './request-header.ts'
import type { Services } from './services.ts'

/** Logs a program in. Failures are limited by address, calls by application. Throws `rate_limited` beyond that. */
export function limitApi(
  c: Context,
  { addressOf, limiter }: Pick<Services, 'addressOf' | 'limiter'>,
  authenticate: Authenticate,
): Application {
  let application: Application
  try {
    application = authenticate({
      authorization: headerOf(c, 'authorization') ?? null,
      appAuthorization: headerOf(c, 'appauthorization') ?? null,
    })
  } catch (error) {
    const wait = limiter.take(`login ${addressOf(c)}`, limits.failedLoginsPerAddress)
    throw wait > 0 ? tooMany(wait, 'Too many failed log-ins from this address.') : error
  }
  const perSecond = application.apiRequestsPerSecond
  const wait = limiter.take(`api ${application.id}`, { burst: perSecond * 2, perSecond })
  if (wait > 0) throw tooMany(wait, `This application may make ${perSecond} calls a second.`)
  return application
}

/** The error of a caller that must wait. */
export const tooMany = (waitSeconds: number, detail: string): SpringbarError =>
  new SpringbarError('rate_limited', detail, { headers: { 'Retry-After': String(waitSeconds) } })
