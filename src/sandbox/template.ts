/** Anything that JSON can say. */
export type JsonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

/** What placeholders stand for. `undefined` removes the field that holds the placeholder. */
export type Values = Readonly<Record<string, JsonValue | undefined>>

const WHOLE = /^\{([a-zA-Z.]+)\}$/
const WITHIN = /\{([a-zA-Z.]+)\}/g

/** Fills a text: `{name}` alone gives the value with its type, within a longer text it gives the value as text. */
function renderText(text: string, values: Values): JsonValue | undefined {
  const whole = WHOLE.exec(text)?.[1]
  if (whole !== undefined) return values[whole]
  return text.replace(WITHIN, (_, name: string) => String(values[name] ?? ''))
}

/**
 * Fills every `{name}` of a JSON template. Vendors describe their answers in such templates, so that an answer is data.
 * A field whose placeholder has no value is left out, as a vendor leaves out a refresh token that it does not give.
 */
export function render(template: JsonValue, values: Values): JsonValue | undefined {
  if (typeof template === 'string') return renderText(template, values)
  if (typeof template !== 'object' || template === null) return template
  if (Array.isArray(template)) {
    return template.flatMap((item: JsonValue) => {
      const rendered = render(item, values)
      return rendered === undefined ? [] : [rendered]
    })
  }
  return Object.fromEntries(
    Object.entries(template).flatMap(([name, item]) => {
      const rendered = render(item, values)
      return rendered === undefined ? [] : [[name, rendered]]
    }),
  )
}
