import { parseArgs } from 'node:util'
import { type AuditWish, listAudit } from '../broker/audit/list-audit.ts'
import { type AuditProblem, type ChainReport, verifyAudit } from '../broker/audit/verify-audit.ts'
import type { Context } from '../broker/context.ts'
import { limits } from '../limits.ts'
import type { AuditLine } from '../model/audit.ts'
import { asApplicationId, asEndUserId, isHexId } from '../model/ids.ts'

/** How `springbar audit list` is called. */
export const AUDIT_LIST_USAGE =
  'springbar audit list [--application ID] [--end-user ID] [--since TIME] [--limit N]'

const OPTIONS = {
  application: { type: 'string' },
  'end-user': { type: 'string' },
  since: { type: 'string' },
  limit: { type: 'string' },
} as const

/** A day, or an instant with its offset from UTC (RFC 3339). */
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/

/** Reads the arguments of `springbar audit list`; null when they are not {@link AUDIT_LIST_USAGE}. */
export function readAuditArguments(words: readonly string[]): AuditWish | null {
  const given = parse(words)
  if (given === null) return null
  const { application, 'end-user': endUser, since, limit = String(limits.auditListed.default) } = given
  const count = /^\d{1,6}$/.test(limit) ? Number(limit) : 0
  const at = readTime(since)
  if (count < 1 || count > limits.auditListed.max || Number.isNaN(at)) return null
  if (endUser !== undefined && !isHexId(endUser)) return null
  return {
    applicationId: application === undefined ? null : asApplicationId(application),
    endUserId: endUser === undefined ? null : asEndUserId(endUser),
    since: at,
    limit: count,
  }
}

/** Epoch milliseconds, null when nothing is given, `NaN` for what is no time. */
function readTime(since: string | undefined): number | null {
  if (since === undefined) return null
  return TIME.test(since) ? Date.parse(since) : Number.NaN
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, strict: true }).values
  } catch {
    return null
  }
}

/** `springbar audit list`: prints the lines as JSON, one a line, the oldest first. Resolves to the exit code. */
export async function printAudit(
  context: Context,
  wish: AuditWish,
  print: (line: string) => void,
): Promise<number> {
  for (const line of await listAudit(context, wish)) print(JSON.stringify(toJson(line)))
  return 0
}

const toJson = ({ at, applicationId, chainNumber, sequence, ...line }: AuditLine) => ({
  time: new Date(at).toISOString(),
  application: applicationId,
  actor: line.actor,
  action: line.action,
  object: line.object,
  result: line.result,
  requestId: line.requestId,
  number: chainNumber,
  digest: line.digest,
  sequence,
})

/**
 * `springbar audit verify`: reads the whole log and says what was altered or is missing. Resolves to the exit code: 0 when
 * everything is as it was written, 1 when something is not.
 */
export async function printAuditCheck(context: Context, print: (line: string) => void): Promise<number> {
  const reports = await verifyAudit(context)
  for (const report of reports) for (const line of sentencesOf(report)) print(line)
  const isWhole = reports.every(({ problems }) => problems.length === 0)
  print(isWhole ? 'The audit log is whole.' : 'The audit log is not what was written.')
  return isWhole ? 0 : 1
}

function sentencesOf({ applicationId, length, digest, unchained, problems }: ChainReport): readonly string[] {
  const name = applicationId ?? 'the service'
  const past = unchained === 0 ? '' : `, after ${unchained} from before there were chains`
  const end = length === 0 ? '' : `; the last is ${length} ${digest}`
  return [`${name}: ${length} lines${past}${end}`, ...problems.map((one) => `${name}: ${sentenceOf(one)}`)]
}

function sentenceOf(problem: AuditProblem): string {
  switch (problem.kind) {
    case 'altered':
      return `${nameOf(problem.line)} was altered.`
    case 'missing':
      return problem.from === problem.to
        ? `line ${problem.from} is missing.`
        : `lines ${problem.from} to ${problem.to} are missing.`
    case 'repeated':
      return `${nameOf(problem.line)} has a number that another line had before.`
    case 'unchained':
      return `${nameOf(problem.line)} is not in the chain: an older version wrote it, or somebody else.`
    case 'past':
      return `there were ${problem.expected} lines before the chain began, and ${problem.found} are there.`
    case 'end':
      return 'the end of the chain is missing or was altered.'
    case 'unannounced':
      return 'the service never began this chain.'
  }
}

const nameOf = ({ chainNumber, sequence, at, action }: AuditLine): string =>
  `line ${chainNumber ?? '-'} (sequence ${sequence}, ${new Date(at).toISOString()}, ${action})`
