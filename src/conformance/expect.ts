import { VendorError, type VendorErrorKind } from '../oauth/index.ts'

/** Throws an error with this sentence unless the condition holds. */
export function must(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise)
}

/** The failure that the engine tells of. Throws when nothing failed, or something broke. */
export async function failureOf(action: Promise<unknown>, expected: string): Promise<VendorError> {
  try {
    await action
  } catch (error) {
    if (error instanceof VendorError) return error
    throw error
  }
  throw new Error(`${expected} was expected, and nothing failed`)
}

/** Throws unless the engine tells of a failure of one of these kinds. */
export async function mustFail(
  action: Promise<unknown>,
  ...kinds: readonly VendorErrorKind[]
): Promise<VendorError> {
  const failure = await failureOf(action, kinds.join(' or '))
  must(kinds.includes(failure.kind), `${kinds.join(' or ')} was expected, and it was ${failure.message}`)
  return failure
}
