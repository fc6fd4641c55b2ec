import type { JsonValue } from '../template.ts'

/** An answer before it becomes a response. `body` is a template; null means an empty body. */
export interface Answer {
  readonly status: number
  readonly body: JsonValue | null
  readonly headers?: Readonly<Record<string, string>>
  /** A page instead of JSON. */
  readonly html?: string
  /** Plain text instead of JSON. */
  readonly text?: string
}
