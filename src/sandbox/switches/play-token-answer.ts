import type { JsonValue } from '../template.ts'
import type { Answer } from '../vendor.ts'
import type { Switches } from './switches.ts'

type Members = Readonly<Record<string, JsonValue>>

const isMembers = (value: JsonValue): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands in an answer's template for one thing, and what is to stand there instead; null takes it away. */
type Replacements = ReadonlyMap<string, string | null>

function replace(template: JsonValue, replacements: Replacements): JsonValue | undefined {
  if (typeof template === 'string') {
    const replacement = replacements.get(template)
    return replacement === undefined ? template : (replacement ?? undefined)
  }
  if (Array.isArray(template)) return template.map((item: JsonValue) => replace(item, replacements) ?? null)
  if (!isMembers(template)) return template
  return Object.fromEntries(
    Object.entries(template).flatMap(([name, item]) => {
      const replaced = replace(item, replacements)
      return replaced === undefined ? [] : [[name, replaced] as const]
    }),
  )
}

function replacementsOf(switches: Switches): Replacements {
  const { expiresInAs, scopeInAnswer } = switches
  const expiresIn = { vendor: '{expiresIn}', number: '{expiresIn}', string: '{expiresInText}', absent: null }
  const scope = { vendor: '{scope}', space: '{scopeBySpace}', comma: '{scopeByComma}', absent: null }
  return new Map<string, string | null>([
    ['{expiresIn}', expiresIn[expiresInAs]],
    ['{scope}', scope[scopeInAnswer]],
  ])
}

/** The object that holds the access token, changed. */
function changeHolder(body: JsonValue, change: (holder: Members) => Members): JsonValue {
  if (!isMembers(body)) return body
  if (Object.values(body).includes('{accessToken}')) return change(body)
  return Object.fromEntries(Object.entries(body).map(([name, item]) => [name, changeHolder(item, change)]))
}

function additionsOf(switches: Switches): Members {
  return {
    ...(switches.expiresAt ? { expires_at: '{expiresAt}' } : {}),
    ...(switches.refreshExpiresIn ? { refresh_token_expires_in: '{refreshExpiresIn}' } : {}),
  }
}

function wrap(body: JsonValue, envelope: Switches['envelope']): JsonValue {
  if (envelope === 'vendor') return body
  return envelope === 'data' ? { data: body } : { status: 0, body }
}

/** A token answer as the switches want it. */
export function playTokenAnswer(answer: Answer, switches: Switches): Answer {
  if (answer.body === null) return answer
  const replaced = replace(answer.body, replacementsOf(switches)) ?? {}
  const added = changeHolder(replaced, (holder) => ({ ...holder, ...additionsOf(switches) }))
  return { ...answer, body: wrap(added, switches.envelope) }
}
