import { pino } from 'pino'
import type { Log } from '../broker/context.ts'

/** Headers and fields that must never be written, should one ever be handed to the log by mistake. */
const REDACTED = [
  'authorization',
  'appAuthorization',
  'cookie',
  'token',
  'accessToken',
  'refreshToken',
  'state',
]

/** One JSON line for each event on standard output. */
export function createLog(level: 'debug' | 'info' | 'warn' | 'error' | 'silent'): Log {
  const logger = pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[secret]' },
  })
  return Object.freeze({
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  } satisfies Log)
}
