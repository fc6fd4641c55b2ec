import { lookUp } from '../rules/words.ts'
import { type Answer, REFUSALS, type Refusal, type Table } from '../vendor.ts'
import type { Switches } from './switches.ts'

/** The reasons that are about the client's own credentials. */
const isAboutClient = (refusal: Refusal) => refusal.startsWith('client.')

/** RFC 6749 §5.2 and RFC 6750 §3.1 name so many. */
function codeOf(refusal: Refusal): string {
  const [family, detail] = refusal.split('.')
  if (family === 'client') return 'invalid_client'
  if (family === 'access_token') return 'invalid_token'
  if (family === 'scope') return 'insufficient_scope'
  if (refusal === 'grant_type.unknown') return 'unsupported_grant_type'
  const isGrant = family === 'code' || family === 'refresh_token' || family === 'code_verifier'
  return isGrant && detail !== 'missing' ? 'invalid_grant' : 'invalid_request'
}

function statusOf(refusal: Refusal): number {
  if (isAboutClient(refusal) || refusal.startsWith('access_token.')) return 401
  if (refusal === 'rate.exceeded') return 429
  return refusal.startsWith('scope.') || refusal.startsWith('access.') ? 403 : 400
}

const SHAPES: Readonly<Record<Exclude<Switches['errorShape'], 'vendor'>, (refusal: Refusal) => Answer>> = {
  rfc6749: (refusal) => ({ status: statusOf(refusal), body: { error: codeOf(refusal) } }),
  'errors-list': (refusal) => ({
    status: statusOf(refusal),
    body: { errors: [{ errorType: codeOf(refusal), message: refusal }], success: false },
  }),
  'status-title-detail': (refusal) => ({
    status: statusOf(refusal),
    body: { status: statusOf(refusal), title: codeOf(refusal), detail: refusal },
  }),
  'status-in-200': (refusal) => ({
    status: 200,
    body: { status: statusOf(refusal) === 401 ? 401 : 503, body: {}, error: refusal },
  }),
  'result-message': (refusal) => ({ status: 200, body: { result: '5006', message: codeOf(refusal) } }),
  'not-found': (refusal) => ({
    status: isAboutClient(refusal) ? 404 : statusOf(refusal),
    body: { error: codeOf(refusal) },
  }),
  html: (refusal) => ({
    status: statusOf(refusal),
    body: null,
    html: '<!doctype html><title>Error</title><h1>Something went wrong</h1>',
  }),
  'plain-text': (refusal) => ({ status: statusOf(refusal), body: null, text: 'Unauthorized' }),
}

/** The refusals in another shape than the vendor's. */
export function refusalsInShape(
  refusals: Table<Refusal, Answer>,
  shape: Switches['errorShape'],
): Table<Refusal, Answer> {
  if (shape === 'vendor') return refusals
  const make = SHAPES[shape]
  const all = REFUSALS.map((refusal) => [refusal, make(refusal)] as const)
  return { ...Object.fromEntries(all), default: lookUp(refusals, 'grant_type.unknown') }
}
