import type { JsonValue } from '../template.ts'

const isObject = (value: JsonValue | undefined): value is { readonly [name: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function placeIn(at: JsonValue | undefined, steps: readonly string[], value: JsonValue): JsonValue {
  const [step, ...rest] = steps
  if (step === undefined) return isObject(at) && isObject(value) ? { ...at, ...value } : value
  if (/^\d+$/.test(step)) {
    const list: JsonValue[] = Array.isArray(at) ? [...at] : []
    // An array has no holes in JSON.
    while (list.length < Number(step)) list.push(null)
    list[Number(step)] = placeIn(list[Number(step)], rest, value)
    return list
  }
  return { ...(isObject(at) ? at : {}), [step]: placeIn(isObject(at) ? at[step] : undefined, rest, value) }
}

/** Puts a value into JSON at a path of a source definition: `errors.0.errorType`, `athlete.id`. */
export const place = (at: JsonValue, path: string, value: JsonValue): JsonValue =>
  placeIn(at, path.split('.'), value)
