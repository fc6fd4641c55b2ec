import type { z } from 'zod'
import { type Mistake, SpringbarError } from '../errors.ts'
import { limits } from '../limits.ts'
import { issueSentence } from '../model/issue-sentence.ts'

/** A field may be named by the caller. */
const FIELD_CHARACTERS = 80
/** More choices than these are in the OpenAPI description, and not in a sentence. */
const NAMED_CHOICES = 10

/** Everything that is wrong with a body, within a bound; the sentence of the error is about the first. */
export function invalidField({ issues }: z.ZodError): SpringbarError {
  const [first = NOTHING_SAID, ...more] = issues.slice(0, limits.mistakesTold).map(mistakeOf)
  const others = issues.length - 1
  const rest =
    others < 1
      ? ''
      : ` There ${others === 1 ? 'is 1 more mistake' : `are ${others} more mistakes`}: see errors.`
  return new SpringbarError('invalid_request', `${first.detail}${rest}`, {
    extra: { errors: [first, ...more] },
  })
}

const NOTHING_SAID: Mistake = Object.freeze({ field: '', detail: 'The body is invalid.' })

function mistakeOf(issue: z.core.$ZodIssue): Mistake {
  const field = issue.path.join('.').slice(0, FIELD_CHARACTERS)
  const subject = field || 'The body'
  return {
    field,
    detail: isMissing(issue)
      ? `${subject} is missing.`
      : `${subject}: ${issueSentence(issue, NAMED_CHOICES)}.`,
  }
}

const isMissing = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
