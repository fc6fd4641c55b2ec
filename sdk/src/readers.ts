import { isBoolean, isNumber, isString, list, required } from './fields.ts'
import { isRecord } from './request.ts'

/**
 * Readers of answers: each takes a value that nobody vouches for, and gives it with its type, frozen, or throws
 * `unexpected_answer`. What a reader does not know is left out, so that the service may add fields.
 */

/** Gives the value as what it should be, or throws `unexpected_answer`. */
export type Reader<Value> = (value: unknown) => Value

export const text: Reader<string> = (value) => required(value, isString)
export const number: Reader<number> = (value) => required(value, isNumber)
export const flag: Reader<boolean> = (value) => required(value, isBoolean)

/** A value that may be null or absent. */
export const nullable =
  <Value>(read: Reader<Value>): Reader<Value | null> =>
  (value) =>
    value === null || value === undefined ? null : read(value)

/** A list; an absent one counts as empty. */
export const listOf =
  <Value>(read: Reader<Value>): Reader<readonly Value[]> =>
  (value) =>
    Object.freeze(list(value).map(read))

/** An object with these fields, each read by its own reader. */
export const object =
  <Value extends object>(fields: { readonly [Name in keyof Value]-?: Reader<Value[Name]> }): Reader<Value> =>
  (value) => {
    const body = required(value, isRecord)
    const read = Object.entries<Reader<unknown>>(fields).map(([name, field]) => [name, field(body[name])])
    // The mapped type above gives every field of Value exactly one reader of its type.
    return Object.freeze(Object.fromEntries(read)) as Value
  }

/** A value of any form. */
export const raw: Reader<unknown> = (value) => value

/** An object whose names are the service's own, such as the extras of a token. */
export const byName =
  <Value>(read: Reader<Value>): Reader<Readonly<Record<string, Value>>> =>
  (value) =>
    Object.freeze(
      Object.fromEntries(
        Object.entries(required(value, isRecord)).map(([name, field]) => [name, read(field)] as const),
      ),
    )

export const textsByName = byName(text)

/** One page of a list. */
export interface Page<Entry> {
  readonly data: readonly Entry[]
  /** Where the next page begins; null on the last one. */
  readonly nextCursor: string | null
}

export const pageOf = <Entry>(read: Reader<Entry>): Reader<Page<Entry>> =>
  object<Page<Entry>>({ data: listOf(read), nextCursor: nullable(text) })
