import { inspect } from 'node:util'

/**
 * A value that must not be printed. It shows as `[secret]` in strings, JSON and the inspector; only `reveal`
 * gives it, so that each place that uses one can be found by that name.
 */
export interface Secret {
  readonly reveal: () => string
  readonly toString: () => '[secret]'
  readonly toJSON: () => '[secret]'
}

/** Wraps a value as a {@link Secret}. */
export function secret(value: string): Secret {
  const hidden = () => '[secret]' as const
  return Object.freeze({ reveal: () => value, toString: hidden, toJSON: hidden, [inspect.custom]: hidden })
}
