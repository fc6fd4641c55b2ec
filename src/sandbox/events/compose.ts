import { serialize } from '../engine/answer.ts'
import { type JsonValue, render, type Values } from '../template.ts'
import type { EventKind, EventRules } from '../vendor.ts'

/** One request of a notification, before it is signed. */
export interface ComposedEvent {
  readonly body: string
  readonly contentType: string
}

function formOf(item: JsonValue): string {
  const members = typeof item === 'object' && item !== null ? Object.entries(item) : []
  return new URLSearchParams(members.map(([name, value]) => [name, String(value)])).toString()
}

const json = (body: JsonValue): ComposedEvent => ({
  body: serialize(body),
  contentType: 'application/json; charset=utf-8',
})

/** The requests that tell an event of some people, each given as the values of its template. */
export function composeEvents(
  rules: EventRules,
  kind: EventKind,
  people: readonly Values[],
): readonly ComposedEvent[] {
  const template = rules.kinds[kind]
  if (!template) return []
  const items = people.map((values) => render(template.item, values) ?? {})
  if (rules.format === 'form') {
    return items.map((item) => ({
      body: formOf(item),
      contentType: 'application/x-www-form-urlencoded; charset=utf-8',
    }))
  }
  const batches = rules.batch === 'array' ? [items] : items.map((item) => [item])
  if (template.member !== undefined) {
    const { member } = template
    return batches.map((batch) => json({ [member]: batch }))
  }
  return rules.batch === 'array' ? batches.map((batch) => json(batch)) : items.map(json)
}
