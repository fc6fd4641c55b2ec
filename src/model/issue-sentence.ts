import type { z } from 'zod'

/** How much of names that a caller may have made up is repeated. */
const NAME_CHARACTERS = 80

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

/**
 * What is wrong with a value, as the rest of a sentence that begins with its name, without a full stop. A rule of ours keeps
 * its own words. The value itself is never repeated. More choices than `namedChoices` are not listed.
 */
export function issueSentence(issue: z.core.$ZodIssue, namedChoices: number): string {
  // The schema library's sentences begin with these words.
  if (!/^(Invalid|Too|Unrecognized)\b/.test(issue.message)) return issue.message.replace(/\.$/, '')
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? 'of another type'}`
    case 'invalid_value':
      return choices(issue.values.map(String), namedChoices)
    case 'unrecognized_keys':
      return `has a field that is not known here: ${issue.keys.join(', ').slice(0, NAME_CHARACTERS)}`
    case 'too_big':
      return bound(issue.origin, 'at most', Number(issue.maximum), issue.inclusive ?? true)
    case 'too_small':
      return bound(issue.origin, 'at least', Number(issue.minimum), issue.inclusive ?? true)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_key':
      return 'has a name that is not allowed'
    default:
      return 'does not have the right format'
  }
}

function choices(values: readonly string[], namedChoices: number): string {
  if (values.length > namedChoices) return 'is none of the values that are allowed here'
  const [only] = values
  return values.length === 1 ? `must be ${only}` : `must be one of ${values.join(', ')}`
}

const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  map: ['entry', 'entries'],
}

function bound(origin: string, most: string, value: number, isInclusive: boolean): string {
  const unit = UNITS[origin]
  if (unit !== undefined) return `must have ${most} ${value} ${unit[value === 1 ? 0 : 1]}`
  if (isInclusive) return `must be ${most} ${value}`
  return `must be ${most === 'at most' ? 'less' : 'more'} than ${value}`
}
