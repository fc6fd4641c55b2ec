import { unexpectedAnswer } from './errors.ts'

/** Reading the fields of an answer that is not believed before it was looked at. */

/** A body as JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unexpectedAnswer('a body that is not JSON', { status: 200 })
  }
}

/** A list; an absent or null one counts as empty, as older answers have it. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw unexpectedAnswer('something else than a list', { status: 200 })
  return value
}

/** A field that must be there and of this type. */
export function required<Value>(value: unknown, is: (value: unknown) => value is Value): Value {
  if (!is(value)) throw unexpectedAnswer('a field that is missing or of the wrong type', { status: 200 })
  return value
}

/** A field that may be absent or null. */
export function orNull<Value>(value: unknown, is: (value: unknown) => value is Value): Value | null {
  if (value === undefined || value === null) return null
  if (!is(value)) throw unexpectedAnswer('a field of the wrong type', { status: 200 })
  return value
}

/** Whether a field is of a type. */
export const isString = (value: unknown): value is string => typeof value === 'string'
export const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value)
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
