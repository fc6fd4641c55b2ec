import type { Compilable } from 'kysely'

/** What a parameter or a column holds, on both engines. */
export type Value = string | number | null

/** A statement that was built, compiled and typed once, and is run many times with other parameters. */
export interface Statement<Parameters, Result> {
  /** Unique. Null for a statement that was built for one call, which no connection keeps. */
  readonly name: string | null
  readonly sql: string
  /** Whether it is a plain select. */
  readonly isRead: boolean
  /** The values of its placeholders, in their order. */
  readonly bind: (parameters: Parameters) => Value[]
  /** Given the columns that the engine names: what turns one row's values into a result. */
  readonly reader: (columns: readonly string[]) => (values: readonly Value[]) => Result
}

/** Stands in a query where a parameter's value will be. */
interface Marker {
  readonly [MARKER]: string
}

const MARKER = Symbol('parameter')

const isMarker = (value: unknown): value is Marker =>
  typeof value === 'object' && value !== null && MARKER in value

/**
 * Builds and compiles a statement. `build` gets its parameters by name, typed as the values that they will be, and
 * may only put them into the query, never look at them. `decode` makes the result out of a row.
 */
export function prepare<Parameters extends object, Row>(
  name: string | null,
  build: (parameters: Parameters) => Compilable<Row>,
): Statement<Parameters, Row>
export function prepare<Parameters extends object, Row, Result>(
  name: string | null,
  build: (parameters: Parameters) => Compilable<Row>,
  decode: (row: Row) => Result,
): Statement<Parameters, Result>
export function prepare<Parameters extends object, Row>(
  name: string | null,
  build: (parameters: Parameters) => Compilable<Row>,
  decode: (row: Row) => unknown = (row) => row,
): Statement<Parameters, unknown> {
  const markers = new Proxy({}, { get: (_, parameter): Marker => ({ [MARKER]: String(parameter) }) })
  // The proxy has every property; that each is a marker and not yet a value is what `build` must not look at.
  const compiled = build(markers as Parameters).compile()
  // Kysely passes on what stood in the query, which the builder's types allow to be a `Value` only.
  const slots = compiled.parameters as readonly (Value | Marker)[]
  const names = slots.map((slot) => (isMarker(slot) ? slot[MARKER] : null))
  const bind = (parameters: Parameters): Value[] => {
    const given = parameters as Readonly<Record<string, Value>> // the parameters of a query are values
    const values: Value[] = []
    for (let i = 0; i < slots.length; i++) {
      const parameter = names[i]
      // A slot without a name holds a constant of the query.
      values.push((typeof parameter === 'string' ? given[parameter] : slots[i]) as Value)
    }
    return values
  }
  return Object.freeze({
    name,
    sql: compiled.sql,
    isRead: compiled.query.kind === 'SelectQueryNode',
    bind,
    reader: (columns: readonly string[]) => {
      const fields = columns.map(toCamelCase)
      return (values: readonly Value[]) => decode(rowOf<Row>(fields, values))
    },
  })
}

/** A statement whose columns or number of values depend on the call. It is compiled for that call alone. */
export const prepareOnce = <Row>(query: Compilable<Row>): Statement<object, Row> =>
  prepare<object, Row>(null, () => query)

/** These fields of a row, also of a row of parameters, whose fields cannot be listed. */
export const pick = <Row, Field extends keyof Row & string>(
  row: Row,
  fields: readonly Field[],
): Pick<Row, Field> =>
  // fromEntries forgets which fields they are.
  Object.fromEntries(fields.map((field) => [field, row[field]])) as Pick<Row, Field>

/** Those of the fields that a change gives; any other that it may carry is left behind. */
export const given = <Change, Field extends keyof Change & string>(
  change: Change,
  fields: readonly Field[],
): Pick<Change, Field> =>
  pick(
    change,
    fields.filter((field) => change[field] !== undefined),
  )

const toCamelCase = (column: string): string =>
  column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

function rowOf<Row>(fields: readonly string[], values: readonly Value[]): Row {
  const row: Record<string, Value> = {}
  for (let i = 0; i < fields.length; i++) row[fields[i] as string] = values[i] as Value // both are that long
  return row as Row // the columns are those that the query selects
}
