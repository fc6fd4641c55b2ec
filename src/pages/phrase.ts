import { type Markup, markup } from './markup.ts'
import type { English, MessageKey, Messages } from './messages/en.ts'

/** The names in braces in a text: `'{source} is connected'` gives `'source'`. */
type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never

/** The values that a message needs: none, or one for each of its placeholders. */
type Values<Key extends MessageKey, Value> = [Placeholders<English[Key]>] extends [never]
  ? []
  : [Readonly<Record<Placeholders<English[Key]>, Value>>]

const PLACEHOLDER = /\{([a-z]+)\}/

function fill<Value, Part>(
  text: string,
  values: Readonly<Record<string, Value>> | undefined,
  part: (value: Value) => Part,
): (string | Part)[] {
  return text.split(PLACEHOLDER).map((piece, index) => {
    const value = values?.[piece]
    return index % 2 === 0 || value === undefined ? piece : part(value)
  })
}

/**
 * A message as markup. Texts put into it are escaped and isolated (`<bdi>`), so that a name in Latin letters does not
 * turn the order of an Arabic sentence; markup is put in as it is.
 */
export function phrase<Key extends MessageKey>(
  messages: Messages,
  key: Key,
  ...[values]: Values<Key, string | Markup>
): Markup {
  const isolated = (value: string | Markup): Markup =>
    typeof value === 'string' ? markup`<bdi>${value}</bdi>` : value
  return markup`${fill(messages[key], values, isolated)}`
}

/** A message as plain text, for the title of a document. */
export function plainPhrase<Key extends MessageKey>(
  messages: Messages,
  key: Key,
  ...[values]: Values<Key, string>
): string {
  return fill(messages[key], values, (value: string) => value).join('')
}
