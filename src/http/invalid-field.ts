import type { z } from 'zod'
import { SpringbarError } from '../errors.ts'

/** A field may be named by the caller. */
const FIELD_CHARACTERS = 80
/** More choices than these are in the OpenAPI description, and not in a sentence. */
const NAMED_CHOICES = 10

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

/** The first thing that is wrong with a body, by the name of its field. */
export function invalidField(error: z.ZodError): SpringbarError {
  const [issue] = error.issues
  const subject = issue?.path.join('.').slice(0, FIELD_CHARACTERS) || 'The body'
  if (issue === undefined) return new SpringbarError('invalid_request', `${subject} is invalid.`)
  if (isMissing(issue)) return new SpringbarError('invalid_request', `${subject} is missing.`)
  return new SpringbarError('invalid_request', `${subject}: ${complaint(issue)}.`)
}

const isMissing = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'invalid_type' && issue.message.endsWith('received undefined')

/** What is wrong, as the rest of a sentence. */
function complaint(issue: z.core.$ZodIssue): string {
  // A rule of ours has a sentence of its own; the schema library's begin with these words.
  if (!/^(Invalid|Too|Unrecognized)\b/.test(issue.message)) return issue.message.replace(/\.$/, '')
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? 'of another type'}`
    case 'invalid_value':
      return choices(issue.values.map(String))
    case 'unrecognized_keys':
      return `has a field that is not known here: ${issue.keys.join(', ').slice(0, FIELD_CHARACTERS)}`
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

function choices(values: readonly string[]): string {
  if (values.length > NAMED_CHOICES) return 'is none of the values that are allowed here'
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
