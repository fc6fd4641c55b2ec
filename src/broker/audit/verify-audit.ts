import { limits } from '../../limits.ts'
import type { AuditChain, AuditLine } from '../../model/audit.ts'
import { type ApplicationId, asApplicationId } from '../../model/ids.ts'
import type { Digests } from '../../vault/index.ts'
import type { Context } from '../context.ts'
import { CHAIN_BEGINS, digestOfLine, sealOfChain } from './append-audit.ts'

/** What does not fit in a chain of the audit log. */
export type AuditProblem =
  /** A line, or the digest that it carries, is not what was written. */
  | { readonly kind: 'altered'; readonly line: AuditLine }
  /** These numbers are not there. The line that follows them cannot be checked. */
  | { readonly kind: 'missing'; readonly from: number; readonly to: number }
  /** A line has a number that was there before. */
  | { readonly kind: 'repeated'; readonly line: AuditLine }
  /** A line has no place in the chain, which had begun when it was written. */
  | { readonly kind: 'unchained'; readonly line: AuditLine }
  /** There are more or fewer lines from before the chain than when it began. */
  | { readonly kind: 'past'; readonly expected: number; readonly found: number }
  /** The end of the chain that is kept apart is gone, or not what was written. */
  | { readonly kind: 'end' }
  /** The service's own chain does not say that this one began. */
  | { readonly kind: 'unannounced' }

/** What was found in one chain. */
export interface ChainReport {
  /** Null for the service's own. */
  readonly applicationId: ApplicationId | null
  /** The number of the last line. */
  readonly length: number
  /** The digest of the last line; empty when there is none. */
  readonly digest: string
  /** Lines from before the chain, for which nothing vouches. */
  readonly unchained: number
  readonly problems: readonly AuditProblem[]
}

type Reading = Pick<Context, 'storage' | 'vault'>

/**
 * Reads the whole audit log and tells what was altered, removed or slipped in since it was written. It runs beside a
 * service that appends. What it cannot see is a database that was put back whole to an earlier state: for that, the last
 * digests have to be kept elsewhere.
 */
export async function verifyAudit(context: Reading): Promise<readonly ChainReport[]> {
  // Before the lines that say that they began, so that a chain which begins meanwhile is not taken for a stranger.
  const chains = await context.storage.read.audit.chains()
  const begun = new Set<string>()
  const service = await verifyChain(context, null, ({ action, object }) => {
    if (action === CHAIN_BEGINS) begun.add(object)
  })
  const names = new Set([...begun, ...chains.flatMap(({ applicationId }) => applicationId ?? [])])
  const reports = [service]
  for (const name of [...names].toSorted()) {
    const report = await verifyChain(context, asApplicationId(name))
    const problems = begun.has(name) ? [] : [{ kind: 'unannounced' } as const]
    reports.push({ ...report, problems: [...problems, ...report.problems] })
  }
  return reports
}

/** How far a chain has been read. */
interface Progress {
  length: number
  /** What the next line may be chained to: more than one only behind a line that does not fit. */
  before: readonly string[] | null
  isLastSound: boolean
  unchained: number
  readonly problems: AuditProblem[]
}

async function verifyChain(
  { storage, vault }: Reading,
  applicationId: ApplicationId | null,
  see: (line: AuditLine) => void = () => undefined,
): Promise<ChainReport> {
  const { audit } = storage.read
  const progress: Progress = { length: 0, before: [''], isLastSound: true, unchained: 0, problems: [] }
  for (let after = 0; ; ) {
    // The end before the lines: whatever it counts was committed by then, and must be among them.
    const end = await audit.findChain(applicationId)
    const lines = await audit.list(applicationId, after, limits.auditPage)
    const last = lines.at(-1)
    if (last === undefined) return reportOf(vault, applicationId, progress, end)
    for (const line of lines) {
      follow(vault, progress, line)
      see(line)
    }
    after = last.sequence
  }
}

/** Goes one line further. */
function follow(vault: Digests, progress: Progress, line: AuditLine): void {
  const { problems, length } = progress
  const number = line.chainNumber
  if (number === null) {
    if (length === 0) progress.unchained++
    else problems.push({ kind: 'unchained', line })
    return
  }
  if (number <= length) return void problems.push({ kind: 'repeated', line })
  const isGap = number > length + 1
  if (isGap) problems.push({ kind: 'missing', from: length + 1, to: number - 1 })
  const fitting = isGap ? [] : (progress.before ?? []).map((one) => digestOfLine(vault, line, number, one))
  progress.isLastSound = isGap || fitting.includes(line.digest ?? '')
  if (!progress.isLastSound) problems.push({ kind: 'altered', line })
  progress.length = number
  // Behind an altered line the chain goes on from the digest that it carries, or, were that altered, from the right one.
  progress.before = progress.isLastSound ? [line.digest ?? ''] : [line.digest ?? '', ...fitting]
}

function reportOf(
  vault: Digests,
  applicationId: ApplicationId | null,
  { length, before, isLastSound, unchained, problems }: Progress,
  end: AuditChain | null,
): ChainReport {
  const found = [...problems]
  const digest = before?.[0] ?? ''
  if (end === null) {
    // A chain that the service has not begun yet is none; one that is only looked for because it began is gone.
    if (length > 0 || applicationId !== null) found.push({ kind: 'end' })
    return { applicationId, length, digest, unchained, problems: found }
  }
  const isSealed = end.seal === sealOfChain(vault, end)
  if (isSealed && end.length > length) found.push({ kind: 'missing', from: length + 1, to: end.length })
  else if (!isSealed || end.length < length || (isLastSound && end.digest !== digest))
    found.push({ kind: 'end' })
  if (end.unchained !== unchained) found.push({ kind: 'past', expected: end.unchained, found: unchained })
  return { applicationId, length, digest, unchained, problems: found }
}
