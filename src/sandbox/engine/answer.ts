import type { JsonValue, Values } from '../template.ts'
import { render } from '../template.ts'
import {
  type Answer,
  type AnyVendor,
  lookUp,
  type Refusal,
  type RevocationRules,
  type Table,
} from '../vendor.ts'

/** Fills an answer's template. */
export function fill(answer: Answer, values: Values): Answer {
  if (answer.body === null) return answer
  return { ...answer, body: render(answer.body, values) ?? null }
}

/** The vendor's words for a refusal. `value` is what was wrong, for vendors that repeat it. */
export function refuse(
  vendor: Pick<AnyVendor, 'refusals'>,
  refusal: Refusal,
  value = '',
  own?: RevocationRules['refusals'],
): Answer {
  const table: Table<Refusal, Answer> = { ...own, default: lookUp(vendor.refusals, refusal) }
  return fill(lookUp(table, refusal), { value })
}

// ES2026, which TypeScript's library does not list yet: a number as it is written, whatever its size.
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown }

/** The body of an answer as it goes over the wire. Ids beyond 2^53 are numbers there too. */
export const serialize = (body: JsonValue | null) =>
  body === null
    ? ''
    : JSON.stringify(body, (_, value: unknown) =>
        typeof value === 'bigint' ? rawJSON(String(value)) : value,
      )

/** Turns an answer into a response. Nothing here may be cached: RFC 6749 §5.1. */
export function toResponse(answer: Answer): Response {
  const headers = new Headers({ 'cache-control': 'no-store', ...answer.headers })
  const text = answer.html ?? answer.text ?? serialize(answer.body)
  if (answer.html !== undefined) headers.set('content-type', 'text/html; charset=utf-8')
  else if (answer.text !== undefined) headers.set('content-type', 'text/plain; charset=utf-8')
  else if (text !== '' && !headers.has('content-type'))
    headers.set('content-type', 'application/json; charset=utf-8')
  return new Response(text === '' ? null : text, { status: answer.status, headers })
}
